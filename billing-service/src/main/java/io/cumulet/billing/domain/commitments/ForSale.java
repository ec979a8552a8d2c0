package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What of a listing can be bought now.
 *
 * @param monthsLeft whole months, 1 at least
 * @param price USD for one
 */
public record ForSale(Listing listing, PurchasedCommitment commitment, int monthsLeft, Money price) {

    /** The lowest price first, then who listed first. */
    public static final Comparator<ForSale> ORDER = Comparator.comparing(ForSale::price)
            .thenComparing(one -> one.listing().createdAt())
            .thenComparing(one -> one.listing().id());

    /** Of the upfront price; the seller pays it. */
    public static final BigDecimal FEE = new BigDecimal("0.12");

    /** A listing at a moment; empty if nothing of it can be bought. */
    public static Optional<ForSale> of(Listing listing, PurchasedCommitment commitment, Instant now) {
        long months = commitment.hoursLeft(Term.hourOf(now)) / Listing.HOURS_PER_MONTH;
        return listing.available() > 0 && commitment.stateAt(now) == State.ACTIVE && months >= 1
                ? Optional.of(new ForSale(
                        listing, commitment, (int) months, listing.prices().get((int) months - 1)))
                : Optional.empty();
    }

    public Terms.ReservedInstances terms() {
        return (Terms.ReservedInstances) commitment.terms();
    }

    /** The same for all that a buyer can't tell apart but by price: what it is, its hourly price, and how long it lasts. */
    public String offeringId() {
        Terms.ReservedInstances terms = terms();
        String name = String.join(
                "/",
                "marketplace",
                terms.region().value(),
                String.valueOf(terms.zone()),
                terms.instanceType().value(),
                terms.os().code(),
                terms.paymentOption().code(),
                Integer.toString(terms.years()),
                Amounts.exact(terms.unitFees().hourly()),
                Integer.toString(monthsLeft));
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * Part of a purchase: what one listing gives.
     *
     * @param retired the seller's, as it ends
     * @param rest what the seller keeps of it; empty if nothing
     * @param bought the buyer's
     * @param paid USD for all of it
     */
    public record Sale(
            Listing listing,
            PurchasedCommitment retired,
            Optional<PurchasedCommitment> rest,
            PurchasedCommitment bought,
            Money paid) {

        /** What the seller pays for the sale. */
        public Money fee() {
            return new Money(paid.usd().multiply(FEE));
        }
    }

    /** How many are taken of what is for sale, cheapest first; empty if there aren't so many. */
    public static Optional<List<Take>> cheapest(List<ForSale> forSale, int count) {
        List<Take> taken = new ArrayList<>();
        int missing = count;
        for (ForSale one : forSale.stream().sorted(ORDER).toList()) {
            int some = Math.min(missing, one.listing().available());
            if (some > 0) {
                taken.add(new Take(one, some));
                missing -= some;
            }
        }
        return missing == 0 ? Optional.of(taken) : Optional.empty();
    }

    /** Some of what is for sale. */
    public record Take(ForSale from, int count) {

        public Money cost() {
            return new Money(from.price().usd().multiply(BigDecimal.valueOf(count)));
        }

        /**
         * Sells it. The seller's ends with the hour before; the buyer has it, and the seller what is left of it, from the start
         * of this hour to its end. The buyer's upfront fee is the price; hourly fees stay what they are.
         *
         * @param ids an id for each new commitment
         */
        public Sale to(AccountId buyer, Instant now, Supplier<String> ids) {
            Holding held = new Holding(from.commitment(), from.terms(), Term.hourOf(now));
            PurchasedCommitment sold = from.commitment();
            int kept = held.terms().count() - count;
            Optional<PurchasedCommitment> rest = kept == 0
                    ? Optional.empty()
                    : Optional.of(new PurchasedCommitment(
                            ids.get(),
                            sold.account(),
                            held.terms().with(kept, held.unitFeesLeft()),
                            sold.purchasedAt(),
                            now,
                            sold.heldSince(),
                            sold.agreedEnd(),
                            null,
                            null,
                            1));
            Fees unitFees = new Fees(
                    Money.exact(from.price().usd()), held.terms().unitFees().hourly());
            PurchasedCommitment bought = new PurchasedCommitment(
                    ids.get(),
                    buyer,
                    held.terms().with(count, unitFees),
                    now,
                    now,
                    now,
                    sold.agreedEnd(),
                    null,
                    null,
                    1);
            List<String> replacedBy =
                    rest.map(PurchasedCommitment::id).map(List::of).orElse(List.of());
            return new Sale(
                    from.listing().sold(count, rest.map(PurchasedCommitment::id).orElse(sold.id()), now),
                    sold.retired(new Retirement(Reason.SOLD, held.hour(), replacedBy)),
                    rest,
                    bought,
                    cost());
        }
    }
}
