package io.cumulet.billing.domain.costs;

import java.time.Duration;
import java.time.Instant;
import java.util.NavigableSet;

/**
 * Cuts the equal hours of a charge where something changes, without a look at each of them.
 *
 * <pre>
 *   hours     |--|--|--|--|--|--|--|
 *   changes      ^         ^
 *   slices    |--|--------|--------|     an hour belongs to what holds when it begins
 * </pre>
 */
public final class Slices {

    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

    private Slices() {}

    /** Takes consecutive hours. */
    @FunctionalInterface
    public interface Taker {
        void take(Instant start, long hours);
    }

    /** Hands over the hours that begin at a moment and follow it, those between two changes together. */
    public static void cut(Instant start, long hours, NavigableSet<Instant> changes, Taker taker) {
        Instant from = start;
        long left = hours;
        while (left > 0) {
            Instant change = changes.higher(from);
            long slice = change == null ? left : Math.min(left, hoursUntil(change, from));
            taker.take(from, slice);
            from = from.plusSeconds(slice * 3_600);
            left -= slice;
        }
    }

    /** How many hours begin before a change. */
    private static long hoursUntil(Instant change, Instant from) {
        return Math.ceilDiv(Duration.between(from, change).toNanos(), HOUR_NANOS);
    }
}
