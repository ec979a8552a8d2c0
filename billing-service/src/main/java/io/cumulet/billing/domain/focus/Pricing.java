package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was priced in an hour, and what that costs by the list: unit price × quantity, but for the rounding of rated
 * rows. What is left of a commitment has no list cost, since nobody used anything; a fee is its own list price.
 *
 * @param consumed what was used, as it was metered; null for fees and what is left
 */
record Pricing(
        BigDecimal quantity,
        String unit,
        BigDecimal listUnitPrice,
        BigDecimal listCost,
        @Nullable BigDecimal consumed,
        @Nullable String consumedUnit) {

    private static final String HOURS = "Hours";
    private static final String UNITS = "Units";
    private static final String SECONDS = "Seconds";
    private static final BigFraction SECONDS_PER_HOUR = BigFraction.of(3_600);

    static Pricing of(Charge charge, @Nullable Discount discount, FocusReference reference) {
        Costs costs = charge.segment().first().costs();
        return switch (Kind.of(charge.category())) {
            case UPFRONT_FEE -> fee(charge, UNITS);
            case RECURRING_FEE -> fee(charge, HOURS);
            case UNUSED ->
                new Pricing(
                        discount == null ? BigDecimal.ONE : discount.quantity(),
                        discount == null ? HOURS : discount.unit(),
                        BigDecimal.ZERO,
                        BigDecimal.ZERO,
                        null,
                        null);
            case REGION_FEE -> ofAnHour(costs.list().usd());
            case USAGE, COVERED, DYNAMIC -> usage(charge, costs.list(), reference);
        };
    }

    private static Pricing ofAnHour(BigDecimal cost) {
        return new Pricing(BigDecimal.ONE, HOURS, cost, cost, BigDecimal.ONE, HOURS);
    }

    /** Reserved Instances are priced one by one, a plan as a whole. */
    private static Pricing fee(Charge charge, String unit) {
        PurchasedCommitment commitment = charge.commitment();
        int count =
                commitment != null && commitment.terms() instanceof Terms.OfInstances reserved ? reserved.count() : 1;
        BigDecimal cost = charge.segment().first().costs().billed().usd();
        return new Pricing(
                BigDecimal.valueOf(count), unit, Decimals.of(Money.exact(cost).divide(count)), cost, null, null);
    }

    private static Pricing usage(Charge charge, Money list, FocusReference reference) {
        BigDecimal seconds = charge.segment().first().seconds();
        if (seconds == null || seconds.signum() == 0) {
            return ofAnHour(list.usd());
        }
        BigFraction hours = Money.exact(seconds).divide(SECONDS_PER_HOUR);
        return new Pricing(
                Decimals.of(hours), HOURS, listPrice(charge, list, hours, reference), list.usd(), seconds, SECONDS);
    }

    /** What no list says follows from the cost. */
    private static BigDecimal listPrice(Charge charge, Money list, BigFraction hours, FocusReference reference) {
        if (list.usd().signum() == 0 || charge.thing() == null) {
            return Decimals.of(Money.exact(list.usd()).divide(hours));
        }
        return reference
                .listPrice(charge.thing(), charge.from())
                .map(HourlyRate::usd)
                .orElseGet(() -> Decimals.of(Money.exact(list.usd()).divide(hours)));
    }
}
