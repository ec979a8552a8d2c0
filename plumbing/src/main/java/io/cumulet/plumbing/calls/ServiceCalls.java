package io.cumulet.plumbing.calls;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.IdentityFilter;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How services of the suite call each other: with a token of their own (OAuth 2.0 client credentials) where tokens are
 * checked, with the words of the local mode elsewhere, and as part of the trace that this thread works for, if any.
 * Thread-safe; gets a new token when the old one runs out, and waits for it, so not for event loops.
 */
@ApplicationScoped
public class ServiceCalls {

    private static final Logger LOG = Logger.getLogger(ServiceCalls.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String BEARER = "Bearer ";

    private final AuthMode mode;
    private final OidcClient issuer;
    private final TlsConfigurationRegistry tls;
    private @Nullable HttpClient http;
    private @Nullable Tokens tokens;

    public ServiceCalls(AuthMode mode, OidcClient issuer, TlsConfigurationRegistry tls) {
        this.mode = mode;
        this.issuer = issuer;
        this.tls = tls;
    }

    /** The client for such calls: trusts what {@code quarkus.tls.trust-store} says, else what this Java does. */
    public synchronized HttpClient http() {
        HttpClient made = http;
        if (made == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
            Optional<TlsConfiguration> trusted = tls.getDefault().filter(set -> set.getTrustStore() != null);
            if (trusted.isPresent()) {
                try {
                    builder.sslContext(trusted.get().createSSLContext());
                } catch (Exception e) {
                    throw new IllegalStateException("The trust store of quarkus.tls can't be used", e);
                }
            }
            made = builder.build();
            http = made;
        }
        return made;
    }

    /**
     * A call of this service for itself.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if no token can be had
     */
    public HttpRequest.Builder asItself(HttpRequest.Builder request) {
        trace(request);
        return switch (mode.mode()) {
            case LOCAL -> request.header(HttpHeaders.AUTHORIZATION, BEARER + IdentityFilter.LOCAL_OPERATOR);
            case JWT -> request.header(HttpHeaders.AUTHORIZATION, BEARER + token());
        };
    }

    /**
     * A call that sees what this account sees.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if no token can be had
     */
    public HttpRequest.Builder onBehalfOf(AccountId account, HttpRequest.Builder request) {
        trace(request);
        return switch (mode.mode()) {
            case LOCAL -> request.header(HttpHeaders.AUTHORIZATION, BEARER + account.value());
            case JWT ->
                request.header(HttpHeaders.AUTHORIZATION, BEARER + token())
                        .header(IdentityFilter.ON_BEHALF_OF, account.value());
        };
    }

    /** Also of a trace that isn't recorded: else the other service would begin one. */
    private static void trace(HttpRequest.Builder request) {
        W3CTraceContextPropagator.getInstance().inject(Context.current(), request, (to, name, value) -> {
            if (to != null) {
                to.setHeader(name, value);
            }
        });
    }

    private synchronized String token() {
        Tokens current = tokens;
        if (current == null || current.isAccessTokenExpired() || current.isAccessTokenWithinRefreshInterval()) {
            try {
                current = issuer.getTokens().await().atMost(PATIENCE);
            } catch (RuntimeException e) {
                LOG.warnf(
                        e,
                        "No token for calls to other services; are %s right?",
                        "cumulet.auth.client.id and cumulet.auth.client.secret");
                throw Refusal.of(ErrorCode.UNAVAILABLE, "This service gets no token to call other services with")
                        .asException();
            }
            tokens = current;
        }
        return current.getAccessToken();
    }
}
