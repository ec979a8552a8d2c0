package io.cumulet.plumbing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps rounds of work apart while they follow each other closely: the first after a quiet while begins at once, the
 * next waits until the one before is some milliseconds old, and finds more to do by then. A transaction, a request to
 * Kafka and a flush to disk cost nearly the same for one event as for many; the price is that events wait for the pace.
 * A round that has much to do gains nothing by that: whoever works off a backlog leaves {@link #await} or {@link #ended} out.
 *
 * <p>For one thread at a time.
 */
public final class Pace {

    private final long nanos;
    private long lastEnded;
    private boolean hasBegun;

    public Pace(Duration pace) {
        this.nanos = pace.toNanos();
    }

    /** Waits until the next round may begin. */
    public void await() throws InterruptedException {
        long wait = hasBegun ? nanos - (System.nanoTime() - lastEnded) : 0;
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    /** A round is over, and the next may wait for company. */
    public void ended() {
        hasBegun = true;
        lastEnded = System.nanoTime();
    }
}
