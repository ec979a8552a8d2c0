package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gives and takes room in a zone, on its hosts and in its subnets, in memory and in what is to be written. */
final class ZoneRoom {

    private final AvailabilityZone zone;
    private final ZoneMemory memory;
    private final ZoneNetwork network;
    private final BatchResult result;
    private final ZoneDemands demands;
    private final Instant now;

    ZoneRoom(
            AvailabilityZone zone,
            ZoneMemory memory,
            BatchFacts facts,
            BatchResult result,
            ZoneDemands demands,
            Instant now) {
        this.demands = demands;
        this.zone = zone;
        this.memory = memory;
        this.network = new ZoneNetwork(facts, result, now);
        this.result = result;
        this.now = now;
    }

    /** Where a wish fits, host by host; together at most {@code count}. What on-demand waits for isn't for spot. */
    List<ZoneFleet.Place> firstFit(Wish wish, int count, boolean isSpot) {
        return isSpot ? demands.firstFitOfSpot(wish, count) : memory.fleet.firstFit(wish, count);
    }

    /** The room that on-demand waits for. */
    ZoneDemands demands() {
        return demands;
    }

    /** Takes what an instance needs of the host it names. */
    void take(Instance instance) {
        String hostId = hostOf(instance);
        String family = instance.type().family();
        Capacity amount = capacity(instance);
        memory.fleet.take(hostId, amount);
        demands.took(family, hostId, amount);
        String unitsKey = unitsKey(instance);
        if (unitsKey != null) {
            memory.fleet.countSpot(family, unitsKey, 1);
        }
        result.changes().allocate(new ZoneChanges.Allocation(instance.id(), hostId, family, unitsKey, amount));
        result.changes().used(hostId, memory.fleet.used(hostId));
        result.touch(family);
    }

    void release(Instance before) {
        String hostId = hostOf(before);
        String family = before.type().family();
        memory.fleet.release(hostId, capacity(before));
        demands.released(before);
        String unitsKey = unitsKey(before);
        if (unitsKey != null) {
            memory.fleet.countSpot(family, unitsKey, -1);
        }
        result.changes().deallocate(before.id());
        result.changes().used(hostId, memory.fleet.used(hostId));
        result.touch(family);
        removeIfDrained(hostId);
    }

    /** What belongs to interfaces. */
    ZoneNetwork network() {
        return network;
    }

    /** A new interface, with addresses that are free. */
    void insert(NetworkInterface one) {
        network.insert(one);
    }

    /** What is attached to an instance that ends: it goes too, or is detached. */
    void releaseInterfaces(Instance before) {
        network.releaseInterfaces(before);
    }

    /** An interface of an instance as it is now; its private addresses are what they were. */
    void update(NetworkInterface before, NetworkInterface after) {
        network.update(before, after);
    }

    private void removeIfDrained(String hostId) {
        memory.fleet.host(hostId).ifPresent(host -> {
            if (host.state() == Host.State.DRAINING && memory.fleet.used(hostId).equals(Capacity.NONE)) {
                become(host, Host.State.REMOVED);
            }
        });
    }

    /** A host in another state. */
    Host become(Host host, Host.State state) {
        Host after = host.becoming(state);
        result.changes().updateHost(after);
        result.announce(new Announcement.OfHost(after, now));
        result.touch(host.family());
        if (state == Host.State.REMOVED) {
            memory.fleet.remove(host.id());
        } else {
            memory.fleet.replace(after);
        }
        demands.hostsChanged(host.family());
        return after;
    }

    /** Tells what the hosts of families hold now; last in a transaction, so that it tells what the others left. */
    void announceCapacity(Set<String> families) {
        for (String family : families) {
            Optional<TakeBack> takeBack = demands.takeBack(family);
            ZoneFleet fleet =
                    takeBack.map(back -> memory.fleet.with(back.left())).orElse(memory.fleet);
            Map<String, Integer> fits = new TreeMap<>();
            for (InstanceTypeFacts type : InstanceTypes.ofFamily(family)) {
                Capacity need = LaunchOrder.capacityOf(type);
                if (memory.fleet.couldEverHold(family, need)) {
                    fits.put(type.type().value(), fleet.fits(family, need));
                }
            }
            result.announce(new Announcement.OfCapacity(
                    zone,
                    family,
                    memory.version,
                    fits,
                    memory.fleet.spotUnits(family),
                    takeBack.<Map<String, Integer>>map(TakeBack::reclaimed).orElse(Map.of()),
                    now));
        }
    }

    static Wish wish(Instance instance) {
        return new Wish(instance.type().family(), capacity(instance));
    }

    private static String hostOf(Instance instance) {
        String hostId = instance.hostId();
        if (hostId == null) {
            throw new IllegalStateException("Instance " + instance.id() + " has no host");
        }
        return hostId;
    }

    private static @Nullable String unitsKey(Instance instance) {
        return instance.isSpot() ? pool(instance) : null;
    }

    /** Its type and system. */
    static String pool(Instance instance) {
        return SpotPool.unitsKey(instance.type(), instance.launch().os());
    }

    static Capacity capacity(Instance instance) {
        return LaunchOrder.capacityOf(facts(instance.type()));
    }

    /** A type that something was launched with. */
    static InstanceTypeFacts facts(InstanceType type) {
        return InstanceTypes.find(type.value())
                .orElseThrow(() -> new IllegalStateException("No type " + type + " in the catalog"));
    }
}
