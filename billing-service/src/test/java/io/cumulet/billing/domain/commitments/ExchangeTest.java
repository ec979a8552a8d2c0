package io.cumulet.billing.domain.commitments;

import static io.cumulet.billing.domain.commitments.Reserved.START;
import static io.cumulet.billing.domain.commitments.Reserved.billedCost;
import static io.cumulet.billing.domain.commitments.Reserved.convertible;
import static io.cumulet.billing.domain.commitments.Reserved.effectiveCost;
import static io.cumulet.billing.domain.commitments.Reserved.ids;
import static io.cumulet.billing.domain.commitments.Reserved.refusal;
import static io.cumulet.billing.domain.commitments.Reserved.standard;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.commitments.Exchange.Quote;
import io.cumulet.billing.domain.commitments.Exchange.Wanted;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    /** Half of the year is over with the hour that it is in. */
    private static final Instant HALF = START.plus(Duration.ofHours(4_380)).plusSeconds(600);

    /** Two of 876 upfront and 0.1 an hour: in the second half 876 and 876, together 1,752. */
    private final PurchasedCommitment old = convertible("old").bought();

    @Test
    void theNumberIsRoundedUpToReachTheValueAndTheTrueUpIsWhatCostsMoreUpfront() {
        // One is worth 500 and 438 in half a year: two are 1,876.
        Quote quote = quote(wanted(
                convertible("c").withType("c5.xlarge").paid(PaymentOption.PARTIAL_UPFRONT, "1000", "0.1"), null));

        assertThat(quote.got().getFirst().count()).isEqualTo(2);
        assertThat(quote.valueLeft()).isEqualTo(number(1_752));
        assertThat(quote.upfrontLeft()).isEqualTo(number(876));
        assertThat(quote.newValue()).isEqualTo(number(1_876));
        assertThat(quote.trueUp()).isEqualTo(number(124));
        assertThat(quote.successorsEndAt()).isEqualTo(old.agreedEnd());
    }

    @Test
    void whatWasPaidForTheHoursLeftAndTheTrueUpAreSpreadOverTheNewOnes() {
        Replacement done =
                exchange(old, wanted(convertible("c").paid(PaymentOption.PARTIAL_UPFRONT, "1000", "0.1"), null));

        PurchasedCommitment retired = done.retired().getFirst();
        assertThat(retired.retirement().reason()).isEqualTo(Reason.EXCHANGED);
        assertThat(Reserved.fees(retired)).isEqualTo(new Fees(number(1_752), number(876), BigFraction.of(1, 5)));
        assertThat(Reserved.fees(done.successors().getFirst()))
                .isEqualTo(new Fees(number(124), number(1_000), BigFraction.of(1, 5)));
        List<PurchasedCommitment> all = new ArrayList<>(done.retired());
        all.addAll(done.successors());
        assertThat(effectiveCost(all)).isEqualTo(billedCost(all));
    }

    @Test
    void whatCostsLessUpfrontCostsNothingNowAndKeepsWhatWasPaid() {
        Replacement done =
                exchange(old, wanted(convertible("c").paid(PaymentOption.PARTIAL_UPFRONT, "100", "0.3"), null));

        assertThat(Reserved.fees(done.successors().getFirst()).upfront()).isEqualTo(BigFraction.ZERO);
        assertThat(Reserved.fees(done.successors().getFirst()).spread()).isEqualTo(number(876));
    }

    @Test
    void inTheHourOfThePurchaseTheUpfrontFeeIsBilledWithTheTrueUp() {
        Outcome<Replacement> outcome = new Exchange(
                        List.of(old),
                        List.of(wanted(convertible("c").paid(PaymentOption.PARTIAL_UPFRONT, "1000", "0.1"), 2)))
                .decide(START.plusSeconds(1), ids());

        PurchasedCommitment got = outcome.orThrow().successors().getFirst();
        assertThat(Reserved.fees(got).upfront()).isEqualTo(number(2_000));
        assertThat(Reserved.fees(got).spread()).isEqualTo(number(2_000));
    }

    @Test
    void severalOfferingsShareWhatIsPaidByWhatTheyCostUpfront() {
        Replacement done = new Exchange(
                        List.of(old),
                        List.of(
                                wanted(convertible("c").paid(PaymentOption.PARTIAL_UPFRONT, "600", "0.1"), 1),
                                wanted(convertible("d").paid(PaymentOption.ALL_UPFRONT, "1400", "0"), null)))
                .decide(HALF, ids())
                .orThrow();

        // 738 of the value come with the first; 1,014 are missing, two of 700 reach them.
        assertThat(done.successors())
                .extracting(one -> ((Terms.ReservedInstances) one.terms()).count())
                .containsExactly(1, 2);
        assertThat(done.successors())
                .extracting(one -> Reserved.fees(one).spread())
                .containsExactly(number(300), number(1_400));
        assertThat(done.successors().stream()
                        .map(one -> Reserved.fees(one).upfront())
                        .reduce(BigFraction.ZERO, BigFraction::add))
                .isEqualTo(number(824));
    }

    @Test
    void differentTermsBecomeThreeYearsWithTheLatestEnd() {
        PurchasedCommitment longer = convertible("longer").withYears(3).bought();
        Wanted threeYears =
                wanted(convertible("c").withYears(3).paid(PaymentOption.PARTIAL_UPFRONT, "3000", "0.1"), null);

        Quote quote = new Exchange(List.of(old, longer), List.of(threeYears))
                .quote(HALF)
                .orThrow();

        assertThat(quote.successorsEndAt()).isEqualTo(longer.agreedEnd());
        assertThat(refusal(new Exchange(
                                        List.of(old, longer),
                                        List.of(wanted(
                                                convertible("c").paid(PaymentOption.ALL_UPFRONT, "9999", "0"), null)))
                                .quote(HALF))
                        .field())
                .isEqualTo("targetOfferings[0].offeringId");
    }

    @Test
    void whatWasNotPaidUpfrontMayBeFromNowOnButNotTheOtherWayRound() {
        PurchasedCommitment noUpfront =
                convertible("n").paid(PaymentOption.NO_UPFRONT, "0", "0.2").bought();
        Wanted allUpfront = wanted(convertible("c").paid(PaymentOption.ALL_UPFRONT, "1752", "0"), null);

        assertThat(new Exchange(List.of(noUpfront), List.of(allUpfront))
                        .quote(HALF)
                        .orThrow()
                        .trueUp())
                .isEqualTo(number(1_752));
        assertThat(refusal(new Exchange(
                                        List.of(old),
                                        List.of(wanted(
                                                convertible("c").paid(PaymentOption.NO_UPFRONT, "0", "9"), null)))
                                .quote(HALF))
                        .field())
                .isEqualTo("targetOfferings[0].offeringId");
    }

    @Test
    void onlyConvertibleOnesWithADayLeftAreExchangedForConvertibleOnes() {
        Wanted any = wanted(convertible("c").paid(PaymentOption.ALL_UPFRONT, "9999", "0"), null);
        assertThat(refusal(new Exchange(List.of(standard("s").bought()), List.of(any)).quote(HALF))
                        .field())
                .isEqualTo("reservedInstancesIds");
        assertThat(refusal(new Exchange(List.of(old, old), List.of(any)).quote(HALF))
                        .field())
                .isEqualTo("reservedInstancesIds");
        Instant dayBefore = old.agreedEnd().minus(Duration.ofHours(24));
        assertThat(refusal(new Exchange(List.of(old), List.of(any)).quote(dayBefore.plusMillis(1)))
                        .message())
                .contains("24 hours");
        assertThat(new Exchange(List.of(old), List.of(any)).quote(dayBefore)).isInstanceOf(Outcome.Done.class);
        assertThat(refusal(new Exchange(List.of(old), List.of(wanted(standard("s"), null))).quote(HALF))
                        .field())
                .isEqualTo("targetOfferings[0].offeringId");
    }

    @Test
    void theValueIsReachedAndOneNumberAtMostLeftOpen() {
        Reserved small = convertible("c").paid(PaymentOption.ALL_UPFRONT, "100", "0");
        assertThat(refusal(new Exchange(List.of(old), List.of(wanted(small, 35))).quote(HALF)))
                .satisfies(refusal -> {
                    assertThat(refusal.field()).isEqualTo("targetOfferings");
                    assertThat(refusal.message()).contains("1750").contains("1752");
                });
        assertThat(new Exchange(List.of(old), List.of(wanted(small, 36))).quote(HALF))
                .isInstanceOf(Outcome.Done.class);
        assertThat(refusal(new Exchange(List.of(old), List.of(wanted(small, 0))).quote(HALF))
                        .field())
                .isEqualTo("targetOfferings[0].instanceCount");
        assertThat(refusal(new Exchange(List.of(old), List.of(wanted(small, null), wanted(small, null))).quote(HALF))
                        .field())
                .isEqualTo("targetOfferings[1].instanceCount");
    }

    private static BigFraction number(int whole) {
        return BigFraction.of(whole);
    }

    private static Wanted wanted(Reserved offering, @Nullable Integer count) {
        return new Wanted(offering.times(1).terms(), count);
    }

    private Quote quote(Wanted wanted) {
        return new Exchange(List.of(old), List.of(wanted)).quote(HALF).orThrow();
    }

    private static Replacement exchange(PurchasedCommitment old, Wanted wanted) {
        return new Exchange(List.of(old), List.of(wanted)).decide(HALF, ids()).orThrow();
    }
}
