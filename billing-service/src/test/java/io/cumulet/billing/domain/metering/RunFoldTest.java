package io.cumulet.billing.domain.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.metering.UsageRun.Cause;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunFoldTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.400Z");
    private static final MeteredThing THING = new MeteredThing(
            new AccountId("111111111111"),
            new AvailabilityZone("us-east-1a"),
            new InstanceType("m4.large"),
            OperatingSystem.LINUX,
            Tenancy.DEFAULT,
            Market.SPOT,
            null);

    @Test
    void aRunGoesFromLaunchedToStopping() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.REBOOTED, 20),
                fact(4, FactKind.STOPPING, 100),
                fact(5, FactKind.STOPPED, 130)));

        assertThat(runs).hasSize(1);
        assertThat(runs.getFirst().startedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:10Z"));
        assertThat(runs.getFirst().end().seconds()).isEqualTo(90);
        assertThat(runs.getFirst().end().at()).isEqualTo(Instant.parse("2026-01-01T00:01:40Z"));
        assertThat(runs.getFirst().provisional()).isFalse();
    }

    /** The market stopped it, had no room once when it wanted to start it again, then had. */
    @Test
    void aRestartThatFoundNoRoomBillsNothing() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.INTERRUPTED, 100),
                fact(4, FactKind.STOPPING, 100),
                fact(5, FactKind.STOPPED, 130),
                fact(6, FactKind.STOPPED, 500),
                fact(7, FactKind.REQUESTED, 900),
                fact(8, FactKind.STARTED, 910)));

        assertThat(runs).hasSize(2);
        assertThat(runs.getFirst().end().seconds()).isEqualTo(90);
        assertThat(runs.getFirst().end().cause()).isEqualTo(Cause.INTERRUPTION);
        assertThat(runs.getLast().startedAt()).isEqualTo(Instant.parse("2026-01-01T00:15:10Z"));
        assertThat(runs.getLast().end()).isNull();
        assertThat(runs).noneMatch(UsageRun::provisional);
    }

    @Test
    void aStartAfterAStopBeginsANewRun() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.STOPPING, 20),
                fact(4, FactKind.STOPPED, 30),
                fact(5, FactKind.REQUESTED, 40),
                fact(6, FactKind.STARTED, 50)));

        assertThat(runs).extracting(UsageRun::number).containsExactly(1, 2);
        assertThat(runs.get(1).isRunning()).isTrue();
    }

    @Test
    void anInterruptionEndsTheRunForTheMarket() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.INTERRUPTION_WARNED, 60),
                fact(4, FactKind.INTERRUPTED, 180),
                fact(5, FactKind.TERMINATING, 180),
                fact(6, FactKind.TERMINATED, 181)));

        assertThat(runs.getFirst().end().cause()).isEqualTo(Cause.INTERRUPTION);
        assertThat(runs.getFirst().end().seconds()).isEqualTo(170);
    }

    @Test
    void aTerminationThatCameBeforeTheInterruptionIsTheCustomers() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.TERMINATING, 60),
                fact(4, FactKind.INTERRUPTED, 61)));

        assertThat(runs.getFirst().end().cause()).isEqualTo(Cause.USER);
    }

    @Test
    void aLaunchThatFailedNeverRan() {
        assertThat(RunFold.runs(List.of(fact(1, FactKind.REQUESTED, 0), fact(2, FactKind.FAILED, 10))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:10.900Z, 2026-01-01T00:00:11.000Z, 1",
        "2026-01-01T00:00:10.900Z, 2026-01-01T00:00:12.100Z, 2",
        "2026-01-01T00:00:10.000Z, 2026-01-01T00:00:12.000Z, 2",
        "2026-01-01T00:00:10.000Z, 2026-01-01T00:00:12.000001Z, 3",
        "2026-01-01T00:00:10.000Z, 2026-01-01T00:00:10.000Z, 1",
    })
    void lengthIsExactEndLessExactStartRoundedUpAndAtLeastASecond(Instant start, Instant end, long seconds) {
        List<UsageRun> runs = RunFold.runs(List.of(
                new Fact("i-1", 1, FactKind.REQUESTED, start, THING, "e1"),
                new Fact("i-1", 2, FactKind.LAUNCHED, start, THING, "e2"),
                new Fact("i-1", 3, FactKind.STOPPING, end, THING, "e3")));

        assertThat(runs.getFirst().end().seconds()).isEqualTo(seconds);
        assertThat(runs.getFirst().startedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:10Z"));
    }

    @Test
    void aGapMakesWhatComesAfterItProvisionalAndNotWhatWasBefore() {
        List<UsageRun> runs = RunFold.runs(List.of(
                fact(1, FactKind.REQUESTED, 0),
                fact(2, FactKind.LAUNCHED, 10),
                fact(3, FactKind.STOPPING, 20),
                fact(4, FactKind.STOPPED, 30),
                fact(6, FactKind.STARTED, 50),
                fact(7, FactKind.STOPPING, 60)));

        assertThat(runs).extracting(UsageRun::provisional).containsExactly(false, true);
    }

    @Test
    void aRunWhoseEndIsMissingEndsWhereItIsNextKnownNotToRun() {
        List<UsageRun> runs = RunFold.runs(
                List.of(fact(1, FactKind.REQUESTED, 0), fact(2, FactKind.LAUNCHED, 10), fact(4, FactKind.STOPPED, 30)));

        assertThat(runs.getFirst().end().seconds()).isEqualTo(20);
        assertThat(runs.getFirst().provisional()).isTrue();
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyOrderAndDuplicationOfFactsGivesTheSameUsage(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = life(random);
        List<UsageRun> expected = RunFold.runs(facts);

        List<Fact> disturbed = new ArrayList<>(facts);
        for (int i = 0; i < random.nextInt(8); i++) {
            disturbed.add(facts.get(random.nextInt(facts.size())));
        }
        Collections.shuffle(disturbed, random);

        assertThat(RunFold.runs(disturbed)).isEqualTo(expected);
        assertThat(expected).noneMatch(UsageRun::provisional);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runsFollowEachOtherAndEndAfterTheyStart(long seed) {
        List<UsageRun> runs = RunFold.runs(life(new Random(seed)));
        for (int i = 0; i < runs.size(); i++) {
            UsageRun run = runs.get(i);
            assertThat(run.number()).isEqualTo(i + 1);
            if (run.end() != null) {
                assertThat(run.end().at()).isAfter(run.startedAt());
                assertThat(Duration.between(run.startedAt(), run.end().at()).toSeconds())
                        .isEqualTo(run.end().seconds());
            } else {
                assertThat(i).isEqualTo(runs.size() - 1);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRunThatIsNotProvisionalNeverChangesAnyMore(long seed) {
        Random random = new Random(seed);
        List<Fact> arriving = life(random);
        Collections.shuffle(arriving, random);
        List<UsageRun> settled = new ArrayList<>();
        List<Fact> known = new ArrayList<>();
        for (Fact fact : arriving) {
            known.add(fact);
            List<UsageRun> runs = RunFold.runs(known);
            assertThat(runs).containsAll(settled);
            runs.stream()
                    .filter(run -> !run.provisional() && !run.isRunning())
                    .filter(run -> !settled.contains(run))
                    .forEach(settled::add);
        }
    }

    /** A whole life of an instance, as the instance service would tell it. */
    private static List<Fact> life(Random random) {
        List<Fact> facts = new ArrayList<>();
        Instant at = START;
        boolean first = true;
        boolean alive = true;
        while (alive && facts.size() < 40) {
            at = add(facts, FactKind.REQUESTED, at, random);
            if (random.nextInt(10) == 0) {
                add(facts, FactKind.FAILED, at, random);
                return facts;
            }
            at = add(facts, first ? FactKind.LAUNCHED : FactKind.STARTED, at, random);
            first = false;
            for (int i = 0; i < random.nextInt(3); i++) {
                FactKind[] quiet = {
                    FactKind.REBOOTED, FactKind.MODIFIED, FactKind.REBALANCE_RECOMMENDED, FactKind.INTERRUPTION_WARNED
                };
                at = add(facts, quiet[random.nextInt(quiet.length)], at, random);
            }
            if (random.nextInt(5) == 0) {
                return facts;
            }
            if (random.nextInt(4) == 0) {
                at = add(facts, FactKind.INTERRUPTED, at, random);
            }
            alive = random.nextInt(3) > 0;
            at = add(facts, alive ? FactKind.STOPPING : FactKind.TERMINATING, at, random);
            at = add(facts, alive ? FactKind.STOPPED : FactKind.TERMINATED, at, random);
        }
        return facts;
    }

    private static Instant add(List<Fact> facts, FactKind kind, Instant at, Random random) {
        long version = facts.size() + 1L;
        facts.add(new Fact("i-1", version, kind, at, THING, "event-" + version));
        return at.plusMillis(random.nextInt(3) == 0 ? random.nextInt(900) : random.nextInt(9_000_000));
    }

    private static Fact fact(long version, FactKind kind, long second) {
        return new Fact("i-1", version, kind, START.plusSeconds(second), THING, "event-" + version);
    }
}
