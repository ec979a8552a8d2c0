package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.app.WhatIfs.Portfolio;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.recommendations.PlanCurve;
import io.cumulet.billing.domain.recommendations.PlanCurve.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Says which Savings Plan would have been best for what an account used, on top of what it has bought. The optimum comes
 * from {@link PlanCurve}; a recommendation is made only if rating the same usage with the plan says that it saves.
 */
@ApplicationScoped
public class Recommendations {

    /** Commitments are made in tenths of a cent, as AWS takes them. */
    private static final int DECIMALS = 3;

    private static final Duration REST_OF_HISTORY = Duration.ofDays(366);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Charging charging;
    private final WhatIfs whatIfs;
    private final Offerings offerings;
    private final InvoiceStore history;
    private final InstantSource clock;

    public Recommendations(
            Charging charging, WhatIfs whatIfs, Offerings offerings, InvoiceStore history, InstantSource clock) {
        this.charging = charging;
        this.whatIfs = whatIfs;
        this.offerings = offerings;
        this.history = history;
        this.clock = clock;
    }

    /**
     * A plan, and what it would have done.
     *
     * @param plan null if no plan would have saved anything
     * @param lookback what it is derived from
     * @param costWithout what the period cost, fees spread over what they cover
     * @param costWith the same less what the plan saves the account and its organization, as rated
     * @param utilization the share of the commitment that would have been used, 0 to 1; null without a plan
     * @param breakEvenUtilization below this share the plan costs more than it saves; null without a plan
     * @param worstCase what is lost if nothing is used in the whole term
     * @param outOfSample how it would have done before; null if nothing was used before
     */
    public record Recommendation(
            @Nullable Terms plan,
            Interval lookback,
            Money costWithout,
            Money costWith,
            @Nullable BigDecimal utilization,
            @Nullable BigDecimal breakEvenUtilization,
            Money worstCase,
            @Nullable OutOfSample outOfSample) {}

    /**
     * The plan in the history before its lookback.
     *
     * @param cost of the usage that the plan has rates for, with it
     * @param leastCost the same with the commitment that would have been best there
     */
    public record OutOfSample(Interval period, Money cost, Money leastCost) {

        /** What the recommendation costs more than knowing that history would have. */
        public Money regret() {
            return cost.minus(leastCost);
        }
    }

    /**
     * Recommends a plan.
     *
     * @param plan the plan for a commitment
     */
    public Recommendation recommend(AccountId account, Duration lookback, Function<HourlyRate, Terms> plan) {
        Instant now = clock.instant();
        Instant until = now.truncatedTo(ChronoUnit.HOURS);
        Interval period = new Interval(until.minus(lookback), until);
        Recorded recorded = charging.recorded(account, period);
        Charges without = charging.charges(recorded);
        Terms any = plan.apply(HourlyRate.of("1"));
        PlanCurve curve = curve(without.of(account), period, any, now);
        Money costWithout = effective(without.of(account));
        Optional<BigDecimal> commitment = rounded(curve);
        if (commitment.isEmpty()) {
            return nothing(period, costWithout);
        }
        Terms terms = plan.apply(HourlyRate.of(commitment.get().toPlainString()));
        Charges with = whatIfs.charges(recorded, account, new Portfolio("", true, List.of(terms), null, null), now);
        // What the plan pays for others of the organization is saved, too; what they cost is nobody else's to know.
        Money saved = effective(without).minus(effective(with));
        if (saved.compareTo(Money.ZERO) <= 0) {
            return nothing(period, costWithout);
        }
        return new Recommendation(
                terms,
                period,
                costWithout,
                costWithout.minus(saved),
                share(sum(with, Set.of(Category.SP_COVERED), true), sum(with, PLAN_ROWS, true)),
                share(sum(with, Set.of(Category.SP_COVERED), true), sum(with, Set.of(Category.SP_COVERED), false)),
                new Money(commitment.get().multiply(BigDecimal.valueOf(new Term(until, terms.years()).hours()))),
                outOfSample(account, period, any, commitment.get(), now));
    }

    private static final Set<Category> PLAN_ROWS = Set.of(Category.SP_COVERED, Category.SP_UNUSED);

    private static Recommendation nothing(Interval period, Money cost) {
        return new Recommendation(null, period, cost, cost, null, null, Money.ZERO, null);
    }

