package io.cumulet.endpoint.access;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens that refills steadily; each request takes one. It only keeps when it will be full again:
 *
 * <pre>
 *   now ───────────────── fullAt      (fullAt - now) / refill nanoseconds = tokens that are missing
 * </pre>
 *
 * Thread-safe.
 */
final class TokenBucket {

    private final long nanosPerToken;
    private final long nanosWhenEmpty;
    private final AtomicLong fullAt;

    /** @param now in nanoseconds from any moment; the bucket is full then */
    TokenBucket(int size, int refillPerSecond, long now) {
        this.nanosPerToken = TimeUnit.SECONDS.toNanos(1) / refillPerSecond;
        this.nanosWhenEmpty = nanosPerToken * size;
        this.fullAt = new AtomicLong(now);
    }

    /** Takes a token; false if there is none. */
    boolean take(long now) {
        while (true) {
            long before = fullAt.get();
            long after = (before - now > 0 ? before : now) + nanosPerToken;
            if (after - now > nanosWhenEmpty) {
                return false;
            }
            if (fullAt.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
