package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.plumbing.timers.DueTimer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The room that on-demand waits for in a zone, since spot holds it.
 *
 * <pre>
 *   launch refused ──► noted ──► capacity told: what spot gives back, what fits beside ──► the market warns, then evicts
 *                        ▲                                                                              │
 *                 tried again, until there is room: launched, taken off                   room is free, kept from spot
 * </pre>
 *
 * The instance service takes nothing back itself: it says how much the pools lose, the market says who leaves.
 */
final class ZoneDemands {

    private final AvailabilityZone zone;
    private final ZoneMemory memory;
    private final ZoneStore store;
    private final BatchFacts facts;
    private final BatchResult result;
    private final DemandRules rules;
    private final Instant now;

    ZoneDemands(
            AvailabilityZone zone,
            ZoneMemory memory,
            ZoneStore store,
            BatchFacts facts,
            BatchResult result,
            DemandRules rules,
            Instant now) {
        this.zone = zone;
        this.memory = memory;
        this.store = store;
        this.facts = facts;
        this.result = result;
        this.rules = rules;
        this.now = now;
    }

    /** Whether spot holds any room of a family. */
    boolean spotHoldsRoomOf(String family) {
        return !memory.fleet.spotUnits(family).isEmpty();
    }

    /**
     * Notes what an on-demand launch waits for. False, and nothing is noted, if it wouldn't fit without all spot either, if
     * that is more than may wait, or if it was noted for nothing a moment ago.
     */
    boolean note(AccountId account, InstanceTypeFacts type, int count) {
        String family = type.family();
        CapacityDemand.Key key = new CapacityDemand.Key(account, type.type());
        CapacityDemand known = memory.demands.get(key);
        boolean mayWait = known == null || known.isOpen();
        if (!mayWait || !spotHoldsRoomOf(family) || isTooMuch(key, count)) {
            return false;
        }
        // No finer than what the database keeps, so that the timer isn't due before the demand ends.
        Instant until = now.truncatedTo(ChronoUnit.MILLIS).plus(rules.kept());
        if (known != null && count <= known.count()) {
            boolean isMet = spotRoom(family).filter(room -> room.meets(key)).isPresent();
            if (isMet) {
                keep(known.again(count, until));
            }
            return isMet;
        }
        if (known == null && count >= hopelessFrom(type.type())) {
            return false;
        }
        CapacityDemand demand = known == null
                ? new CapacityDemand(
                        key, LaunchOrder.capacityOf(type), count, afterAllOthers(), until, CapacityDemand.State.WAITING)
                : known.again(count, until);
        List<CapacityDemand> demands = new ArrayList<>(of(family));
        demands.remove(known);
        demands.add(demand);
        TakeBack takeBack = decide(family, demands);
        if (!takeBack.met().contains(demand)) {
            if (known == null) {
                memory.hopeless.computeIfAbsent(family, f -> new HashMap<>()).merge(type.type(), count, Math::min);
            }
            return false;
        }
        put(demand);
        memory.spotRooms.put(family, new SpotRoom(memory.fleet, takeBack));
        return true;
    }

    /** Whether it would be more than an account may have others evicted for, with what it waits for already. */
    private boolean isTooMuch(CapacityDemand.Key key, int count) {
        long others = of(key.type().family()).stream()
                .filter(demand -> demand.key().account().equals(key.account())
                        && !demand.key().equals(key))
                .mapToLong(CapacityDemand::count)
                .sum();
        return others + count > rules.most();
    }

    private int hopelessFrom(InstanceType type) {
        return memory.hopeless.getOrDefault(type.family(), Map.of()).getOrDefault(type, Integer.MAX_VALUE);
    }

    /** Who comes now comes last, also while the clock stands still; as fine as the database keeps it. */
    private Instant afterAllOthers() {
        Instant since = now.truncatedTo(ChronoUnit.MICROS);
        for (CapacityDemand other : memory.demands.values()) {
            if (!other.since().isBefore(since)) {
                since = other.since().plus(1, ChronoUnit.MICROS);
            }
        }
        return since;
    }

    /** So many were launched on-demand: nobody waits for these any more. */
    void served(AccountId account, InstanceType type, int count) {
        if (memory.demands.isEmpty()) {
            return;
        }
        CapacityDemand known = memory.demands.get(new CapacityDemand.Key(account, type));
        if (known != null && known.isOpen()) {
            known.without(count).ifPresentOrElse(this::put, () -> remove(known));
        }
    }

    /** Gives up what nobody asked for again in time. */
    void end(List<DueTimer> due) {
        for (DueTimer timer : due) {
            if (facts.take(timer)) {
                CapacityDemand known = memory.demands.get(DemandEnds.key(timer));
                if (known != null && !known.until().isAfter(now)) {
                    known.over(known.until().plus(rules.kept()))
                            .filter(over -> over.until().isAfter(now))
                            .ifPresentOrElse(this::put, () -> remove(known));
                }
            }
        }
    }

