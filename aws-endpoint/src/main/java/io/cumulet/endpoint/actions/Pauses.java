package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.protocol.AwsError;
import java.time.Duration;

/** The pauses of a call that waits for something to come about: they grow, until patience has run out. */
public final class Pauses {

    /** For what looks at something: a waiter of an SDK, which asks every 15 seconds, has its answer with the first call. */
    public static final Duration OF_READERS = Duration.ofMillis(500);

    private static final long FIRST_MILLIS = 20;
    private static final long LONGEST_MILLIS = 300;

    private final long end;
    private long millis = FIRST_MILLIS;

    public Pauses(Duration patience) {
        this.end = System.nanoTime() + patience.toNanos();
    }

    /** Pauses, and answers true; unless patience has run out. */
    public boolean next() {
        if (System.nanoTime() - end >= 0) {
            return false;
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AwsError.unavailable();
        }
        millis = Math.min(2 * millis, LONGEST_MILLIS);
        return true;
    }
}
