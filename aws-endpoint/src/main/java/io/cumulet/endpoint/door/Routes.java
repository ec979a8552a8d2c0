package io.cumulet.endpoint.door;

import io.cumulet.endpoint.access.SignedRequest;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.plumbing.api.Edge;
import io.cumulet.plumbing.api.RefusalForm;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;

/**
 * The paths that AWS clients call: {@code /}, and one for each operation of Savings Plans. Whatever is refused there, for its
 * size or method too, is refused in the protocol's form.
 */
@ApplicationScoped
public class Routes implements RefusalForm {

    private static final String REQUEST_ID = "x-amzn-requestid";
    private static final String LOGGED_ID = "requestId";
    private static final String HOST = "host";
    private static final String ROOT = "/";
    private static final int TOO_LARGE = 413;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVER_ERROR = 500;
    private static final int SECONDS_TO_END = 8;

    private final Door door;
    private final long maxBodyBytes;
    private final Set<String> paths = new HashSet<>();
    /** Handlers wait for services; a thread of the platform for each would be too many. */
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();

    public Routes(Door door, @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        this.door = door;
        this.maxBodyBytes = maxBody.asLongValue();
    }

    void install(@Observes Router router) {
        router.route(ROOT).handler(this::handle);
        Api.SAVINGS_PLANS.model().operations().values().forEach(operation -> {
            paths.add(operation.requestUri());
            router.route(operation.requestUri()).handler(this::handle);
        });
    }

    /** What is under way is answered; what comes after is refused. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        handlers.shutdown();
        if (!handlers.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
            handlers.shutdownNow();
        }
    }

    private void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        boolean isRead = request.method().equals(HttpMethod.GET) && isRoot(request.path());
        if (!isRead && !request.method().equals(HttpMethod.POST)) {
            routing.response().putHeader(HttpHeaders.ALLOW, isRoot(request.path()) ? "GET, POST" : "POST");
            refuse(routing, METHOD_NOT_ALLOWED, "This method isn't offered here", Edge.requestId(routing));
            return;
        }
        Buffer body = Buffer.buffer();
        long[] length = {0};
        request.handler(chunk -> {
            length[0] += chunk.length();
            if (length[0] <= maxBodyBytes) {
                body.appendBuffer(chunk);
            } else if (!routing.response().ended()) {
                // One that was announced the edge has refused already; this one comes in chunks.
                refuse(routing, TOO_LARGE, "The request is too large", Edge.requestId(routing));
            } else if (length[0] > 2 * maxBodyBytes) {
                // Whoever hasn't read the answer by now won't.
                request.connection().close();
            }
        });
        request.exceptionHandler(routing::fail);
        request.endHandler(end -> {
            if (!routing.response().ended()) {
                answer(routing, body);
            }
        });
        // Quarkus stops a request's body until somebody reads it.
        request.resume();
    }

    private void answer(RoutingContext routing, Buffer body) {
        Context context = routing.vertx().getOrCreateContext();
        String requestId = Edge.requestId(routing);
        SignedRequest request = signed(routing.request(), body);
        try {
            handlers.execute(() -> {
                MDC.put(LOGGED_ID, requestId);
                Answer answer = door.answer(request, requestId);
                context.runOnContext(unused -> send(routing, answer, requestId));
            });
        } catch (RejectedExecutionException e) {
            send(routing, WireForm.of(request).error(AwsError.unavailable(), requestId), requestId);
        }
    }

    private static void send(RoutingContext routing, Answer answer, String requestId) {
        HttpServerResponse response = routing.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(REQUEST_ID, requestId)
                .end(answer.body());
    }

    @Override
    public boolean isFor(HttpServerRequest request) {
        String path = request.path();
        return path != null && (isRoot(path) || paths.contains(path));
    }

    private static boolean isRoot(String path) {
        return path.equals(ROOT) || path.equals("//");
    }

    @Override
    public void refuse(RoutingContext routing, int status, String detail, String requestId) {
        AwsError error = new AwsError(code(status), status, detail);
        send(routing, WireForm.of(signed(routing.request(), Buffer.buffer())).error(error, requestId), requestId);
    }

    private static String code(int status) {
        return switch (status) {
            case METHOD_NOT_ALLOWED -> "MethodNotAllowed";
            case TOO_LARGE -> "RequestEntityTooLarge";
            case 414 -> "RequestURITooLong";
            case 431 -> "RequestHeaderFieldsTooLarge";
            default -> status < SERVER_ERROR ? "MalformedQueryString" : "InternalError";
        };
    }

    private static SignedRequest signed(HttpServerRequest request, Buffer body) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers()
                .forEach((name, value) -> headers.computeIfAbsent(
                                name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                        .add(value));
        // HTTP/2 has a pseudo header instead; it is signed by the old name.
        if (request.authority() != null) {
            headers.computeIfAbsent(HOST, unused -> List.of(request.authority().toString()));
        }
        String query = request.query();
        return new SignedRequest(
                request.method().name(),
                request.path(),
                query == null ? "" : query,
                headers,
                body.getBytes(),
                request.remoteAddress() == null
                        ? ""
                        : String.valueOf(request.remoteAddress().hostAddress()));
    }
}
