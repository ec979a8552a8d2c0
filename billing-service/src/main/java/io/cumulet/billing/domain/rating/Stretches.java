package io.cumulet.billing.domain.rating;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Walks over the hours of a range in stretches in which the same items are used. */
final class Stretches {

    private final List<UsageItem> beginning;
    private final List<UsageItem> ending;
    private final SortedSet<UsageItem> instances = new TreeSet<>(UsageItem.USAGE_ORDER);
    private final SortedSet<UsageItem> reservations = new TreeSet<>(UsageItem.USAGE_ORDER);
    private final SortedSet<UsageItem> hosts = new TreeSet<>(UsageItem.USAGE_ORDER);

    Stretches(Collection<UsageItem> items) {
        beginning = new ArrayList<>(items);
        beginning.sort(Comparator.comparingLong(item -> item.firstHour));
        ending = new ArrayList<>(items);
        ending.sort(Comparator.comparingLong(item -> item.untilHour));
    }

    /** Runs the passes over every stretch, cut shorter where a pass wouldn't rate all its hours alike. */
    void rate(List<Pass> passes, Ledger ledger) {
        int begun = 0;
        int ended = 0;
        while (ended < ending.size()) {
            long hour = nextChange(begun, ended);
            while (ended < ending.size() && ending.get(ended).untilHour == hour) {
                UsageItem item = ending.get(ended++);
                activeSet(item).remove(item);
            }
            while (begun < beginning.size() && beginning.get(begun).firstHour == hour) {
                UsageItem item = beginning.get(begun++);
                activeSet(item).add(item);
            }
            if (ended < ending.size() && !isIdle()) {
                rateStretch(hour, nextChange(begun, ended), passes, ledger);
            }
        }
    }

    private long nextChange(int begun, int ended) {
        long nextEnd = ending.get(ended).untilHour;
        return begun < beginning.size() ? Math.min(nextEnd, beginning.get(begun).firstHour) : nextEnd;
    }

    private void rateStretch(long fromHour, long untilHour, List<Pass> passes, Ledger ledger) {
        long hour = fromHour;
        while (hour < untilHour) {
            HourOfUsage whole = new HourOfUsage(hour, untilHour - hour, instances, reservations, hosts);
            long alike = untilHour - hour;
            for (Pass pass : passes) {
                alike = Math.min(alike, pass.hoursAlike(whole));
            }
            begin();
            HourOfUsage hours = new HourOfUsage(hour, alike, instances, reservations, hosts);
            for (Pass pass : passes) {
                pass.apply(hours, ledger);
            }
            hour += alike;
        }
    }

    /** Nothing is taken yet. What runs in a capacity reservation uses it, with the seconds it is billed for. */
    private void begin() {
        Map<String, Long> usedByReservation = new HashMap<>();
        for (UsageItem item : instances) {
            item.begin();
            if (!reservations.isEmpty()
                    && item.owner instanceof UsageOwner.InstanceRun run
                    && run.instance().capacityReservationId() != null) {
                usedByReservation.merge(run.instance().capacityReservationId(), item.secondsEachHour, Long::sum);
            }
        }
        for (UsageItem item : reservations) {
            if (item.owner instanceof UsageOwner.HeldCapacity held) {
                long heldSeconds = item.secondsEachHour * held.reservation().count();
                long used = usedByReservation.getOrDefault(held.id(), 0L);
                item.begin(Math.max(0, heldSeconds - used));
            }
        }
        for (UsageItem item : hosts) {
            item.begin();
        }
    }

    private boolean isIdle() {
        return instances.isEmpty() && reservations.isEmpty() && hosts.isEmpty();
    }

    private SortedSet<UsageItem> activeSet(UsageItem item) {
        return switch (item.owner) {
            case UsageOwner.InstanceRun run -> instances;
            case UsageOwner.HeldCapacity held -> reservations;
            case UsageOwner.AllocatedHost host -> hosts;
        };
    }
}
