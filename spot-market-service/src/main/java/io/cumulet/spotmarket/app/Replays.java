package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which pools replay which history, or are about to. Changes belong to the running transaction. */
public interface Replays {

    /**
     * A pool on a history.
     *
     * @param previous the policy it had before; null until it has begun
     * @param ending whether it is about to go back to that
     */
    record Replay(
            PoolId pool,
            PricingPolicy.Trace policy,
            @Nullable PricingPolicy previous,
            boolean ending) {

        boolean hasBegun() {
            return previous != null;
        }
    }

    /**
     * Until the transaction ends nobody else changes replays. Whoever locks pools too locks them before: nobody waits for a
     * pool while he holds this.
     */
    void hold();

    /** Pools are to replay a history; what they had before their first replay stays known. */
    void put(Collection<PoolId> pools, PricingPolicy.Trace policy);

    Optional<Replay> find(PoolId pool);

    List<Replay> find(Collection<PoolId> pools);

    /** How many pools are on a history, or are about to be. */
    int count(String traceId);

    /** The pools on a history are to go back; answers them. */
    List<PoolId> end(String traceId);

    /** Pools have begun; with the policies they had before. */
    void begun(Map<PoolId, PricingPolicy> previous);

    void remove(Collection<PoolId> pools);
}
