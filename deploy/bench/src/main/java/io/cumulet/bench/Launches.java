package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Launches of one t2.micro each, spread over accounts so that no subnet fills. */
final class Launches {

    /** A default subnet has room for 4,091 instances; six zones of a region share an account's launches. */
    private static final int LAUNCHES_FOR_EACH_ACCOUNT = 3000;

    private final Rest rest;
    private final Stack stack;
    private final String image;
    private final AtomicInteger launched = new AtomicInteger();
    private final long firstAccount = ThreadLocalRandom.current().nextLong(200_000_000_000L, 900_000_000_000L);

    Launches(Rest rest, Stack stack) throws IOException, InterruptedException {
        this.rest = rest;
        this.stack = stack;
        this.image = linuxImage();
    }

    /** An instance and whose it is. */
    record Launched(String account, String instanceId) {}

    /** What a load did. */
    record Load(double seconds, long done, Histogram latencyMicros, Map<String, Long> errors) {}

    Launched one() throws IOException, InterruptedException {
        String account = Long.toString(firstAccount + launched.getAndIncrement() / LAUNCHES_FOR_EACH_ACCOUNT);
        return one(account);
    }

    /** So many by one call, for one account. */
    void several(int count) throws IOException, InterruptedException {
        launch(Long.toString(firstAccount + launched.getAndAdd(count) / LAUNCHES_FOR_EACH_ACCOUNT), count);
    }

    Launched one(String account) throws IOException, InterruptedException {
        Rest.Answer answer = launch(account, 1);
        return new Launched(
                account,
                answer.json().path("instances").path(0).path("instanceId").asText());
    }

    /** So many spot instances of a zone by one call, for one account. */
    void severalSpot(int count, String zone, String maxPrice) throws IOException, InterruptedException {
        launch(
                Long.toString(firstAccount + launched.getAndAdd(count) / LAUNCHES_FOR_EACH_ACCOUNT),
                count,
                ",\"placement\":{\"availabilityZone\":\"" + zone + "\"},\"market\":{\"type\":\"spot\",\"maxPrice\":\""
                        + maxPrice + "\"}");
    }

    private Rest.Answer launch(String account, int count) throws IOException, InterruptedException {
        return launch(account, count, "");
    }

    /** @param more fields of the request, each with a comma before it */
    private Rest.Answer launch(String account, int count, String more) throws IOException, InterruptedException {
        Rest.Answer answer = rest.post(
                stack.instances("/v1/instances"),
                account,
                "{\"imageId\":\"" + image + "\",\"instanceType\":\"t2.micro\",\"minCount\":" + count + ",\"maxCount\":"
                        + count + more + "}");
        if (answer.status() != 201) {
            throw new IOException(
                    answer.status() + " " + answer.json().path("code").asText());
        }
        return answer;
    }

    /** Launches as fast as a number of clients can, one after the other each. */
    Load closedLoop(int clients, int seconds) throws InterruptedException {
        ConcurrentHistogram latency = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
        Map<String, LongAdder> errors = new ConcurrentHashMap<>();
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
            for (int client = 0; client < clients; client++) {
                pool.execute(() -> {
                    while (System.nanoTime() < end) {
                        long begun = System.nanoTime();
                        try {
                            one();
                            done.increment();
                            latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
                        } catch (IOException e) {
                            errors.computeIfAbsent(String.valueOf(e.getMessage()), unused -> new LongAdder())
                                    .increment();
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                });
            }
        }
        double took = (System.nanoTime() - start) / 1e9;
        Map<String, Long> counted = new TreeMap<>();
        errors.forEach((error, count) -> counted.put(error, count.sum()));
        return new Load(took, done.sum(), latency, counted);
    }

    private String linuxImage() throws IOException, InterruptedException {
        JsonNode images =
                rest.get(stack.instances("/v1/images"), "123456789012").json();
        for (JsonNode image : images.path("images")) {
            if (image.path("operatingSystem").asText(image.path("os").asText()).equals("linux")
                    && image.path("architecture").asText().equals("x86_64")) {
                return image.path("imageId").asText();
            }
        }
        throw new IOException("GET /v1/images lists no Linux image for x86_64: " + images);
    }
}
