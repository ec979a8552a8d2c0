package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which pools replay which history, or are about to. Changes belong to the running transaction. */
public interface Replays {

    /**
     * A pool on a history.
     *
     * @param begun whether the pool has this policy, and the one before is kept
     * @param ending whether it is about to go back to that
     */
    record Replay(PoolId pool, PricingPolicy.Trace policy, boolean begun, boolean ending) {}

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

    /** Locked pools are about to begin: keeps the policies that they have. */
    void begin(Collection<PoolId> pools);

    /** Gives locked pools the policies that they had before they began, as far as they have; they replay no more. */
    void goBack(Collection<PoolId> pools);

    void remove(Collection<PoolId> pools);
}
