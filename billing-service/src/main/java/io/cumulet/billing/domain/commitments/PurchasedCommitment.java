package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * A commitment that an account bought, or got for one that it had bought.
 *
 * @param purchasedAt when it was ordered; its prices are those of this moment
 * @param startsAt when it begins to pay: the purchase, or later if it was queued
 * @param heldSince since when the account has it, or had what a modification or a sale made it of: the last of several
 * @param agreedEnd the end of the last hour that it was to pay for, on the hour
 * @param cancelledAt when it was taken out of the queue; null if it wasn't
 * @param retirement why it ended early; null if it didn't
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
        Instant heldSince,
        Instant agreedEnd,
        @Nullable Instant cancelledAt,
        @Nullable Retirement retirement,
        long version) {

    /** Why a commitment ends before its term does. */
    public enum Reason {
        MODIFIED("modified"),
        EXCHANGED("exchanged"),
        SOLD("sold"),
        /** A Savings Plan; it never paid for anything. */
        RETURNED("returned");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        public static Optional<Reason> ofCode(String code) {
            for (Reason reason : values()) {
                if (reason.code.equals(code)) {
                    return Optional.of(reason);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * An early end.
     *
     * @param at the start of the first hour that it doesn't pay for any more
     * @param replacedBy what the same account has instead
     */
    public record Retirement(Reason reason, Instant at, List<String> replacedBy) {}

    /** Where a commitment is in its life. */
    public enum State {
        /** Ordered for a later day: neither costs nor pays anything. */
        QUEUED("queued"),
        /** In its term: its fees fall due, and it pays. */
        ACTIVE("active"),
        /** Taken out of the queue before its term. */
        QUEUED_DELETED("queued-deleted"),
        /** Its term is over, or something else took its place. */
        RETIRED("retired"),
        /** A Savings Plan that was given back. */
        RETURNED("returned");

        private final String code;

        State(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** As it is bought: for the whole term. */
    public PurchasedCommitment(
            String id,
            AccountId account,
            Terms terms,
            Instant purchasedAt,
            Instant startsAt,
            @Nullable Instant cancelledAt,
            long version) {
        this(
                id,
                account,
                terms,
                purchasedAt,
                startsAt,
                startsAt,
                new Term(startsAt, terms.years()).end(),
                cancelledAt,
                null,
                version);
    }

    /** The state at a moment; it follows from the moment alone. */
    public State stateAt(Instant now) {
        if (cancelledAt != null) {
            return State.QUEUED_DELETED;
        }
        if (retirement != null) {
            return retirement.reason() == Reason.RETURNED ? State.RETURNED : State.RETIRED;
        }
        if (now.isBefore(startsAt)) {
            return State.QUEUED;
        }
        return now.isBefore(agreedEnd) ? State.ACTIVE : State.RETIRED;
    }

    /** The hours that it pays for; none if something took its place in its first hour. */
    public Term term() {
        return new Term(startsAt, endsAt());
    }

    /** The hours that it was to pay for when it began. */
    public Term agreedTerm() {
        return new Term(startsAt, agreedEnd);
    }

    /** The end of the last hour that it pays for. */
    public Instant endsAt() {
        return retirement == null ? agreedEnd : retirement.at();
    }

    /** What one of its Reserved Instances costs in the hours that it pays for, which are one at least. */
    public Fees unitFees(Terms.OfInstances terms) {
        Fees agreed = terms.unitFees();
        return retirement == null
                ? agreed
                : new Fees(agreed.upfront(), agreed.spread().multiply(shareOf(term().hours())), agreed.hourly());
    }

    /** What was paid upfront for one of its Reserved Instances, for the hours from one on. */
    BigFraction unitUpfrontLeft(Terms.ReservedInstances terms, Instant fromHour) {
        return terms.unitFees().spread().multiply(shareOf(hoursLeft(fromHour)));
    }

    /** What is left to be billed upfront for one of its Reserved Instances if it ends with an hour. */
    BigFraction unitUpfrontUnbilled(Terms.ReservedInstances terms, Instant hour) {
        return term().from().equals(hour) ? terms.unitFees().upfront() : BigFraction.ZERO;
    }

    /** The hours of the agreed term from one on. */
    long hoursLeft(Instant fromHour) {
        return Duration.between(fromHour, agreedEnd).toHours();
    }

    private BigFraction shareOf(long hours) {
        return BigFraction.of(hours, agreedTerm().hours());
    }

    /** The same, taken out of the queue. */
    public PurchasedCommitment cancelled(Instant at) {
        return new PurchasedCommitment(
                id, account, terms, purchasedAt, startsAt, heldSince, agreedEnd, at, retirement, version + 1);
    }

    /** The same, ended early. */
    PurchasedCommitment retired(Retirement why) {
        return new PurchasedCommitment(
                id, account, terms, purchasedAt, startsAt, heldSince, agreedEnd, cancelledAt, why, version + 1);
    }

    /** The same with the next version, for one more event. */
    public PurchasedCommitment next() {
        return new PurchasedCommitment(
                id, account, terms, purchasedAt, startsAt, heldSince, agreedEnd, cancelledAt, retirement, version + 1);
    }
}
