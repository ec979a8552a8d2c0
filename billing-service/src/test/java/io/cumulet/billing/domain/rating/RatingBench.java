package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/**
 * How long a month takes to rate. Not a test: {@code deploy/bench/rating} runs it. Each figure is the median of five after
 * two to warm up, of three after one for the largest fleet; a month is 720 hours, all accounts share their commitments.
 */
class RatingBench {

    private static final Interval MONTH =
            new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-31T00:00:00Z"));
    private static final Region REGION = new Region("us-east-1");
    private static final List<String> FAMILIES = List.of("m5", "c5", "r5", "t3");
    private static final List<String> SIZES = List.of("large", "xlarge", "2xlarge", "4xlarge");
    private static final int ACCOUNTS = 20;

    /** Time on a processor, so that what else the machine does counts little; rating uses one thread. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** How the instances of a month live. */
    private enum Fleet {
        /** All run all the time. */
        STEADY,
        /** Three of five run all the time, the others some hours each working day. */
        OFFICE,
        /** Like OFFICE, and each run begins and ends at a second of its own in any hour. */
        RESTLESS
    }

    @Test
    void aMonthOfInstancesWithCommitments() {
        System.out.printf(
                "%-10s %10s %12s %10s %12s %10s%n", "fleet", "instances", "commitments", "runs", "segments", "CPU ms");
        for (Fleet fleet : Fleet.values()) {
            measure(fleet, 1_000, 50);
            measure(fleet, 10_000, 500);
            measure(fleet, 100_000, 500);
        }
    }

    private static void measure(Fleet fleet, int instances, int commitments) {
        Scenario scenario = scenario(fleet, instances, commitments);
        List<Long> millis = new ArrayList<>();
        int segments = 0;
        boolean isLarge = instances >= 100_000;
        int warmUp = isLarge ? 1 : 2;
        int rounds = isLarge ? 3 : 5;
        for (int i = 0; i < warmUp + rounds; i++) {
            long begin = THREADS.getCurrentThreadCpuTime();
            Rated rated = Rating.rate(scenario);
            rated.totals();
            if (i >= warmUp) {
                millis.add((THREADS.getCurrentThreadCpuTime() - begin) / 1_000_000);
            }
            segments = rated.segments().size();
        }
        millis.sort(null);
        System.out.printf(
                "%-10s %10d %12d %10d %12d %10d   %s%n",
                fleet,
                instances,
                commitments,
                scenario.usage().instances().stream()
                        .mapToInt(instance -> instance.runs().size())
                        .sum(),
                segments,
                millis.get(millis.size() / 2),
                millis);
    }

    private static Scenario scenario(Fleet fleet, int count, int commitments) {
        Random random = new Random(42);
        List<InstanceUsage> instances = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            instances.add(new InstanceUsage(
                    "/instances/" + i,
                    "i-%06d".formatted(i),
                    account(random.nextInt(ACCOUNTS)),
                    type(random),
                    random.nextInt(10) == 0 ? OperatingSystem.WINDOWS : OperatingSystem.LINUX,
                    Tenancy.DEFAULT,
                    zone(random),
                    Market.ON_DEMAND,
                    null,
                    null,
                    runs(fleet, random)));
        }
        return new Scenario(
                MONTH,
                MONTH.until(),
                prices(commitments),
                Usage.of(instances),
                commitments(commitments, count, random),
                new Organizations(List.of(accounts())),
                FreeTier.NONE,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
    }

    private static List<Run> runs(Fleet fleet, Random random) {
        if (fleet == Fleet.STEADY || random.nextInt(5) < 3) {
            return List.of(new Run(MONTH.from().minus(Duration.ofDays(1 + random.nextInt(90))), null, EndedBy.USER));
        }
        List<Run> runs = new ArrayList<>();
        for (int day = 0; day < 30; day++) {
            if (day % 7 < 5) {
                Instant start = MONTH.from().plus(Duration.ofDays(day)).plusSeconds(8 * 3_600L);
                if (fleet == Fleet.RESTLESS) {
                    start = start.plusSeconds(random.nextInt(14_400) - 7_200L);
                }
                runs.add(new Run(start, start.plusSeconds(28_000L + random.nextInt(7_200)), EndedBy.USER));
            }
        }
        return runs;
    }

