package io.cumulet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How many lifecycle events a second billing takes in while there are plenty: its process is halted while others launch and
 * all events reach Kafka, then goes on.
 */
final class MeteringRate {

    private static final String COUNTER = "cumulet_metering_records_total{topic=\"instances.lifecycle\"}";
    private static final int LAUNCHES_AT_ONCE = 100;

    /** Billing asks Kafka and its database for the metrics: looked at every 20 ms they were a fifth of its samples. */
    private static final int LOOK_MILLIS = 250;

    private final Rest rest;
    private final Stack stack;
    private final Launches launches;
    private final long billing;

    /** @param billing the id of billing's only process, on this machine */
    MeteringRate(Rest rest, Stack stack, Launches launches, long billing) {
        this.rest = rest;
        this.stack = stack;
        this.launches = launches;
        this.billing = billing;
    }

    /** From the first batch that is taken in to the last; the first, in which billing finds Kafka again, doesn't count. */
    double eventsPerSecond(int events) throws IOException, InterruptedException {
        stack.drain();
        double before = taken();
        // Broken off, the bench would leave a billing behind that neither works nor stops.
        Thread brokenOff = new Thread(this::goOn, "bench-broken-off");
        Runtime.getRuntime().addShutdownHook(brokenOff);
        signal("STOP");
        try {
            // Two events each: requested and launched.
            for (int launched = 0; 2 * launched < events; launched += LAUNCHES_AT_ONCE) {
                launches.several(LAUNCHES_AT_ONCE);
            }
            stack.drain("instance-service");
            stack.drain("firewall-service");
            stack.drain("spot-market-service");
        } finally {
            goOn();
            Runtime.getRuntime().removeShutdownHook(brokenOff);
        }
        double first = before;
        long begun = System.nanoTime();
        while (first == before) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            first = taken();
            begun = System.nanoTime();
        }
        double last = first;
        while (last < before + events) {
            if (System.nanoTime() - begun > TimeUnit.MINUTES.toNanos(5)) {
                throw new IOException("Billing took in " + (last - before) + " of " + events + " events in 5 minutes");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            last = taken();
        }
        return (last - first) / ((System.nanoTime() - begun) / 1e9);
    }

    private double taken() throws IOException, InterruptedException {
        return rest.get(stack.billing("/q/metrics"), "operator")
                .text()
                .lines()
                .filter(line -> line.startsWith(COUNTER + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(COUNTER.length())))
                .findFirst()
                .orElse(0); // not there until the first is taken in
    }

    private void goOn() {
        try {
            signal("CONT");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(billing))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("Billing's process " + billing + " can't be sent " + name);
        }
    }
}
