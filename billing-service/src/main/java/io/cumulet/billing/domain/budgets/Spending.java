package io.cumulet.billing.domain.budgets;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.costs.Slices;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of a month counts for a budget, by the hour in which it has been spent. What is used is spent at the end of its hour; what
 * a commitment costs or pays for is spent when the hour begins, for it is due then, used or not.
 *
 * <pre>
 *   marks             0         1         2         3
 *   an instance       |---------|---------|             spent at marks 1 and 2
 *   hourly fee        |---------|---------|             spent at marks 0 and 1
 *   spot, from :20       |---------|---------|          spent at marks 2 and 3
 * </pre>
 */
public final class Spending {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Interval month;
    /** By mark: what has been spent by then. */
    private final BigDecimal[] spent;

    private Spending(Interval month, BigDecimal[] spent) {
        this.month = month;
        this.spent = spent;
    }

    /**
     * Adds up charges.
     *
     * @param charges of the account and period, whoever's they are; the budget's scope is applied here
     * @param tagsOf the tags of an instance over time
     */
    public static Spending of(Charges charges, Budget budget, Function<String, TagHistory> tagsOf) {
        Interval month = charges.request().period();
        // The last spot hour may end behind the month: one mark more. Differences need another one.
        BigDecimal[] differences = new BigDecimal[Math.toIntExact(month.length().dividedBy(HOUR)) + 3];
        Arrays.fill(differences, BigDecimal.ZERO);
        for (Charge charge : budget.scope().of(charges, budget.account()).charges()) {
            BigDecimal cost =
                    budget.costType().of(charge.segment().first().costs()).usd();
            if (cost.signum() != 0) {
                add(charge, budget.filter(), tagsOf, (start, hours) -> {
                    int mark = mark(month, charge.commitment() == null ? start.plus(HOUR) : start);
                    int end = mark + Math.toIntExact(hours);
                    differences[mark] = differences[mark].add(cost);
                    differences[end] = differences[end].subtract(cost);
                });
            }
        }
        return new Spending(month, summedUp(summedUp(differences)));
    }

    private static void add(
            Charge charge, @Nullable CostFilter filter, Function<String, TagHistory> tagsOf, Slices.Taker taker) {
        String instanceId = charge.thing() == null ? null : charge.resourceId();
        if (filter == null) {
            taker.take(charge.from(), charge.hours());
            return;
        }
        TagHistory tags = instanceId == null || !filter.needsTags() ? TagHistory.NONE : tagsOf.apply(instanceId);
        Slices.cut(charge.from(), charge.hours(), tags.changes(), (start, hours) -> {
            if (filter.lets(charge, tags.at(start))) {
                taker.take(start, hours);
            }
        });
    }

    /** The first mark that isn't before a moment. */
    private static int mark(Interval month, Instant at) {
        return Math.toIntExact(Math.ceilDiv(Duration.between(month.from(), at).toSeconds(), HOUR.toSeconds()));
    }

    private static BigDecimal[] summedUp(BigDecimal[] parts) {
        BigDecimal[] sums = new BigDecimal[parts.length];
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < parts.length; i++) {
            sum = sum.add(parts[i]);
            sums[i] = sum;
        }
        return sums;
    }

    /** All of it. */
    public Money total() {
        return new Money(spent[spent.length - 1]);
    }

    /** The hour mark at which a threshold will have been passed, at the month's end at the latest; empty if it won't be. */
    public Optional<Instant> passes(Notification notification, Money limit) {
        for (int mark = 0; mark < spent.length; mark++) {
            if (notification.isPassedBy(new Money(spent[mark]), limit)) {
                Instant at = month.from().plus(HOUR.multipliedBy(mark));
                return Optional.of(at.isBefore(month.until()) ? at : month.until());
            }
        }
        return Optional.empty();
    }
}
