package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;

/**
 * A spot request of a fleet that isn't over.
 *
 * @param atRisk whether its instance was recommended to be replaced
 * @param warned whether the market takes it back
 */
public record FleetUnit(String requestId, PoolId pool, Stage stage, boolean atRisk, boolean warned, Instant createdAt) {

    /** How far it has come. */
    public enum Stage {
        /** Bids for room. */
        WAITING,
        /** Has room; its instance doesn't run yet. */
        COMING,
        RUNNING,
        /** Its instance is about to go, whoever decided that. */
        LEAVING
    }

    /** Whether it has an instance that was launched. */
    boolean isFulfilled() {
        return stage == Stage.RUNNING || stage == Stage.LEAVING;
    }
}
