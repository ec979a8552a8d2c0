package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.rating.NormalizationFactors;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;

/**
 * The time that instances were used; fees and what is left of commitments have none.
 *
 * @param normalized by the normalization factor of the size, 0 for a size that has none
 */
record Seconds(BigDecimal all, BigDecimal normalized) {

    static final Seconds ZERO = new Seconds(BigDecimal.ZERO, BigDecimal.ZERO);

    /** Of so many hours of a charge. */
    static Seconds of(Charge charge, long hours) {
        MeteredThing thing = charge.thing();
        BigDecimal each = charge.segment().first().seconds();
        if (thing == null || each == null) {
            return ZERO;
        }
        BigDecimal all = each.multiply(BigDecimal.valueOf(hours));
        // Factors are whole numbers or quarters of one.
        BigDecimal factor = NormalizationFactors.of(thing.instanceType())
                .map(Money::decimal)
                .orElse(BigDecimal.ZERO)
                .stripTrailingZeros();
        return new Seconds(all, all.multiply(factor));
    }

    Seconds plus(Seconds other) {
        return new Seconds(all.add(other.all), normalized.add(other.normalized));
    }
}