    /** Half of them Reserved Instances, zonal and regional, half of them Savings Plans; together for about half the fleet. */
    private static Commitments commitments(int count, int instances, Random random) {
        List<ReservedInstance> reserved = new ArrayList<>();
        List<SavingsPlan> plans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Term term = new Term(MONTH.from().minus(Duration.ofDays(random.nextInt(300))), 1);
            int units = Math.max(1, instances / count / 2);
            if (i % 2 == 0) {
                reserved.add(new ReservedInstance(
                        "/reservedInstances/" + i,
                        "ri-" + i,
                        account(random.nextInt(ACCOUNTS)),
                        type(random),
                        OperatingSystem.LINUX,
                        Tenancy.DEFAULT,
                        i % 4 == 0 ? new ReservedInstance.Zonal(zone(random)) : new ReservedInstance.Regional(REGION),
                        units,
                        term,
                        new Fees(BigFraction.of(100), BigFraction.of(3, 100))));
            } else {
                plans.add(new SavingsPlan(
                        "/savingsPlans/" + i,
                        "sp-" + i,
                        account(random.nextInt(ACCOUNTS)),
                        i % 4 == 1
                                ? new SavingsPlan.Compute()
                                : new SavingsPlan.Ec2Instance(FAMILIES.get(random.nextInt(4)), REGION),
                        HourlyRate.of(new BigDecimal("0.137")
                                .multiply(BigDecimal.valueOf(units))
                                .toPlainString()),
                        PaymentOption.values()[random.nextInt(3)],
                        term));
            }
        }
        return new Commitments(reserved, plans, List.of());
    }

    private static PriceTable prices(int commitments) {
        PriceTable prices = new PriceTable();
        for (String family : FAMILIES) {
            for (String size : SIZES) {
                InstanceType type = new InstanceType(family + "." + size);
                BigDecimal linux = new BigDecimal("0.0960")
                        .multiply(BigDecimal.valueOf(1 << SIZES.indexOf(size)))
                        .add(new BigDecimal("0.0113").multiply(BigDecimal.valueOf(FAMILIES.indexOf(family))));
                for (OperatingSystem os : List.of(OperatingSystem.LINUX, OperatingSystem.WINDOWS)) {
                    BigDecimal price = os == OperatingSystem.LINUX ? linux : linux.multiply(new BigDecimal("1.9"));
                    prices.addOnDemand(REGION, type, os, Tenancy.DEFAULT, new HourlyRate(price));
                    for (int plan = 1; plan < commitments; plan += 2) {
                        BigDecimal share = new BigDecimal("0.6" + plan % 7);
                        prices.addSavingsPlan(
                                "sp-" + plan,
                                REGION,
                                type,
                                os,
                                Tenancy.DEFAULT,
                                new HourlyRate(price.multiply(share).setScale(5, RoundingMode.HALF_UP)));
                    }
                }
            }
        }
        return prices;
    }

    private static Set<AccountId> accounts() {
        Set<AccountId> accounts = new HashSet<>();
        IntStream.range(0, ACCOUNTS).forEach(number -> accounts.add(account(number)));
        return accounts;
    }

    private static AccountId account(int number) {
        return new AccountId("%012d".formatted(number + 1));
    }

    private static InstanceType type(Random random) {
        return new InstanceType(FAMILIES.get(random.nextInt(4)) + "." + SIZES.get(random.nextInt(4)));
    }

    private static AvailabilityZone zone(Random random) {
        return new AvailabilityZone("us-east-1" + "abc".charAt(random.nextInt(3)));
    }
}
