package io.cumulet.kernel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * An amount in USD, of at most {@value #DECIMALS} decimals. Costs are computed exactly, as fractions, and become money in
 * one place, {@link #rounded}; sums of money are exact.
 */
public record Money(BigDecimal usd) implements Comparable<Money> {

    /** The decimals of a rated row. */
    public static final int DECIMALS = 10;

    public static final Money ZERO = new Money(BigDecimal.ZERO);

    public Money {
        usd = usd.stripTrailingZeros();
        if (usd.scale() > DECIMALS) {
            throw new IllegalArgumentException("Money has at most " + DECIMALS + " decimals: " + usd);
        }
    }

    public static Money of(String text) {
        return new Money(new BigDecimal(text));
    }

    /** Rounds an exact cost once, to {@value #DECIMALS} decimals, half to even. */
    public static Money rounded(BigFraction exactUsd) {
        return new Money(decimal(exactUsd));
    }

    /**
     * Rounds the exact cost of a quantity once, like {@link #rounded(BigFraction)}, but doesn't reduce the product first:
     * that takes far longer than all the rest.
     */
    public static Money rounded(BigFraction exactUsdEach, BigFraction quantity) {
        return new Money(decimal(
                exactUsdEach.getNumerator().multiply(quantity.getNumerator()),
                exactUsdEach.getDenominator().multiply(quantity.getDenominator())));
    }

    /** A fraction as a decimal of {@value #DECIMALS} places, half to even. */
    public static BigDecimal decimal(BigFraction exact) {
        return decimal(exact.getNumerator(), exact.getDenominator());
    }

    private static BigDecimal decimal(BigInteger numerator, BigInteger denominator) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), DECIMALS, RoundingMode.HALF_EVEN);
    }

    /** A decimal as an exact fraction. */
    public static BigFraction exact(BigDecimal decimal) {
        BigInteger unscaled = decimal.unscaledValue();
        return decimal.scale() >= 0
                ? BigFraction.of(unscaled, BigInteger.TEN.pow(decimal.scale()))
                : BigFraction.of(unscaled.multiply(BigInteger.TEN.pow(-decimal.scale())));
    }

    public Money plus(Money other) {
        return new Money(usd.add(other.usd));
    }

    public Money minus(Money other) {
        return new Money(usd.subtract(other.usd));
    }

    /** To whole cents, half up: only for the total of an invoice. */
    public Money toCents() {
        return new Money(usd.setScale(2, RoundingMode.HALF_UP));
    }

    @Override
    public int compareTo(Money other) {
        return usd.compareTo(other.usd);
    }

    /** Plain digits without trailing zeros or exponent. */
    @Override
    public String toString() {
        return usd.signum() == 0 ? "0" : usd.toPlainString();
    }
}
