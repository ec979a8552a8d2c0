package io.cumulet.billing.domain.focus;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.commons.numbers.fraction.BigFraction;

/** Numbers as a dataset has them: of at most {@value FocusColumn#DECIMALS} decimals, rounded half to even. */
final class Decimals {

    private Decimals() {}

    static BigDecimal of(BigFraction exact) {
        return plain(new BigDecimal(exact.getNumerator())
                .divide(new BigDecimal(exact.getDenominator()), FocusColumn.DECIMALS, RoundingMode.HALF_EVEN));
    }

    /** Without trailing zeros. */
    static BigDecimal plain(BigDecimal number) {
        BigDecimal rounded = number.scale() > FocusColumn.DECIMALS
                ? number.setScale(FocusColumn.DECIMALS, RoundingMode.HALF_EVEN)
                : number;
        return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    }
}
