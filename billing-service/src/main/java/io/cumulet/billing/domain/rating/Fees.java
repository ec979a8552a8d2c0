package io.cumulet.billing.domain.rating;

import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What a commitment, or one unit of it, costs, exactly, in USD.
 *
 * @param upfront due once, in the first hour of the term
 * @param spread what was paid upfront for the hours of the term, and is spread over them. It is another amount than {@code
 *     upfront} where a commitment took the place of one that had been paid for
 * @param hourly due in every hour of the term, used or not
 */
public record Fees(BigFraction upfront, BigFraction spread, BigFraction hourly) {

    public Fees {
        if (upfront.signum() < 0 || spread.signum() < 0 || hourly.signum() < 0) {
            throw new IllegalArgumentException("Fees are not negative");
        }
    }

    /** What is due upfront is spread over the term. */
    public Fees(BigFraction upfront, BigFraction hourly) {
        this(upfront, upfront, hourly);
    }

    public Fees times(BigFraction count) {
        return new Fees(upfront.multiply(count), spread.multiply(count), hourly.multiply(count));
    }

    public Fees times(int count) {
        return times(BigFraction.of(count));
    }

    public Fees plus(Fees other) {
        return new Fees(upfront.add(other.upfront), spread.add(other.spread), hourly.add(other.hourly));
    }

    /** The hourly fee with what was paid upfront spread over a term that has hours. */
    public BigFraction effectiveHourly(Term term) {
        return hourly.add(spread.divide(term.hours()));
    }
}
