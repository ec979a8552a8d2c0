package io.cumulet.instances.domain.placement;

import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The hosts of one Availability Zone and what is used of each. Questions change nothing; {@link #take} and {@link
 * #release} do. Not thread-safe: it belongs to its zone's committer.
 */
public final class ZoneFleet {

    /** In the order they were added, which is the order of first fit. */
    private final Map<String, Slot> byId = new LinkedHashMap<>();

    private final Map<String, List<Slot>> byFamily = new TreeMap<>();

    /** Spot instances that hold capacity, by family and then {@code type/os}. */
    private final Map<String, Map<String, Integer>> spotUnits = new TreeMap<>();

    private static final class Slot {
        private Host host;
        private Capacity free;

        Slot(Host host, Capacity free) {
            this.host = host;
            this.free = free;
        }
    }

    /** So many of the same on one host. */
    public record Place(String hostId, int count) {}

    public void add(Host host, Capacity used) {
        Slot slot = new Slot(host, host.capacity().minus(used));
        if (byId.putIfAbsent(host.id(), slot) != null) {
            throw new IllegalStateException("Host " + host.id() + " is there already");
        }
        byFamily.computeIfAbsent(host.family(), family -> new ArrayList<>()).add(slot);
    }

    public void replace(Host host) {
        slot(host.id()).host = host;
    }

    public void remove(String hostId) {
        Slot slot = slot(hostId);
        byId.remove(hostId);
        List<Slot> family = byFamily.get(slot.host.family());
        if (family != null) {
            family.remove(slot);
        }
    }

    public Optional<Host> host(String hostId) {
        Slot slot = byId.get(hostId);
        return slot == null ? Optional.empty() : Optional.of(slot.host);
    }

    public Capacity used(String hostId) {
        Slot slot = slot(hostId);
        return slot.host.capacity().minus(slot.free);
    }

    public Set<String> families() {
        return new TreeSet<>(byFamily.keySet());
    }

    /** First fit: where up to {@code wanted} instances would land, host by host; fewer if there is no more room. */
    public List<Place> firstFit(Wish wish, int wanted) {
        List<Place> places = new ArrayList<>(1);
        int missing = wanted;
        for (Slot slot : byFamily.getOrDefault(wish.family(), List.of())) {
            if (missing == 0) {
                break;
            }
            if (PlacementRule.SHARED_TENANCY.stream().allMatch(rule -> rule.allows(slot.host, slot.free, wish))) {
                int count = Math.min(missing, slot.free.timesHolding(wish.need()));
                places.add(new Place(slot.host.id(), count));
                missing -= count;
            }
        }
        return places;
    }

    /** What is free of each host of a family that takes instances, in the order of first fit. */
    public SequencedMap<String, Capacity> free(String family) {
        SequencedMap<String, Capacity> free = new LinkedHashMap<>();
        for (Slot slot : byFamily.getOrDefault(family, List.of())) {
            if (slot.host.state() == Host.State.AVAILABLE) {
                free.put(slot.host.id(), slot.free);
            }
        }
        return free;
    }

    /** The same hosts, no more of each free than this. */
    public ZoneFleet with(SequencedMap<String, Capacity> free) {
        ZoneFleet fleet = new ZoneFleet();
        free.forEach((hostId, left) -> {
            Host host = slot(hostId).host;
            fleet.add(host, host.capacity().minus(left));
        });
        return fleet;
    }

    /** @throws IllegalArgumentException if the host has less */
    public void take(String hostId, Capacity amount) {
        Slot slot = slot(hostId);
        slot.free = slot.free.minus(amount);
    }

    /** @throws IllegalStateException if that much wasn't taken */
    public void release(String hostId, Capacity amount) {
        Slot slot = slot(hostId);
        Capacity free = slot.free.plus(amount);
        if (!slot.host.capacity().holds(free)) {
            throw new IllegalStateException("More was released on host " + hostId + " than was taken");
        }
        slot.free = free;
    }

    public void countSpot(String family, String pool, int difference) {
        spotUnits.computeIfAbsent(family, f -> new TreeMap<>()).merge(pool, difference, (a, b) -> {
            int sum = a + b;
            return sum == 0 ? null : sum;
        });
    }

    public Map<String, Integer> spotUnits(String family) {
        return Map.copyOf(spotUnits.getOrDefault(family, Map.of()));
    }

    /** How many more of a need would fit on the hosts of a family that take instances. */
    public int fits(String family, Capacity need) {
        long sum = 0;
        for (Slot slot : byFamily.getOrDefault(family, List.of())) {
            if (slot.host.state() == Host.State.AVAILABLE) {
                sum += slot.free.timesHolding(need);
            }
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    /** Whether any host of a family could hold a need if it were empty. */
    public boolean couldEverHold(String family, Capacity need) {
        for (Slot slot : byFamily.getOrDefault(family, List.of())) {
            if (slot.host.capacity().holds(need)) {
                return true;
            }
        }
        return false;
    }

    public Collection<Host> hosts() {
        return byId.values().stream().map(slot -> slot.host).toList();
    }

    private Slot slot(String hostId) {
        Slot slot = byId.get(hostId);
        if (slot == null) {
            throw new IllegalStateException("No host " + hostId + " in this zone");
        }
        return slot;
    }
}
