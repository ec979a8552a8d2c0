package io.cumulet.plumbing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps rounds of work apart while they follow each other closely: the first after a quiet while begins at once, the
 * next waits until the one before is some milliseconds old, and finds more to do by then. A transaction, a request to
 * Kafka and a flush to disk cost nearly the same for one event as for many; the price is that events wait for the pace.
 * While one round after the other had to wait, each pause is twice as long as the one before, up to the longest:
 *
 * <pre>
 *   |·|20|·|40|·|80|·|160|·|160|· …  quiet …  |·|20|·|40|·
 * </pre>
 *
 * A round that has much to do gains nothing by that: whoever works off a backlog leaves {@link #await} or {@link #ended} out.
 *
 * <p>For one thread at a time.
 */
public final class Pace {

    private final long shortest;
    private final long longest;
    private long pause;
    private long lastEnded;
    private boolean hasBegun;
    private boolean hasWaited;

    public Pace(Duration shortest, Duration longest) {
        this.shortest = shortest.toNanos();
        this.longest = longest.toNanos();
        this.pause = this.shortest;
    }

    /** Waits until the next round may begin. */
    public void await() throws InterruptedException {
        long wait = hasBegun ? pause - (System.nanoTime() - lastEnded) : 0;
        hasWaited = wait > 0;
        if (hasWaited) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    /** The next round has to wait no longer than the shortest pause. */
    public void hurry() {
        pause = shortest;
    }

    /** A round is over, and the next may wait for company. */
    public void ended() {
        pause = hasWaited ? Math.min(2 * pause, longest) : shortest;
        hasBegun = true;
        lastEnded = System.nanoTime();
    }
}
