package io.cumulet.spotmarket.app;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.market.Room;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where pools, their prices and the capacity under them are kept. Changes belong to the running transaction. */
public interface Pools {

    /**
     * A pool and the price in force.
     *
     * @param floor the least price; null for the configured share of on-demand
     * @param cap the most anybody pays; null for on-demand, which it never exceeds
     */
    record Pool(
            PoolId id,
            HourlyRate price,
            long version,
            PricingPolicy policy,
            @Nullable HourlyRate floor,
            @Nullable HourlyRate cap) {

        Pool priced(Price changed) {
            return new Pool(id, changed.price(), changed.version(), policy, floor, cap);
        }
    }

    /** A price and from when on it was, or is, in force. */
    record Price(PoolId pool, long version, HourlyRate price, Instant from) {}

    /** Locks a pool until the transaction ends; empty if there is none yet. */
    Optional<Pool> lock(PoolId id);

    Optional<Pool> find(PoolId id);

    /** Makes pools with their first price; those that are there stay as they are. Answers the ones made. */
    List<Price> create(Collection<Price> first);

    /** A pool's new price; its version is the next. */
    Price reprice(Pool pool, HourlyRate price, Instant from);

    /**
     * Sets how a locked pool is priced.
     *
     * @param floor null for the configured share of on-demand
     * @param cap null for on-demand
     */
    void setPricing(PoolId id, PricingPolicy policy, @Nullable HourlyRate floor, @Nullable HourlyRate cap);

    /**
     * Keeps a family's capacity as it is until the transaction ends; before pools are locked, and families in order. So a
     * clearing never misses a snapshot that arrives meanwhile, nor the snapshot a request that is being made.
     */
    void holdCapacity(String familyKey);

    /** Takes over a capacity snapshot, once nobody holds the family's capacity. Answers false if a newer one is there already. */
    boolean takeCapacity(CapacitySnapshot snapshot);

    /** Puts a snapshot into a copy that is being made anew, which nobody else writes; a newer one stays. */
    void putBack(CapacitySnapshot snapshot);

    /** What fits and runs in a pool, by the newest snapshot; {@link Room#UNKNOWN} if there is none. */
    Room room(PoolId id);

    /** The pools of a family that there are. */
    Set<PoolId> ofFamily(String familyKey);

    /** What a price history is narrowed to; null means all. */
    record HistoryFilter(
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os,
            @Nullable Instant from,
            @Nullable Instant until) {}

    /** Where a page of the history goes on: behind this price. */
    record HistoryPosition(Instant from, String pool, long version) {}

    /**
     * Prices of a region, newest first, then by pool; with a start, also the one that was in force then.
     *
     * @param after the last entry of the page before; null for the first
     */
    List<Price> history(Region region, HistoryFilter filter, @Nullable HistoryPosition after, int size);
}
