package io.cumulet.plumbing.calls;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.IdentityFilter;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private static final int MOST_CONNECTIONS = 256;
    private static final String BEARER = "Bearer ";

    private final AuthMode mode;
    private final OidcClient issuer;
    private final TlsConfigurationRegistry tls;
    private final Vertx vertx;
    private @Nullable HttpClient http;
    private @Nullable Quick quick;
    private @Nullable Tokens tokens;

    public ServiceCalls(AuthMode mode, OidcClient issuer, TlsConfigurationRegistry tls, Vertx vertx) {
        this.mode = mode;
        this.issuer = issuer;
        this.tls = tls;
        this.vertx = vertx;
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

    /** An answer: its HTTP status and its body. */
    public record Answer(int status, byte[] body) {}

    /** Connections that are kept, and the event loop that all of them are read on. */
    private record Quick(io.vertx.core.http.HttpClient client, Context loop) {}

    private synchronized Quick quick() {
        Quick made = quick;
        if (made == null) {
            HttpClientOptions options = new HttpClientOptions()
                    .setConnectTimeout((int) PATIENCE.toMillis())
                    .setTcpNoDelay(true);
            tls.getDefault()
                    .filter(set -> set.getTrustStore() != null)
                    .ifPresent(set -> options.setTrustOptions(set.getTrustStoreOptions()));
            made = new Quick(
                    vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS)),
                    ((VertxInternal) vertx).createEventLoopContext());
            quick = made;
        }
        return made;
    }

    /**
     * A call that sees what this account sees; waits for its answer. For who calls with each request that he is asked
     * himself: it costs a third of what a call by {@link #http} does. A reading call is repeated if a kept connection turns
     * out to be closed.
     *
     * @param json the body; null: none
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if no token can be had
     */
    public Answer call(AccountId account, RequestOptions request, byte @Nullable [] json)
            throws IOException, InterruptedException {
        switch (mode.mode()) {
            case LOCAL -> request.putHeader(HttpHeaders.AUTHORIZATION, BEARER + account.value());
            case JWT ->
                request.putHeader(HttpHeaders.AUTHORIZATION, BEARER + token())
                        .putHeader(IdentityFilter.ON_BEHALF_OF, account.value());
        }
        if (json != null) {
            request.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
        }
        W3CTraceContextPropagator.getInstance()
                .inject(io.opentelemetry.context.Context.current(), request, (to, name, value) -> {
                    if (to != null) {
                        to.putHeader(name, value);
                    }
                });
        try {
            return send(request, json);
        } catch (IOException e) {
            if (request.getMethod() != HttpMethod.GET || !(e.getCause() instanceof HttpClosedException)) {
                throw e;
            }
            return send(request, json);
        }
    }

    private Answer send(RequestOptions request, byte @Nullable [] json) throws IOException, InterruptedException {
        Quick using = quick();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // On the loop from the start: a handler that is attached from outside may come after the body has gone by.
        using.loop()
                .runOnContext(unused -> using.client()
                        .request(request)
                        .compose(sent -> json == null ? sent.send() : sent.send(Buffer.buffer(json)))
                        .compose(response ->
                                response.body().map(body -> new Answer(response.statusCode(), body.getBytes())))
                        .onComplete(answer::complete, answer::completeExceptionally));
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
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
        W3CTraceContextPropagator.getInstance()
                .inject(io.opentelemetry.context.Context.current(), request, (to, name, value) -> {
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
