package io.cumulet.spotmarket.domain.fleets;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What is to be done next about the On-Demand part of a fleet; carried out and asked again until it answers {@link Rest}. */
public sealed interface OnDemandStep {

    /** @param override the position of the override to launch of */
    record Launch(int override, int count) implements OnDemandStep {}

    record Terminate(List<String> instanceIds) implements OnDemandStep {}

    /** @param isUnmet whether the fleet wants more that it could only try again for later */
    record Rest(boolean isUnmet) implements OnDemandStep {}

    /**
     * Decides; a pure function.
     *
     * @param order positions of overrides, see {@link OnDemandStrategy#order}
     * @param inVain those of which no more can be had for the moment
     * @param units all that count
     * @param most how many instances one launch may have
     */
    static OnDemandStep of(
            Fleet fleet,
            boolean hasBegun,
            List<Integer> order,
            Set<Integer> inVain,
            List<OnDemandUnit> units,
            int most) {
        return switch (fleet.state()) {
            case SUBMITTED, ACTIVE, MODIFYING -> hasBegun ? follow(fleet, order, inVain, units, most) : new Rest(false);
            case DELETED_TERMINATING ->
                units.isEmpty()
                        ? new Rest(false)
                        : new Terminate(
                                units.stream().map(OnDemandUnit::instanceId).toList());
            case DELETED_RUNNING, DELETED -> new Rest(false);
        };
    }

    private static OnDemandStep follow(
            Fleet fleet, List<Integer> order, Set<Integer> inVain, List<OnDemandUnit> units, int most) {
        BigDecimal has = sum(units);
        BigDecimal lacking = fleet.onDemand().target().subtract(has);
        if (lacking.signum() > 0) {
            if (!fleet.isMaintained() && fleet.onDemand().asked()) {
                return new Rest(false);
            }
            return order.stream()
                    .filter(position -> !inVain.contains(position))
                    .findFirst()
                    .<OnDemandStep>map(position -> launch(fleet, position, lacking, most))
                    .orElseGet(() -> new Rest(fleet.isMaintained()));
        }
        List<String> excess = fleet.isMaintained() && !fleet.keepsExcess() ? excess(fleet, units, has) : List.of();
        return excess.isEmpty() ? new Rest(false) : new Terminate(excess);
    }

    private static Launch launch(Fleet fleet, int position, BigDecimal lacking, int most) {
        BigDecimal weight = fleet.terms().overrides().get(position).weight();
        BigDecimal count = lacking.divide(weight, 0, RoundingMode.CEILING);
        return new Launch(position, count.min(BigDecimal.valueOf(most)).intValueExact());
    }

    /** The youngest that the target doesn't need. */
    private static List<String> excess(Fleet fleet, List<OnDemandUnit> units, BigDecimal has) {
        List<String> excess = new ArrayList<>();
        BigDecimal left = has;
        for (OnDemandUnit unit : units.stream()
                .sorted(Comparator.comparing(OnDemandUnit::launchedAt)
                        .reversed()
                        .thenComparing(OnDemandUnit::instanceId))
                .toList()) {
            BigDecimal without = left.subtract(unit.weight());
            if (without.compareTo(fleet.onDemand().target()) >= 0) {
                left = without;
                excess.add(unit.instanceId());
            }
        }
        return excess;
    }

    /** The capacity of units. */
    static BigDecimal sum(List<OnDemandUnit> units) {
        return units.stream().map(OnDemandUnit::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
