package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.app.WhatIfs.Portfolio;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.recommendations.LeastCostPortfolio;
import io.cumulet.billing.domain.recommendations.LeastCostPortfolio.Proposal;
import io.cumulet.billing.domain.recommendations.OnDemandUsage;
import io.cumulet.billing.domain.recommendations.OnDemandUsage.Kind;
import io.cumulet.billing.domain.recommendations.PlanCurve;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.PaymentOption;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Says which commitments would have been best for what an account used, on top of what it has bought. A plan comes from
 * {@link PlanCurve}, exactly; Reserved Instances together with a plan are proposed by {@link LeastCostPortfolio}. A portfolio is
 * recommended only if rating the same usage with it says that it saves, and that one unit less would save less.
 */
@ApplicationScoped
public class Recommendations {

    /** Commitments are made in tenths of a cent, as AWS takes them. */
    private static final int DECIMALS = 3;

    /** How often a unit is taken away to see whether less is better. */
    private static final int MOST_TRIALS = 30;

    private static final Duration REST_OF_HISTORY = Duration.ofDays(366);

    private static final Set<Category> COVERED = Set.of(Category.SP_COVERED, Category.RI_COVERED);
    private static final Set<Category> COVERED_OR_UNUSED =
            Set.of(Category.SP_COVERED, Category.SP_UNUSED, Category.RI_COVERED, Category.RI_UNUSED);

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
     * What somebody would buy.
     *
     * @param reserved the class of Reserved Instances; null for none
     * @param plan the plan for a commitment; null for none
     */
    public record Wish(
            @Nullable OfferingClass reserved,
            @Nullable Function<HourlyRate, Terms> plan,
            int years,
            PaymentOption paymentOption) {

        private Turn firstTurn() {
            return reserved != null || plan == null ? Turn.RESERVED_INSTANCES : Turn.of(plan.apply(HourlyRate.of("1")));
        }
    }

    /** The order in which kinds of commitments pay for an hour. */
    private enum Turn {
        SCHEDULED_INSTANCES,
        RESERVED_INSTANCES,
        EC2_INSTANCE_PLANS,
        COMPUTE_PLANS;

        static Turn of(Terms terms) {
            return switch (terms.kind()) {
                case SCHEDULED_INSTANCES -> SCHEDULED_INSTANCES;
                case RESERVED_INSTANCES -> RESERVED_INSTANCES;
                case EC2_INSTANCE_SAVINGS_PLAN -> EC2_INSTANCE_PLANS;
                case COMPUTE_SAVINGS_PLAN -> COMPUTE_PLANS;
            };
        }
    }

    /**
     * Something to buy, and what it would have done.
     *
     * @param utilization the share of it that would have been used, 0 to 1; null for what costs nothing
     * @param breakEvenUtilization below this share it costs more than it saves; null if nothing of it would have been used
     */
    public record Purchase(
            Terms terms,
            @Nullable BigDecimal utilization,
            @Nullable BigDecimal breakEvenUtilization) {}

    /**
     * Commitments, and what they would have done.
     *
     * @param purchases none if nothing would have saved anything
     * @param lookback what they are derived from
     * @param costWithout what the account's usage that nobody else's commitments pay for cost, and its own commitments, fees
     *     spread over what they cover: the measure of the what-ifs
     * @param costWith the same with the purchases, as rated
     * @param bound what {@code costWith} couldn't be less than with any purchases of that kind; null if that isn't known, as
     *     where commitments that were bought before would be freed for other usage
     * @param worstCase what is lost if nothing is used in the whole term
     * @param outOfSample how they would have done before; null if nothing was used before
     */
    public record Recommendation(
            List<Purchase> purchases,
            Interval lookback,
            Money costWithout,
            Money costWith,
            @Nullable Money bound,
            Money worstCase,
            @Nullable OutOfSample outOfSample) {}

    /**
     * The purchases in the history before their lookback.
     *
     * @param cost with them
     * @param leastCost with the purchases that would have been best there
     */
    public record OutOfSample(Interval period, Money cost, Money leastCost) {

        /** What the recommendation costs more than knowing that history would have. */
        public Money regret() {
            return cost.minus(leastCost);
        }
    }

    public Recommendation recommend(AccountId account, Duration lookback, Wish wish) {
        Instant now = clock.instant();
        Instant until = now.truncatedTo(ChronoUnit.HOURS);
        History used = new History(account, new Interval(until.minus(lookback), until), now);
        Found found = used.best(wish);
        Rated best = found.best();
        return new Recommendation(
                best.purchases(),
                used.period,
                used.without.cost(),
                best.cost(),
                found.bound(),
                worstCase(best.portfolio()),
                best.portfolio().isEmpty() ? null : outOfSample(used, wish, best.portfolio()));
    }

