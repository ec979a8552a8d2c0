package io.cumulet.firewall;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.Startup;
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

/** Stands in for the instance service's REST API: it knows the VPCs it is told of, and nothing has any group. */
@Startup
@ApplicationScoped
public class InstancesStub {

    private static final String OUT_OF_ORDER = "{}";
    private static final String VPCS = "/v1/vpcs/";
    private static final String INSTANCES = "/v1/instances/";
    private static final String RETIRED = "/v1/retired-security-groups/";

    record Answer(int status, String body) {

        static final Answer RETIRED = new Answer(204, "");

        static Answer inUse(String detail) {
            return new Answer(409, "{\"code\": \"DependencyViolation\", \"detail\": \"" + detail + "\"}");
        }

        /** It knows of a later version than it was asked about. */
        static Answer changed() {
            return new Answer(
                    409, "{\"code\": \"DependencyViolation\", \"field\": \"version\", \"detail\": \"has changed\"}");
        }
    }

    /** What it says about a group that is to be retired, given the body of the question. */
    interface Retires {
        Answer answer(String body);
    }

    private final URI url;
    private final Map<String, String> vpcs = new ConcurrentHashMap<>();
    private final Map<String, String> instances = new ConcurrentHashMap<>();
    private final Map<String, Retires> groups = new ConcurrentHashMap<>();
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

    /** A VPC of an account in the default region. */
    void vpc(String account, String vpcId, long version, String ipv6CidrBlock) {
        vpcs.put(
                account + " " + vpcId,
                "{\"vpcId\": \"%s\", \"version\": %d, \"ipv6CidrBlock\": %s}"
                        .formatted(vpcId, version, ipv6CidrBlock == null ? "null" : "\"" + ipv6CidrBlock + "\""));
    }

    /** An instance of an account, as its owner sees it. */
    void instance(String account, String instanceId, String view) {
        instances.put(account + " " + instanceId, view);
    }

    void noVpc(String account, String vpcId) {
        vpcs.remove(account + " " + vpcId);
    }

    /** As if it were out of order whenever this VPC is asked for. */
    void answersNothingAbout(String account, String vpcId) {
        vpcs.put(account + " " + vpcId, OUT_OF_ORDER);
    }

    void onRetiring(String groupId, Retires retires) {
        groups.put(groupId, retires);
    }

    private static Answer known(Map<String, String> views, HttpExchange exchange, String id) {
        String account = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        String view = views.get(account + " " + id);
        return view == null ? new Answer(404, "{}") : new Answer(view.equals(OUT_OF_ORDER) ? 503 : 200, view);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer answer = new Answer(404, "{}");
            if (path.startsWith(VPCS)) {
                answer = known(vpcs, exchange, path.substring(VPCS.length()));
            } else if (path.startsWith(INSTANCES)) {
                answer = known(instances, exchange, path.substring(INSTANCES.length()));
            } else if (path.startsWith(RETIRED) && exchange.getRequestMethod().equals("PUT")) {
                answer = groups.getOrDefault(path.substring(RETIRED.length()), unused -> Answer.RETIRED)
                        .answer(body);
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
