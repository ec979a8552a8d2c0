package io.cumulet.billing.domain.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem.Granularity;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.numbers.fraction.BigFraction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for every scenario; each run of a test prints its seed as its name. {@code -Drating.seeds} and
 * {@code -Drating.size} make it look further.
 */
class RatingLawsTest {

    private static final long SEEDS = Long.getLong("rating.seeds", 300);
    private static final int SIZE = Integer.getInteger("rating.size", 1);

    /** A rounded cost, or rounded seconds, are off by this at most. */
    private static final BigDecimal HALF_A_UNIT = new BigDecimal("0.00000000005");

    /** Rows without a resource may be alike in order only if two kinds of commitments have one id: either may be first. */
    private static final Comparator<RatedRow> ORDER =
            RatedRow.ORDER.thenComparing(row -> row.resourceId() == null ? "" + row.costs() : "");

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPlainSecondProgramGivesTheSameRows(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);

        assertThat(rows(scenario)).isEqualTo(inOrder(PlainRating.rows(scenario).stream()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySecondIsRatedOnceAndAtItsListPrice(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);

        Map<String, Sum> expected = usage(scenario);
        Map<String, Sum> rated = new TreeMap<>();
        for (RatedRow row : rows(scenario)) {
            if (row.seconds() != null && row.category() != Category.SPOT) {
                Sum sum = new Sum(1, row.seconds(), row.costs().list().usd());
                rated.merge(row.resourceId() + "@" + row.chargePeriodStart(), sum, Sum::plus);
            }
        }

        assertThat(rated.keySet()).isEqualTo(expected.keySet());
        rated.forEach((what, sum) -> {
            assertThat(sum.seconds()).as(what).isCloseTo(expected.get(what).seconds(), within(sum.rows()));
            // Seconds of several runs were added up before their price was rounded.
            assertThat(sum.cost()).as(what).isCloseTo(expected.get(what).cost(), within(sum.rows() + 1));
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatACommitmentCostsInAnHourIsSpreadOverWhatItCoversAndWhatIsUnused(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);

        Map<String, BigFraction> expected = new TreeMap<>();
        for (Commitment commitment : commitments(scenario)) {
            long first = Math.floorDiv(commitment.term().bought().getEpochSecond(), 3_600);
            long until = Math.floorDiv(commitment.term().end().getEpochSecond(), 3_600);
            boolean coversNothing =
                    commitment instanceof SavingsPlan plan && plan.commitment().isZero();
            for (Instant hour : hours(scenario)) {
                long number = hour.getEpochSecond() / 3_600;
                if (number >= first && number < until && !coversNothing) {
                    String kind = commitment instanceof SavingsPlan ? "sp" : "ri";
                    expected.merge(
                            kind + " " + commitment.id() + "@" + hour, effectiveHourly(commitment), BigFraction::add);
                }
            }
        }
        Map<String, Sum> rated = new TreeMap<>();
        for (RatedRow row : rows(scenario)) {
            String kind = row.category().code().substring(0, 2);
            if (Set.of(kind + "-covered", kind + "-unused")
                    .contains(row.category().code())) {
                Sum sum = new Sum(1, BigDecimal.ZERO, row.costs().effective().usd());
                rated.merge(kind + " " + row.commitmentId() + "@" + row.chargePeriodStart(), sum, Sum::plus);
            } else if (row.commitmentId() != null) {
                assertThat(row.costs().effective()).as("" + row).isEqualTo(Money.ZERO);
            }
        }

        assertThat(rated.keySet()).isEqualTo(expected.keySet());
        rated.forEach((what, sum) -> {
            BigFraction off = Money.exact(sum.cost()).subtract(expected.get(what));
            BigFraction bound = Money.exact(HALF_A_UNIT).multiply(sum.rows());
            assertThat(off.abs()).as(what).isLessThanOrEqualTo(bound);
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void ratingAPeriodInTwoPartsGivesTheSameRows(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);
        List<Instant> hours = hours(scenario);
        Instant cut = hours.get(1 + new Random(seed).nextInt(hours.size() - 1));

        // Each part knows all usage, as a bill does that is split at a change of prices.
        List<RatedRow> parts = new ArrayList<>();
        parts.addAll(rows(during(scenario, new Interval(scenario.period().from(), cut))));
        parts.addAll(rows(during(scenario, new Interval(cut, scenario.period().until()))));

        assertThat(parts).isEqualTo(rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theOrderOfTheInputDoesNotMatter(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);
        Random random = new Random(seed);
        Usage usage = scenario.usage();
        Commitments commitments = scenario.commitments();
        Scenario shuffled = with(
                scenario,
                new Usage(
                        shuffled(
                                usage.instances().stream()
                                        .map(instance -> withRuns(instance, shuffled(instance.runs(), random)))
                                        .toList(),
                                random),
                        shuffled(usage.capacityReservations(), random),
                        shuffled(usage.hosts(), random)),
                new Commitments(
                        shuffled(commitments.reservedInstances(), random),
                        shuffled(commitments.savingsPlans(), random),
                        shuffled(commitments.hostReservations(), random)));

        assertThat(rows(shuffled)).isEqualTo(rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aStrangerChangesNothing(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);

        List<RatedRow> rows = rows(Stranger.joins(scenario)).stream()
                .filter(row -> !row.account().equals(Stranger.ACCOUNT))
                .toList();

        assertThat(rows).isEqualTo(rows(scenario));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void splittingARunAtAWholeMinuteDoesNotChangeItsSeconds(long seed) {
        Scenario scenario = RandomScenario.of(seed, SIZE);
        List<InstanceUsage> split = new ArrayList<>();
        for (InstanceUsage instance : scenario.usage().instances()) {
            List<Run> runs = new ArrayList<>();
            for (Run run : instance.runs()) {
                Instant stop = run.stop() == null ? scenario.knownUntil() : run.stop();
                Instant middle = run.start().plusSeconds(60);
                boolean splits = instance.market() == Market.ON_DEMAND
                        && instance.os().granularity() == Granularity.PER_SECOND
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
        Usage usage = scenario.usage();
        Scenario withSplitRuns =
                with(scenario, new Usage(split, usage.capacityReservations(), usage.hosts()), scenario.commitments());

        Map<String, Sum> before = secondsByResource(scenario);
        Map<String, Sum> after = secondsByResource(withSplitRuns);

        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((id, sum) -> {
            int rows = sum.rows() + before.get(id).rows();
            assertThat(sum.seconds()).as(id).isCloseTo(before.get(id).seconds(), within(rows));
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void totalsAreTheSumsOfTheRows(long seed) {
        Rated rated = Rating.rate(RandomScenario.of(seed, SIZE));

        Costs sum = Costs.ZERO;
        for (RatedRow row : rated.rows()) {
            sum = sum.plus(row.costs());
        }

        assertThat(rated.totals()).isEqualTo(sum);
        assertThat(rated.unrated()).isEmpty();
    }

    /** Else the laws above would say little. */
    @Test
    void theSeedsReachEveryRule() {
        Set<String> reached = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Scenario scenario = RandomScenario.of(seed, SIZE);
            reached.addAll(Reached.by(scenario, rows(scenario)));
        }

        assertThat(reached).containsAll(Reached.EVERYTHING);
    }

    private record Sum(int rows, BigDecimal seconds, BigDecimal cost) {

        Sum plus(Sum other) {
            return new Sum(rows + other.rows, seconds.add(other.seconds), cost.add(other.cost));
        }
    }

    private static Offset<BigDecimal> within(int rows) {
        return Offset.offset(HALF_A_UNIT.multiply(BigDecimal.valueOf(rows)));
    }

    private static List<RatedRow> rows(Scenario scenario) {
        return inOrder(StreamSupport.stream(Rating.rate(scenario).rows().spliterator(), false));
    }

    /** In order, with seconds that are equal if they say the same. */
    private static List<RatedRow> inOrder(Stream<RatedRow> rows) {
        return rows.map(row -> new RatedRow(
                        row.chargePeriodStart(),
                        row.account(),
                        row.category(),
                        row.resourceId(),
                        row.commitmentId(),
                        row.seconds() == null ? null : row.seconds().stripTrailingZeros(),
                        row.costs()))
                .sorted(ORDER)
                .toList();
    }

    private static Map<String, Sum> secondsByResource(Scenario scenario) {
        Map<String, Sum> seconds = new HashMap<>();
        for (RatedRow row : rows(scenario)) {
            if (row.seconds() != null && row.category() != Category.SPOT) {
                seconds.merge(row.resourceId(), new Sum(1, row.seconds(), BigDecimal.ZERO), Sum::plus);
            }
        }
        return seconds;
    }

    /** What was used by resource and hour and what that costs on demand, counted in the plainest way. */
    private static Map<String, Sum> usage(Scenario scenario) {
        Map<String, Sum> usage = new TreeMap<>();
        Prices prices = scenario.prices();
        for (Instant hour : hours(scenario)) {
            Map<String, Long> usedOfReservation = new HashMap<>();
            for (InstanceUsage instance : scenario.usage().instances()) {
                long seconds = seconds(instance, hour, scenario.knownUntil());
                if (instance.capacityReservationId() != null) {
                    usedOfReservation.merge(instance.capacityReservationId(), seconds, Long::sum);
                }
                HourlyRate rate = instance.tenancy() == Tenancy.HOST
                        ? HourlyRate.of("0")
                        : prices.onDemand(instance.zone().region(), instance.type(), instance.os(), instance.tenancy())
                                .orElseThrow();
                put(usage, instance.id(), hour, seconds, rate);
            }
            for (CapacityReservation held : scenario.usage().capacityReservations()) {
                long seconds = overlap(hour, held.start(), held.end() == null ? scenario.knownUntil() : held.end());
                long unused = seconds * held.count() - usedOfReservation.getOrDefault(held.id(), 0L);
                HourlyRate rate = prices.onDemand(held.zone().region(), held.type(), held.os(), held.tenancy())
                        .orElseThrow();
                put(usage, held.id(), hour, unused, rate);
            }
            for (DedicatedHost host : scenario.usage().hosts()) {
                Instant released = host.released() == null
                        ? scenario.knownUntil()
                        : later(host.released(), host.allocated().plusSeconds(60));
                HourlyRate rate = prices.dedicatedHost(host.zone().region(), host.family())
                        .orElseThrow();
                put(usage, host.id(), hour, overlap(hour, host.allocated(), released), rate);
            }
        }
        return usage;
    }

    private static void put(Map<String, Sum> usage, String id, Instant hour, long seconds, HourlyRate rate) {
        if (seconds > 0) {
            BigDecimal list = Money.decimal(rate.costOf(BigFraction.of(seconds)));
            usage.put(id + "@" + hour, new Sum(1, BigDecimal.valueOf(seconds), list));
        }
    }

    private static long seconds(InstanceUsage instance, Instant hour, Instant knownUntil) {
        long seconds = 0;
        if (instance.market() == Market.ON_DEMAND) {
            for (Run run : instance.runs()) {
                Instant stop = run.stop() == null ? knownUntil : run.stop();
                if (instance.os().granularity() == Granularity.PER_SECOND) {
                    Instant minimum = run.stop() == null ? stop : run.start().plusSeconds(60);
                    seconds += overlap(hour, run.start(), later(stop, minimum));
                } else {
                    for (Instant begun = run.start(); begun.isBefore(stop); begun = begun.plusSeconds(3_600)) {
                        seconds += clockHour(hour).contains(begun) ? 3_600 : 0;
                    }
                }
            }
        }
        return seconds;
    }

    private static long overlap(Instant hour, Instant from, Instant until) {
        return from.isBefore(until)
                ? clockHour(hour)
                        .intersection(new Interval(from, until))
                        .map(Interval::length)
                        .orElse(Duration.ZERO)
                        .toSeconds()
                : 0;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Interval clockHour(Instant hour) {
        return new Interval(hour, hour.plus(Duration.ofHours(1)));
    }

    private static List<Instant> hours(Scenario scenario) {
        return Stream.iterate(
                        scenario.period().from(), scenario.period()::contains, hour -> hour.plus(Duration.ofHours(1)))
                .toList();
    }

    private static List<Commitment> commitments(Scenario scenario) {
        List<Commitment> commitments = new ArrayList<>();
        commitments.addAll(scenario.commitments().reservedInstances());
        commitments.addAll(scenario.commitments().savingsPlans());
        commitments.addAll(scenario.commitments().hostReservations());
        return commitments;
    }

    /** What a commitment costs in each hour of its term, the upfront fee spread over it. */
    private static BigFraction effectiveHourly(Commitment commitment) {
        long hours = commitment.term().hours();
        return switch (commitment) {
            case SavingsPlan plan -> plan.commitment().exact();
            case ReservedInstance reserved -> effectiveHourly(reserved.unitFees(), reserved.count(), hours);
            case HostReservation reservation -> effectiveHourly(reservation.unitFees(), reservation.count(), hours);
        };
    }

    private static BigFraction effectiveHourly(Fees fees, int count, long hours) {
        return fees.spread().divide(hours).add(fees.hourly()).multiply(count);
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static Scenario with(Scenario scenario, Usage usage, Commitments commitments) {
        return new Scenario(
                scenario.period(),
                scenario.knownUntil(),
                scenario.prices(),
                usage,
                commitments,
                scenario.organizations(),
                scenario.freeTier(),
                scenario.spotInterruptionPolicy());
    }

    private static Scenario during(Scenario scenario, Interval period) {
        return new Scenario(
                period,
                scenario.knownUntil(),
                scenario.prices(),
                scenario.usage(),
                scenario.commitments(),
                scenario.organizations(),
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
