package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.commitments.Modification;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Replacement;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.PriceTable;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an organization of three accounts is charged in a month: on demand and spot, free tier, dedicated instances, Reserved
 * Instances and Savings Plans of every payment option. One account joins in the middle of it.
 */
public final class RandomCharges {

    public static final AccountId PAYER = new AccountId("111111111111");
    public static final AccountId MEMBER = new AccountId("222222222222");
    public static final AccountId JOINER = new AccountId("333333333333");

    public static final Interval MONTH =
            new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z"));

    private static final List<AccountId> ACCOUNTS = List.of(PAYER, MEMBER, JOINER);
    private static final List<Region> REGIONS = List.of(new Region("us-east-1"), new Region("eu-west-1"));
    private static final List<InstanceType> TYPES =
            List.of(new InstanceType("m4.large"), new InstanceType("m4.xlarge"), new InstanceType("t2.micro"));
    private static final List<OperatingSystem> SYSTEMS =
            List.of(OperatingSystem.LINUX, OperatingSystem.LINUX, OperatingSystem.SUSE);

    private final Random random;
    private final PriceTable prices = new PriceTable();

    private RandomCharges(long seed) {
        random = new Random(seed);
    }

    public static Charges of(long seed) {
        return new RandomCharges(seed).charges();
    }

    private Charges charges() {
        List<PurchasedCommitment> bought = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            bought.addAll(modified(commitment(i)));
        }
        price(bought);
        List<UsageRun> runs = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            runs.add(run(i));
        }
        Billing billing = new Billing(
                new FreeTier(Set.of(new InstanceType("t2.micro")), 20, Set.of(MEMBER)),
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE,
                new TreeSet<>());
        return billing.charges(
                new Billing.Request(MONTH, MONTH.until(), MONTH.until(), false, false),
                new Billing.Records(runs, bought, memberships()),
                from -> prices);
    }

    private static Memberships memberships() {
        Instant before = MONTH.from().minus(Duration.ofDays(30));
        return new Memberships(List.of(
                new Membership("o-1", PAYER, PAYER, before, null),
                new Membership("o-1", PAYER, MEMBER, before, null),
                new Membership("o-1", PAYER, JOINER, Instant.parse("2026-01-12T07:40:00Z"), null)));
    }

    private void price(List<PurchasedCommitment> bought) {
        for (Region region : REGIONS) {
            for (InstanceType type : TYPES) {
                for (OperatingSystem os : Set.copyOf(SYSTEMS)) {
                    for (Tenancy tenancy : List.of(Tenancy.DEFAULT, Tenancy.DEDICATED)) {
                        HourlyRate list = HourlyRate.of("0.%03d".formatted(50 + random.nextInt(400)));
                        prices.addOnDemand(region, type, os, tenancy, list);
                        HourlyRate planned =
                                new HourlyRate(list.usd().multiply(new BigDecimal("0." + (4 + random.nextInt(5)))));
                        bought.forEach(one -> prices.addSavingsPlan(one.id(), region, type, os, tenancy, planned));
                    }
                    prices.addSpot(
                            new AvailabilityZone(region.value() + "a"),
                            type,
                            os,
                            Instant.EPOCH,
                            HourlyRate.of("0.0%03d".formatted(1 + random.nextInt(500))));
                }
            }
        }
    }

    private PurchasedCommitment commitment(int number) {
        Region region = pick(REGIONS);
        // The first is the payer's and paid monthly: every month has a fee.
        PaymentOption payment = number == 0 ? PaymentOption.NO_UPFRONT : pick(List.of(PaymentOption.values()));
        int years = random.nextBoolean() ? 1 : 3;
        HourlyRate hourly = HourlyRate.of("0.%02d".formatted(1 + random.nextInt(60)));
        Terms terms = switch (random.nextInt(4)) {
            case 0 -> new Terms.ComputeSavingsPlan(years, payment, hourly);
            case 1 -> new Terms.Ec2InstanceSavingsPlan(region, "m4", years, payment, hourly);
            default ->
                new Terms.ReservedInstances(
                        region,
                        random.nextInt(3) == 0 ? new AvailabilityZone(region.value() + "a") : null,
                        pick(TYPES),
                        pick(SYSTEMS),
                        OfferingClass.STANDARD,
                        years,
                        payment,
                        1 + random.nextInt(3),
                        payment == PaymentOption.NO_UPFRONT
                                ? BigDecimal.ZERO
                                : BigDecimal.valueOf(50 + random.nextInt(900)),
                        payment == PaymentOption.ALL_UPFRONT ? BigDecimal.ZERO : hourly.usd());
        };
        // Some were bought before the month, some in it.
        Instant at = MONTH.from().minus(Duration.ofDays(20)).plusSeconds(random.nextInt(40 * 86_400));
        return new PurchasedCommitment(
                "commitment-" + number, number == 0 ? PAYER : pick(ACCOUNTS), terms, at, at, null, 1);
    }

    /** Some are modified later on, a few in the hour in which they were bought. */
    private List<PurchasedCommitment> modified(PurchasedCommitment one) {
        Instant at = one.startsAt().plusSeconds(random.nextInt(3) == 0 ? 60 : random.nextInt(10 * 86_400));
        if (!(one.terms() instanceof Terms.ReservedInstances terms)
                || terms.os() != OperatingSystem.LINUX
                || !at.isBefore(MONTH.until())) {
            return List.of(one);
        }
        Replacement done = new Modification(
                        List.of(one),
                        List.of(new Modification.Target(
                                new AvailabilityZone(terms.region().value() + "a"),
                                terms.instanceType(),
                                terms.count())))
                .decide(at, () -> one.id() + "-modified")
                .orThrow();
        return Stream.concat(done.retired().stream(), done.successors().stream())
                .toList();
    }

    private UsageRun run(int number) {
        boolean isSpot = random.nextInt(4) == 0;
        MeteredThing thing = new MeteredThing(
                pick(ACCOUNTS),
                new AvailabilityZone(pick(REGIONS).value() + (isSpot || random.nextBoolean() ? "a" : "b")),
                pick(TYPES),
                pick(SYSTEMS),
                !isSpot && random.nextInt(8) == 0 ? Tenancy.DEDICATED : Tenancy.DEFAULT,
                isSpot ? Market.SPOT : Market.ON_DEMAND,
                null);
        Instant start = MONTH.from().minus(Duration.ofDays(3)).plusSeconds(random.nextInt(30 * 86_400));
        long seconds = 1 + random.nextInt(random.nextBoolean() ? 9_000 : 20 * 86_400);
        UsageRun.End end = random.nextInt(5) == 0
                ? null
                : new UsageRun.End(
                        start.plusSeconds(seconds),
                        seconds,
                        isSpot && random.nextBoolean() ? UsageRun.Cause.INTERRUPTION : UsageRun.Cause.USER,
                        3);
        return new UsageRun("i-%017x".formatted(number), 1, thing, start, end, false, 2);
    }

    private <T> T pick(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