    /** What spot gives back of a family, and what it may use; empty if nobody waits for it: then that is all that is free. */
    Optional<TakeBack> takeBack(String family) {
        if (memory.demands.isEmpty()) {
            return Optional.empty();
        }
        List<CapacityDemand> demands = of(family);
        if (demands.isEmpty()) {
            return Optional.empty();
        }
        TakeBack takeBack = decide(family, demands);
        memory.spotRooms.put(family, new SpotRoom(memory.fleet, takeBack));
        return Optional.of(takeBack);
    }

    /** Where up to so many of spot's fit beside what on-demand waits for. */
    List<ZoneFleet.Place> firstFitOfSpot(Wish wish, int count) {
        String family = wish.family();
        Optional<SpotRoom> decided = spotRoom(family);
        if (decided.isEmpty()) {
            return memory.fleet.firstFit(wish, count);
        }
        List<ZoneFleet.Place> places = decided.get().firstFit(wish, count);
        int fitting = places.stream().mapToInt(ZoneFleet.Place::count).sum();
        if (fitting >= count || !decided.get().mayBeMore()) {
            return places;
        }
        memory.spotRooms.remove(family);
        return spotRoom(family).orElseThrow().firstFit(wish, count);
    }

    /** As decided last, if nothing has happened since that it couldn't follow; empty if nobody waits for the family. */
    private Optional<SpotRoom> spotRoom(String family) {
        SpotRoom known = memory.spotRooms.get(family);
        return known != null
                ? Optional.of(known)
                : takeBack(family).map(decided -> Objects.requireNonNull(memory.spotRooms.get(family)));
    }

    /** Room of a host was taken, by whom ever. */
    void took(String family, String hostId, Capacity amount) {
        SpotRoom decided = memory.spotRooms.get(family);
        if (decided != null && !decided.take(hostId, amount)) {
            memory.spotRooms.remove(family);
        }
    }

    /** An instance left its room. What spot leaves counted before as what it can give back. */
    void released(Instance before) {
        String family = before.type().family();
        SpotRoom decided = memory.spotRooms.get(family);
        if (decided != null) {
            decided.released();
        }
        if (!before.isSpot()) {
            memory.hopeless.remove(family);
        }
    }

    /** Hosts of a family came, or take no more. */
    void hostsChanged(String family) {
        memory.spotRooms.remove(family);
        memory.hopeless.remove(family);
    }

    /** An instance changed; where it begins to leave, another may stay. */
    void changed(Instance before, Instance after) {
        if (before.isLeaving() == after.isLeaving()) {
            return;
        }
        String family = after.type().family();
        if (!after.isSpot()) {
            memory.hopeless.remove(family);
        }
        if (!memory.demands.isEmpty() && !of(family).isEmpty()) {
            result.touch(family);
        }
    }

    private void put(CapacityDemand demand) {
        keep(demand);
        changed(demand.family());
    }

    /** One that takes as much as it did. */
    private void keep(CapacityDemand demand) {
        memory.demands.put(demand.key(), demand);
        result.changes().demand(demand.key(), demand);
        result.schedule(DemandEnds.timer(zone, demand));
    }

    private void remove(CapacityDemand demand) {
        memory.demands.remove(demand.key());
        result.changes().demand(demand.key(), null);
        changed(demand.family());
    }

    private void changed(String family) {
        memory.spotRooms.remove(family);
        memory.hopeless.remove(family);
        result.touch(family);
    }

    private List<CapacityDemand> of(String family) {
        return memory.demands.values().stream()
                .filter(demand -> demand.isOpen() && demand.family().equals(family))
                .toList();
    }

    private TakeBack decide(String family, List<CapacityDemand> demands) {
        ZoneMemory.Holders holders = holders(family);
        return TakeBack.decide(
                memory.fleet.free(family),
                holders.leaving().values(),
                holders.spot().values(),
                demands);
    }

    /** Who gives room back: as the database has it from before this batch, and what the batch did since. */
    private ZoneMemory.Holders holders(String family) {
        ZoneMemory.Holders known = memory.holders.get(family);
        if (known == null) {
            Map<String, SpotUnit> spot = new HashMap<>();
            for (SpotUnit unit : store.spotUnits(zone, family)) {
                spot.put(unit.instanceId(), unit);
            }
            // In the order of their ids, so that every replica decides the same.
            known = new ZoneMemory.Holders(spot, new TreeMap<>(store.leaving(zone, family)));
            memory.holders.put(family, known);
        }
        facts.instances().stream()
                .filter(instance -> instance.zone().equals(zone))
                .forEach(memory::follow);
        return known;
    }

    static @Nullable SpotUnit unit(Instance instance) {
        String hostId = instance.hostId();
        return instance.spot() == null || hostId == null
                ? null
                : new SpotUnit(
                        instance.id(),
                        ZoneRoom.pool(instance),
                        hostId,
                        ZoneRoom.capacity(instance),
                        instance.spot().maxPrice(),
                        instance.launchTime(),
                        instance.isLeaving());
    }

    /** What on-demand leaves; null if it stays, or holds no room. */
    static TakeBack.@Nullable Room leaving(Instance instance) {
        String hostId = instance.hostId();
        return instance.isSpot() || hostId == null || !instance.isLeaving()
                ? null
                : new TakeBack.Room(hostId, ZoneRoom.capacity(instance));
    }
}
