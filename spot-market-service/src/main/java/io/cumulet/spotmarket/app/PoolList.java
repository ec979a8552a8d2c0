package io.cumulet.spotmarket.app;

import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pools as they are shown. */
public interface PoolList {

    /** @param since from when on its price is in force */
    record Entry(Pools.Pool pool, Instant since) {}

    /** What a list is narrowed to; null means all. */
    record Filter(
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os) {}

    /**
     * A page of a region's pools, ordered by name.
     *
     * @param after the last pool of the page before; null for the first
     */
    List<Entry> page(Region region, Filter filter, @Nullable String after, int size);

    Optional<Entry> find(PoolId id);
}
