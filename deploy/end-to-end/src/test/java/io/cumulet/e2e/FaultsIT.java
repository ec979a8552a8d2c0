package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the services stand on fails while clients launch: nothing acknowledged is lost, nothing is doubled, callers are
 * told in bounded time and in a form to be read, and the stack recovers without being restarted.
 */
@ExtendWith(RunningStack.class)
@Timeout(600)
class FaultsIT {

    /** {@code -Dcumulet.it.pause.seconds=30} for the long variant. */
    private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("cumulet.it.pause.seconds", 12));

    private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(18);

    /** The aim is 10 s on a quiet machine; a build machine may be busy with other things. Kubernetes kills after 30 s. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private LocalStack stack;
    private World world;
    private Books books;
    private PatientCaller caller;
    private Instant start;

    @BeforeEach
    void anEmptyStackWithAFrozenClock(LocalStack running) {
        stack = running;
        world = new World(stack.settings());
        books = new Books(stack.settings());
        caller = new PatientCaller(world.account());
        world.operator().reset();
        start = world.freezeOnAFullHour();
        world.addHosts(4, 1024);
    }

    @Test
    void aDatabaseThatHangsIsToldToCallersAndLosesNothing() throws Exception {
        try (LaunchLoad load = new LaunchLoad(caller)) {
            load.awaitMore(50);
            List<ProcessHandle> database = Signals.database(stack);
            Signals.pause(database);
            try {
                long resumeAt = System.nanoTime() + PAUSE.toNanos();
                everyServiceSaysThatItIsUnavailable();
                awaitNanoTime(resumeAt);
            } finally {
                Signals.goOn(database);
            }
            load.awaitMore(50);
            assertNothingIsLostOrDoubled(load.end());
        }
        assertThat(caller.slowestRefusal()).isLessThan(LONGEST_REFUSAL);
    }

    @Test
    void aBrokerThatHangsHoldsUpNobodysLaunch() throws Exception {
        try (LaunchLoad load = new LaunchLoad(caller)) {
            load.awaitMore(50);
            List<ProcessHandle> broker =
                    List.of(stack.infrastructure().running().orElseThrow());
            Signals.pause(broker);
            try {
                long resumeAt = System.nanoTime() + PAUSE.toNanos();
                load.awaitMore(50);
                awaitNanoTime(resumeAt);
                assertThat(books.rows(Service.INSTANCES, "SELECT seq FROM outbox WHERE sent_at IS NULL"))
                        .as("events wait for the broker")
                        .isNotEmpty();
            } finally {
                Signals.goOn(broker);
            }
            load.awaitMore(50);
            assertNothingIsLostOrDoubled(load.end());
        }
        assertThat(caller.slowestRefusal()).as("nobody was refused: %s", caller).isZero();
    }

    /** The database recovers from its log by itself, as after a crash of the machine: what it acknowledged is there. */
    @Test
    void aDatabaseThatCrashesAgainAndAgainKeepsWhatWasAcknowledged() throws Exception {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            assertThat(books.rows(Service.INSTANCES, "SHOW " + setting))
                    .as(setting)
                    .containsExactly("on");
        }
        try (LaunchLoad load = new LaunchLoad(caller)) {
            for (int crash = 0; crash < 3; crash++) {
                load.awaitMore(100);
                // One of its processes killed, and PostgreSQL throws all away that isn't on the disk.
                List<ProcessHandle> database = Signals.database(stack);
                database.get(1 + crash * (database.size() - 2) / 2).destroyForcibly();
            }
            load.awaitMore(50);
            assertNothingIsLostOrDoubled(load.end());
        }
        assertThat(caller.slowestRefusal()).isLessThan(LONGEST_REFUSAL);
    }

    /** Longer than Kafka's delivery timeout; the return of the broker takes the database through a restart too. */
    @Test
    void aBrokerThatIsAwayForLongHoldsUpNobodysLaunchAndGetsEveryEventInTheEnd() throws Exception {
        try (LaunchLoad load = new LaunchLoad(caller)) {
            load.awaitMore(50);
            stack.infrastructure().kill();
            long backAt = System.nanoTime() + PAUSE.plusSeconds(6).toNanos();
            load.awaitMore(100);
            Answer clock = world.operator().call(Service.INSTANCES, "POST", "/v1/clock", Map.of("action", "freeze"));
            assertThat(clock.status() + " " + clock.body().path("code").asText())
                    .as("the clock can't be moved without the broker: %s", clock.body())
                    .isEqualTo("503 Unavailable");
            awaitNanoTime(backAt);
            assertThat(caller.slowestRefusal())
                    .as("nobody was refused: %s", caller)
                    .isZero();
            stack.up(System.out::println);
            load.awaitMore(50);
            assertNothingIsLostOrDoubled(load.end());
        }
    }

    @Test
    void aFullDiskIsToldToCallersAndTheStackGoesOnOnceThereIsRoom() throws Exception {
        Path disk = Path.of("target", "small-disk").toAbsolutePath();
        Files.createDirectories(disk);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
                "A small disk can be mounted only as root");
        try {
            moveOutbox(disk);
            try (LaunchLoad load = new LaunchLoad(caller)) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> !caller.slowestRefusal().isZero());
                load.awaitNoMore();
                assertThat(run("mount", "-o", "remount,size=512m", disk.toString()))
                        .isTrue();
                load.awaitMore(200);
                assertNothingIsLostOrDoubled(load.end());
            }
            assertThat(caller.slowestRefusal()).isLessThan(LONGEST_REFUSAL);
        } finally {
            moveOutboxBack();
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void servicesToldToStopAnswerWhatIsUnderWayAndLoseNothing() throws Exception {
        try (LaunchLoad load = new LaunchLoad(caller.whileServicesStop())) {
            load.awaitMore(100);
            long asked = System.nanoTime();
            List<CompletableFuture<Void>> stopped = Stream.of(Service.INSTANCES, Service.BILLING)
                    .map(service -> {
                        ProcessHandle process = stack.process(service).running().orElseThrow();
                        process.destroy();
                        return process.onExit().thenAccept(ended -> {
                            Duration took = Duration.ofNanos(System.nanoTime() - asked);
                            System.out.printf("%s stopped in %.1f s%n", service.serviceName(), took.toMillis() / 1e3);
                            assertThat(took).as(service.serviceName()).isLessThan(LONGEST_STOP);
                        });
                    })
                    .toList();
            stopped.forEach(CompletableFuture::join);
            stack.up(System.out::println);
            load.awaitMore(50);
            assertNothingIsLostOrDoubled(load.end());
        }
        assertThat(caller.slowestRefusal()).isLessThan(LONGEST_REFUSAL);
    }

    private void everyServiceSaysThatItIsUnavailable() {
        Map<Service, String> reads = Map.of(
                Service.INSTANCES, "/v1/instances",
                Service.BILLING, "/v1/usage",
                Service.FIREWALL, "/v1/security-groups",
                Service.SPOT_MARKET, "/v1/spot-requests");
        List<CompletableFuture<Void>> asked = reads.entrySet().stream()
                .map(read -> CompletableFuture.runAsync(() -> {
                    long began = System.nanoTime();
                    Answer answer = world.account().call(read.getKey(), "GET", read.getValue(), null);
                    assertThat(answer.status() + " "
                                    + answer.body().path("code").asText())
                            .as("%s: %s", read.getKey(), answer.body())
                            .isEqualTo("503 Unavailable");
                    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST_REFUSAL);
                }))
                .toList();
        asked.forEach(CompletableFuture::join);
    }

    private void assertNothingIsLostOrDoubled(Collection<String> acknowledged) throws SQLException {
        System.out.printf("%d launches; %s%n", acknowledged.size(), caller);
        Instant end = world.operator().advanceClock(Duration.ofHours(1)).now();
        books.assertExactlyThese(world, acknowledged);
        books.assertCapacityAndAddressesBalance();
        books.assertEachRunIsMeteredOnce(world);
        assertThat(world.usage())
                .extracting(run -> run.path("seconds").asLong())
                .containsOnly(Duration.between(start, end).toSeconds());
    }

    private static void awaitNanoTime(long moment) {
        await().atMost(Duration.ofMinutes(2)).until(() -> System.nanoTime() >= moment);
    }

    private void moveOutbox(Path disk) throws SQLException {
        asSuperuser(
                "CREATE TABLESPACE small LOCATION '" + disk + "'",
                "GRANT CREATE ON TABLESPACE small TO PUBLIC",
                "ALTER TABLE outbox SET TABLESPACE small");
    }

    private void moveOutboxBack() throws SQLException {
        asSuperuser("ALTER TABLE outbox SET TABLESPACE pg_default", "DROP TABLESPACE small");
    }

    private void asSuperuser(String... commands) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(stack.settings().jdbcUrl(Service.INSTANCES), "postgres", "");
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
