package io.cumulet.billing.domain.rating;

import java.time.Duration;
import java.time.Instant;

/**
 * The term of a commitment: it begins with the clock hour in which it was bought, and a year is 8,760 hours.
 *
 * @param end the end of the last hour, on the hour; a term that ends with the hour it began in has no hours
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/concepts-reserved-instances-application.html">How
 *     Reserved Instances are applied</a>
 */
public record Term(Instant bought, Instant end) {

    private static final long HOURS_PER_YEAR = 8_760;

    public Term {
        if (end.getEpochSecond() % RatedSegment.STEP_SECONDS != 0 || end.getNano() != 0) {
            throw new IllegalArgumentException("A term ends on the hour: " + end);
        }
        if (end.isBefore(hourOf(bought))) {
            throw new IllegalArgumentException("A term ends behind its beginning: " + end);
        }
    }

    /** @param years 1 or 3 */
    public Term(Instant bought, int years) {
        this(bought, hourOf(bought).plus(Duration.ofHours(hours(years))));
    }

    /** The hours of a term of that many years, 1 or 3. */
    public static long hours(int years) {
        if (years != 1 && years != 3) {
            throw new IllegalArgumentException("A term is 1 or 3 years: " + years);
        }
        return years * HOURS_PER_YEAR;
    }

    /** The start of the clock hour that a moment is in. */
    public static Instant hourOf(Instant moment) {
        return Instant.ofEpochSecond(
                Math.floorDiv(moment.getEpochSecond(), RatedSegment.STEP_SECONDS) * RatedSegment.STEP_SECONDS);
    }

    /** The start of the first hour. */
    public Instant from() {
        return hourOf(bought);
    }

    public long hours() {
        return untilHour() - firstHour();
    }

    /** The first hour, counted from the epoch. */
    long firstHour() {
        return Ledger.hourOf(bought);
    }

    /** The first hour behind the term, counted from the epoch. */
    long untilHour() {
        return Ledger.hourOf(end);
    }
}
