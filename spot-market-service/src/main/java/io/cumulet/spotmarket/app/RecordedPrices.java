package io.cumulet.spotmarket.app;

import io.cumulet.kernel.Interval;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import java.util.Collection;
import java.util.Map;

/** What pools cost, for calculations; for people there is {@link PriceHistory}. */
public interface RecordedPrices {

    /** The prices that were in force at some time of a period; pools without any are left out. */
    Map<PoolId, PriceSeries> series(Collection<PoolId> pools, Interval period);
}
