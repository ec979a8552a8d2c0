package io.cumulet.spotmarket.app;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.util.Collection;
import java.util.Map;

/** Where smoothed prices are going. Whoever changes a pool's target holds the pool. Changes belong to the running transaction. */
public interface PriceTargets {

    /** A pool's price goes there from now on. Answers whether it went nowhere until now. */
    boolean aim(PoolId pool, HourlyRate target);

    /** Those of some pools that are going somewhere. */
    Map<PoolId, HourlyRate> find(Collection<PoolId> pools);

    /** They have arrived. Answers whether one was going somewhere. */
    boolean forget(Collection<PoolId> pools);
}
