package io.cumulet.kernel;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.apache.commons.numbers.fraction.BigFraction;

/** A price in USD for an hour, exact, never negative. Two rates are equal if their digits are: 0.10 differs from 0.1. */
public record HourlyRate(BigDecimal usd) implements Comparable<HourlyRate> {

    private static final Pattern FORM = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,12})?");
    private static final BigFraction SECONDS_PER_HOUR = BigFraction.of(3600);

    public HourlyRate {
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("A price is not negative: " + usd);
        }
    }

    /** Whether a text is a price: plain digits with an optional fraction, no sign and no exponent. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    public static HourlyRate of(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("Not a price: " + text);
        }
        return new HourlyRate(new BigDecimal(text));
    }

    /** The exact cost of a number of seconds; not rounded, so that the one rounding stays {@link Money#rounded}. */
    public BigFraction costOf(BigFraction seconds) {
        return exact().multiply(seconds).divide(SECONDS_PER_HOUR);
    }

    /** The cost of a number of seconds, rounded once, as that of a rated row is. */
    public Money roundedCostOf(long seconds) {
        return Money.rounded(costOf(BigFraction.of(seconds)));
    }

    public BigFraction exact() {
        return Money.exact(usd);
    }

    public boolean isZero() {
        return usd.signum() == 0;
    }

    /** Compares as numbers: 0.10 and 0.1 are the same here. */
    @Override
    public int compareTo(HourlyRate other) {
        return usd.compareTo(other.usd);
    }

    /** The digits it came with, without an exponent. */
    @Override
    public String toString() {
        return usd.toPlainString();
    }
}
