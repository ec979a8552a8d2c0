package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * What a commitment has to spend in each hour of its term, and on what. Reserved Instances and host reservations spend
 * seconds, size-flexible ones by the normalization factor; Savings Plans spend dollars.
 */
final class CommitmentBudget implements Payer {

    /** The categories of a commitment's rows. */
    enum Kind {
        RESERVED(Category.RI_UPFRONT, Category.RI_RECURRING, Category.RI_COVERED, Category.RI_UNUSED),
        SAVINGS_PLAN(Category.SP_UPFRONT, Category.SP_RECURRING, Category.SP_COVERED, Category.SP_UNUSED);

        final Category upfront;
        final Category recurring;
        final Category covered;
        final Category unused;

        Kind(Category upfront, Category recurring, Category covered, Category unused) {
            this.upfront = upfront;
            this.recurring = recurring;
            this.covered = covered;
            this.unused = unused;
        }
    }

    /**
     * What it applies to.
     *
     * @param own usage of the account that bought it, in the order in which it is paid for
     * @param shared usage of all accounts that share it, in the order in which it is paid for
     */
    record Applies(List<QueueGroup> own, List<QueueGroup> shared) {}

    private final Commitment commitment;
    private final Kind kind;
    private final BigFraction unitsEachHour;
    private final BigFraction effectiveCostOfUnit;
    private final Map<UsageClass.Kind, Discount> discounts;
    private final Applies applies;
    /** The hours in which it has something to spend: from each of one to that of the other, ascending. */
    private final long[] activeFrom;

    private final long[] activeUntil;
    private int stretch;
    private BigFraction left = BigFraction.ZERO;

    /** @param discounts what it takes for usage, by the kinds that it applies to */
    CommitmentBudget(
            Commitment commitment,
            Kind kind,
            BigFraction unitsEachHour,
            Map<UsageClass.Kind, Discount> discounts,
            Applies applies) {
        this.commitment = commitment;
        this.kind = kind;
        this.unitsEachHour = unitsEachHour;
        this.effectiveCostOfUnit = unitsEachHour.signum() == 0
                ? BigFraction.ZERO
                : commitment.fees().effectiveHourly(commitment.term()).divide(unitsEachHour);
        this.discounts = discounts;
        this.applies = applies;
        this.activeFrom = commitment.active().stream()
                .mapToLong(hours -> Ledger.hourOf(hours.from()))
                .toArray();
        this.activeUntil = commitment.active().stream()
                .mapToLong(hours -> Ledger.hourOf(hours.until()))
                .toArray();
    }

    Commitment commitment() {
        return commitment;
    }

    Kind kind() {
        return kind;
    }

    /** Takes stretches of hours, {@code until} not included. */
    interface Stretches {
        void take(long from, long until);
    }

    /** Tells the hours in which it has something to spend and its hourly fee falls due, in order. */
    void active(Stretches stretches) {
        for (int i = 0; i < activeFrom.length; i++) {
            stretches.take(activeFrom[i], activeUntil[i]);
        }
    }

    /** Begins an hour behind all that were begun: all is there to be spent, or nothing where it isn't active. */
    void begin(long hour) {
        while (stretch < activeUntil.length && activeUntil[stretch] <= hour) {
            stretch++;
        }
        boolean isActive = stretch < activeFrom.length && activeFrom[stretch] <= hour;
        left = isActive ? unitsEachHour : BigFraction.ZERO;
    }

    void spendOnOwn() {
        spend(applies.own());
    }

    void spendOnShared() {
        spend(applies.shared());
    }

    private void spend(List<QueueGroup> groups) {
        for (QueueGroup group : groups) {
            if (left.signum() == 0) {
                return;
            }
            left = left.subtract(group.take(this, left));
        }
    }

    /** What of the hour's budget is not spent. */
    BigFraction left() {
        return left;
    }

    /** The effective cost of units. */
    Money effectiveCost(BigFraction units) {
        return Money.rounded(effectiveCostOfUnit, units);
    }

    private Discount discountFor(UsageQueue queue) {
        return Objects.requireNonNull(discounts.get(queue.kind()), "it pays for what it applies to");
    }

    @Override
    public Category category(UsageQueue queue) {
        return kind.covered;
    }

    @Override
    public String commitmentId() {
        return commitment.id();
    }

    @Override
    public @Nullable HourlyRate rate(UsageQueue queue) {
        return discountFor(queue).rate();
    }

    @Override
    public Costs costs(UsageQueue queue, BigFraction seconds) {
        BigFraction effectiveCostOfSecond =
                effectiveCostOfUnit.multiply(discountFor(queue).unitsPerSecond());
        return new Costs(queue.listCost(seconds), Money.ZERO, Money.rounded(effectiveCostOfSecond, seconds));
    }
}
