package io.cumulet.billing.domain.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every scenario; each run of a test prints its seed as its name. */
class RatingLawsTest {

    private static final Region REGION = new Region("us-east-1");
    private static final Instant START = Instant.parse("2026-01-31T20:00:00Z");
    private static final Interval PERIOD = new Interval(START, START.plus(Duration.ofHours(12)));
    private static final List<AccountId> ACCOUNTS =
            List.of(new AccountId("111111111111"), new AccountId("222222222222"));
    private static final List<InstanceType> TYPES =
            List.of(new InstanceType("t2.micro"), new InstanceType("m4.large"), new InstanceType("m5.xlarge"));
    private static final FreeTier FREE_TIER = new FreeTier(Set.of(TYPES.get(0)), 5, Set.of(ACCOUNTS.get(0)));

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPlainSecondProgramGivesTheSameRows(long seed) {
        Scenario scenario = scenario(new Random(seed));
        List<RatedRow> sorted = new ArrayList<>(rows(scenario));
        sorted.sort(RatedRow.ORDER
                .thenComparing(row -> row.seconds() == null ? BigDecimal.ZERO : row.seconds())
                .thenComparing(row -> row.costs().billed()));

        assertThat(sorted).isEqualTo(PlainRating.rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theOrderOfTheInputDoesNotMatter(long seed) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random);
        List<InstanceUsage> shuffled = new ArrayList<>(scenario.instances());
        Collections.shuffle(shuffled, random);
        List<CapacityReservation> reservations = new ArrayList<>(scenario.capacityReservations());
        Collections.shuffle(reservations, random);

        assertThat(rows(with(scenario, shuffled, reservations))).isEqualTo(rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRowForEachHourSaysTheSameAsAPlainSecondByHourCount(long seed) {
        Scenario scenario = scenario(new Random(seed));

        Map<String, Long> expected = plainSecondsByInstanceAndHour(scenario);
        Map<String, Long> rated = new HashMap<>();
        for (RatedRow row : Rating.rate(scenario).rows()) {
            if (Set.of(Category.ON_DEMAND, Category.FREE_TIER, Category.DEDICATED_HOST_INSTANCE)
                    .contains(row.category())) {
                rated.merge(
                        row.resourceId() + "@" + row.chargePeriodStart(),
                        row.seconds().longValueExact(),
                        Long::sum);
            }
        }

        assertThat(rated).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void ratingAPeriodInTwoPartsGivesTheSameRows(long seed) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random);
        Instant cut = START.plus(Duration.ofHours(1 + random.nextInt(11)));

        // Each part knows all usage, as a bill does that is split at a change of prices.
        List<RatedRow> parts = new ArrayList<>(rows(during(scenario, new Interval(START, cut))));
        parts.addAll(rows(during(scenario, new Interval(cut, PERIOD.until()))));

        assertThat(parts).isEqualTo(rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void splittingARunAtAWholeMinuteDoesNotChangeItsSeconds(long seed) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random);
        List<InstanceUsage> split = new ArrayList<>();
        for (InstanceUsage instance : scenario.instances()) {
            List<Run> runs = new ArrayList<>();
            for (Run run : instance.runs()) {
                Instant stop = run.stop() == null ? PERIOD.until() : run.stop();
                Instant middle = run.start().plusSeconds(60);
                boolean splits = instance.market() == Market.ON_DEMAND
                        && instance.os().granularity() == OperatingSystem.Granularity.PER_SECOND
                        && middle.plusSeconds(60).isBefore(stop);
                if (splits) {
                    runs.add(new Run(run.start(), middle, EndedBy.USER));
                    runs.add(new Run(middle, run.stop(), run.endedBy()));
                } else {
                    runs.add(run);
                }
            }
            split.add(withRuns(instance, runs));
        }

        assertThat(secondsByInstance(with(scenario, split, scenario.capacityReservations())))
                .isEqualTo(secondsByInstance(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void totalsAreTheSumsOfTheRows(long seed) {
        Rated rated = Rating.rate(scenario(new Random(seed)));

        Costs sum = Costs.ZERO;
        for (RatedRow row : rated.rows()) {
            sum = sum.plus(row.costs());
        }

        assertThat(rated.totals()).isEqualTo(sum);
        assertThat(rated.unrated()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void heldCapacityIsPaidForUsedOrNot(long seed) {
        Scenario scenario = scenario(new Random(seed));
        for (CapacityReservation reservation : scenario.capacityReservations()) {
            for (long hour = 0; hour < PERIOD.length().toHours(); hour++) {
                Interval clockHour =
                        new Interval(START.plus(Duration.ofHours(hour)), START.plus(Duration.ofHours(hour + 1)));
                long held = overlap(clockHour, reservation.start(), reservation.end()) * reservation.count();
                long used = 0;
                for (InstanceUsage instance : scenario.instances()) {
                    if (reservation.id().equals(instance.capacityReservationId())) {
                        used += plainSeconds(instance, clockHour);
                    }
                }
                long unused = 0;
                for (RatedRow row : Rating.rate(scenario).rows()) {
                    if (row.category() == Category.UNUSED_CAPACITY_RESERVATION
                            && reservation.id().equals(row.resourceId())
                            && row.chargePeriodStart().equals(clockHour.from())) {
                        unused += row.seconds().longValueExact();
                    }
                }
                assertThat(unused).isEqualTo(Math.max(0, held - used));
            }
        }
    }

    @Test
    void aMonthOfAThousandInstancesIsRatedQuickly() {
        Random random = new Random(7);
        Interval month = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-31T00:00:00Z"));
        List<InstanceUsage> instances = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Instant start = month.from().plusSeconds(random.nextInt(86_400));
            instances.add(instance(i, random, Market.ON_DEMAND, List.of(new Run(start, null, EndedBy.USER))));
        }
        Scenario scenario = new Scenario(
                month,
                month.until(),
                prices(),
                instances,
                List.of(),
                List.of(),
                new FreeTier(Set.of(TYPES.get(0)), 750, Set.copyOf(ACCOUNTS)),
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);

        // Time of this thread on a processor: how busy the machine is otherwise doesn't count.
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
        assertThat(Duration.ofNanos(end - begin)).isLessThan(Duration.ofSeconds(5));
    }

    private static List<RatedRow> rows(Scenario scenario) {
        return StreamSupport.stream(Rating.rate(scenario).rows().spliterator(), false)
                .toList();
    }

    private static Map<String, BigDecimal> secondsByInstance(Scenario scenario) {
        Map<String, BigDecimal> seconds = new HashMap<>();
        for (RatedRow row : Rating.rate(scenario).rows()) {
            if (row.seconds() != null && row.category() != Category.SPOT) {
                seconds.merge(row.resourceId(), row.seconds(), BigDecimal::add);
            }
        }
        return seconds;
    }

    /** The same count in the plainest way: hour by hour, run by run. */
    private static Map<String, Long> plainSecondsByInstanceAndHour(Scenario scenario) {
        Map<String, Long> seconds = new HashMap<>();
        for (InstanceUsage instance : scenario.instances()) {
            for (Instant hour = START; hour.isBefore(PERIOD.until()); hour = hour.plus(Duration.ofHours(1))) {
                Interval clockHour = new Interval(hour, hour.plus(Duration.ofHours(1)));
                long used = plainSeconds(instance, clockHour);
                if (used > 0) {
                    seconds.put(instance.id() + "@" + hour, used);
                }
            }
        }
        return seconds;
    }

    private static long plainSeconds(InstanceUsage instance, Interval clockHour) {
        long seconds = 0;
        if (instance.market() == Market.ON_DEMAND) {
            for (Run run : instance.runs()) {
                Instant stop = run.stop() == null ? PERIOD.until() : run.stop();
                if (instance.os().granularity() == OperatingSystem.Granularity.PER_SECOND) {
                    Instant minimum = run.start().plusSeconds(60);
                    Instant billed = run.stop() != null && stop.isBefore(minimum) ? minimum : stop;
                    seconds += overlap(clockHour, run.start(), billed);
                } else {
                    for (Instant begun = run.start(); begun.isBefore(stop); begun = begun.plusSeconds(3_600)) {
                        seconds += clockHour.contains(begun) ? 3_600 : 0;
                    }
                }
            }
        }
        return seconds;
    }

    private static long overlap(Interval clockHour, Instant from, Instant until) {
        Instant end = until == null ? PERIOD.until() : until;
        return from.isBefore(end)
                ? clockHour
                        .intersection(new Interval(from, end))
                        .map(Interval::length)
                        .orElse(Duration.ZERO)
                        .toSeconds()
                : 0;
    }

    private static Scenario scenario(Random random) {
        List<CapacityReservation> reservations = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Instant start = moment(random);
            reservations.add(new CapacityReservation(
                    "/capacityReservations/" + i,
                    "cr-" + i,
                    ACCOUNTS.get(random.nextInt(2)),
                    TYPES.get(random.nextInt(3)),
                    OperatingSystem.LINUX,
                    Tenancy.DEFAULT,
                    new AvailabilityZone("us-east-1a"),
                    1 + random.nextInt(3),
                    start,
                    random.nextBoolean() ? null : start.plusSeconds(1 + random.nextInt(20_000))));
        }
        List<InstanceUsage> instances = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(12); i++) {
            Market market = random.nextInt(3) == 0 ? Market.SPOT : Market.ON_DEMAND;
            instances.add(instance(i, random, market, runs(random)));
        }
        return new Scenario(
                PERIOD,
                PERIOD.until(),
                prices(),
                instances,
                reservations,
                hosts(random),
                random.nextBoolean() ? FREE_TIER : FreeTier.NONE,
                SpotInterruptionPolicy.values()[random.nextInt(2)]);
    }

    private static List<DedicatedHost> hosts(Random random) {
        List<DedicatedHost> hosts = new ArrayList<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            Instant allocated = moment(random);
            hosts.add(new DedicatedHost(
                    "/dedicatedHosts/" + i,
                    "h-" + i,
                    ACCOUNTS.get(random.nextInt(2)),
                    "m5",
                    new AvailabilityZone("us-east-1b"),
                    allocated,
                    random.nextBoolean() ? null : allocated.plusSeconds(1 + random.nextInt(9_000))));
        }
        return hosts;
    }

    private static InstanceUsage instance(int number, Random random, Market market, List<Run> runs) {
        OperatingSystem[] systems = {OperatingSystem.LINUX, OperatingSystem.WINDOWS, OperatingSystem.SUSE};
        Tenancy[] tenancies = {Tenancy.DEFAULT, Tenancy.DEFAULT, Tenancy.DEDICATED, Tenancy.HOST};
        Tenancy tenancy = market == Market.SPOT ? Tenancy.DEFAULT : tenancies[random.nextInt(4)];
        boolean reserved = market == Market.ON_DEMAND && random.nextInt(3) == 0;
        return new InstanceUsage(
                "/instances/" + number,
                "i-%04d".formatted(number),
                ACCOUNTS.get(random.nextInt(2)),
                TYPES.get(random.nextInt(3)),
                systems[random.nextInt(3)],
                tenancy,
                new AvailabilityZone("us-east-1" + "ab".charAt(random.nextInt(2))),
                market,
                null,
                reserved ? "cr-" + random.nextInt(2) : null,
                runs);
    }

    private static List<Run> runs(Random random) {
        List<Run> runs = new ArrayList<>();
        Instant at = START.minus(Duration.ofHours(8)).plusSeconds(random.nextInt(20_000));
        while (at.isBefore(PERIOD.until()) && runs.size() < 5) {
            Instant stop = at.plusSeconds(1 + random.nextInt(random.nextBoolean() ? 90 : 15_000));
            boolean open = random.nextInt(6) == 0;
            runs.add(new Run(
                    at, open ? null : stop, open || random.nextBoolean() ? EndedBy.USER : EndedBy.INTERRUPTION));
            if (open) {
                break;
            }
            at = stop.plusSeconds(random.nextInt(9_000));
        }
        return runs;
    }

    private static Instant moment(Random random) {
        return START.minus(Duration.ofHours(2)).plusSeconds(random.nextInt(30_000));
    }

    private static PriceTable prices() {
        PriceTable prices = new PriceTable();
        prices.addDedicatedHost(REGION, "m5", HourlyRate.of("5.069"));
        int cents = 1;
        for (InstanceType type : TYPES) {
            for (OperatingSystem os : OperatingSystem.values()) {
                prices.addOnDemand(REGION, type, os, Tenancy.DEFAULT, HourlyRate.of("0.0" + cents + "7"));
                prices.addOnDemand(REGION, type, os, Tenancy.DEDICATED, HourlyRate.of("0.0" + cents + "9"));
                for (String zone : List.of("us-east-1a", "us-east-1b")) {
                    AvailabilityZone az = new AvailabilityZone(zone);
                    prices.addSpot(az, type, os, START.minus(Duration.ofDays(9)), HourlyRate.of("0.00" + cents));
                    prices.addSpot(az, type, os, START.plusSeconds(7_777), HourlyRate.of("0.00" + cents + "3"));
                }
                cents = cents % 9 + 1;
            }
        }
        return prices;
    }

    private static Scenario with(
            Scenario scenario, List<InstanceUsage> instances, List<CapacityReservation> reservations) {
        return new Scenario(
                scenario.period(),
                scenario.knownUntil(),
                scenario.prices(),
                instances,
                reservations,
                scenario.dedicatedHosts(),
                scenario.freeTier(),
                scenario.spotInterruptionPolicy());
    }

    private static Scenario during(Scenario scenario, Interval period) {
        return new Scenario(
                period,
                scenario.knownUntil(),
                scenario.prices(),
                scenario.instances(),
                scenario.capacityReservations(),
                scenario.dedicatedHosts(),
                scenario.freeTier(),
                scenario.spotInterruptionPolicy());
    }

    private static InstanceUsage withRuns(InstanceUsage instance, List<Run> runs) {
        return new InstanceUsage(
                instance.place(),
                instance.id(),
                instance.account(),
                instance.type(),
                instance.os(),
                instance.tenancy(),
                instance.zone(),
                instance.market(),
                instance.hostId(),
                instance.capacityReservationId(),
                runs);
    }
}
