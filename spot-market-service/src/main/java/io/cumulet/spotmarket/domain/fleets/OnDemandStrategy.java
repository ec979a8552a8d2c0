package io.cumulet.spotmarket.domain.fleets;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * In which order a fleet tries its overrides for On-Demand Instances: all go to the first that has room, what is left to the
 * next.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html">Allocation
 *     strategies for On-Demand Instances</a>
 */
public enum OnDemandStrategy {
    /** The lowest price for a unit of weight first. */
    LOWEST_PRICE("lowest-price"),
    /** The smallest priority first; those without one last, as they are listed. */
    PRIORITIZED("prioritized");

    private final String code;

    OnDemandStrategy(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /**
     * Positions of overrides.
     *
     * @param pricesPerUnit On-Demand prices for a unit of weight, by position; those that aren't on offer are missing, and
     *     aren't tried
     */
    public List<Integer> order(List<FleetTerms.LaunchOverride> overrides, Map<Integer, BigDecimal> pricesPerUnit) {
        Comparator<Integer> byPrice = Comparator.comparing(pricesPerUnit::get);
        Comparator<Integer> byPriority = Comparator.comparing(
                position -> overrides.get(position).priority(), Comparator.nullsLast(Comparator.naturalOrder()));
        List<Integer> order = new ArrayList<>(pricesPerUnit.keySet());
        order.sort(
                switch (this) {
                    case LOWEST_PRICE -> byPrice.thenComparing(byPriority).thenComparing(Comparator.naturalOrder());
                    case PRIORITIZED -> byPriority.thenComparing(Comparator.naturalOrder());
                });
        return order;
    }
}
