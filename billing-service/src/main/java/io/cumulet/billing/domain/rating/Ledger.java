package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** Collects what is charged. */
final class Ledger {

    private static final BigInteger FIVE = BigInteger.valueOf(5);

    private static final BigDecimal WHOLE_HOUR = BigDecimal.valueOf(RatedSegment.STEP_SECONDS);

    private final Map<Long, Instant> starts = new HashMap<>();
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
            BigDecimal whole = new BigDecimal(seconds.getNumerator());
            return whole.equals(WHOLE_HOUR) ? WHOLE_HOUR : whole;
        }
        BigInteger denominator = seconds.getDenominator();
        return ends(denominator)
                ? new BigDecimal(seconds.getNumerator()).divide(new BigDecimal(denominator))
                : Money.decimal(seconds).stripTrailingZeros();
    }

    /** Whether a fraction in lowest terms ends as a decimal: its denominator has no other factors than 2 and 5. */
    private static boolean ends(BigInteger denominator) {
        BigInteger rest = denominator.shiftRight(denominator.getLowestSetBit());
        BigInteger[] divided = rest.divideAndRemainder(FIVE);
        while (divided[1].signum() == 0) {
            rest = divided[0];
            divided = rest.divideAndRemainder(FIVE);
        }
        return rest.equals(BigInteger.ONE);
    }

    static long hourOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), RatedSegment.STEP_SECONDS);
    }

    /** The start of an hour; the same object for the same hour, since millions of rows have one of a few hundred. */
    Instant startOf(long hour) {
        return starts.computeIfAbsent(hour, of -> Instant.ofEpochSecond(of * RatedSegment.STEP_SECONDS));
    }
}
