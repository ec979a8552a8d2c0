package io.cumulet.billing.app;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for records that are on their way. */
final class CatchingUp {

    /** In real time. Records of this very moment are taken in by then, if Kafka and this service are well. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private CatchingUp() {}

    /** Asks until all records up to a moment are taken in, or time is up; the last answer. */
    static Optional<Instant> await(Completeness completeness, Instant end) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        Optional<Instant> behind = completeness.behindSince();
        while (behind.isPresent() && behind.get().isBefore(end) && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Stopped while waiting for records", e);
            }
            behind = completeness.behindSince();
        }
        return behind;
    }
}
