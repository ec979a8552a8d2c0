package io.cumulet.billing.domain.commitments;

import static io.cumulet.billing.domain.commitments.Reserved.OWNER;
import static io.cumulet.billing.domain.commitments.Reserved.START;
import static io.cumulet.billing.domain.commitments.Reserved.convertible;
import static io.cumulet.billing.domain.commitments.Reserved.ids;
import static io.cumulet.billing.domain.commitments.Reserved.refusal;
import static io.cumulet.billing.domain.commitments.Reserved.standard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cumulet.billing.domain.commitments.ForSale.Sale;
import io.cumulet.billing.domain.commitments.ForSale.Take;
import io.cumulet.billing.domain.commitments.Listing.PriceStep;
import io.cumulet.billing.domain.commitments.Listing.State;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final AccountId BUYER = new AccountId("210987654321");

    /** Half of the year is over with the hour that it is in: six months of 730 hours are left. */
    private static final Instant HALF = START.plus(Duration.ofHours(4_380)).plusSeconds(600);

    private final PurchasedCommitment owned = standard("owned").bought();

    @Test
    void withoutASchedulePricesFollowWhatIsLeftOfTheUpfrontFee() {
        // 438 of 876 are left for six months.
        assertThat(listed(owned, HALF, 2).prices())
                .extracting(Money::toString)
                .containsExactly("73", "146", "219", "292", "365", "438");
    }

    @Test
    void aPriceIsInForceUntilFewerMonthsAreLeftThanTheNextOnes() {
        Listing listing = list(owned, HALF, 1, step(6, "400"), step(2, "99.50")).orThrow();

        assertThat(listing.prices())
                .extracting(Money::toString)
                .containsExactly("99.5", "99.5", "400", "400", "400", "400");
        Instant withTwoMonthsLeft = owned.agreedEnd().minus(Duration.ofHours(3 * 730 - 1));
        assertThat(ForSale.of(listing, owned, withTwoMonthsLeft.minusSeconds(1))
                        .orElseThrow()
                        .price())
                .isEqualTo(Money.of("400"));
        assertThat(ForSale.of(listing, owned, withTwoMonthsLeft).orElseThrow().price())
                .isEqualTo(Money.of("99.5"));
    }

    @Test
    void onlyStandardOnesHeldFor30DaysWithAMonthLeftWhoseUpfrontFeeWasInvoicedAreSold() {
        Instant held = START.plus(Duration.ofDays(30));
        assertThat(refusal(list(owned, held.minusMillis(1), 1)).message()).contains("30 days");
        assertThat(list(owned, held, 1)).isInstanceOf(Outcome.Done.class);
        assertThat(refusal(list(convertible("c").bought(), HALF, 1)).field()).isEqualTo("reservedInstancesId");
        Instant lastMonth = owned.agreedEnd().minus(Duration.ofHours(729));
        assertThat(refusal(list(owned, lastMonth, 1)).message()).contains("a month");
        assertThat(list(owned, lastMonth.minusSeconds(1), 1)).isInstanceOf(Outcome.Done.class);
        assertThat(Listing.closesAt(owned)).isEqualTo(lastMonth);
        assertThat(refusal(new Listing.Wanted(owned, false, 1, List.of()).decide("l", HALF))
                        .message())
                .contains("invoice");
        assertThat(refusal(list(owned, owned.agreedEnd(), 1)).field()).isEqualTo("reservedInstancesId");
    }

    @Test
    void numbersAndPricesThatCannotBeAreRefusedWithTheField() {
        assertThat(refusal(list(owned, HALF, 3)).field()).isEqualTo("instanceCount");
        assertThat(refusal(list(owned, HALF, 0)).field()).isEqualTo("instanceCount");
        assertThat(refusal(list(owned, HALF, 1, step(7, "1"))).field()).isEqualTo("priceSchedules[0].term");
        assertThat(refusal(list(owned, HALF, 1, step(6, "1"), step(0, "1"))).field())
                .isEqualTo("priceSchedules[1].term");
        assertThat(refusal(list(owned, HALF, 1, step(6, "1"), step(6, "2"))).field())
                .isEqualTo("priceSchedules[1].term");
        assertThat(refusal(list(owned, HALF, 1, step(6, "0"))).field()).isEqualTo("priceSchedules[0].price");
        assertThat(refusal(list(owned, HALF, 1, step(6, "0.001"))).field()).isEqualTo("priceSchedules[0].price");
        assertThat(refusal(list(owned, HALF, 1, step(5, "1"))).field()).isEqualTo("priceSchedules");
        PurchasedCommitment nothingUpfront =
                standard("n").paid(PaymentOption.NO_UPFRONT, "0", "0.2").bought();
        assertThat(refusal(list(nothingUpfront, HALF, 1)).field()).isEqualTo("priceSchedules");
        assertThat(list(nothingUpfront, HALF, 1, step(6, "1"))).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void theBuyerPaysThePriceUpfrontAndTheSellerKeepsTheRest() {
        Listing listing = listed(owned, HALF, 2);
        Sale sale = new Take(ForSale.of(listing, owned, HALF).orElseThrow(), 1).to(BUYER, HALF, ids());

        assertThat(sale.paid()).isEqualTo(Money.of("438"));
        assertThat(sale.fee()).isEqualTo(Money.of("52.56"));
        assertThat(sale.retired().retirement().reason()).isEqualTo(Reason.SOLD);
        assertThat(sale.retired().retirement().replacedBy()).containsExactly("new-1");
        PurchasedCommitment rest = sale.rest().orElseThrow();
        assertThat(Reserved.fees(rest))
                .isEqualTo(new Fees(BigFraction.ZERO, BigFraction.of(438), BigFraction.of(1, 10)));
        assertThat(rest.heldSince()).isEqualTo(START);
        assertThat(sale.bought())
                .extracting(PurchasedCommitment::account, PurchasedCommitment::endsAt, PurchasedCommitment::heldSince)
                .containsExactly(BUYER, owned.agreedEnd(), HALF);
        assertThat(Reserved.fees(sale.bought()))
                .isEqualTo(new Fees(BigFraction.of(438), BigFraction.of(438), BigFraction.of(1, 10)));
        // The seller's hours cost what was paid for them; what was paid for the hours sold is in none.
        assertThat(Reserved.fees(sale.retired()).spread()).isEqualTo(BigFraction.of(876));
        assertThat(sale.listing())
                .extracting(Listing::state, Listing::sold, Listing::available, Listing::commitmentId)
                .containsExactly(State.ACTIVE, 1, 1, "new-1");
    }

    @Test
    void aSaleOfAllClosesTheListingAndLeavesNothing() {
        Listing listing = listed(owned, HALF, 2);
        Sale sale = new Take(ForSale.of(listing, owned, HALF).orElseThrow(), 2).to(BUYER, HALF, ids());

        assertThat(sale.rest()).isEmpty();
        assertThat(sale.retired().retirement().replacedBy()).isEmpty();
        assertThat(sale.listing().state()).isEqualTo(State.CLOSED);
        assertThat(ForSale.of(sale.listing(), sale.retired(), HALF)).isEmpty();
        assertThat(refusal(sale.listing().cancelled(HALF)).message()).contains("closed");
    }

    @Test
    void theSellerIsOwedThePriceLessTheFee() {
        assertThat(JournalEntry.ofSale(OWNER, "owned", HALF, Money.of("438"), Money.of("52.56"))
                        .postings())
                .isEqualTo(Map.of(
                        "cost/marketplace",
                        Money.of("438"),
                        "payable/" + OWNER,
                        Money.of("-385.44"),
                        "revenue/marketplace-fee",
                        Money.of("-52.56")));
    }

    @Test
    void theCheapestAreTakenFirstFromAsManySellersAsItTakes() {
        ForSale dear = ForSale.of(list(owned, HALF, 2, step(6, "20")).orThrow(), owned, HALF)
                .orElseThrow();
        ForSale cheap = ForSale.of(list(owned, HALF, 2, step(6, "10")).orThrow(), owned, HALF)
                .orElseThrow();

        assertThat(dear.offeringId()).isEqualTo(cheap.offeringId());
        assertThat(ForSale.cheapest(List.of(dear, cheap), 3).orElseThrow())
                .extracting(take -> take.from().price(), Take::count)
                .containsExactly(tuple(Money.of("10"), 2), tuple(Money.of("20"), 1));
        assertThat(ForSale.cheapest(List.of(dear, cheap), 5)).isEqualTo(Optional.empty());
    }

    @Test
    void offeringsAreAlikeInTypeHourlyPriceAndMonthsLeft() {
        ForSale one = ForSale.of(listed(owned, HALF, 2), owned, HALF).orElseThrow();
        PurchasedCommitment dearer =
                standard("d").paid(PaymentOption.PARTIAL_UPFRONT, "876", "0.2").bought();
        PurchasedCommitment longer =
                standard("l").startingAt(START.plus(Duration.ofHours(730))).bought();

        assertThat(ForSale.of(listed(dearer, HALF, 2), dearer, HALF)
                        .orElseThrow()
                        .offeringId())
                .isNotEqualTo(one.offeringId());
        assertThat(ForSale.of(listed(longer, HALF, 2), longer, HALF)
                        .orElseThrow()
                        .offeringId())
                .isNotEqualTo(one.offeringId());
    }

    @Test
    void whatIsCancelledOrTooShortIsNotForSale() {
        Listing listing = listed(owned, HALF, 2);
        assertThat(ForSale.of(listing.cancelled(HALF).orThrow(), owned, HALF)).isEmpty();
        assertThat(ForSale.of(listing, owned, Listing.closesAt(owned))).isEmpty();
        assertThat(listing.closed(HALF).state()).isEqualTo(State.CLOSED);
        assertThat(listing.cancelled(HALF).orThrow().closed(HALF).state()).isEqualTo(State.CANCELLED);
    }

    private static PriceStep step(int term, String price) {
        return new PriceStep(term, Money.of(price));
    }

    private static Outcome<Listing> list(PurchasedCommitment owned, Instant now, int count, PriceStep... steps) {
        return new Listing.Wanted(owned, true, count, List.of(steps)).decide("listing", now);
    }

    private static Listing listed(PurchasedCommitment owned, Instant now, int count) {
        return list(owned, now, count).orThrow();
    }
}
