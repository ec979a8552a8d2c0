package io.cumulet.spotmarket;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.Startup;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stands in for the instance service's REST API: it would launch anything but what it is told to refuse. */
@Startup
@ApplicationScoped
@WithTestResource(value = Surroundings.class, scope = TestResourceScope.GLOBAL)
public class InstancesStub {

    private static final String SUBNETS = "/v1/subnets/";
    private static final Answer WOULD_LAUNCH = new Answer(412, "{\"code\": \"DryRunOperation\"}");
    private static final Answer UNKNOWN = new Answer(
            404, "{\"code\": \"InvalidSubnetID.NotFound\", \"field\": \"subnetId\", \"detail\": \"no such subnet\"}");

    record Answer(int status, String body) {}

    private final URI url;
    private final Map<String, Answer> refused = new ConcurrentHashMap<>();
    private final Map<String, String> subnets = new ConcurrentHashMap<>();
    private HttpServer server;

    InstancesStub(@ConfigProperty(name = "cumulet.instances.url") URI url) {
        this.url = url;
    }

    @PostConstruct
    void open() {
        try {
            server = HttpServer.create(new InetSocketAddress(url.getHost(), url.getPort()), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @PreDestroy
    void close() {
        server.stop(0);
    }

    /** Refuses launches that name this, or doesn't answer them. */
    void refuse(String name, int status, String body) {
        refused.put(name, new Answer(status, body));
    }

    void subnet(String account, String subnetId, String zone) {
        subnets.put(account + " " + subnetId, zone);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String account =
                    exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            Answer answer = UNKNOWN;
            if (path.startsWith(SUBNETS)) {
                String zone = subnets.get(account + " " + path.substring(SUBNETS.length()));
                answer = zone == null ? UNKNOWN : new Answer(200, "{\"availabilityZone\": \"" + zone + "\"}");
            } else if (path.equals("/v1/instances") && body.contains("\"dryRun\":true")) {
                answer = refused.entrySet().stream()
                        .filter(entry -> body.contains(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(WOULD_LAUNCH);
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
