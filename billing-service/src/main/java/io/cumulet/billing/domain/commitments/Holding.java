package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Active Reserved Instances, seen from the start of the current clock hour.
 *
 * @param hour the start of the hour
 */
record Holding(PurchasedCommitment commitment, Terms.ReservedInstances terms, Instant hour) {

    /**
     * What a request names, if all of it is active Reserved Instances.
     *
     * @param field the request's field at fault otherwise
     */
    static Outcome<List<Holding>> of(List<PurchasedCommitment> named, Instant now, String field) {
        Optional<Refusal> fault = named.stream()
                .filter(one -> one.stateAt(now) != PurchasedCommitment.State.ACTIVE)
                .map(one -> Refusal.of(
                        ErrorCode.INCORRECT_COMMITMENT_STATE,
                        field,
                        one.id() + " is " + one.stateAt(now).code() + ", not active"))
                .findFirst();
        return fault.isPresent()
                ? Outcome.refused(fault.get())
                : Outcome.done(named.stream()
                        .map(one -> new Holding(one, (Terms.ReservedInstances) one.terms(), Term.hourOf(now)))
                        .toList());
    }

    long hoursLeft() {
        return commitment.hoursLeft(hour);
    }

    /** What is left for one of them: nothing to be billed but what hasn't been, and what was paid for the hours left. */
    Fees unitFeesLeft() {
        return new Fees(
                commitment.unitUpfrontUnbilled(terms, hour),
                commitment.unitUpfrontLeft(terms, hour),
                terms.unitFees().hourly());
    }

    /** The same for all of them. */
    Fees feesLeft() {
        return unitFeesLeft().times(terms.count());
    }

    /** What is left of all of them: of the upfront fee, and the hourly fees to come. */
    BigFraction valueLeft() {
        return feesLeft().spread().add(feesLeft().hourly().multiply(hoursLeft()));
    }
}
