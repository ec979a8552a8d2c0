package io.cumulet.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Reads by one client, with many instances in one account. */
final class Reads {

    private final Rest rest;
    private final Stack stack;
    private final String account =
            Long.toString(ThreadLocalRandom.current().nextLong(100_000_000_000L, 200_000_000_000L));
    private final List<String> instances = new ArrayList<>();

    Reads(Rest rest, Stack stack) {
        this.rest = rest;
        this.stack = stack;
    }

    void fill(Launches launches, int count) throws IOException, InterruptedException {
        List<java.util.concurrent.Future<Launches.Launched>> launched = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(32)) {
            for (int i = 0; i < count; i++) {
                launched.add(pool.submit(() -> launches.one(account)));
            }
            for (java.util.concurrent.Future<Launches.Launched> one : launched) {
                instances.add(one.get().instanceId());
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException("Filling failed: " + e.getCause(), e);
        }
    }

    Histogram byId(int times) throws IOException, InterruptedException {
        Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
        for (int i = 0; i < times; i++) {
            String id = instances.get(ThreadLocalRandom.current().nextInt(instances.size()));
            time(stack.instances("/v1/instances/" + id), latency);
        }
        return latency;
    }

    Histogram firstPage(int times) throws IOException, InterruptedException {
        Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
        for (int i = 0; i < times; i++) {
            time(stack.instances("/v1/instances?maxResults=100"), latency);
        }
        return latency;
    }

    private void time(URI uri, Histogram latency) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Rest.Answer answer = rest.get(uri, account);
        latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        if (answer.status() != 200) {
            throw new IOException(uri + " answers " + answer.status() + ": " + answer.text());
        }
    }
}
