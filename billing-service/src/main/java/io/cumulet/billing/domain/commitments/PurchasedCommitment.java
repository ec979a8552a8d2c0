package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A commitment that an account bought.
 *
 * @param purchasedAt when it was ordered; its prices are those of this moment
 * @param startsAt when it begins to pay: the purchase, or later if it was queued
 * @param cancelledAt when it was taken out of the queue; null if it wasn't
 * @param version counts up with each event about it, from 1
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-concepts-buying.html">Buying Reserved
 *     Instances</a>, queued purchases included
 */
public record PurchasedCommitment(
        String id,
        AccountId account,
        Terms terms,
        Instant purchasedAt,
        Instant startsAt,
        @Nullable Instant cancelledAt,
        long version) {

    /** Where a commitment is in its life. */
    public enum State {
        /** Ordered for a later day: neither costs nor pays anything. */
        QUEUED("queued"),
        /** In its term: its fees fall due, and it pays. */
        ACTIVE("active"),
        /** Taken out of the queue before its term. */
        QUEUED_DELETED("queued-deleted"),
        /** Its term is over. */
        RETIRED("retired");

        private final String code;

        State(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** The state at a moment; it follows from the moment alone. */
    public State stateAt(Instant now) {
        if (cancelledAt != null) {
            return State.QUEUED_DELETED;
        }
        if (now.isBefore(startsAt)) {
            return State.QUEUED;
        }
        return now.isBefore(endsAt()) ? State.ACTIVE : State.RETIRED;
    }

    public Term term() {
        return new Term(startsAt, terms.years());
    }

    /** The end of the last hour that it pays for. */
    public Instant endsAt() {
        return term().end();
    }

    /** The same, taken out of the queue. */
    public PurchasedCommitment cancelled(Instant at) {
        return new PurchasedCommitment(id, account, terms, purchasedAt, startsAt, at, version + 1);
    }

    /** The same with the next version, for one more event. */
    public PurchasedCommitment next() {
        return new PurchasedCommitment(id, account, terms, purchasedAt, startsAt, cancelledAt, version + 1);
    }
}
