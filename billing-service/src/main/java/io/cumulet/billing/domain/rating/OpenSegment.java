package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** A segment that may still get longer. */
final class OpenSegment {

    private final @Nullable String place;
    private final Category category;
    private final AccountId account;
    private final String resourceId;
    private final long startSecond;
    private final @Nullable BigFraction seconds;
    private final @Nullable HourlyRate rate;
    private final Costs costs;
    private long hours;

    OpenSegment(
            @Nullable String place,
            Category category,
            AccountId account,
            String resourceId,
            long startSecond,
            long hours,
            @Nullable BigFraction seconds,
            @Nullable HourlyRate rate,
            Costs costs) {
        this.place = place;
        this.category = category;
        this.account = account;
        this.resourceId = resourceId;
        this.startSecond = startSecond;
        this.hours = hours;
        this.seconds = seconds;
        this.rate = rate;
        this.costs = costs;
    }

    /** Makes the segment longer if what comes next is the same again, straight after it. */
    boolean extendedBy(
            Category nextCategory,
            long nextStartSecond,
            long nextHours,
            @Nullable BigFraction nextSeconds,
            @Nullable HourlyRate nextRate) {
        boolean same = category == nextCategory
                && startSecond + hours * RatedSegment.STEP_SECONDS == nextStartSecond
                && Objects.equals(seconds, nextSeconds)
                && Objects.equals(rate, nextRate);
        if (same) {
            hours += nextHours;
        }
        return same;
    }

    RatedSegment close() {
        RatedRow first = new RatedRow(
                Instant.ofEpochSecond(startSecond),
                account,
                category,
                resourceId,
                null,
                seconds == null ? null : decimal(seconds),
                costs);
        return new RatedSegment(first, hours, rate, place);
    }

    private static BigDecimal decimal(BigFraction seconds) {
        if (seconds.getDenominator().equals(BigInteger.ONE)) {
            return new BigDecimal(seconds.getNumerator());
        }
        try {
            return new BigDecimal(seconds.getNumerator()).divide(new BigDecimal(seconds.getDenominator()));
        } catch (ArithmeticException endless) {
            return Money.decimal(seconds).stripTrailingZeros();
        }
    }
}
