package io.cumulet.billing.domain.recommendations;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.NormalizationFactors;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.recommendations.OnDemandUsage.Kind;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * Which regional Reserved Instances, together with a Savings Plan, would pay for usage at the least cost: a mixed integer
 * linear program, solved by ojAlgo.
 *
 * <pre>
 *   minimize   fees of the Reserved Instances + the plan's commitment in every hour + what is left on demand
 *   such that  in every hour, of every kind:   reserved + planned + on demand = used
 *              in every hour, of each reserved: units × time paid for ≤ units bought
 *              in every hour:                   plan rate × time paid for ≤ commitment
 * </pre>
 *
 * The rules let nobody choose what pays for what, so that a portfolio never costs less than the program says, and the program
 * without whole numbers is a lower bound for all of them. Hours that are alike count as one. Where too many differ, those
 * that are nearly alike are replaced by their mean: as the cost of an hour is convex in what is used, that only lowers the
 * bound. The solver computes in floating point: take what it finds as a proposal, and rate it.
 *
 * @see <a href="https://www.ojalgo.org/">ojAlgo</a>
 */
public final class LeastCostPortfolio {

    /** More demands (kinds of usage in differing hours) than that take the solver too long. */
    private static final int MOST_DEMANDS = 300;

    /** How many nodes of the search for whole numbers are looked at. */
    private static final int MOST_NODES = 2_000;

