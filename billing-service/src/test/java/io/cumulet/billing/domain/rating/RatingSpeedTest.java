package io.cumulet.billing.domain.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.SavingsPlan.PaymentOption;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/** That a bill is quick enough to be computed while somebody waits for it. */
class RatingSpeedTest {

    private static final Region REGION = new Region("us-east-1");
    private static final Interval MONTH =
            new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-31T00:00:00Z"));
    private static final List<AccountId> ACCOUNTS =
            List.of(new AccountId("111111111111"), new AccountId("222222222222"));
    private static final List<InstanceType> TYPES =
            List.of(new InstanceType("t2.micro"), new InstanceType("m4.large"), new InstanceType("m5.xlarge"));

    private final Random random = new Random(7);

    @Test
    void aMonthOfAThousandInstancesIsRatedQuickly() {
        assertThat(processorTimeOf(Commitments.NONE)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aMonthOfAThousandInstancesWithAHundredCommitmentsIsRatedQuickly() {
        assertThat(processorTimeOf(aHundredCommitments())).isLessThan(Duration.ofSeconds(5));
    }

    /** Time of this thread on a processor: how busy the machine is otherwise doesn't count. */
    private Duration processorTimeOf(Commitments commitments) {
        Scenario scenario = new Scenario(
                MONTH,
                MONTH.until(),
                prices(),
                Usage.of(aThousandInstances()),
                commitments,
                new Organizations(List.of(Set.copyOf(ACCOUNTS))),
                new FreeTier(Set.of(TYPES.getFirst()), 750, Set.copyOf(ACCOUNTS)),
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        Rated rated = Rating.rate(scenario);
        long afterRating = threads.getCurrentThreadCpuTime();
        long rows = StreamSupport.stream(rated.rows().spliterator(), false).count();
        long end = threads.getCurrentThreadCpuTime();
        System.out.printf(
                "1,000 instances over 720 h: rated in %d ms, %d segments; %d rows expanded in %d ms%n",
                (afterRating - begin) / 1_000_000, rated.segments().size(), rows, (end - afterRating) / 1_000_000);

        assertThat(rows).isGreaterThan(690_000);
        return Duration.ofNanos(end - begin);
    }

    private List<InstanceUsage> aThousandInstances() {
        List<InstanceUsage> instances = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Instant start = MONTH.from().plusSeconds(random.nextInt(86_400));
            instances.add(new InstanceUsage(
                    "/instances/" + i,
                    "i-%04d".formatted(i),
                    one(ACCOUNTS),
                    one(TYPES),
                    OperatingSystem.LINUX,
                    Tenancy.DEFAULT,
                    new AvailabilityZone("us-east-1a"),
                    Market.ON_DEMAND,
                    null,
                    null,
                    List.of(new Run(start, null, EndedBy.USER))));
        }
        return instances;
    }

    private Commitments aHundredCommitments() {
        List<ReservedInstance> reserved = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            reserved.add(new ReservedInstance(
                    "/reservedInstances/" + i,
                    "ri-" + i,
                    one(ACCOUNTS),
                    one(TYPES),
                    OperatingSystem.LINUX,
                    Tenancy.DEFAULT,
                    new ReservedInstance.Regional(REGION),
                    1 + random.nextInt(5),
                    new Term(bought(), 1),
                    new Fees(BigFraction.of(100), BigFraction.of(3, 100))));
        }
        List<SavingsPlan> plans = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            plans.add(new SavingsPlan(
                    "/savingsPlans/" + i,
                    "sp-" + i,
                    one(ACCOUNTS),
                    new SavingsPlan.Compute(),
                    HourlyRate.of("1.5"),
                    PaymentOption.PARTIAL_UPFRONT,
                    new Term(bought(), 1)));
        }
        return new Commitments(reserved, plans, List.of());
    }

    /** Long ago or this month. */
    private Instant bought() {
        return MONTH.from().plusSeconds(random.nextInt(30 * 86_400)).minus(Duration.ofDays(20L * random.nextInt(10)));
    }

    private static PriceTable prices() {
        PriceTable prices = new PriceTable();
        int cents = 3;
        for (InstanceType type : TYPES) {
            prices.addOnDemand(
                    REGION, type, OperatingSystem.LINUX, Tenancy.DEFAULT, HourlyRate.of("0.0" + cents + "7"));
            for (int plan = 0; plan < 10; plan++) {
                HourlyRate rate = HourlyRate.of("0.0" + (cents - 1) + plan);
                prices.addSavingsPlan("sp-" + plan, REGION, type, OperatingSystem.LINUX, Tenancy.DEFAULT, rate);
            }
            cents += 2;
        }
        return prices;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
