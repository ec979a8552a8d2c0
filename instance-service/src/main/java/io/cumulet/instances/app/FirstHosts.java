package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.config.FleetConfig;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AfterReset;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hosts of families that nobody has thought of: with {@code cumulet.fleet.at-first-use} the first launch of a family in a region
 * brings some to each of its zones. From then on they are hosts as any, with room that runs out. A zone that has or had hosts of
 * the family gets none. Thread-safe.
 */
@ApplicationScoped
public class FirstHosts implements AfterReset {

    private record Use(Region region, String family) {}

    private final Zones zones;
    private final FleetConfig config;
    private final Set<Use> known = ConcurrentHashMap.newKeySet();

    public FirstHosts(Zones zones, FleetConfig config) {
        this.zones = zones;
        this.config = config;
    }

    /** Whether there is nothing to do for a launch. */
    boolean areThere(Region region, String family) {
        return config.atFirstUse().hosts() == 0 || known.contains(new Use(region, family));
    }

    /**
     * Makes them if they aren't there. Blocks.
     *
     * @throws io.cumulet.kernel.RefusedException as unavailable, if a zone can't be asked
     */
    void ensure(Region region, String family) {
        if (areThere(region, family)) {
            return;
        }
        List<CompletableFuture<Outcome<List<Host>>>> added = Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .map(zone -> zones.submit(zone, hosts(zone, family)))
                .toList();
        added.forEach(Instances::await);
        known.add(new Use(region, family));
    }

    /** Makes those of the region if the zone has none. Blocks. */
    public void ensure(AvailabilityZone zone, String family) {
        if (!areThere(zone.region(), family)
                && !zones.withHosts(zone.region(), family).contains(zone)) {
            ensure(zone.region(), family);
        }
    }

    private ZoneWork.AddHosts hosts(AvailabilityZone zone, String family) {
        return new ZoneWork.AddHosts(
                HostPlan.of(zone, family, config.atFirstUse()), ZoneWork.AddHosts.Into.ZONE_WITHOUT_FAMILY, null);
    }

    @Override
    public void afterReset() {
        known.clear();
    }
}
