package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import java.util.Optional;

/** Price histories that were brought in. */
public interface Traces {

    /** What a history says of a pool; empty if there is no such history, or nothing of the pool in it. */
    Optional<PriceSeries> series(String traceId, PoolId pool);
}
