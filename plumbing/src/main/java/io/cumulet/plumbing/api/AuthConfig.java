package io.cumulet.plumbing.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Who may call. {@link AuthMode} says which mode holds; docs/security.md has all settings in one place. */
@ConfigMapping(prefix = "cumulet.auth")
public interface AuthConfig {

    /** Not said: {@code jwt} where an issuer is named or the address isn't loopback, else {@code local}. */
    Optional<Mode> mode();

    /** The account of a local call without credentials. */
    @WithDefault("123456789012")
    String localAccount();

    /**
     * Says that in mode {@code local} the service may listen on any address, because only loopback reaches it: as in a
     * container whose port is published on 127.0.0.1 alone. Nobody can check that from inside, so it is never assumed.
     */
    @WithDefault("false")
    boolean localBehindLoopbackPorts();

    /** The {@code iss} of tokens, exactly; its keys are found by OpenID Connect discovery. */
    Optional<String> issuer();

    /** What tokens have to be meant for: at least one of these has to be in {@code aud}. */
    Optional<List<String>> audience();

    /** The claim that holds a tenant's account, 12 digits as a string. */
    @WithDefault("cumulet_account")
    String accountClaim();

    /** The claim that holds the roles; a path such as {@code realm_access/roles} goes into objects. */
    @WithDefault("groups")
    String rolesClaim();

    /** What the roles are called by the issuer. */
    Roles roles();

    /** How this service shows itself to the others. */
    Client client();

    /** How callers show who they are. */
    enum Mode {
        /**
         * On loopback only; no credentials means account {@link #localAccount}, a bearer token that is a 12-digit number
         * means that account, the bearer token {@code operator} means the operator.
         */
        LOCAL,
        /** Signed bearer tokens of an OpenID Connect issuer. */
        JWT
    }

    /** Names of roles. */
    interface Roles {

        /** A tenant: calls over the account its token names. */
        @WithDefault("user")
        String user();

        /** Runs the stack: hosts, clock, reset. */
        @WithDefault("operator")
        String operator();

        /** A service of the suite: may say which account it acts for. */
        @WithDefault("service")
        String service();
    }

    /** Credentials of this service at the issuer, for the grant {@code client_credentials}. */
    interface Client {

        /** The client id; without one this service can't call the others where tokens are checked. */
        Optional<String> id();

        /** The secret that goes with it. */
        Optional<String> secret();
    }
}
