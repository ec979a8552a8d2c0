package io.cumulet.instances.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LifecycleTableTest {

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    /** Each command and what it leads to from PENDING, RUNNING, STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED. */
    private static final Map<Command, List<String>> TABLE = Map.ofEntries(
            Map.entry(new Command.Start("h-1"), List.of("-", "-", "conflict", "pending", "conflict", "conflict")),
            Map.entry(new Command.Stop(), List.of("conflict", "stopping", "-", "-", "conflict", "conflict")),
            Map.entry(
                    new Command.Reboot(),
                    List.of("conflict", "running", "conflict", "conflict", "conflict", "conflict")),
            Map.entry(
                    new Command.Terminate(),
                    List.of("shutting-down", "shutting-down", "shutting-down", "shutting-down", "-", "-")),
            Map.entry(
                    new Command.Modify(new InstanceType("m4.xlarge"), null, null, null, null),
                    List.of("conflict", "conflict", "conflict", "stopped", "conflict", "conflict")),
            Map.entry(
                    new Command.Modify(null, null, Map.of("a", "b"), null, null),
                    List.of("pending", "running", "stopping", "stopped", "conflict", "conflict")),
            Map.entry(new Command.ReportUp(1), List.of("running", "-", "-", "-", "-", "-")),
            Map.entry(new Command.ReportUp(2), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(new Command.ReportBootFailed(1, "test"), List.of("terminated", "-", "-", "-", "-", "-")),
            Map.entry(new Command.ReportDown(1), List.of("-", "-", "stopped", "-", "terminated", "-")),
            Map.entry(new Command.ReportDown(7), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(new Command.Warned(NOW, NOW), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(new Command.Evicted("price", NOW), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(new Command.Restart("h-1"), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(new Command.RebalanceRecommended(NOW), List.of("-", "-", "-", "-", "-", "-")),
            Map.entry(
                    new Command.GivenUpByFleet(),
                    List.of("shutting-down", "shutting-down", "shutting-down", "shutting-down", "-", "-")),
            Map.entry(
                    new Command.AccountReset(),
                    List.of("shutting-down", "shutting-down", "shutting-down", "shutting-down", "-", "-")),
            Map.entry(new Command.RequestEnded(), List.of("-", "-", "-", "-", "-", "-")));

    private static final List<InstanceState> COLUMNS = List.of(
            InstanceState.PENDING,
            InstanceState.RUNNING,
            InstanceState.STOPPING,
            InstanceState.STOPPED,
            InstanceState.SHUTTING_DOWN,
            InstanceState.TERMINATED);

    @Test
    void everyCommandInEveryStateDoesWhatTheTableSays() {
        TABLE.forEach((command, cells) -> {
            for (int i = 0; i < COLUMNS.size(); i++) {
                Decision decision = Lifecycle.decide(onDemand(COLUMNS.get(i)), command, NOW);
                assertThat(outcome(decision))
                        .as("%s in %s", command, COLUMNS.get(i))
                        .isEqualTo(cells.get(i));
            }
        });
    }

    @Test
    void aSpotInstanceIsWarnedOnceAndTakenBackAsItsBehaviourSays() {
        for (InterruptionBehavior behavior : InterruptionBehavior.values()) {
            Instance running = spot(InstanceState.RUNNING, behavior);
            Decision.Changed warned = (Decision.Changed) Lifecycle.decide(running, new Command.Warned(NOW, NOW), THEN);
            assertThat(warned.after().state()).isEqualTo(InstanceState.RUNNING);
            assertThat(warned.after().interruptionActionAt()).isEqualTo(NOW);
            assertThat(Lifecycle.decide(warned.after(), new Command.Warned(NOW, NOW), THEN))
                    .isInstanceOf(Decision.Unchanged.class);

            Decision.Changed evicted =
                    (Decision.Changed) Lifecycle.decide(warned.after(), new Command.Evicted("price", NOW), NOW);
            assertThat(evicted.after().state())
                    .isEqualTo(
                            behavior == InterruptionBehavior.TERMINATE
                                    ? InstanceState.SHUTTING_DOWN
                                    : InstanceState.STOPPING);
            assertThat(evicted.events().getFirst().kind()).isEqualTo(LifecycleEvent.Kind.INTERRUPTED);
            assertThat(evicted.after().stateReason().code()).isEqualTo("Server.SpotInstanceTermination");
            assertThat(evicted.after().interruptionActionAt()).isNull();
            assertThat(Lifecycle.decide(evicted.after(), new Command.Evicted("price", NOW), NOW))
                    .isInstanceOf(Decision.Unchanged.class);
        }
    }

    @Test
    void aRebalanceIsRecommendedOnceInARunAndNotToWhatIsWarned() {
        Instance running = spot(InstanceState.RUNNING, InterruptionBehavior.STOP);
        Decision.Changed told =
                (Decision.Changed) Lifecycle.decide(running, new Command.RebalanceRecommended(NOW), NOW);
        assertThat(told.events())
                .extracting(LifecycleEvent::kind)
                .containsExactly(LifecycleEvent.Kind.REBALANCE_RECOMMENDED);
        assertThat(told.after().rebalanceRecommendedAt()).isEqualTo(NOW);
        assertThat(told.after().state()).isEqualTo(InstanceState.RUNNING);
        assertThat(told.effects()).isEmpty();
        Command later = new Command.RebalanceRecommended(NOW.plusSeconds(60));
        assertThat(outcome(Lifecycle.decide(told.after(), later, NOW))).isEqualTo("-");
        assertThat(outcome(Lifecycle.decide(
                        spot(InstanceState.STOPPED, InterruptionBehavior.STOP),
                        new Command.RebalanceRecommended(NOW),
                        NOW)))
                .isEqualTo("-");

        Instance warned = ((Decision.Changed) Lifecycle.decide(running, new Command.Warned(NOW, NOW), NOW)).after();
        assertThat(outcome(Lifecycle.decide(warned, later, NOW))).isEqualTo("-");
        // What was meant for the run before.
        Command stale = new Command.RebalanceRecommended(running.launchTime().minusSeconds(1));
        assertThat(outcome(Lifecycle.decide(running, stale, NOW))).isEqualTo("-");

        Instance stopped = told.after()
                .next()
                .enter(InstanceState.STOPPED, NOW)
                .withoutHost()
                .done();
        Instance again = ((Decision.Changed) Lifecycle.decide(stopped, new Command.Start("h-2"), NOW)).after();
        assertThat(again.rebalanceRecommendedAt()).isNull();
    }

    @Test
    void whatAFleetGivesUpIsTerminatedProtectedOrNotAndNamesTheFleet() {
        Instance ofFleet = spot(InstanceState.RUNNING, InterruptionBehavior.STOP)
                .next()
                .tags(Map.of("aws:ec2:fleet-id", "fleet-1"))
                .terminationProtected(true)
                .done();
        Decision.Changed ended = (Decision.Changed) Lifecycle.decide(ofFleet, new Command.GivenUpByFleet(), NOW);
        assertThat(ended.events()).extracting(LifecycleEvent::kind).containsExactly(LifecycleEvent.Kind.TERMINATING);
        assertThat(ended.after().stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
        assertThat(ended.after().stateReason().message()).contains("fleet-1");
    }

    @Test
    void anEvictionThatComesAfterANewStartChangesNothing() {
        Instance startedLater = spot(InstanceState.RUNNING, InterruptionBehavior.STOP);
        assertThat(Lifecycle.decide(startedLater, new Command.Evicted("price", THEN.minusSeconds(1)), NOW))
                .isInstanceOf(Decision.Unchanged.class);
    }

    @Test
    void aWarningThatComesAfterANewStartChangesNothing() {
        Instance startedLater = spot(InstanceState.RUNNING, InterruptionBehavior.STOP);
        Instant before = startedLater.launchTime().minusSeconds(1);
        assertThat(Lifecycle.decide(startedLater, new Command.Warned(before, before.plusSeconds(120)), NOW))
                .isInstanceOf(Decision.Unchanged.class);
    }

    @Test
    void whatTheMarketStoppedOnlyTheMarketStartsAgain() {
        Instance stopped = stoppedByTheMarket();
        assertThat(Lifecycle.decide(stopped, new Command.Start("h-2"), NOW))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused ->
                                assertThat(refused.refusal().code()).isEqualTo(ErrorCode.INCORRECT_SPOT_REQUEST_STATE));
        Decision.Changed started = (Decision.Changed) Lifecycle.decide(stopped, new Command.Restart("h-2"), NOW);
        assertThat(started.after().state()).isEqualTo(InstanceState.PENDING);
        assertThat(started.after().run()).isEqualTo(2);
        assertThat(started.after().stateReason()).isNull();

        Instance stoppedByItsOwner = spot(InstanceState.STOPPED, InterruptionBehavior.STOP);
        assertThat(Lifecycle.decide(stoppedByItsOwner, new Command.Restart("h-2"), NOW))
                .isInstanceOf(Decision.Unchanged.class);
        assertThat(Lifecycle.decide(stoppedByItsOwner, new Command.Start("h-2"), NOW))
                .isInstanceOf(Decision.Changed.class);
    }

    @Test
    void aRestartThatFindsNoRoomIsAnsweredAndCanBeTriedAgain() {
        Instance stopped = stoppedByTheMarket();
        Decision.Changed answered = (Decision.Changed) Lifecycle.decide(stopped, new Command.Restart(null), NOW);

        assertThat(answered.events()).extracting(LifecycleEvent::kind).containsExactly(LifecycleEvent.Kind.STOPPED);
        assertThat(answered.after().version()).isEqualTo(stopped.version() + 1);
        assertThat(answered.after().stateReason().code()).isEqualTo("Server.InsufficientInstanceCapacity");
        assertThat(answered.effects()).isEmpty();
        assertThat(Lifecycle.decide(answered.after(), new Command.Restart("h-2"), NOW))
                .isInstanceOf(Decision.Changed.class);
        assertThat(outcome(Lifecycle.decide(answered.after(), new Command.Start("h-2"), NOW)))
                .isEqualTo("IncorrectSpotRequestState");
    }

    @Test
    void aStoppedInstanceEndsWithItsRequestAndARunningOneGoesOn() {
        assertThat(outcome(Lifecycle.decide(stoppedByTheMarket(), new Command.RequestEnded(), NOW)))
                .isEqualTo("shutting-down");
        assertThat(outcome(Lifecycle.decide(
                        spot(InstanceState.RUNNING, InterruptionBehavior.STOP), new Command.RequestEnded(), NOW)))
                .isEqualTo("-");
    }

    @Test
    void whatIsEvictedBeforeItsFirstBootEndsAndBeforeItsSecondIsStoppedAgain() {
        Instance first = spot(InstanceState.PENDING, InterruptionBehavior.STOP);
        assertThat(outcome(Lifecycle.decide(first, new Command.Evicted("price", NOW), NOW)))
                .isEqualTo("shutting-down");
        Instance second =
                ((Decision.Changed) Lifecycle.decide(stoppedByTheMarket(), new Command.Restart("h-2"), THEN)).after();
        assertThat(outcome(Lifecycle.decide(second, new Command.Evicted("price", NOW), NOW)))
                .isEqualTo("stopping");
    }

    private static Instance stoppedByTheMarket() {
        Instance running = spot(InstanceState.RUNNING, InterruptionBehavior.STOP);
        Instance stopping =
                ((Decision.Changed) Lifecycle.decide(running, new Command.Evicted("price", NOW), NOW)).after();
        return ((Decision.Changed) Lifecycle.decide(stopping, new Command.ReportDown(1), NOW)).after();
    }

    @Test
    void aScheduledInstanceIsTerminatedWhenItsSlotEndsAndCanNeitherBeStoppedNorRebooted() {
        Instance running = scheduled(InstanceState.RUNNING);
        assertThat(outcome(Lifecycle.decide(running, new Command.Stop(), NOW))).isEqualTo("UnsupportedOperation");
        assertThat(outcome(Lifecycle.decide(running, new Command.Reboot(), NOW)))
                .isEqualTo("UnsupportedOperation");
        assertThat(outcome(Lifecycle.decide(running, new Command.Terminate(), NOW)))
                .as("it is protected")
                .isEqualTo("OperationNotPermitted");

        Decision.Changed ended = (Decision.Changed) Lifecycle.decide(running, new Command.SlotEnds(), NOW);
        assertThat(ended.after().state()).isEqualTo(InstanceState.SHUTTING_DOWN);
        assertThat(ended.events()).extracting(LifecycleEvent::kind).containsExactly(LifecycleEvent.Kind.TERMINATING);
        assertThat(ended.after().stateReason().code()).isEqualTo("Server.ScheduledInstanceTermination");
        assertThat(outcome(Lifecycle.decide(scheduled(InstanceState.PENDING), new Command.SlotEnds(), NOW)))
                .isEqualTo("shutting-down");
        assertThat(outcome(Lifecycle.decide(ended.after(), new Command.SlotEnds(), NOW)))
                .isEqualTo("-");
    }

    private static Instance scheduled(InstanceState state) {
        Instance plain = onDemand(state);
        Instance.Launch launch = plain.launch();
        return new Instance(
                plain.id(),
                plain.account(),
                plain.zone(),
                plain.version(),
                plain.run(),
                state,
                THEN,
                new Instance.Launch(
                        launch.reservationId(),
                        launch.index(),
                        launch.imageId(),
                        launch.os(),
                        launch.architecture(),
                        launch.vpcId(),
                        launch.subnetId(),
                        null,
                        "3f1d3f6e-0d5c-4c39-9a3b-6f2f0a6f7c11"),
                plain.type(),
                null,
                null,
                null,
                plain.hostId(),
                plain.privateAddress(),
                plain.groupIds(),
                plain.tags(),
                true,
                THEN,
                null,
                plain.interfaces());
    }

    @Test
    void aStartWithoutRoomIsRefused() {
        assertThat(Lifecycle.decide(onDemand(InstanceState.STOPPED), new Command.Start(null), NOW))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.refusal().code())
                                .isEqualTo(ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY));
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Whatever comes in whatever order: versions count up by one, and capacity is held exactly while a host is named. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyOrderOfCommandsKeepsTheBooksStraight(long seed) {
        Random random = new Random(seed);
        Instance instance = random.nextBoolean()
                ? onDemand(InstanceState.PENDING)
                : spot(
                        InstanceState.PENDING,
                        InterruptionBehavior.values()[random.nextInt(InterruptionBehavior.values().length)]);
        boolean holdsCapacity = true;
        boolean holdsAddress = true;
        Instant now = NOW;
        for (int step = 0; step < 60; step++) {
            now = now.plusSeconds(random.nextInt(3));
            Command command = anyCommand(random, instance, now);
            if (Lifecycle.decide(instance, command, now) instanceof Decision.Changed changed) {
                long version = instance.version();
                for (LifecycleEvent event : changed.events()) {
                    assertThat(event.after().version()).isEqualTo(++version);
                }
                for (Decision.Effect effect : changed.effects()) {
                    switch (effect) {
                        case TAKE_CAPACITY -> {
                            assertThat(holdsCapacity).isFalse();
                            holdsCapacity = true;
                        }
                        case RELEASE_CAPACITY -> {
                            assertThat(holdsCapacity).isTrue();
                            holdsCapacity = false;
                        }
                        case RELEASE_INTERFACES -> {
                            assertThat(holdsAddress).isTrue();
                            holdsAddress = false;
                        }
                        case DRIVER_BOOT, DRIVER_SHUT_DOWN, DRIVER_REBOOT -> {}
                    }
                }
                instance = changed.after();
            }
            assertThat(instance.hostId() != null).isEqualTo(holdsCapacity);
            assertThat(instance.privateAddress() != null).isEqualTo(holdsAddress);
            if (instance.state() == InstanceState.TERMINATED) {
                assertThat(holdsCapacity || holdsAddress).isFalse();
            }
        }
    }

    private static Command anyCommand(Random random, Instance instance, Instant now) {
        int run = Math.max(1, instance.run() - random.nextInt(2));
        return switch (random.nextInt(12)) {
            case 0 -> new Command.Start(random.nextInt(4) == 0 ? null : "h-2");
            case 1 -> new Command.Stop();
            case 2 -> new Command.Reboot();
            case 3 -> random.nextInt(4) == 0 ? new Command.Terminate() : new Command.Stop();
            case 4 -> new Command.Modify(null, null, tag(random), null, null);
            case 5, 6 -> new Command.ReportUp(run);
            case 7 -> random.nextInt(4) == 0 ? new Command.ReportBootFailed(run, "x") : new Command.ReportDown(run);
            case 8 -> new Command.Warned(now, now.plusSeconds(120));
            case 9 -> new Command.Restart(random.nextInt(4) == 0 ? null : "h-3");
            case 10 -> random.nextInt(4) == 0 ? new Command.RequestEnded() : new Command.ReportDown(run);
            default -> new Command.Evicted("capacity", now);
        };
    }

    private static Map<String, String> tag(Random random) {
        Map<String, String> tags = new HashMap<>();
        tags.put("k" + random.nextInt(3), random.nextBoolean() ? "v" : null);
        return tags;
    }

    private static String outcome(Decision decision) {
        return switch (decision) {
            case Decision.Unchanged unchanged -> "-";
            case Decision.Changed changed -> changed.after().state().code();
            case Decision.Refused refused ->
                refused.refusal().code() == ErrorCode.INCORRECT_INSTANCE_STATE
                        ? "conflict"
                        : refused.refusal().code().code();
        };
    }

    private static Instance onDemand(InstanceState state) {
        return instance(state, null);
    }

    private static Instance spot(InstanceState state, InterruptionBehavior behavior) {
        return instance(state, new SpotTerms(HourlyRate.of("0.05"), "sir-00000000000000001", behavior));
    }

    private static Instance instance(InstanceState state, SpotTerms spot) {
        boolean gone = state == InstanceState.TERMINATED;
        return new Instance(
                "i-00000000000000001",
                new AccountId("123456789012"),
                new AvailabilityZone("us-east-1a"),
                5,
                1,
                state,
                THEN,
                new Instance.Launch(
                        "r-00000000000000001",
                        0,
                        "ami-785db401",
                        OperatingSystem.LINUX,
                        "x86_64",
                        "vpc-1",
                        "subnet-1",
                        null,
                        null),
                new InstanceType("m4.large"),
                spot,
                null,
                null,
                gone || state == InstanceState.STOPPED ? null : "h-1",
                gone ? null : "172.31.0.4",
                List.of("sg-1"),
                Map.of(),
                false,
                THEN,
                null,
                List.of());
    }
}
