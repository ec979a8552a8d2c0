package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** Collects what is charged. */
final class Ledger {

    private final List<RatedSegment> segments = new ArrayList<>();
    private final List<Unrated> unrated = new ArrayList<>();
    private final Set<String> unratedPlaces = new HashSet<>();

    /**
     * Charges equal rows in consecutive hours.
     *
     * @param first the row of the first hour
     * @param rate the price it was rated at; null where no hourly price applies
     */
    void add(@Nullable String place, RatedRow first, long hours, @Nullable HourlyRate rate) {
        segments.add(new RatedSegment(first, hours, rate, place));
    }

    /** Notes that something can't be rated from a moment on; once for each. */
    void addUnrated(UsageOwner owner, Instant from, String reason) {
        if (unratedPlaces.add(owner.place())) {
            unrated.add(new Unrated(owner.place(), owner.id(), from, reason));
        }
    }

    Rated close() {
        return new Rated(List.copyOf(segments), List.copyOf(unrated));
    }

    /** Seconds as a decimal: exact where it ends, else rounded. */
    static BigDecimal decimal(BigFraction seconds) {
        if (seconds.getDenominator().equals(BigInteger.ONE)) {
            return new BigDecimal(seconds.getNumerator());
        }
        try {
            return new BigDecimal(seconds.getNumerator()).divide(new BigDecimal(seconds.getDenominator()));
        } catch (ArithmeticException endless) {
            return Money.decimal(seconds).stripTrailingZeros();
        }
    }

    static long hourOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), RatedSegment.STEP_SECONDS);
    }

    static Instant startOf(long hour) {
        return Instant.ofEpochSecond(hour * RatedSegment.STEP_SECONDS);
    }
}
