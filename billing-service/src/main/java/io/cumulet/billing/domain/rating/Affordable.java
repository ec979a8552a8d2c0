package io.cumulet.billing.domain.rating;

import java.math.BigInteger;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** A number of seconds to be spent run by run. Kept as a whole number and a rest, for nearly all runs take whole seconds. */
final class Affordable {

    private long whole;
    private BigFraction rest;

    Affordable(BigFraction seconds) {
        // No usage of an hour comes near this, and it leaves room for sums.
        BigInteger floor =
                seconds.getNumerator().divide(seconds.getDenominator()).min(BigInteger.valueOf(Long.MAX_VALUE / 2));
        whole = floor.longValueExact();
        rest = seconds.subtract(BigFraction.of(floor));
    }

    boolean isSpent() {
        return whole == 0 && rest.signum() == 0;
    }

    /**
     * Pays for the rest of a run.
     *
     * @return null if it is paid for, else the seconds that could be
     */
    @Nullable
    BigFraction pay(long seconds, BigFraction paidBefore) {
        if (paidBefore.signum() == 0 && seconds <= whole) {
            whole -= seconds;
            return null;
        }
        BigFraction all = left();
        BigFraction due = BigFraction.of(seconds).subtract(paidBefore);
        if (due.compareTo(all) <= 0) {
            BigFraction after = all.subtract(due);
            whole = after.getNumerator().divide(after.getDenominator()).longValueExact();
            rest = after.subtract(BigFraction.of(whole));
            return null;
        }
        whole = 0;
        rest = BigFraction.ZERO;
        return all;
    }

    BigFraction left() {
        return rest.signum() == 0 ? BigFraction.of(whole) : rest.add(whole);
    }
}
