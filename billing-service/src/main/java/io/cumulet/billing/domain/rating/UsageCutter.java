package io.cumulet.billing.domain.rating;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts usage at clock hours.
 *
 * <pre>
 *   per second   start |====|=========|=========|==| end      three items: the first hour, the whole ones, the last
 *   per hour     start |::::=========|:::::=====|::|          each begun instance-hour is 3,600 s of the clock hour
 *                                                             in which it starts
 * </pre>
 */
final class UsageCutter {

    private static final long HOUR = RatedSegment.STEP_SECONDS;
    static final long MINIMUM_SECONDS = 60;

    private final long rangeFromHour;
    private final long rangeUntilHour;
    private final long knownUntil;
    private final List<UsageItem> items;

    /** @param items where the pieces go that lie in the range of hours */
    UsageCutter(long rangeFromHour, long rangeUntilHour, Instant knownUntil, List<UsageItem> items) {
        this.rangeFromHour = rangeFromHour;
        this.rangeUntilHour = rangeUntilHour;
        this.knownUntil = knownUntil.getEpochSecond();
        this.items = items;
    }

    void cutInstance(InstanceUsage instance) {
        for (int number = 0; number < instance.runs().size(); number++) {
            InstanceUsage.Run run = instance.runs().get(number);
            UsageOwner owner = new UsageOwner.InstanceRun(instance, number, run.start());
            long start = run.start().getEpochSecond();
            switch (instance.os().granularity()) {
                case PER_SECOND -> cutBySecond(owner, start, endWithMinimum(start, run.stop()));
                case PER_HOUR -> cutByHour(owner, start, end(run.stop()));
            }
        }
    }

    void cutReservation(CapacityReservation reservation) {
        UsageOwner owner = new UsageOwner.HeldCapacity(reservation);
        cutBySecond(owner, reservation.start().getEpochSecond(), end(reservation.end()));
    }

    void cutHost(DedicatedHost host) {
        UsageOwner owner = new UsageOwner.AllocatedHost(host);
        long allocated = host.allocated().getEpochSecond();
        cutBySecond(owner, allocated, endWithMinimum(allocated, host.released()));
    }

    private long end(@Nullable Instant stop) {
        return stop == null ? knownUntil : stop.getEpochSecond();
    }

    /** What goes on has no minimum yet. */
    private long endWithMinimum(long start, @Nullable Instant stop) {
        return stop == null ? knownUntil : Math.max(stop.getEpochSecond(), start + MINIMUM_SECONDS);
    }

    private void cutByHour(UsageOwner owner, long start, long end) {
        if (start < end) {
            long firstHour = Math.floorDiv(start, HOUR);
            long begunHours = Math.ceilDiv(end - start, HOUR);
            add(owner, firstHour, firstHour + begunHours, HOUR);
        }
    }

    private void cutBySecond(UsageOwner owner, long start, long end) {
        if (start >= end) {
            return;
        }
        long firstHour = Math.floorDiv(start, HOUR);
        long lastHour = Math.floorDiv(end - 1, HOUR);
        if (firstHour == lastHour) {
            add(owner, firstHour, firstHour + 1, end - start);
            return;
        }
        long firstWholeHour = Math.ceilDiv(start, HOUR);
        if (firstHour < firstWholeHour) {
            add(owner, firstHour, firstWholeHour, firstWholeHour * HOUR - start);
        }
        long untilWholeHour = Math.floorDiv(end, HOUR);
        add(owner, firstWholeHour, untilWholeHour, HOUR);
        if (untilWholeHour <= lastHour) {
            add(owner, untilWholeHour, untilWholeHour + 1, end - untilWholeHour * HOUR);
        }
    }

    private void add(UsageOwner owner, long fromHour, long untilHour, long secondsEachHour) {
        long from = Math.max(fromHour, rangeFromHour);
        long until = Math.min(untilHour, rangeUntilHour);
        if (from < until) {
            items.add(new UsageItem(owner, from, until, secondsEachHour));
        }
    }
}