    private @Nullable OutOfSample outOfSample(History lookback, Wish wish, List<Terms> portfolio) {
        Instant until = lookback.period.from();
        Instant earliest = until.minus(REST_OF_HISTORY);
        Instant first = history.firstUse(Set.of(lookback.account))
                .map(at -> at.truncatedTo(ChronoUnit.HOURS))
                .orElse(until);
        Instant from = first.isBefore(earliest) ? earliest : first;
        if (!from.isBefore(until)) {
            return null;
        }
        History before = new History(lookback.account, new Interval(from, until), lookback.now);
        Money cost = before.rated(portfolio).cost();
        Money least = before.best(wish).best().cost();
        return new OutOfSample(before.period, cost, least.compareTo(cost) < 0 ? least : cost);
    }

    private static Money worstCase(List<Terms> portfolio) {
        BigFraction fees = BigFraction.ZERO;
        for (Terms terms : portfolio) {
            long hours = Term.hours(terms.years());
            HourlyRate commitment = terms.commitment();
            if (commitment != null) {
                fees = fees.add(commitment.exact().multiply(hours));
            } else if (terms instanceof Terms.ReservedInstances reserved) {
                Fees all = reserved.fees();
                fees = fees.add(all.upfront()).add(all.hourly().multiply(hours));
            }
        }
        return Money.rounded(fees);
    }

    private record Found(Rated best, @Nullable Money bound) {}

    /** @param charges of the account and all that share with it */
    private record Rated(List<Terms> portfolio, Charges charges, Money cost) {

        boolean isCheaperThan(Rated other) {
            return cost.compareTo(other.cost) < 0;
        }

        List<Purchase> purchases() {
            List<Purchase> purchases = new ArrayList<>();
            for (Terms terms : portfolio) {
                String id = WhatIfs.purchaseId(purchases.size());
                List<Charge> used = of(id, COVERED);
                BigDecimal all = sum(of(id, COVERED_OR_UNUSED), Costs::effective);
                BigDecimal list = sum(used, Costs::list);
                BigDecimal covered = sum(used, Costs::effective);
                purchases.add(new Purchase(terms, share(covered, all), share(covered, list)));
            }
            return purchases;
        }

        private List<Charge> of(String id, Set<Category> categories) {
            return charges.charges().stream()
                    .filter(charge -> id.equals(charge.commitmentId()) && categories.contains(charge.category()))
                    .toList();
        }
    }

