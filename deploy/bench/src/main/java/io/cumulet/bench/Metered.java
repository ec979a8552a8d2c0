package io.cumulet.bench;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** From the launch's REST call to its run in billing's answer, at a steady rate of launches. */
final class Metered {

    /** One launch in so many is followed; asking for each would be a load of its own. */
    private static final int FOLLOWED_ONE_IN = 10;

    private final Rest rest;
    private final Stack stack;
    private final Launches launches;
    private final LongAdder failures = new LongAdder();

    Metered(Rest rest, Stack stack, Launches launches) {
        this.rest = rest;
        this.stack = stack;
        this.launches = launches;
    }

    long failures() {
        return failures.sum();
    }

    Histogram measure(int launchesPerSecond, int seconds) throws InterruptedException {
        ConcurrentHistogram latency = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
        long gap = TimeUnit.SECONDS.toNanos(1) / launchesPerSecond;
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < launchesPerSecond * seconds; i++) {
                long due = start + i * gap;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                boolean followed = i % FOLLOWED_ONE_IN == 0;
                pool.execute(() -> launch(followed, latency));
            }
        }
        return latency;
    }

    private void launch(boolean followed, Histogram latency) {
        long begun = System.nanoTime();
        try {
            Launches.Launched launched = launches.one();
            if (!followed) {
                return;
            }
            while (rest.get(stack.billing("/v1/usage?instanceId=" + launched.instanceId()), launched.account())
                    .json()
                    .path("runs")
                    .isEmpty()) {
                if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(30)) {
                    throw new IOException(launched + " isn't metered after 30 s");
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        } catch (IOException e) {
            failures.increment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
