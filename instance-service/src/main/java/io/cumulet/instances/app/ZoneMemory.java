package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.LaunchAddresses;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.InstanceType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a committer remembers of its zone between transactions. True as long as nobody else writes the zone: the zone's
 * version tells. Dropped whole when it isn't, and after a failed transaction.
 */
final class ZoneMemory {

    private static final int MOST_SUBNETS = 5_000;
    private static final int MOST_INSTANCES = 4_000;
    private static final int MOST_FAMILIES = 4;

    final ZoneFleet fleet;
    /** Those that exist, by id. */
    final Map<String, SubnetRoom> subnets = new LinkedHashMap<>(64, 0.75f, true);

    /** Above all those that will be heard of again soon: launched a moment ago, not up yet. */
    final Map<String, Instance> instances = leastRecentlyUsed(MOST_INSTANCES);

    /** Room that on-demand waits for, or waited for in vain a while ago. */
    final Map<CapacityDemand.Key, CapacityDemand> demands = new LinkedHashMap<>();

    /** Who gives room back, by family; of those that on-demand waits for, and a few besides. */
    final Map<String, Holders> holders = new LinkedHashMap<>(16, 0.75f, true);

    /** What spot may use, by family; of those that on-demand waits for, as far as it was asked for. */
    final Map<String, SpotRoom> spotRooms = new HashMap<>();

    /** From how many on a launch wouldn't fit without all spot either, by family and type. */
    final Map<String, Map<InstanceType, Integer>> hopeless = new HashMap<>();

    /** The public addresses that instances are given for as long as they run; null until one was needed. */
    @Nullable
    LaunchAddresses launchAddresses;

    long version;

    /**
     * Who gives room back, by instance id.
     *
     * @param leaving on-demand that is shutting down or stopping
     */
    record Holders(Map<String, SpotUnit> spot, Map<String, TakeBack.Room> leaving) {}

    /** A subnet and which of its addresses are taken. */
    record SubnetRoom(Subnet subnet, SubnetAddresses addresses) {}

    ZoneMemory(ZoneFleet fleet, Collection<CapacityDemand> demands, long version) {
        this.fleet = fleet;
        demands.forEach(demand -> this.demands.put(demand.key(), demand));
        this.version = version;
    }

    /** Keeps up with an instance as it is now. */
    void follow(Instance instance) {
        Holders known = holders.isEmpty() ? null : holders.get(instance.type().family());
        if (known == null) {
            return;
        }
        keep(known.spot(), instance.id(), ZoneDemands.unit(instance));
        keep(known.leaving(), instance.id(), ZoneDemands.leaving(instance));
    }

    private static <V> void keep(Map<String, V> by, String id, @Nullable V value) {
        if (value == null) {
            by.remove(id);
        } else {
            by.put(id, value);
        }
    }

    /** Between batches: of what nobody waits for, no more than a few families are kept up with. */
    void forgetHoldersOfLongAgo() {
        if (holders.size() <= MOST_FAMILIES) {
            return;
        }
        Set<String> waitedFor = demands.values().stream()
                .filter(CapacityDemand::isOpen)
                .map(CapacityDemand::family)
                .collect(Collectors.toSet());
        Iterator<String> leastRecentlyUsed = holders.keySet().iterator();
        for (int tooMany = holders.size() - MOST_FAMILIES; tooMany > 0 && leastRecentlyUsed.hasNext(); ) {
            if (!waitedFor.contains(leastRecentlyUsed.next())) {
                leastRecentlyUsed.remove();
                tooMany--;
            }
        }
    }

    /** Between batches, so that no batch loses a subnet that it needs, however many that are. */
    void forgetSubnetsOfLongAgo() {
        Iterator<String> leastRecentlyUsed = subnets.keySet().iterator();
        while (subnets.size() > MOST_SUBNETS) {
            leastRecentlyUsed.next();
            leastRecentlyUsed.remove();
        }
    }

    private static <V> Map<String, V> leastRecentlyUsed(int most) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }
}
