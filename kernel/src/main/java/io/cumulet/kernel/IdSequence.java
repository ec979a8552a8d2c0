package io.cumulet.kernel;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The numbers of new ids: each is greater than all that were taken from here before, so that lists by id are in the order in
 * which things were made, and new rows come to the end of an index. Thread-safe.
 *
 * <pre>
 *   0 | milliseconds since 2020, 40 bits (until 2054) | random, 23 bits | random, 4 bits
 * </pre>
 *
 * Whoever takes several in one millisecond counts up from the first. Two processes that give ids of one kind give the same one
 * with the odds of the 27 random bits, and only in the same millisecond.
 */
final class IdSequence {

    private static final long BEGINNING = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
    private static final int RANDOM_BITS = 23;
    /** Steps are random, too: those of two processes in the same millisecond soon differ. */
    private static final int LONGEST_STEP = 1 << 8;

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    IdSequence() {
        // The machine's own: a stack's clock can be set back.
        this(Clock.systemUTC());
    }

    IdSequence(InstantSource clock) {
        this.clock = clock;
    }

    /** The first 16 hexadecimal digits of an id. */
    long next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long now = ((clock.millis() - BEGINNING) << RANDOM_BITS) + random.nextLong(1L << RANDOM_BITS);
        long step = 1 + random.nextInt(LONGEST_STEP);
        return last.updateAndGet(before -> Math.max(before + step, now));
    }
}
