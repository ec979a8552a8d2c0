package io.cumulet.plumbing.api;

import io.cumulet.plumbing.api.AuthConfig.Mode;
import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which mode of {@link AuthConfig} holds, and whether this service may start with it. */
@ApplicationScoped
public class AuthMode {

    /** Quarkus takes this word as "don't check". */
    private static final String UNCHECKED = "any";

    private final AuthConfig config;
    private final String host;

    public AuthMode(AuthConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
        this.config = config;
        this.host = host;
    }

    /** What was said; else tokens, unless the service is on loopback and no issuer is named. */
    public Mode mode() {
        return config.mode().orElseGet(() -> config.issuer().isEmpty() && isOnlyLocal() ? Mode.LOCAL : Mode.JWT);
    }

    /**
     * Before anything is served.
     *
     * @throws IllegalStateException if anybody could call over the network, or if tokens could not be checked
     */
    public void check() {
        switch (mode()) {
            case LOCAL -> {
                if (!isOnlyLocal()) {
                    throw new IllegalStateException(
                            "cumulet.auth.mode=local lets anybody in, so the service only starts "
                                    + "on a loopback address; quarkus.http.host is " + host
                                    + ". In a container whose port is published on 127.0.0.1 alone, set "
                                    + "cumulet.auth.local-behind-loopback-ports=true");
                }
            }
            case JWT -> {
                List<String> missing = Stream.of(
                                isChecked(config.issuer().stream().toList()) ? "" : "cumulet.auth.issuer",
                                isChecked(config.audience().orElse(List.of())) ? "" : "cumulet.auth.audience")
                        .filter(name -> !name.isEmpty())
                        .toList();
                if (!missing.isEmpty()) {
                    throw new IllegalStateException("This service is bound to " + host + " and takes bearer tokens: "
                            + String.join(" and ", missing) + " must say which ones (docs/security.md)");
                }
            }
        }
    }

    /** Quarkus makes its token checks from {@code quarkus.oidc.*} and would miss an issuer in local mode. */
    void prepare(@Observes Oidc oidc) {
        check();
        if (mode() == Mode.LOCAL) {
            oidc.create(OidcTenantConfig.builder().disableTenant().build());
        }
    }

    private static boolean isChecked(List<String> values) {
        return !values.isEmpty() && values.stream().noneMatch(UNCHECKED::equals);
    }

    /** Whether nobody outside this machine can reach the service. */
    private boolean isOnlyLocal() {
        if (config.localBehindLoopbackPorts()) {
            return true;
        }
        try {
            return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "quarkus.http.host is " + host + ", which is no address of this machine", e);
        }
    }
}
