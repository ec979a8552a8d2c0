package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.app.Recommendations.Purchase;
import io.cumulet.billing.app.Recommendations.Wish;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * What an account used in a period, and the portfolio that would have made it cheapest: proposed for what is left On-Demand, then
 * rated.
 */
final class PortfolioSearch {

    /** Commitments are made in tenths of a cent, as AWS takes them. */
    private static final int DECIMALS = 3;

    /** How often a unit is taken away to see whether less is better. */
    private static final int MOST_TRIALS = 30;

    private static final Set<Category> COVERED = Set.of(Category.SP_COVERED, Category.RI_COVERED);
    private static final Set<Category> COVERED_OR_UNUSED =
            Set.of(Category.SP_COVERED, Category.SP_UNUSED, Category.RI_COVERED, Category.RI_UNUSED);

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

    private final WhatIfs whatIfs;
    private final Offerings offerings;
    private final AccountId account;
    private final Interval period;
    private final Instant now;
    private final Recorded recorded;
    private final Rated without;

    PortfolioSearch(
            Charging charging, WhatIfs whatIfs, Offerings offerings, AccountId account, Interval period, Instant now) {
        this.whatIfs = whatIfs;
        this.offerings = offerings;
        this.account = account;
        this.period = period;
        this.now = now;
        this.recorded = charging.recorded(account, period);
        Charges charges = charging.charges(recorded);
        this.without = new Rated(List.of(), charges, cost(charges));
    }

    AccountId account() {
        return account;
    }

    Interval period() {
        return period;
    }

    Instant now() {
        return now;
    }

    /** With nothing bought. */
    Rated without() {
        return without;
    }

    Rated rated(List<Terms> portfolio) {
        Charges charges = whatIfs.charges(recorded, account, portfolio, now);
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
        int order = turn.compareTo(firstTurn(wish));
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

    /** When the first of what is wished for pays. */
    private static Turn firstTurn(Wish wish) {
        Function<HourlyRate, Terms> plan = wish.plan();
        return wish.reserved() != null || plan == null
                ? Turn.RESERVED_INSTANCES
                : Turn.of(plan.apply(HourlyRate.of("1")));
    }

    record Found(Rated best, @Nullable Money bound) {}

    /** @param charges of the account and all that share with it */
    record Rated(List<Terms> portfolio, Charges charges, Money cost) {

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