    /** How many steps the solver makes without whole numbers. */
    private static final int MOST_PIVOTS = 200_000;

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3_600);

    /** What the solver's arithmetic may be wrong by. */
    private static final BigDecimal ACCURACY = new BigDecimal("0.000001");

    /** The finest steps in which hours are told apart if too many differ. */
    private static final int FINEST = 64;

    /**
     * What the solver found.
     *
     * @param reserved how many to buy of what was offered, above 0
     * @param bound what no portfolio of such commitments could do the same for less than; null if the solver was broken off
     *     before it knew
     */
    public record Proposal(
            Map<Terms.ReservedInstances, Integer> reserved,
            @Nullable Money bound) {}

    private final OnDemandUsage usage;
    private final Function<Kind, Optional<HourlyRate>> planRate;
    private final List<Terms.ReservedInstances> offers;
    private final Map<Kind, BigDecimal> mostUsed = new HashMap<>();

    private LeastCostPortfolio(
            OnDemandUsage usage,
            Function<Kind, Optional<HourlyRate>> planRate,
            Function<Kind, Optional<Terms.ReservedInstances>> offer) {
        this.usage = usage;
        this.planRate = planRate;
        usage.secondsByHour()
                .values()
                .forEach(hour -> hour.forEach((kind, seconds) -> mostUsed.merge(kind, seconds, BigDecimal::max)));
        this.offers = mostUsed.keySet().stream()
                .filter(kind -> kind.tenancy() == Tenancy.DEFAULT)
                .flatMap(kind -> offer.apply(kind).stream())
                .distinct()
                .sorted(Comparator.comparing(Terms.ReservedInstances::toString))
                .toList();
    }

    /**
     * @param planRate the plan's rate; empty for what it doesn't cover, always if there is to be no plan
     * @param offer one regional Reserved Instance for usage of a kind, if it is on offer
     */
    public static Proposal find(
            OnDemandUsage usage,
            Function<Kind, Optional<HourlyRate>> planRate,
            Function<Kind, Optional<Terms.ReservedInstances>> offer) {
        LeastCostPortfolio portfolio = new LeastCostPortfolio(usage, planRate, offer);
        List<Pattern> patterns = portfolio.patterns();
        Optional<Solution> relaxed = portfolio.solve(patterns, false);
        List<BigDecimal> counts = portfolio.offers.isEmpty()
                ? List.of()
                : portfolio
                        .solve(patterns, true)
                        .or(() -> relaxed.map(Solution::roundedDown))
                        .map(Solution::counts)
                        .orElseGet(List::of);
        Map<Terms.ReservedInstances, Integer> reserved = new LinkedHashMap<>();
        for (int i = 0; i < counts.size(); i++) {
            int count = counts.get(i).setScale(0, RoundingMode.HALF_UP).intValueExact();
            if (count > 0) {
                reserved.put(portfolio.offers.get(i), count);
            }
        }
        return new Proposal(
                reserved,
                relaxed.filter(Solution::isOptimal).map(Solution::bound).orElse(null));
    }

    /** Hours in which the same is used, in instance-hours, and how many they are. */
    private record Pattern(Map<Kind, BigDecimal> used, long hours) {}

    private List<Pattern> patterns() {
        List<Pattern> patterns = patterns(hour -> hour);
        for (int steps = FINEST; steps > 0 && demands(patterns) > MOST_DEMANDS; steps /= 2) {
            BigDecimal many = BigDecimal.valueOf(steps);
            patterns = patterns(hour -> inSteps(hour, many));
        }
        return patterns;
    }

    private static long demands(List<Pattern> patterns) {
        return patterns.stream().mapToLong(pattern -> pattern.used().size()).sum();
    }

    /** Hours with the same key together, as their mean. */
    private List<Pattern> patterns(UnaryOperator<Map<Kind, BigDecimal>> key) {
        Map<Map<Kind, BigDecimal>, List<Map<Kind, BigDecimal>>> together = new LinkedHashMap<>();
        // In order: the solver finds the same each time if it is asked the same.
        for (Map<Kind, BigDecimal> hour : new TreeMap<>(usage.secondsByHour()).values()) {
            together.computeIfAbsent(key.apply(hour), of -> new ArrayList<>()).add(hour);
        }
        List<Pattern> patterns = new ArrayList<>();
        for (List<Map<Kind, BigDecimal>> hours : together.values()) {
            Map<Kind, BigDecimal> used = new TreeMap<>(Comparator.comparing(Kind::toString));
            hours.forEach(hour -> hour.forEach((kind, seconds) -> used.merge(kind, seconds, BigDecimal::add)));
            BigDecimal count = BigDecimal.valueOf(hours.size());
            used.replaceAll((kind, seconds) -> seconds.divide(SECONDS_PER_HOUR.multiply(count), MathContext.DECIMAL64));
            patterns.add(new Pattern(used, hours.size()));
        }
        return patterns;
    }

    /** How much of the most that is used of each kind in any hour, in whole steps. */
    private Map<Kind, BigDecimal> inSteps(Map<Kind, BigDecimal> hour, BigDecimal steps) {
        Map<Kind, BigDecimal> rough = new HashMap<>();
        hour.forEach((kind, seconds) -> rough.put(
                kind, seconds.multiply(steps).divideToIntegralValue(mostUsed.getOrDefault(kind, BigDecimal.ONE))));
        return rough;
    }

    /** @param counts of the offers, in their order */
    private record Solution(List<BigDecimal> counts, BigDecimal cost, boolean isOptimal) {

        Solution roundedDown() {
            return new Solution(
                    counts.stream()
                            .map(count -> count.setScale(0, RoundingMode.FLOOR))
                            .toList(),
                    cost,
                    false);
        }

        Money bound() {
            BigDecimal lowered = cost.multiply(BigDecimal.ONE.subtract(ACCURACY));
            return new Money(lowered.setScale(Money.DECIMALS, RoundingMode.FLOOR));
        }
    }

    /** @return empty if it was broken off before it found any */
    private Optional<Solution> solve(List<Pattern> patterns, boolean wholeNumbers) {
        ExpressionsBasedModel model = new ExpressionsBasedModel();
        model.options.iterations_abort = wholeNumbers ? MOST_NODES : MOST_PIVOTS;
        Variable commitment = model.newVariable("commitment").lower(0).weight(usage.hours());
        List<Variable> counts = new ArrayList<>();
        for (Terms.ReservedInstances offer : offers) {
            counts.add(model.newVariable("reserved-" + counts.size())
                    .lower(0)
                    .weight(decimal(offer.unitFees().effectiveHourly(new Term(Instant.EPOCH, offer.years())))
                            .multiply(BigDecimal.valueOf(usage.hours())))
                    .integer(wholeNumbers));
        }
        for (int i = 0; i < patterns.size(); i++) {
            addHours(model, String.valueOf(i), patterns.get(i), commitment, counts);
        }
        Optimisation.Result result = model.minimise();
        if (!result.getState().isFeasible()) {
            return Optional.empty();
        }
        BigDecimal cost = BigDecimal.ZERO;
        for (int i = 0; i < model.countVariables(); i++) {
            Variable variable = model.getVariable(i);
            if (variable.isObjective()) {
                cost = cost.add(variable.getContributionWeight().multiply(result.get(i)));
            }
        }
        return Optional.of(new Solution(
                counts.stream().map(count -> result.get(model.indexOf(count))).toList(),
                cost,
                result.getState().isOptimal()));
    }

    private void addHours(
            ExpressionsBasedModel model, String name, Pattern pattern, Variable commitment, List<Variable> counts) {
        Expression planned = model.newExpression("planned-" + name).upper(0).set(commitment, -1);
        List<@Nullable Expression> reserved = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            Terms.ReservedInstances offer = offers.get(i);
            reserved.add(
                    pattern.used().keySet().stream()
                                    .noneMatch(kind -> units(offer, kind).isPresent())
                            ? null
                            : model.newExpression("reserved-" + i + "-" + name)
                                    .upper(0)
                                    .set(counts.get(i), decimal(ownUnits(offer)).negate()));
        }
        int number = 0;
        List<Map.Entry<Kind, BigDecimal>> inOrder =
                new ArrayList<>(pattern.used().entrySet());
        inOrder.sort(Comparator.comparing(entry -> entry.getKey().toString()));
        for (Map.Entry<Kind, BigDecimal> used : inOrder) {
            String what = name + "-" + number++;
            Kind kind = used.getKey();
            BigDecimal onDemand =
                    new BigDecimal(kind.onDemand().toString()).multiply(BigDecimal.valueOf(pattern.hours()));
            Expression all = model.newExpression("used-" + what)
                    .level(used.getValue())
                    .set(model.newVariable("on-demand-" + what).lower(0).weight(onDemand), 1);
            planRate.apply(kind).ifPresent(rate -> {
                Variable byPlan = model.newVariable("by-plan-" + what).lower(0);
                all.set(byPlan, 1);
                planned.set(byPlan, new BigDecimal(rate.toString()));
            });
            for (int i = 0; i < offers.size(); i++) {
                Expression bought = reserved.get(i);
                Optional<BigFraction> units = units(offers.get(i), kind);
                if (bought != null && units.isPresent()) {
                    Variable byReserved =
                            model.newVariable("by-reserved-" + i + "-" + what).lower(0);
                    all.set(byReserved, 1);
                    bought.set(byReserved, decimal(units.get()));
                }
            }
        }
    }

    private static BigFraction ownUnits(Terms.ReservedInstances offer) {
        return flexible(offer).orElse(BigFraction.ONE);
    }

    /** The units that an hour of usage takes of Reserved Instances; empty for what they don't pay for. */
    private static Optional<BigFraction> units(Terms.ReservedInstances offer, Kind kind) {
        if (!offer.region().equals(kind.region()) || offer.os() != kind.os() || kind.tenancy() != Tenancy.DEFAULT) {
            return Optional.empty();
        }
        if (flexible(offer).isEmpty()) {
            return offer.instanceType().equals(kind.type()) ? Optional.of(BigFraction.ONE) : Optional.empty();
        }
        return offer.instanceType().family().equals(kind.type().family())
                ? NormalizationFactors.of(kind.type())
                : Optional.empty();
    }

    private static Optional<BigFraction> flexible(Terms.ReservedInstances offer) {
        return NormalizationFactors.ofFlexible(offer.instanceType(), offer.os(), Tenancy.DEFAULT, true);
    }

    private static BigDecimal decimal(BigFraction exact) {
        return new BigDecimal(exact.getNumerator())
                .divide(new BigDecimal(exact.getDenominator()), MathContext.DECIMAL64);
    }
}
