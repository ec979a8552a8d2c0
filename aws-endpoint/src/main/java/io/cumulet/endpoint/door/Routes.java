package io.cumulet.endpoint.door;

import io.cumulet.endpoint.access.SignedRequest;
import io.cumulet.endpoint.actions.Api;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The paths that AWS clients call: {@code /}, and one for each operation of Savings Plans. */
@ApplicationScoped
public class Routes {

    private static final String REQUEST_ID = "x-amzn-requestid";

    private final Door door;
    /** Handlers wait for services; a thread of the platform for each would be too many. */
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();

    public Routes(Door door) {
        this.door = door;
    }

    void install(@Observes Router router) {
        router.get("/").handler(this::handle);
        router.post("/").handler(this::handle);
        Api.SAVINGS_PLANS
                .model()
                .operations()
                .values()
                .forEach(operation -> router.post(operation.requestUri()).handler(this::handle));
    }

    @PreDestroy
    void stop() {
        handlers.close();
    }

    private void handle(RoutingContext routing) {
        Context context = routing.vertx().getOrCreateContext();
        HttpServerRequest request = routing.request();
        request.body()
                .onSuccess(body -> handlers.execute(() -> {
                    String requestId = UUID.randomUUID().toString();
                    Answer answer = door.answer(signed(request, body), requestId);
                    context.runOnContext(unused -> send(routing, answer, requestId));
                }))
                .onFailure(routing::fail);
        // Quarkus stops a request's body until somebody reads it.
        request.resume();
    }

    private static void send(RoutingContext routing, Answer answer, String requestId) {
        routing.response()
                .setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(REQUEST_ID, requestId)
                .end(answer.body());
    }

    private static SignedRequest signed(HttpServerRequest request, Buffer body) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers()
                .forEach((name, value) -> headers.computeIfAbsent(
                                name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                        .add(value));
        String query = request.query();
        return new SignedRequest(
                request.method().name(), request.path(), query == null ? "" : query, headers, body.getBytes());
    }
}
