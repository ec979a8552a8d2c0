package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stack under load: where its services are, and how busy it is. */
final class Stack {

    private final Map<String, URI> services = new LinkedHashMap<>();
    private final Rest rest;

    Stack(Rest rest, URI instances, URI billing, URI firewall, URI spotMarket) {
        this.rest = rest;
        services.put("instance-service", instances);
        services.put("billing-service", billing);
        services.put("firewall-service", firewall);
        services.put("spot-market-service", spotMarket);
    }

    URI instances(String path) {
        return service("instance-service").resolve(path);
    }

    URI billing(String path) {
        return service("billing-service").resolve(path);
    }

    URI spotMarket(String path) {
        return service("spot-market-service").resolve(path);
    }

    private URI service(String name) {
        return java.util.Objects.requireNonNull(services.get(name));
    }

    /** What each service hasn't done yet, by name; a service with nothing left isn't in it. */
    private Map<String, String> pending(Map<String, URI> asked) throws IOException, InterruptedException {
        Map<String, String> pending = new LinkedHashMap<>();
        for (Map.Entry<String, URI> service : asked.entrySet()) {
            Rest.Answer answer = rest.get(service.getValue().resolve("/v1/status"), "operator");
            if (answer.status() != 200) {
                throw new IOException(service.getKey() + " answers " + answer.status() + ": " + answer.text());
            }
            JsonNode left = answer.json().get("pending");
            if (!left.isEmpty()) {
                pending.put(service.getKey(), left.toString());
            }
        }
        return pending;
    }

    /** Waits until nothing is pending anywhere; answers how long that took, in milliseconds. */
    long drain() throws IOException, InterruptedException {
        return drain(services);
    }

    /** Waits until nothing is pending in one service. */
    long drain(String name) throws IOException, InterruptedException {
        return drain(Map.of(name, service(name)));
    }

    private long drain(Map<String, URI> asked) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long limit = start + TimeUnit.MINUTES.toNanos(5);
        Map<String, String> left = pending(asked);
        while (!left.isEmpty()) {
            if (System.nanoTime() > limit) {
                throw new IOException("The stack isn't done after 5 minutes: " + left);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            left = pending(asked);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
