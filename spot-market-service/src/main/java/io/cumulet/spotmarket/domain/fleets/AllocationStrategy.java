package io.cumulet.spotmarket.domain.fleets;

import java.util.Locale;

/**
 * Into which of its pools a fleet launches next. Each unit is decided anew, since the one before took room. Ties go to the
 * smaller priority, then to the lower price for a unit of weight, then to the pool's name.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html">Allocation strategies</a>
 */
public enum AllocationStrategy {
    /** Evenly over the cheapest pools with room, by price for a unit of weight; over how many, the fleet says. */
    LOWEST_PRICE,
    /** The pool with the most free room. */
    CAPACITY_OPTIMIZED,
    /** The cheapest, for a unit of weight, of those pools that have at least half as much free room as the one with the most. */
    PRICE_CAPACITY_OPTIMIZED,
    /** The one with the smallest priority of those pools that have at least half as much free room as the one with the most. */
    CAPACITY_OPTIMIZED_PRIORITIZED,
    /** The pool in which the fleet has the least capacity. */
    DIVERSIFIED;

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
