package io.cumulet.billing.domain.recommendations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What a period costs under a Savings Plan, by the plan's hourly commitment.
 *
 * <pre>
 *   cost of an hour         each dollar of commitment pays for what saves most first: the cost falls by
 *   │╲                      (on-demand rate ÷ plan rate − 1) a dollar, ever more slowly, and rises by 1 a
 *   │ ╲__        ╱          dollar once nothing is left to pay for
 *   │    ╲__ __╱
 *   └────────────── commitment
 * </pre>
 *
 * The cost of each hour is convex and piecewise linear, so that of all hours is, and its least value lies at a breakpoint:
 * where in some hour the plan has just paid for one kind of usage. Exact.
 *
 * @see <a href="https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html">How Savings Plans apply</a>
 */
public final class PlanCurve {

    /**
     * Usage of one kind in one hour.
     *
     * @param atPlanRate its cost at the plan's rate
     * @param onDemand its cost on demand
     */
    public record Usage(BigFraction atPlanRate, BigFraction onDemand) {

        BigFraction onDemandForEachDollar() {
            return onDemand.divide(atPlanRate);
        }
    }

    /** From this commitment on, one more dollar changes the cost of the period by so much more. */
    private record Turn(BigFraction commitment, BigFraction steeper) {}

    private final long hours;
    private final BigFraction withoutPlan;
    private final BigFraction firstSlope;
    private final List<Turn> turns;

    private PlanCurve(long hours, BigFraction withoutPlan, BigFraction firstSlope, List<Turn> turns) {
        this.hours = hours;
        this.withoutPlan = withoutPlan;
        this.firstSlope = firstSlope;
        this.turns = turns;
    }

    /**
     * @param hours how many hours there are, used or not
     * @param usageByHour what the plan has a rate for, by hour; what has none plays no part
     */
    public static PlanCurve of(long hours, Map<Long, ? extends Collection<Usage>> usageByHour) {
        BigFraction withoutPlan = BigFraction.ZERO;
        // Each dollar of commitment costs a dollar in each hour.
        BigFraction slope = BigFraction.of(hours);
        Map<BigFraction, BigFraction> turns = new HashMap<>();
        for (Collection<Usage> inHour : usageByHour.values()) {
            List<Usage> bestFirst = inHour.stream()
                    .filter(usage -> usage.atPlanRate().signum() > 0)
                    .sorted(Comparator.comparing(Usage::onDemandForEachDollar).reversed())
                    .toList();
            BigFraction commitment = BigFraction.ZERO;
            BigFraction saves = BigFraction.ZERO;
            for (Usage usage : bestFirst) {
                withoutPlan = withoutPlan.add(usage.onDemand());
                BigFraction next = usage.onDemandForEachDollar();
                if (commitment.signum() == 0) {
                    slope = slope.subtract(next);
                } else {
                    turns.merge(commitment, saves.subtract(next), BigFraction::add);
                }
                saves = next;
                commitment = commitment.add(usage.atPlanRate());
            }
            if (!bestFirst.isEmpty()) {
                turns.merge(commitment, saves, BigFraction::add);
            }
        }
        List<Turn> inOrder = new ArrayList<>();
        turns.forEach((commitment, steeper) -> inOrder.add(new Turn(commitment, steeper)));
        inOrder.sort(Comparator.comparing(Turn::commitment));
        return new PlanCurve(hours, withoutPlan, slope, List.copyOf(inOrder));
    }

    /** The least commitment among those that make the period cheapest; 0 if no plan does. */
    public BigFraction best() {
        BigFraction slope = firstSlope;
        BigFraction commitment = BigFraction.ZERO;
        for (Turn turn : turns) {
            if (slope.signum() >= 0) {
                return commitment;
            }
            commitment = turn.commitment();
            slope = slope.add(turn.steeper());
        }
        return commitment;
    }

    /** What the period costs with a commitment: the plan's fees, and on demand what it leaves. */
    public BigFraction cost(BigFraction commitment) {
        BigFraction cost = withoutPlan.add(firstSlope.multiply(commitment));
        for (Turn turn : turns) {
            if (turn.commitment().compareTo(commitment) < 0) {
                cost = cost.add(turn.steeper().multiply(commitment.subtract(turn.commitment())));
            }
        }
        return cost;
    }

    public long hours() {
        return hours;
    }
}
