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
import java.util.Map;
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

        /** Its next price. */
        Price next(HourlyRate nextPrice, Instant from) {
            return new Price(id, version + 1, nextPrice, from);
        }
    }

    /** A price and from when on it was, or is, in force. */
    record Price(PoolId pool, long version, HourlyRate price, Instant from) {}

    /** A pool and what fits and runs in it, by the newest snapshot; {@link Room#UNKNOWN} if there is none. */
    record State(Pool pool, Room room) {}

    /**
     * Locks pools, in their order, until the transaction ends. Answers the stamps of those that there are: see {@link
     * #stamp}.
     */
    Map<PoolId, Long> lock(Collection<PoolId> ids);

    /** Marks locked pools: what anybody remembers of their requests under another stamp is no longer right. */
    void stamp(Collection<PoolId> ids, long stamp);

    /** Those that there are of some pools. */
    Map<PoolId, State> find(Collection<PoolId> ids);

    Optional<Pool> find(PoolId id);

    /** Makes pools with their first price; those that are there stay as they are. Answers the ones made. */
    List<Price> create(Collection<Price> first);

    /** Gives locked pools their new prices. A pool may have several: they come in order, with the versions that follow its own. */
    void reprice(Collection<Price> prices);

    /**
     * Sets how a locked pool's prices come about.
     *
     * @param policy null for the configured one
     */
    void setPolicy(PoolId id, @Nullable PricingPolicy policy);

    /**
     * Sets between what a locked pool's prices are.
     *
     * @param floor null for the configured share of on-demand
     * @param cap null for on-demand
     */
    void setBounds(PoolId id, @Nullable HourlyRate floor, @Nullable HourlyRate cap);

    /**
     * Keeps the capacity of families as it is until the transaction ends; before pools are locked. So a clearing never
     * misses a snapshot that arrives meanwhile, nor the snapshot a request that is being made.
     */
    void holdCapacity(Collection<String> familyKeys);

    /**
     * Takes over capacity snapshots of as many families, once nobody holds their capacity. Answers the families; those of
     * which a newer one is there already are left out.
     */
    Set<String> takeCapacity(Collection<CapacitySnapshot> snapshots);

    /** Puts a snapshot into a copy that is being made anew, which nobody else writes; a newer one stays. */
    void putBack(CapacitySnapshot snapshot);

    /** What fits and runs in a pool, by the newest snapshot; {@link Room#UNKNOWN} if there is none. */
    Room room(PoolId id);

    /** The pools of families that there are. */
    Set<PoolId> ofFamilies(Collection<String> familyKeys);

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