    private static BigDecimal sum(List<Charge> charges, Function<Costs, Money> cost) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Charge charge : charges) {
            sum = sum.add(cost.apply(charge.costs()).usd());
        }
        return sum;
    }

    private static @Nullable BigDecimal share(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0 ? null : part.divide(whole, 4, RoundingMode.HALF_UP);
    }

    /** What was used in a period, and what it would have cost under portfolios. */
    private final class History {

        private final AccountId account;
        private final Interval period;
        private final Instant now;
        private final Recorded recorded;
        private final Rated without;

        History(AccountId account, Interval period, Instant now) {
            this.account = account;
            this.period = period;
            this.now = now;
            this.recorded = charging.recorded(account, period);
            Charges charges = charging.charges(recorded);
            this.without = new Rated(List.of(), charges, cost(charges));
        }

        Rated rated(List<Terms> portfolio) {
            Charges charges = whatIfs.charges(recorded, account, new Portfolio("", true, portfolio, null, null), now);
            return new Rated(portfolio, charges, cost(charges));
        }

        /** As the what-ifs count. */
        private Money cost(Charges charges) {
            List<Charge> own = charges.charges().stream()
                    .filter(charge -> charge.commitment() == null
                            ? charge.account().equals(account)
                            : charge.commitment().account().equals(account))
                    .toList();
            return new Money(sum(own, Costs::effective));
        }

        /** The cheapest that was found; nothing if nothing saves. */
        Found best(Wish wish) {
            OnDemandUsage usage = onDemand(without);
            Rated best = withPlan(wish, List.of());
            if (wish.reserved() == null) {
                PlanCurve curve = usage.curve(planRate(wish));
                return new Found(best, bound(wish, curve.cost(BigFraction.ZERO), curve.cost(curve.best())));
            }
            Proposal proposal = LeastCostPortfolio.find(usage, planRate(wish), kind -> offer(wish, kind));
            List<Terms.ReservedInstances> reserved = new ArrayList<>();
            proposal.reserved().forEach((one, count) -> reserved.add(one.withCount(count)));
            Rated proposed = confirmed(wish, reserved);
            Money bound = proposal.bound();
            return new Found(
                    proposed.isCheaperThan(best) ? proposed : best,
                    bound == null ? null : bound(wish, usage.cost(), Money.exact(bound.usd())));
        }

        /**
         * Known if what is bought comes last: it pays for what is left On-Demand, and frees nothing for other usage.
         *
         * @param onDemand what could be paid for by what is bought, on demand
         * @param least what that couldn't cost less than
         */
        private @Nullable Money bound(Wish wish, BigFraction onDemand, BigFraction least) {
            return recorded.records().commitments().stream().allMatch(kept -> comesBefore(kept, wish))
                    ? without.cost().minus(Money.rounded(onDemand.subtract(least)))
                    : null;
        }

        /** Others' commitments come after the account's own; within a kind, what began first comes first. */
        private boolean comesBefore(PurchasedCommitment kept, Wish wish) {
            Turn turn = Turn.of(kept.terms());
            int order = turn.compareTo(wish.firstTurn());
            return kept.account().equals(account)
                    && (order < 0 || order == 0 && !kept.startsAt().isAfter(period.from()));
        }

        private OnDemandUsage onDemand(Rated rated) {
            return OnDemandUsage.of(rated.charges().of(account), period);
        }

        /** Reserved Instances as proposed, or fewer, as long as one less is cheaper. */
        private Rated confirmed(Wish wish, List<Terms.ReservedInstances> proposed) {
            List<Terms.ReservedInstances> reserved = proposed;
            Rated best = withPlan(wish, reserved);
            int next = 0;
            for (int trial = 0; trial < MOST_TRIALS && next < reserved.size(); trial++) {
                List<Terms.ReservedInstances> fewer = new ArrayList<>(reserved);
                Terms.ReservedInstances one = fewer.remove(next);
                if (one.count() > 1) {
                    fewer.add(next, one.withCount(one.count() - 1));
                }
                Rated candidate = withPlan(wish, fewer);
                if (candidate.isCheaperThan(best)) {
                    best = candidate;
                    reserved = fewer;
                } else {
                    next++;
                }
            }
            return best;
        }

        /** Reserved Instances, with the plan that is best for what they leave. */
        private Rated withPlan(Wish wish, List<Terms.ReservedInstances> reserved) {
            Rated alone = reserved.isEmpty() ? without : rated(List.copyOf(reserved));
            Function<HourlyRate, Terms> plan = wish.plan();
            if (plan == null) {
                return alone;
            }
            return commitment(onDemand(alone).curve(planRate(wish)))
                    .map(commitment -> {
                        List<Terms> both = new ArrayList<>(reserved);
                        both.add(plan.apply(HourlyRate.of(commitment.toPlainString())));
                        return rated(both);
                    })
                    .filter(planned -> planned.isCheaperThan(alone))
                    .orElse(alone);
        }

        private Function<Kind, Optional<HourlyRate>> planRate(Wish wish) {
            Function<HourlyRate, Terms> plan = wish.plan();
            if (plan == null) {
                return kind -> Optional.empty();
            }
            Terms any = plan.apply(HourlyRate.of("1"));
            return kind -> covers(any, kind)
                    ? offerings.planRate(any, now, kind.region(), kind.type(), kind.os(), kind.tenancy())
                    : Optional.empty();
        }

        private Optional<Terms.ReservedInstances> offer(Wish wish, Kind kind) {
            OfferingClass reserved = wish.reserved();
            if (reserved == null) {
                return Optional.empty();
            }
            return offerings.reservedInstance(
                    new ReservedPrices.Key(
                            kind.region(), kind.type(), kind.os(), reserved, wish.years(), wish.paymentOption()),
                    now);
        }
    }

    /** The best commitment that can be made; empty for none. */
    private static Optional<BigDecimal> commitment(PlanCurve curve) {
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

    private static boolean covers(Terms plan, Kind kind) {
        return switch (plan) {
            case Terms.Ec2InstanceSavingsPlan of ->
                of.region().equals(kind.region())
                        && of.family().equals(kind.type().family());
            case Terms.ComputeSavingsPlan everywhere -> true;
            case Terms.OfInstances reserved -> throw new IllegalArgumentException("Not a plan: " + reserved);
        };
    }
}
