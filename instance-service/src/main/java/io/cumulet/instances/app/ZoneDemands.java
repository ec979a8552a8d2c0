package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.plumbing.timers.DueTimer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Duration kept;
    private final Instant now;

    ZoneDemands(
            AvailabilityZone zone,
            ZoneMemory memory,
            ZoneStore store,
            BatchFacts facts,
            BatchResult result,
            Duration kept,
            Instant now) {
        this.zone = zone;
        this.memory = memory;
        this.store = store;
        this.facts = facts;
        this.result = result;
        this.kept = kept;
        this.now = now;
    }

    /** Whether spot holds any room of a family. */
    boolean spotHoldsRoomOf(String family) {
        return !memory.fleet.spotUnits(family).isEmpty();
    }

    /** Notes what an on-demand launch waits for; false, and nothing is noted, if it wouldn't fit without all spot either. */
    boolean note(AccountId account, InstanceTypeFacts type, int count) {
        String family = type.family();
        if (!spotHoldsRoomOf(family)) {
            return false;
        }
        CapacityDemand.Key key = new CapacityDemand.Key(account, type.type());
        // No finer than what the database keeps, so that the timer isn't due before the demand ends.
        Instant until = now.truncatedTo(ChronoUnit.MILLIS).plus(kept);
        CapacityDemand known = memory.demands.get(key);
        CapacityDemand demand = known == null
                ? new CapacityDemand(key, LaunchOrder.capacityOf(type), count, afterAllOthers(), until)
                : known.again(count, until);
        List<CapacityDemand> demands = new ArrayList<>(of(family));
        demands.remove(known);
        demands.add(demand);
        if (!decide(family, demands).met().contains(demand)) {
            return false;
        }
        put(demand);
        result.schedule(DemandEnds.timer(zone, demand));
        return true;
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
        if (known != null) {
            known.without(count).ifPresentOrElse(this::put, () -> remove(known));
        }
    }

    /** Gives up what nobody asked for again in time. */
    void end(List<DueTimer> due) {
        for (DueTimer timer : due) {
            if (facts.take(timer)) {
                CapacityDemand known = memory.demands.get(DemandEnds.key(timer));
                if (known != null && !known.until().isAfter(now)) {
                    remove(known);
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
        return demands.isEmpty() ? Optional.empty() : Optional.of(decide(family, demands));
    }

    /** The hosts with what spot may use of them. */
    ZoneFleet forSpot(String family) {
        return takeBack(family)
                .map(takeBack -> memory.fleet.with(takeBack.left()))
                .orElse(memory.fleet);
    }

    /** An instance changed; where it begins to leave, another may stay. */
    void changed(Instance before, Instance after) {
        if (!memory.demands.isEmpty()
                && after.isSpot()
                && before.isLeaving() != after.isLeaving()
                && !of(after.type().family()).isEmpty()) {
            result.touch(after.type().family());
        }
    }

    private void put(CapacityDemand demand) {
        memory.demands.put(demand.key(), demand);
        result.changes().demand(demand.key(), demand);
        result.touch(demand.family());
    }

    private void remove(CapacityDemand demand) {
        memory.demands.remove(demand.key());
        result.changes().demand(demand.key(), null);
        result.touch(demand.family());
    }

    private List<CapacityDemand> of(String family) {
        return memory.demands.values().stream()
                .filter(demand -> demand.family().equals(family))
                .toList();
    }

    private TakeBack decide(String family, List<CapacityDemand> demands) {
        return TakeBack.decide(memory.fleet.free(family), units(family), demands);
    }

    /** Who holds spot's room now: as the database has it from before this batch, and what the batch did since. */
    private List<SpotUnit> units(String family) {
        Map<String, SpotUnit> known = memory.spotUnits.get(family);
        if (known == null) {
            known = new HashMap<>();
            for (SpotUnit unit : store.spotUnits(zone, family)) {
                known.put(unit.instanceId(), unit);
            }
            memory.spotUnits.put(family, known);
        }
        facts.instances().stream()
                .filter(instance -> instance.zone().equals(zone))
                .forEach(memory::follow);
        return List.copyOf(known.values());
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
}
