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

    /** How callers show who they are. */
    enum Mode {
        LOCAL
    }
}
