package io.cumulet.billing.domain.commitments;

import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.commons.numbers.fraction.BigFraction;

/** Exact amounts in USD as text. */
public final class Amounts {

    /** As many as a price has at most. */
    private static final int DECIMALS = 12;

    private static final BigDecimal CENTS = BigDecimal.valueOf(100);

    private Amounts() {}

    /** For people and events: plain digits; what has more than {@value #DECIMALS} decimals is rounded, half to even. */
    public static String decimal(BigFraction amount) {
        BigDecimal rounded = new BigDecimal(amount.getNumerator())
                .divide(new BigDecimal(amount.getDenominator()), DECIMALS, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** As {@link #parse} reads it: nothing is lost. */
    public static String exact(BigFraction amount) {
        return amount.getNumerator() + "/" + amount.getDenominator();
    }

    /** A decimal, or a fraction such as 1/3. */
    public static BigFraction parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Money.exact(new BigDecimal(text))
                : BigFraction.of(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }

    /** Down to whole cents. */
    static Money cents(BigFraction amount) {
        BigFraction inCents = amount.multiply(BigInteger.valueOf(100));
        BigInteger whole = inCents.getNumerator().divide(inCents.getDenominator());
        return new Money(new BigDecimal(whole).divide(CENTS));
    }
}
