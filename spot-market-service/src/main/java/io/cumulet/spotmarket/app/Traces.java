package io.cumulet.spotmarket.app;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where recorded price histories are kept. They never change. Changes belong to the running transaction. */
public interface Traces {

    /**
     * A recorded history.
     *
     * @param pools how many pools it has prices of
     * @param changes how many prices, those left out that repeat the one before
     * @param from its first change
     * @param until its last
     */
    record Trace(
            String id,
            @Nullable String name,
            Instant createdAt,
            int pools,
            long changes,
            Instant from,
            Instant until,
            Skipped skipped) {}

    /**
     * How many rows of the file were left out.
     *
     * @param unknown of zones and instance types that there are not here
     * @param unpriced of what is not on offer here: nobody could be charged for it
     * @param classic of EC2-Classic, where the file has the VPC's price of the pool too
     */
    record Skipped(long unknown, long unpriced, long classic) {}

    void add(Trace trace, Map<PoolId, PriceSeries> series);

    Optional<Trace> find(String traceId);

    /**
     * A page of all histories, ordered by id.
     *
     * @param after the last id of the page before; null for the first
     */
    List<Trace> page(@Nullable String after, int size);

    /** The pools a history has prices of. */
    List<PoolId> pools(String traceId);

    void remove(String traceId);

    /** One pool's prices in a history; empty if it has none. */
    Optional<PriceSeries> series(String traceId, PoolId pool);

    /** Where a pool is in a history: what happened since a moment, up to now. Both are moments of the history. */
    record Position(PoolId pool, String traceId, Instant since, Instant now) {}

    /**
     * What a history says of a pool.
     *
     * @param happened the changes in {@code [since, now]}, oldest first; of very many the newest
     * @param next the first change behind now; null if there is none
     */
    record Course(List<PriceSeries.Change> happened, PriceSeries.@Nullable Change next) {

        /** The newest price. */
        Optional<HourlyRate> price() {
            return happened.isEmpty()
                    ? Optional.empty()
                    : Optional.of(happened.getLast().price());
        }
    }

    /**
     * The courses of many pools at once; none for pools that their history doesn't have.
     *
     * @param most how many changes are wanted of each
     */
    Map<PoolId, Course> courses(Collection<Position> positions, int most);
}
