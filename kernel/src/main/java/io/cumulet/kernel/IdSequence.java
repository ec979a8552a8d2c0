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
 * Whoever takes several in one millisecond counts up from the first, in random steps. Two processes that each give one id of a
 * kind in the same millisecond give the same with odds of 1 : 2<sup>27</sup>; with a hundred each it is about 1 : 10,000. The
 * database refuses the second.
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
        long millis = clock.millis() - BEGINNING;
        long first = (millis << RANDOM_BITS) + random.nextLong(1L << RANDOM_BITS);
        long step = 1 + random.nextInt(LONGEST_STEP);
        return last.updateAndGet(before -> before >>> RANDOM_BITS >= millis ? before + step : first);
    }
}
