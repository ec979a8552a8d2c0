package io.cumulet.instances.app;

import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What spot may use of a family's hosts while on-demand waits for some of it: decided once, and followed as rooms are taken.
 * So long as each is taken out of what was left for spot, the demands fit as they did; deciding anew looks at all hosts and
 * units, which is too much for each launch.
 */
final class SpotRoom {

    private final ZoneFleet left;
    private final Set<CapacityDemand.Key> met;
    private boolean mayBeMore;

    SpotRoom(ZoneFleet fleet, TakeBack takeBack) {
        this.left = fleet.with(takeBack.left());
        this.met = takeBack.met().stream().map(CapacityDemand::key).collect(Collectors.toSet());
    }

    /** Whether a demand fits once the rooms are free. */
    boolean meets(CapacityDemand.Key demand) {
        return met.contains(demand);
    }

    List<ZoneFleet.Place> firstFit(Wish wish, int count) {
        return left.firstFit(wish, count);
    }

    /** Something was taken; false if a demand may have lost it: then it has to be decided anew. */
    boolean take(String hostId, Capacity amount) {
        Host host = left.host(hostId).orElse(null);
        if (host == null || !host.capacity().minus(left.used(hostId)).holds(amount)) {
            return false;
        }
        left.take(hostId, amount);
        return true;
    }

    /** Something became free. Who finds room without it doesn't need to know for whom. */
    void released() {
        mayBeMore = true;
    }

    boolean mayBeMore() {
        return mayBeMore;
    }
}
