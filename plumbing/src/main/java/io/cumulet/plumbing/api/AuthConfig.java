package io.cumulet.plumbing.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may call. */
@ConfigMapping(prefix = "cumulet.auth")
public interface AuthConfig {

    /**
     * {@code local}: on loopback only; no credentials means account {@link #localAccount}, a bearer token that is a
     * 12-digit number means that account, the bearer token {@code operator} means the operator.
     */
    @WithDefault("local")
    Mode mode();

    /** The account of a local call without credentials. */
    @WithDefault("123456789012")
    String localAccount();

    /**
     * Says that in mode {@code local} the service may listen on any address, because only loopback reaches it: as in a
     * container whose port is published on 127.0.0.1 alone. Nobody can check that from inside, so it is never assumed.
     */
    @WithDefault("false")
    boolean localBehindLoopbackPorts();

    /** How callers show who they are. */
    enum Mode {
        LOCAL
    }
}
