package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.recommendations.LeastCostPortfolio;
import io.cumulet.billing.domain.recommendations.PlanCurve;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.PaymentOption;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Says which commitments would have been best for what an account used, on top of what it has bought. A plan comes from
 * {@link PlanCurve}, exactly; Reserved Instances together with a plan are proposed by {@link LeastCostPortfolio}. A portfolio is
 * recommended only if rating the same usage with it says that it saves; {@link PortfolioSearch} takes Reserved Instances away
 * while that is cheaper.
 */
@ApplicationScoped
public class Recommendations {

    private static final Duration REST_OF_HISTORY = Duration.ofDays(366);

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
            PaymentOption paymentOption) {}

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
        PortfolioSearch used = search(account, new Interval(until.minus(lookback), until), now);
        PortfolioSearch.Found found = used.best(wish);
        PortfolioSearch.Rated best = found.best();
        return new Recommendation(
                best.purchases(),
                used.period(),
                used.without().cost(),
                best.cost(),
                found.bound(),
                worstCase(best.portfolio()),
                best.portfolio().isEmpty() ? null : outOfSample(used, wish, best.portfolio()));
    }

    private @Nullable OutOfSample outOfSample(PortfolioSearch lookback, Wish wish, List<Terms> portfolio) {
        Instant until = lookback.period().from();
        Instant earliest = until.minus(REST_OF_HISTORY);
        Instant first = history.firstUse(Set.of(lookback.account()))
                .map(at -> at.truncatedTo(ChronoUnit.HOURS))
                .orElse(until);
        Instant from = first.isBefore(earliest) ? earliest : first;
        if (!from.isBefore(until)) {
            return null;
        }
        PortfolioSearch before = search(lookback.account(), new Interval(from, until), lookback.now());
        Money cost = before.rated(portfolio).cost();
        Money least = before.best(wish).best().cost();
        return new OutOfSample(before.period(), cost, least.compareTo(cost) < 0 ? least : cost);
    }

    private PortfolioSearch search(AccountId account, Interval period, Instant now) {
        return new PortfolioSearch(charging, whatIfs, offerings, account, period, now);
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
}
