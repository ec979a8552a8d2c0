package io.cumulet.billing.domain.rating;

import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What a commitment, or one unit of it, costs, exactly, in USD.
 *
 * @param upfront due once, in the first hour of the term
 * @param hourly due in every hour of the term, used or not
 */
public record Fees(BigFraction upfront, BigFraction hourly) {

    public Fees {
        if (upfront.signum() < 0 || hourly.signum() < 0) {
            throw new IllegalArgumentException("Fees are not negative");
        }
    }

    Fees times(int count) {
        return new Fees(upfront.multiply(count), hourly.multiply(count));
    }

    /** The hourly fee with the upfront fee spread over the term. */
    BigFraction effectiveHourly(Term term) {
        return hourly.add(upfront.divide(term.hours()));
    }
}
