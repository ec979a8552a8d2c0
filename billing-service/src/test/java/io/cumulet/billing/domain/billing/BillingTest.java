package io.cumulet.billing.domain.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cumulet.billing.domain.billing.Bill.Line;
import io.cumulet.billing.domain.billing.Bill.Provisional;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.metering.UsageRun.Cause;
import io.cumulet.billing.domain.metering.UsageRun.End;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.PriceTable;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BillingTest {

    private static final AccountId ACCOUNT = new AccountId("111111111111");
    private static final AccountId OTHER = new AccountId("222222222222");
    private static final AccountId THIRD = new AccountId("333333333333");
    private static final InstanceType MICRO = new InstanceType("t2.micro");
    private static final Region VIRGINIA = new Region("us-east-1");
    private static final Region IRELAND = new Region("eu-west-1");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Interval MONTH = new Interval(START, Instant.parse("2026-02-01T00:00:00Z"));
    private static final Instant LATER = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void whatIsFreeIsFreeOnceForAllRegionsAlsoInTheBillOfOne() {
        Billing billing = billing(new FreeTier(Set.of(MICRO), 1, Set.of(ACCOUNT)), null);
        List<UsageRun> runs = List.of(
                ended("i-1", "us-east-1a", Market.ON_DEMAND, START, 3_600, Cause.USER),
                ended("i-2", "eu-west-1a", Market.ON_DEMAND, START.plusSeconds(1), 3_600, Cause.USER));

        Bill all = bill(billing, request(null, LATER), records(runs), at -> prices("0.01"));
        Bill ireland = bill(billing, request(IRELAND, LATER), records(runs), at -> prices("0.01"));

        assertThat(all.totals().billed()).isEqualTo(Money.of("0.01"));
        assertThat(ireland.totals().billed()).isEqualTo(Money.of("0.01"));
        assertThat(ireland.lines()).extracting(Line::region).containsOnly(IRELAND);
    }

    @Test
    void aLineSumsUpWhatHasTheSameResourceCategoryAndRate() {
        List<UsageRun> runs = List.of(
                ended("i-1", "us-east-1a", Market.ON_DEMAND, START, 7_200, Cause.USER),
                ended("i-1", "us-east-1a", Market.ON_DEMAND, START.plusSeconds(90_000), 1_800, Cause.USER));

        Bill bill = bill(billing(FreeTier.NONE, null), request(null, LATER), records(runs), at -> prices("0.1"));

        assertThat(bill.lines()).hasSize(1);
        Line line = bill.lines().getFirst();
        assertThat(line.category()).isEqualTo(Category.ON_DEMAND);
        assertThat(line.seconds()).isEqualByComparingTo("9000");
        assertThat(line.rows()).isEqualTo(3);
        assertThat(line.costs().billed()).isEqualTo(Money.of("0.25"));
        assertThat(bill.provisional()).isEmpty();
        assertThat(bill.invoiceTotal()).isEqualTo(Money.of("0.25"));
    }

    @Test
    void anHourHasThePriceThatIsInForceWhenItBegins() {
        Instant change = START.plus(Duration.ofHours(1));
        Billing billing = billing(FreeTier.NONE, change);
        List<UsageRun> runs = List.of(ended("i-1", "us-east-1a", Market.ON_DEMAND, START, 7_200, Cause.USER));

        Bill bill =
                bill(billing, request(null, LATER), records(runs), at -> prices(at.isBefore(change) ? "0.1" : "0.2"));

        assertThat(bill.lines())
                .extracting(Line::hourlyRate)
                .containsExactly(HourlyRate.of("0.1"), HourlyRate.of("0.2"));
        assertThat(bill.totals().billed()).isEqualTo(Money.of("0.3"));
    }

    @Test
    void aSpotHourThatBeginsInTheMonthMayStillGoOnBehindIt() {
        Instant lastHour = MONTH.until().minusSeconds(1_800);
        UsageRun running = new UsageRun("i-1", 1, thing("us-east-1a", Market.SPOT), lastHour, null, false, 2);

        Bill atItsEnd = bill(
                billing(FreeTier.NONE, null),
                request(null, MONTH.until()),
                records(List.of(running)),
                at -> prices("0.1"));
        Bill later = bill(
                billing(FreeTier.NONE, null),
                request(null, MONTH.until().plusSeconds(1_800)),
                records(List.of(running)),
                at -> prices("0.1"));
        Bill muchLater = bill(
                billing(FreeTier.NONE, null), request(null, LATER), records(List.of(running)), at -> prices("0.1"));

        assertThat(atItsEnd.provisional()).containsExactly(Provisional.SPOT_HOUR_GOES_ON);
        assertThat(atItsEnd.lines().getFirst().seconds()).isEqualByComparingTo("1800");
        assertThat(later.lines().getFirst().seconds()).isEqualByComparingTo("3600");
        assertThat(muchLater.provisional()).isEmpty();
        assertThat(muchLater.lines().getFirst().seconds()).isEqualByComparingTo("3600");
    }

    @Test
    void whileTheMonthGoesOnTheBillSaysSoAndGoesUpToWhatIsKnown() {
        UsageRun running = new UsageRun("i-1", 1, thing("us-east-1a", Market.ON_DEMAND), START, null, false, 2);
        Instant known = START.plusSeconds(5_400);

        Bill bill = bill(
                billing(FreeTier.NONE, null), request(null, known), records(List.of(running)), at -> prices("0.1"));

        assertThat(bill.completeUntil()).isEqualTo(known);
        assertThat(bill.provisional()).containsExactly(Provisional.PERIOD_NOT_OVER);
        assertThat(bill.totals().billed()).isEqualTo(Money.of("0.15"));
        assertThat(bill.stillRunning()).containsExactly(running);
    }

    @Test
    void whatWasBoughtPaysForUsageAndIsPaidForHourByHour() {
        UsageRun running = new UsageRun("i-1", 1, thing("us-east-1a", Market.ON_DEMAND), START, null, false, 2);
        PurchasedCommitment bought = reserved(START.plusSeconds(3_600), 2);
        Instant known = START.plusSeconds(9_000);

        Bill bill = bill(
                billing(FreeTier.NONE, null),
                request(null, known),
                records(List.of(running), List.of(bought)),
                at -> prices("0.1"));

        assertThat(bill.lines())
                .extracting(Line::category, line -> line.costs().billed())
                .containsExactlyInAnyOrder(
                        tuple(Category.ON_DEMAND, Money.of("0.1")),
                        tuple(Category.RI_COVERED, Money.ZERO),
                        tuple(Category.RI_RECURRING, Money.of("0.12")),
                        tuple(Category.RI_UNUSED, Money.ZERO));
        // Two hours of two units at 0.03 are due so far, whatever the month still brings.
        assertThat(bill.totals().billed()).isEqualTo(Money.of("0.22"));
        assertThat(bill.totals().effective()).isEqualTo(Money.of("0.22"));
        assertThat(bill.lines())
                .filteredOn(line -> line.category() != Category.ON_DEMAND)
                .extracting(Line::commitmentId)
                .containsOnly("ri-1");
    }

    @Test
    void whatIsKnownOfNothingYetLeavesEndedRunsAndFeesOnTheBill() {
        UsageRun ended = ended("i-1", "us-east-1a", Market.ON_DEMAND, START, 3_600, Cause.USER);
        Wanted behind = new Wanted(null, new Billing.Request(MONTH, LATER, START, true, false));

        Bill bill = bill(
                billing(FreeTier.NONE, null),
                behind,
                records(List.of(ended), List.of(reserved(START.plusSeconds(7_200), 1))),
                at -> prices("0.1"));

        assertThat(bill.provisional()).contains(Provisional.EVENTS_UNREAD);
        // An hour on demand, and 742 hours of fees.
        assertThat(bill.totals().billed()).isEqualTo(Money.of("22.36"));
    }

    @Test
    void aQueuedPurchaseIsOnTheBillFromTheMomentItBeginsWithItsWholeFirstHour() {
        PurchasedCommitment queued = reserved(START.plusSeconds(1_800), 1);
        Billing billing = billing(FreeTier.NONE, null);
        Billing.Records records = records(List.of(), List.of(queued));

        Bill before = bill(billing, request(null, START.plusSeconds(1_799)), records, at -> prices("0.1"));
        Bill after = bill(billing, request(null, START.plusSeconds(1_800)), records, at -> prices("0.1"));
        Bill atTheHour = bill(billing, request(null, START.plusSeconds(3_600)), records, at -> prices("0.1"));

        assertThat(before.lines()).isEmpty();
        assertThat(after.totals().billed()).isEqualTo(Money.of("0.03"));
        assertThat(atTheHour.totals().billed()).isEqualTo(Money.of("0.06"));
    }

    @Test
    void theBillOfOneRegionHasTheFeesOfItsOwnCommitmentsOnly() {
        Billing.Records records = records(List.of(), List.of(reserved(START, 1)));
        Billing billing = billing(FreeTier.NONE, null);

        assertThat(bill(billing, request(IRELAND, LATER), records, at -> prices("0.1"))
                        .lines())
                .isEmpty();
        assertThat(bill(billing, request(VIRGINIA, LATER), records, at -> prices("0.1"))
                        .lines())
                .extracting(Line::category)
                .containsExactlyInAnyOrder(Category.RI_RECURRING, Category.RI_UNUSED);
    }

    @Test
    void commitmentsAreSharedInTheHoursInWhichBothAreMembersAndTheManagementAccountPays() {
        UsageRun others = new UsageRun("i-1", 1, thing(OTHER, "us-east-1a"), START, null, false, 2);
        Instant joined = START.plusSeconds(3_900);
        Instant left = START.plusSeconds(4 * 3_600 + 60);
        Memberships memberships = new Memberships(List.of(
                new Membership("o-1", ACCOUNT, ACCOUNT, START.minusSeconds(86_400), null),
                new Membership("o-1", ACCOUNT, OTHER, joined, left)));
        Charges charges = billing(FreeTier.NONE, null)
                .charges(
                        new Billing.Request(
                                new Interval(START, START.plus(Duration.ofHours(6))), LATER, LATER, false, false),
                        new Billing.Records(List.of(others), List.of(reserved(START, 1)), memberships),
                        at -> prices("0.1"));

        // Joined in the second hour, which counts; left in the fifth, which doesn't.
        assertThat(hours(charges.of(OTHER), Category.RI_COVERED)).isEqualTo(3);
        assertThat(hours(charges.of(OTHER), Category.ON_DEMAND)).isEqualTo(3);
        assertThat(hours(charges.paidBy(OTHER), Category.RI_COVERED)).isZero();
        assertThat(hours(charges.paidBy(OTHER), Category.ON_DEMAND)).isEqualTo(3);
        assertThat(hours(charges.paidBy(ACCOUNT), Category.RI_COVERED)).isEqualTo(3);
        assertThat(hours(charges.paidBy(ACCOUNT), Category.RI_RECURRING)).isEqualTo(6);
        assertThat(hours(charges.of(ACCOUNT), Category.RI_UNUSED)).isEqualTo(3);
    }

    @Test
    void whoLeavesAndJoinsAnotherInOneHourIsNeverInTwo() {
        Instant joined = START.plusSeconds(600);
        Memberships memberships = new Memberships(List.of(
                new Membership("o-1", OTHER, ACCOUNT, START.minusSeconds(86_400), START.plusSeconds(300)),
                new Membership("o-2", THIRD, ACCOUNT, START.plusSeconds(400), START.plusSeconds(500)),
                new Membership("o-3", ACCOUNT, ACCOUNT, joined, null)));

        assertThat(memberships.payer(ACCOUNT, START.minusSeconds(3_600))).isEqualTo(OTHER);
        assertThat(memberships.payer(ACCOUNT, START)).isEqualTo(ACCOUNT);
        assertThat(memberships.at(START).all()).containsExactly(Set.of(ACCOUNT));
    }

    private static long hours(Charges charges, Category category) {
        return charges.charges().stream()
                .filter(charge -> charge.category() == category)
                .mapToLong(Charge::hours)
                .sum();
    }

    private static PurchasedCommitment reserved(Instant startsAt, int count) {
        Terms terms = new Terms.ReservedInstances(
                VIRGINIA,
                null,
                MICRO,
                OperatingSystem.LINUX,
                OfferingClass.STANDARD,
                1,
                PaymentOption.NO_UPFRONT,
                count,
                BigDecimal.ZERO,
                new BigDecimal("0.03"));
        return new PurchasedCommitment("ri-1", ACCOUNT, terms, startsAt, startsAt, null, 1);
    }

    private static Billing.Records records(List<UsageRun> runs, List<PurchasedCommitment> bought) {
        return new Billing.Records(runs, bought, Memberships.NONE);
    }

    private static Billing.Records records(List<UsageRun> runs) {
        return records(runs, List.of());
    }

    private static Billing billing(FreeTier freeTier, @Nullable Instant priceChange) {
        return new Billing(
                freeTier,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE,
                new TreeSet<>(priceChange == null ? Collections.emptySet() : Set.of(priceChange)));
    }

    private record Wanted(@Nullable Region region, Billing.Request request) {}

    private static Wanted request(@Nullable Region region, Instant knownUntil) {
        return new Wanted(region, new Billing.Request(MONTH, knownUntil, knownUntil, false, false));
    }

    private static Bill bill(
            Billing billing, Wanted wanted, Billing.Records records, Function<Instant, Prices> pricesAt) {
        return Bill.draft(billing.charges(wanted.request(), records, pricesAt).of(ACCOUNT), List.of(), wanted.region());
    }

    private static UsageRun ended(String id, String zone, Market market, Instant start, long seconds, Cause cause) {
        End end = new End(start.plusSeconds(seconds), seconds, cause, 3);
        return new UsageRun(id, 1, thing(zone, market), start, end, false, 2);
    }

    private static MeteredThing thing(AccountId account, String zone) {
        return new MeteredThing(
                account,
                new AvailabilityZone(zone),
                MICRO,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                Market.ON_DEMAND,
                null);
    }

    private static MeteredThing thing(String zone, Market market) {
        return new MeteredThing(
                ACCOUNT, new AvailabilityZone(zone), MICRO, OperatingSystem.LINUX, Tenancy.DEFAULT, market, null);
    }

    private static PriceTable prices(String hourly) {
        PriceTable prices = new PriceTable();
        for (Region region : List.of(VIRGINIA, IRELAND)) {
            prices.addOnDemand(region, MICRO, OperatingSystem.LINUX, Tenancy.DEFAULT, HourlyRate.of(hourly));
        }
        prices.addSpot(
                new AvailabilityZone("us-east-1a"),
                MICRO,
                OperatingSystem.LINUX,
                Instant.EPOCH,
                HourlyRate.of("0.004"));
        return prices;
    }
}
