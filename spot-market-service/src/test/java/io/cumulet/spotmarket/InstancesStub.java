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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stands in for the instance service's REST API: it launches anything but what it is told to refuse. */
@Startup
@ApplicationScoped
@WithTestResource(value = Surroundings.class, scope = TestResourceScope.GLOBAL)
public class InstancesStub {

    private static final String SUBNETS = "/v1/subnets/";
    private static final String IMAGES = "/v1/images/";
    private static final Pattern TOKEN = Pattern.compile("\"clientToken\":\"([^\"]+)\"");
    private static final Pattern COUNT = Pattern.compile("\"maxCount\":(\\d+)");
    private static final Pattern TYPE = Pattern.compile("\"instanceType\":\"([^\"]+)\"");
    private static final String INSTANCE =
            "{\"instanceId\": \"i-0f%015x\", \"instanceType\": \"%s\", \"availabilityZone\": \"us-east-1a\"}";
    private static final Answer WOULD_LAUNCH = new Answer(412, "{\"code\": \"DryRunOperation\"}");
    private static final Answer UNKNOWN = new Answer(
            404, "{\"code\": \"InvalidSubnetID.NotFound\", \"field\": \"subnetId\", \"detail\": \"no such subnet\"}");

    private static final Answer NO_IMAGE =
            new Answer(404, "{\"code\": \"InvalidAMIID.NotFound\", \"detail\": \"no such image\"}");

    record Answer(int status, String body) {}

    private final URI url;
    private final Map<String, Answer> refused = new ConcurrentHashMap<>();
    private final Map<String, String> subnets = new ConcurrentHashMap<>();
    private final Map<String, String> images = new ConcurrentHashMap<>();
    private final Map<String, String> launched = new ConcurrentHashMap<>();
    private final List<String> launches = new CopyOnWriteArrayList<>();
    private final List<String> terminated = new CopyOnWriteArrayList<>();
    private final AtomicInteger instances = new AtomicInteger();
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

    /** An image of an account's own. */
    void image(String account, String imageId, String os) {
        images.put(account + " " + imageId, "{\"os\": \"" + os + "\", \"architecture\": \"x86_64\"}");
    }

    void subnet(String account, String subnetId, String zone) {
        subnets.put(account + " " + subnetId, zone);
    }

    /** The bodies of launches that weren't only tried, each once for each token, that name something. */
    List<String> launchesOf(String name) {
        return launches.stream().filter(body -> body.contains(name)).toList();
    }

    boolean isTerminated(String instanceId) {
        return terminated.stream().anyMatch(body -> body.contains(instanceId));
    }

    /** A launch under a token that was used before is answered as before. */
    private String launch(String body) {
        Matcher token = TOKEN.matcher(body);
        Matcher count = COUNT.matcher(body);
        Matcher type = TYPE.matcher(body);
        if (!token.find() || !count.find() || !type.find()) {
            throw new IllegalArgumentException(body);
        }
        return launched.computeIfAbsent(token.group(1), unused -> {
            launches.add(body);
            return IntStream.range(0, Integer.parseInt(count.group(1)))
                    .mapToObj(number -> INSTANCE.formatted(instances.incrementAndGet(), type.group(1)))
                    .collect(Collectors.joining(", ", "{\"instances\": [", "]}"));
        });
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
            } else if (path.equals("/v1/instances")) {
                answer = refused.entrySet().stream()
                        .filter(entry -> body.contains(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseGet(
                                () -> body.contains("\"dryRun\":true") ? WOULD_LAUNCH : new Answer(201, launch(body)));
            } else if (path.equals("/v1/instance-state-changes")) {
                terminated.add(body);
                answer = new Answer(200, "{\"stateChanges\": []}");
            } else if (path.startsWith(IMAGES)) {
                String image = images.get(account + " " + path.substring(IMAGES.length()));
                answer = image == null ? NO_IMAGE : new Answer(200, image);
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
