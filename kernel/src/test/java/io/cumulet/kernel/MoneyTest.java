package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class MoneyTest {

    @Test
    void aCostIsRoundedOnceHalfToEvenAtTenDecimals() {
        assertThat(Money.rounded(BigFraction.of(1, 3)).toString()).isEqualTo("0.3333333333");
        assertThat(Money.rounded(Money.exact(new java.math.BigDecimal("0.00000000005")))
                        .toString())
                .isEqualTo("0");
        assertThat(Money.rounded(Money.exact(new java.math.BigDecimal("0.00000000015")))
                        .toString())
                .isEqualTo("0.0000000002");
    }

    @Test
    void anInvoiceRoundsHalfUpToCents() {
        assertThat(Money.of("1.005").toCents()).isEqualTo(Money.of("1.01"));
    }

    @Test
    void tenMinutesOfAnM4LargeCostExactlyASixthOfItsHour() {
        HourlyRate rate = HourlyRate.of("0.10");
        assertThat(rate.costOf(BigFraction.of(600))).isEqualTo(BigFraction.of(1, 60));
        assertThat(rate.toString()).isEqualTo("0.10");
    }

    @Test
    void aPriceIsPlainDigits() {
        assertThat(HourlyRate.isValid("1e3")).isFalse();
        assertThat(HourlyRate.isValid("-1")).isFalse();
        assertThatThrownBy(() -> HourlyRate.of(".5")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moneyHasNoDigitsBeyondTheTenth() {
        assertThatThrownBy(() -> Money.of("0.00000000001")).isInstanceOf(IllegalArgumentException.class);
    }
}
