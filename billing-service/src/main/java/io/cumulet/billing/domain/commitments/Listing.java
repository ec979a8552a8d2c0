package io.cumulet.billing.domain.commitments;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Standard Reserved Instances that their owner sells on the Marketplace, for an upfront price that goes down with the months
 * that are left. A month is 730 hours, a twelfth of a year's term; what is left is counted in whole months.
 *
 * @param commitmentId what is sold, or what sales have left of it
 * @param listed how many were offered
 * @param sold how many of them are sold
 * @param prices USD for one while so many whole months are left: the first for one month
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-general.html">Reserved Instance Marketplace</a>
 */
public record Listing(
        String id,
        AccountId account,
        Region region,
        String commitmentId,
        State state,
        int listed,
        int sold,
        List<Money> prices,
        Instant createdAt,
        Instant updatedAt) {

    static final long HOURS_PER_MONTH = 730;

    private static final Duration LEAST_HELD = Duration.ofDays(30);
    private static final int PRICE_DECIMALS = 2;

    private static final String ID = "reservedInstancesId";
    private static final String COUNT = "instanceCount";
    private static final String PRICES = "priceSchedules";

    /** Where a listing is in its life. */
    public enum State {
        ACTIVE("active"),
        /** By the seller; what was sold stays sold. */
        CANCELLED("cancelled"),
        /** All is sold, or less than a month is left. */
        CLOSED("closed");

        private final String code;

        State(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        public static Optional<State> ofCode(String code) {
            for (State state : values()) {
                if (state.code.equals(code)) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A price, in force from when so many whole months are left until the next price's.
     *
     * @param term months left
     * @param price USD for one
     */
    public record PriceStep(int term, Money price) {}

    /**
     * What somebody wants to sell.
     *
     * @param isUpfrontInvoiced whether the seller was asked to pay the upfront fee
     * @param steps empty for the part of the upfront fee that is left in each month
     */
    public record Wanted(PurchasedCommitment commitment, boolean isUpfrontInvoiced, int count, List<PriceStep> steps) {

        /** Decides on the listing at a moment. */
        public Outcome<Listing> decide(String id, Instant now) {
            return Holding.of(List.of(commitment), now, ID).flatMap(held -> decide(held.getFirst(), id, now));
        }

        private Outcome<Listing> decide(Holding held, String id, Instant now) {
            Optional<Refusal> fault = fault(held, now);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            return prices(held)
                    .map(prices -> new Listing(
                            id,
                            commitment.account(),
                            held.terms().region(),
                            commitment.id(),
                            State.ACTIVE,
                            count,
                            0,
                            prices,
                            now,
                            now));
        }

        private Optional<Refusal> fault(Holding held, Instant now) {
            if (held.terms().offeringClass() != OfferingClass.STANDARD) {
                return invalid(ID, "Convertible Reserved Instances can't be sold");
            }
            if (now.isBefore(commitment.heldSince().plus(LEAST_HELD))) {
                return notYet("They can be sold once they were held for 30 days");
            }
            if (monthsLeft(held) < 1) {
                return notYet("They can't be sold with less than a month left");
            }
            if (!isUpfrontInvoiced && held.terms().unitFees().spread().signum() > 0) {
                return notYet("They can be sold once the invoice with their upfront fee was issued");
            }
            if (count < 1 || count > held.terms().count()) {
                return invalid(COUNT, "It is 1 to " + held.terms().count() + ", not " + count);
            }
            return Optional.empty();
        }

        private Outcome<List<Money>> prices(Holding held) {
            int months = monthsLeft(held);
            return steps.isEmpty() ? declining(held, months) : filled(months);
        }

        /** In equal steps, from what is left of the upfront fee. */
        private static Outcome<List<Money>> declining(Holding held, int months) {
            List<Money> prices = new ArrayList<>();
            for (int month = 1; month <= months; month++) {
                prices.add(Amounts.cents(held.unitFeesLeft().spread().multiply(BigFraction.of(month, months))));
            }
            return prices.getFirst().equals(Money.ZERO)
                    ? Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            PRICES,
                            "Too little of an upfront fee is left to follow it: say what they cost")
                    : Outcome.done(prices);
        }

        /** Each month at the price of the last step that it has come to. */
        private Outcome<List<Money>> filled(int months) {
            NavigableMap<Integer, Money> byTerm = new TreeMap<>();
            for (int i = 0; i < steps.size(); i++) {
                PriceStep step = steps.get(i);
                String place = PRICES + "[" + i + "].";
                if (step.term() < 1 || step.term() > months) {
                    return Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            place + "term",
                            "It is 1 to " + months + ", the whole months that are left, not " + step.term());
                }
                if (step.price().usd().signum() <= 0 || step.price().usd().scale() > PRICE_DECIMALS) {
                    return Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            place + "price",
                            "A price is above 0, in whole cents, not " + step.price());
                }
                if (byTerm.put(step.term(), step.price()) != null) {
                    return Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            place + "term",
                            "There is another price for " + step.term() + " months");
                }
            }
            if (byTerm.lastKey() < months) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        PRICES,
                        "The first price is that of " + months + " months, which are left now");
            }
            List<Money> prices = new ArrayList<>();
            for (int month = 1; month <= months; month++) {
                prices.add(byTerm.ceilingEntry(month).getValue());
            }
            return Outcome.done(prices);
        }
    }

    /** Whole months. */
    private static int monthsLeft(Holding held) {
        return (int) (held.hoursLeft() / HOURS_PER_MONTH);
    }

    /** How many can be bought. */
    public int available() {
        return state == State.ACTIVE ? listed - sold : 0;
    }

    /** The moment from which on less than a month is left of what is listed. */
    public static Instant closesAt(PurchasedCommitment commitment) {
        return commitment.agreedEnd().minus(Duration.ofHours(HOURS_PER_MONTH - 1));
    }

    /** What is unsold is taken back. */
    public Outcome<Listing> cancelled(Instant now) {
        return state == State.ACTIVE
                ? Outcome.done(with(State.CANCELLED, sold, commitmentId, now))
                : Outcome.refused(
                        ErrorCode.INCORRECT_COMMITMENT_STATE,
                        "id",
                        "Only an active listing can be cancelled; this one is " + state.code());
    }

    /** Less than a month is left; nothing happens to what isn't for sale any more. */
    public Listing closed(Instant now) {
        return state == State.ACTIVE ? with(State.CLOSED, sold, commitmentId, now) : this;
    }

    /** @param rest what the seller keeps; what it was, if nothing */
    Listing sold(int count, String rest, Instant now) {
        return with(sold + count == listed ? State.CLOSED : State.ACTIVE, sold + count, rest, now);
    }

    private Listing with(State newState, int newSold, String newCommitmentId, Instant now) {
        return new Listing(id, account, region, newCommitmentId, newState, listed, newSold, prices, createdAt, now);
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }

    private static Optional<Refusal> notYet(String message) {
        return Optional.of(Refusal.of(ErrorCode.INCORRECT_COMMITMENT_STATE, ID, message));
    }
}
