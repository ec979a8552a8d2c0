package io.cumulet.instances.domain.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which rooms of a family's spot instances on-demand takes back, and what spot may use until they are free.
 *
 * <pre>
 *   demands ──► first fit into what is free ── all fit ──► nothing is taken back
 *                        ▲          │ one doesn't
 *                        │          ▼
 *                        └── release one more: on-demand that leaves anyway, then spot that does, then the lowest max
 *                            price, then the latest
 * </pre>
 *
 * A demand that wouldn't fit if all spot units went takes nothing back.
 *
 * @param met the demands that fit once the rooms are free
 * @param reclaimed how many spot units release their room, by pool; those that leave anyway are counted
 * @param left what spot may use of each host now: it is free, and no demand that is met needs it
 */
public record TakeBack(
        Set<CapacityDemand> met, SequencedMap<String, Integer> reclaimed, SequencedMap<String, Capacity> left) {

    /** Room of one instance on a host. */
    public record Room(String hostId, Capacity amount) {}

    /**
     * Decides.
     *
     * @param leaving room of on-demand instances that becomes free without anybody's doing
     * @param free what is free of each host that takes instances, in the order of first fit
     * @param units the spot units of the family; those on other hosts can't help
     */
    public static TakeBack decide(
            SequencedMap<String, Capacity> free,
            Collection<Room> leaving,
            Collection<SpotUnit> units,
            List<CapacityDemand> demands) {
        List<SpotUnit> inOrder = units.stream()
                .filter(unit -> free.containsKey(unit.hostId()))
                .sorted(SpotUnit.FIRST_TO_GO)
                .toList();
        List<Room> held = new ArrayList<>(inOrder.size());
        for (Room room : leaving) {
            if (free.containsKey(room.hostId())) {
                held.add(room);
            }
        }
        int spotFrom = held.size();
        inOrder.forEach(unit -> held.add(new Room(unit.hostId(), unit.amount())));
        Rooms rooms = new Rooms(new LinkedHashMap<>(free), held);
        Set<CapacityDemand> met = new LinkedHashSet<>();
        for (CapacityDemand demand :
                demands.stream().sorted(CapacityDemand.FIRST_COME).toList()) {
            if (rooms.place(demand)) {
                met.add(demand);
            }
        }
        TreeMap<String, Integer> reclaimed = new TreeMap<>();
        for (SpotUnit unit : inOrder.subList(0, Math.max(0, rooms.released - spotFrom))) {
            reclaimed.merge(unit.pool(), 1, Integer::sum);
        }
        SequencedMap<String, Capacity> left = new LinkedHashMap<>();
        // Room that a spot unit still holds is nobody's yet, also where the demand won't need all of it.
        free.forEach((hostId, now) -> left.put(hostId, now.min(rooms.of(hostId))));
        return new TakeBack(met, reclaimed, left);
    }

    /** What is free of each host with the first so many rooms released and the demands placed. */
    private static final class Rooms {
        private final Map<String, Capacity> free;
        private final List<Room> held;
        private int released;

        Rooms(Map<String, Capacity> free, List<Room> held) {
            this.free = free;
            this.held = held;
        }

        Capacity of(String hostId) {
            return free.getOrDefault(hostId, Capacity.NONE);
        }

        /** Places all of a demand, and releases rooms for it as far as needed; or changes nothing. */
        boolean place(CapacityDemand demand) {
            int releasedBefore = released;
            Map<String, Integer> placed = new HashMap<>();
            int missing = demand.count();
            for (String hostId : new ArrayList<>(free.keySet())) {
                missing -= take(hostId, demand.need(), missing, placed);
                if (missing == 0) {
                    return true;
                }
            }
            while (released < held.size()) {
                Room room = held.get(released++);
                free.merge(room.hostId(), room.amount(), Capacity::plus);
                missing -= take(room.hostId(), demand.need(), missing, placed);
                if (missing == 0) {
                    return true;
                }
            }
            placed.forEach((hostId, count) -> {
                for (int i = 0; i < count; i++) {
                    free.merge(hostId, demand.need(), Capacity::plus);
                }
            });
            while (released > releasedBefore) {
                Room room = held.get(--released);
                free.merge(room.hostId(), room.amount(), Capacity::minus);
            }
            return false;
        }

        private int take(String hostId, Capacity need, int most, Map<String, Integer> placed) {
            Capacity now = of(hostId);
            int count = Math.min(most, now.timesHolding(need));
            for (int i = 0; i < count; i++) {
                now = now.minus(need);
            }
            if (count > 0) {
                free.put(hostId, now);
                placed.merge(hostId, count, Integer::sum);
            }
            return count;
        }
    }
}
