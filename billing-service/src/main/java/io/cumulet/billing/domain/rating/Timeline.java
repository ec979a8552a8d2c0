package io.cumulet.billing.domain.rating;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The usage of accounts over a range of hours. {@link #walk} goes over it in stretches of hours in which the same is used
 * and the same commitments are in their term.
 */
final class Timeline {

    /** What is done with each stretch. */
    interface Step {

        /** How many hours from one on are alike; at least 1. */
        long hoursAlike(long hour, long hours);

        /** Rates an hour, and as many after it as it stands for. */
        void rate(long hour, long hours);
    }

    /** An owner's place: its queue, and where in it. */
    private record Seat(UsageQueue queue, int index) {}

    private final Map<UsageClass, UsageQueue> queues = new LinkedHashMap<>();
    private final Map<UsageOwner, Seat> seats = new IdentityHashMap<>();
    private final List<UsageItem> beginning;
    private final List<UsageItem> ending;

    private final Map<String, Seat> unusedCapacity = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();
    private final Map<String, Long> used = new HashMap<>();

    Timeline(Collection<UsageItem> items, Prices prices) {
        beginning = new ArrayList<>(items);
        beginning.sort(Comparator.comparingLong(UsageItem::firstHour));
        ending = new ArrayList<>(items);
        ending.sort(Comparator.comparingLong(UsageItem::untilHour));
        seat(items, prices);
    }

    private void seat(Collection<UsageItem> items, Prices prices) {
        Set<UsageOwner> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        items.forEach(item -> distinct.add(item.owner()));
        List<UsageOwner> owners = new ArrayList<>(distinct);
        owners.sort(UsageOwner.USAGE_ORDER);
        Map<UsageClass, List<UsageOwner>> byClass = new LinkedHashMap<>();
        Map<UsageOwner, Integer> ranks = new IdentityHashMap<>();
        for (UsageOwner owner : owners) {
            ranks.put(owner, ranks.size());
            byClass.computeIfAbsent(owner.usageClass(), unused -> new ArrayList<>())
                    .add(owner);
        }
        byClass.forEach((usageClass, members) -> {
            int[] ranksOfMembers = members.stream().mapToInt(ranks::get).toArray();
            UsageQueue queue = new UsageQueue(
                    usageClass, usageClass.kind().listRate(prices).orElse(null), members, ranksOfMembers);
            queues.put(usageClass, queue);
            for (int i = 0; i < members.size(); i++) {
                Seat seat = new Seat(queue, i);
                seats.put(members.get(i), seat);
                if (members.get(i) instanceof UsageOwner.HeldCapacity capacity) {
                    unusedCapacity.put(capacity.id(), seat);
                }
            }
        });
    }

    Collection<UsageQueue> queues() {
        return queues.values();
    }

    /**
     * Walks over the range in stretches, cut shorter where the step isn't alike for all hours. Behind the last of them
     * nothing is used.
     *
     * @param changes further hours at which a stretch ends
     */
    void walk(long fromHour, long untilHour, Collection<Long> changes, Step step) {
        TreeSet<Long> hours = new TreeSet<>(changes);
        hours.add(fromHour);
        hours.add(untilHour);
        beginning.forEach(item -> hours.add(item.firstHour()));
        ending.forEach(item -> hours.add(item.untilHour()));
        List<Long> stretches = List.copyOf(hours.subSet(fromHour, true, untilHour, true));

        int begun = 0;
        int ended = 0;
        for (int i = 0; i + 1 < stretches.size(); i++) {
            long start = stretches.get(i);
            while (ended < ending.size() && ending.get(ended).untilHour() == start) {
                use(ending.get(ended++), 0);
            }
            while (begun < beginning.size() && beginning.get(begun).firstHour() == start) {
                UsageItem item = beginning.get(begun++);
                use(item, item.secondsEachHour());
            }
            rate(start, stretches.get(i + 1), step);
        }
        while (ended < ending.size()) {
            use(ending.get(ended++), 0);
        }
    }

    private static void rate(long fromHour, long untilHour, Step step) {
        long hour = fromHour;
        while (hour < untilHour) {
            long alike = step.hoursAlike(hour, untilHour - hour);
            step.rate(hour, alike);
            hour += alike;
        }
    }

    /** From now on an owner uses so many seconds in each hour. */
    private void use(UsageItem item, long secondsEachHour) {
        switch (item.owner()) {
            case UsageOwner.HeldCapacity capacity -> {
                held.put(capacity.id(), secondsEachHour * capacity.reservation().count());
                useUnused(capacity.id());
            }
            case UsageOwner.AllocatedHost host -> use(host, secondsEachHour);
            case UsageOwner.InstanceRun run -> {
                long change = use(run, secondsEachHour);
                String reservationId = run.instance().capacityReservationId();
                if (reservationId != null) {
                    used.merge(reservationId, change, Long::sum);
                    useUnused(reservationId);
                }
            }
        }
    }

    private long use(UsageOwner owner, long secondsEachHour) {
        Seat seat = Objects.requireNonNull(seats.get(owner), "every owner has a seat");
        return seat.queue().use(seat.index(), secondsEachHour);
    }

    /** What runs in a capacity reservation uses it, with the seconds it is billed for. */
    private void useUnused(String reservationId) {
        Seat seat = unusedCapacity.get(reservationId);
        if (seat != null) {
            long unused = held.getOrDefault(reservationId, 0L) - used.getOrDefault(reservationId, 0L);
            seat.queue().use(seat.index(), Math.max(0, unused));
        }
    }
}
