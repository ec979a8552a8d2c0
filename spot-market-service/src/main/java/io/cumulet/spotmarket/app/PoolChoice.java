package io.cumulet.spotmarket.app;

import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses a pool for a request that names no zone. */
@ApplicationScoped
public class PoolChoice {

    private final Pools pools;
    private final ZoneGroups zoneGroups;

    public PoolChoice(Pools pools, ZoneGroups zoneGroups) {
        this.pools = pools;
        this.zoneGroups = zoneGroups;
    }

    /**
     * Where a request goes that names no zone: where its availability zone group is, else to the {@link #cheapest} pool. The
     * group stays where it is until the running transaction ends.
     *
     * @param zoneGroup null if it belongs to none
     */
    public Optional<PoolId> of(
            AccountId account, Region region, @Nullable String zoneGroup, InstanceType type, OperatingSystem os) {
        return zoneGroups
                .hold(account, region, zoneGroup)
                .map(zone -> new PoolId(zone, type, os))
                .or(() -> cheapest(region, type, os));
    }

    /**
     * A pool with room before one without, then the lower price, then the zone's name. Where there are no hosts for it yet, the
     * first zone; empty if there is no such region.
     */
    @Transactional
    public Optional<PoolId> cheapest(Region region, InstanceType type, OperatingSystem os) {
        List<PoolId> all = Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(zone -> new PoolId(zone.zone(), type, os))
                .toList();
        return all.stream()
                .flatMap(pool -> pools.find(pool).stream())
                .min(Comparator.comparing(
                                (Pools.Pool pool) -> pools.room(pool.id()).fits() == 0)
                        .thenComparing(Pools.Pool::price)
                        .thenComparing(Pools.Pool::id))
                .map(Pools.Pool::id)
                .or(() -> all.stream().findFirst());
    }
}
