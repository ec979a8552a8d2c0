package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.ZoneFleet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a committer remembers of its zone between transactions. True as long as nobody else writes the zone: the zone's
 * version tells. Dropped whole when it isn't, and after a failed transaction.
 */
final class ZoneMemory {

    private static final int MOST_SUBNETS = 5_000;
    private static final int MOST_INSTANCES = 4_000;

    final ZoneFleet fleet;
    /** Those that exist, by id. */
    final Map<String, SubnetRoom> subnets = new LinkedHashMap<>(64, 0.75f, true);

    /** Above all those that will be heard of again soon: launched a moment ago, not up yet. */
    final Map<String, Instance> instances = leastRecentlyUsed(MOST_INSTANCES);

    /** Room that on-demand waits for. */
    final Map<CapacityDemand.Key, CapacityDemand> demands = new LinkedHashMap<>();

    /** Who holds spot's room, by family and instance id; only of families that on-demand waits for. */
    final Map<String, Map<String, SpotUnit>> spotUnits = new HashMap<>();

    long version;

    /** A subnet and which of its addresses are taken. */
    record SubnetRoom(Subnet subnet, SubnetAddresses addresses) {}

    ZoneMemory(ZoneFleet fleet, Collection<CapacityDemand> demands, long version) {
        this.fleet = fleet;
        demands.forEach(demand -> this.demands.put(demand.key(), demand));
        this.version = version;
    }

    /** Keeps up with an instance as it is now. */
    void follow(Instance instance) {
        Map<String, SpotUnit> known =
                spotUnits.isEmpty() ? null : spotUnits.get(instance.type().family());
        if (known == null) {
            return;
        }
        SpotUnit unit = ZoneDemands.unit(instance);
        if (unit == null) {
            known.remove(instance.id());
        } else {
            known.put(instance.id(), unit);
        }
    }

    /** Between batches: what nobody waits for isn't kept up with. */
    void forgetSpotUnitsNobodyWaitsFor() {
        if (!spotUnits.isEmpty()) {
            spotUnits
                    .keySet()
                    .retainAll(demands.values().stream()
                            .map(CapacityDemand::family)
                            .toList());
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
