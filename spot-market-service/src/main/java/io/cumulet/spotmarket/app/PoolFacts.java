package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened in pools over a time, of many pools at once. */
public interface PoolFacts {

    /** What a list of pools is narrowed to; null means all. */
    record Filter(
            @Nullable AvailabilityZone zone,
            @Nullable InstanceType type,
            @Nullable OperatingSystem os) {}

    /**
     * A pool's facts.
     *
     * @param price the one in force
     * @param fits how many more units its hosts could run
     * @param averagePrice over the time in which it had one, weighted by how long each was in force
     * @param lowest the least of them
     * @param highest the greatest of them
     * @param runs how many units ran at some time of it
     * @param interrupted those of them that the market took back in it, for its price or for want of room
     */
    record Facts(
            PoolId id,
            HourlyRate price,
            int fits,
            BigDecimal averagePrice,
            HourlyRate lowest,
            HourlyRate highest,
            long runs,
            long interrupted) {}

    /**
     * A page of a region's pools, ordered by name.
     *
     * @param after the last of the page before; null for the first
     */
    List<PoolId> page(Region region, Filter filter, @Nullable String after, int size);

    /** Facts of pools, ordered by name; those that don't exist are left out. */
    List<Facts> of(Collection<PoolId> pools, Interval window);

    /**
     * How many bids in the pools of families will take room: those that were just given it, and those that wait though they
     * offer at least the price. By pool, if there are any.
     */
    Map<PoolId, Long> waiting(Collection<String> familyKeys);
}
