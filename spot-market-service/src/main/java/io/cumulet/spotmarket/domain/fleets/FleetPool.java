package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A pool as a fleet sees it now.
 *
 * @param weight how much capacity one instance is
 * @param maxPrice what the fleet pays for an instance at most, USD per hour
 * @param price what an instance costs now, USD per hour
 * @param free for how many more bids of the fleet there is room, its own that wait included
 * @param priority see {@link FleetTerms.LaunchOverride}
 */
public record FleetPool(
        PoolId id,
        BigDecimal weight,
        HourlyRate maxPrice,
        HourlyRate price,
        int free,
        @Nullable BigDecimal priority,
        @Nullable String subnetId) {

    /** Whether a bid of the fleet takes part at the present price. */
    boolean isAffordable() {
        return price.compareTo(maxPrice) <= 0;
    }

    /** Compares the prices for a unit of weight, exactly. */
    int comparePricePerUnit(FleetPool other) {
        return price.usd().multiply(other.weight).compareTo(other.price.usd().multiply(weight));
    }
}
