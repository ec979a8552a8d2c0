package io.cumulet.spotmarket.app;

import io.cumulet.kernel.HourlyRate;
import java.time.Instant;

/** Moves the prices of pools that clearings don't price. Hears of their clearings, in the transaction of each. */
public interface PriceMoves {

    /**
     * A pool was cleared at its present price.
     *
     * @param auctionPrice what an auction with the pool's floor and cap would price now
     */
    void cleared(Pools.Pool pool, HourlyRate auctionPrice, Instant now);
}
