package io.cumulet.billing.domain.rating;

import java.time.Instant;

/**
 * The term of a commitment: it begins with the clock hour in which it was bought, and a year is 8,760 hours.
 *
 * @param years 1 or 3
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/concepts-reserved-instances-application.html">How
 *     Reserved Instances are applied</a>
 */
public record Term(Instant bought, int years) {

    private static final long HOURS_PER_YEAR = 8_760;

    public Term {
        if (years != 1 && years != 3) {
            throw new IllegalArgumentException("A term is 1 or 3 years: " + years);
        }
    }

    public long hours() {
        return hours(years);
    }

    /** The hours of a term of that many years. */
    public static long hours(int years) {
        return years * HOURS_PER_YEAR;
    }

    /** The end of the last hour. */
    public Instant end() {
        return Instant.ofEpochSecond(untilHour() * RatedSegment.STEP_SECONDS);
    }

    /** The first hour, counted from the epoch. */
    long firstHour() {
        return Math.floorDiv(bought.getEpochSecond(), RatedSegment.STEP_SECONDS);
    }

    /** The first hour behind the term, counted from the epoch. */
    long untilHour() {
        return firstHour() + hours();
    }
}