    /** The best commitment that can be made; empty for none. */
    private static Optional<BigDecimal> rounded(PlanCurve curve) {
        BigFraction best = curve.best();
        BigDecimal down = new BigDecimal(best.getNumerator())
                .divide(new BigDecimal(best.getDenominator()), DECIMALS, RoundingMode.FLOOR);
        BigDecimal up = down.add(BigDecimal.ONE.movePointLeft(DECIMALS));
        // On either side of the optimum the cost rises: nothing farther away is better.
        BigDecimal better = curve.cost(Money.exact(down)).compareTo(curve.cost(Money.exact(up))) <= 0 ? down : up;
        return Optional.of(better)
                .filter(commitment -> commitment.signum() > 0)
                .filter(commitment -> curve.cost(Money.exact(commitment)).compareTo(curve.cost(BigFraction.ZERO)) < 0);
    }

    private @Nullable OutOfSample outOfSample(
            AccountId account, Interval lookback, Terms plan, BigDecimal commitment, Instant now) {
        Instant earliest = lookback.from().minus(REST_OF_HISTORY);
        Instant first = history.firstUse(Set.of(account))
                .map(at -> at.truncatedTo(ChronoUnit.HOURS))
                .orElse(lookback.from());
        Instant from = first.isBefore(earliest) ? earliest : first;
        if (!from.isBefore(lookback.from())) {
            return null;
        }
        Interval before = new Interval(from, lookback.from());
        PlanCurve curve = curve(charging.charges(account, before).of(account), before, plan, now);
        return new OutOfSample(
                before, Money.rounded(curve.cost(Money.exact(commitment))), Money.rounded(curve.cost(curve.best())));
    }

    /** What is on demand in a period, by what a plan would make of it. */
    private PlanCurve curve(Charges charges, Interval period, Terms plan, Instant now) {
        Map<Long, Map<Kind, BigDecimal>> secondsByHour = new HashMap<>();
        for (Charge charge : charges.charges()) {
            MeteredThing thing = charge.thing();
            HourlyRate onDemand = charge.rate();
            if (charge.category() != Category.ON_DEMAND || thing == null || onDemand == null || !covers(plan, thing)) {
                continue;
            }
            BigDecimal seconds = charge.segment().first().seconds();
            offerings
                    .planRate(plan, now, thing.region(), thing.instanceType(), thing.os(), thing.tenancy())
                    .ifPresent(rate -> {
                        long first =
                                Duration.between(period.from(), charge.from()).dividedBy(HOUR);
                        for (long hour = first; hour < first + charge.hours(); hour++) {
                            secondsByHour
                                    .computeIfAbsent(hour, at -> new HashMap<>())
                                    .merge(new Kind(onDemand, rate), seconds, BigDecimal::add);
                        }
                    });
        }
        Map<Long, List<Usage>> usage = new HashMap<>();
        secondsByHour.forEach((hour, kinds) -> {
            List<Usage> inHour = new ArrayList<>();
            kinds.forEach((kind, seconds) -> {
                BigFraction hours = Money.exact(seconds).divide(HOUR.toSeconds());
                inHour.add(new Usage(
                        kind.plan().exact().multiply(hours),
                        kind.onDemand().exact().multiply(hours)));
            });
            usage.put(hour, inHour);
        });
        return PlanCurve.of(period.length().dividedBy(HOUR), usage);
    }

    /** Usage that a plan can't tell apart. */
    private record Kind(HourlyRate onDemand, HourlyRate plan) {}

    private static boolean covers(Terms plan, MeteredThing thing) {
        return switch (plan) {
            case Terms.Ec2InstanceSavingsPlan of ->
                of.region().equals(thing.region())
                        && of.family().equals(thing.instanceType().family());
            case Terms.ComputeSavingsPlan everywhere -> true;
            case Terms.OfInstances reserved -> throw new IllegalArgumentException("Not a plan: " + reserved);
        };
    }

    private static Money effective(Charges charges) {
        Money total = Money.ZERO;
        for (Charge charge : charges.charges()) {
            total = total.plus(charge.costs().effective());
        }
        return total;
    }

    /** Of the plan that is tried. */
    private static Money sum(Charges charges, Set<Category> categories, boolean effective) {
        Money sum = Money.ZERO;
        for (Charge charge : charges.charges()) {
            if (WhatIfs.FIRST_PURCHASE.equals(charge.commitmentId()) && categories.contains(charge.category())) {
                sum = sum.plus(
                        effective ? charge.costs().effective() : charge.costs().list());
            }
        }
        return sum;
    }

    private static @Nullable BigDecimal share(Money part, Money whole) {
        return whole.equals(Money.ZERO) ? null : part.usd().divide(whole.usd(), 4, RoundingMode.HALF_UP);
    }
}
