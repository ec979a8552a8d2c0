package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two processes of every service on the same databases and broker; one of each hangs for a while and is killed later. */
@ExtendWith(RunningStack.class)
class ReplicasIT {

    private static final Duration HANG = Duration.ofSeconds(9);
    /** A zone without m4 hosts but the one added here. */
    private static final String SPOT_ZONE = "us-east-1d";

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(600)
    void workGoesOnWhenOneProcessOfEachServiceHangsAndIsKilledAndNothingIsLostOrDoubled(LocalStack stack)
            throws Exception {
        stack.upReplicas(List.of(Service.values()), System.out::println);
        try {
            World world = new World(stack.settings());
            World beside = world.seenFromReplicas();
            world.operator().reset();
            Instant start = world.freezeOnAFullHour();
            bothReplicasMoveTheClock(world, beside, start);
            world.addHosts(4, 1024);
            addRoomForOneSpotInstance(world);

            String group = createGroup(beside.account(), "before");
            beside.operator().freezeClock();
            String spot = launchSpot(world);
            world.operator().freezeClock();
            String rival = bidMore(beside);
            world.operator().freezeClock();
            assertThat(instance(beside, spot)
                            .path("market")
                            .path("interruptionActionAt")
                            .asText())
                    .as("the first bidder is warned, 120 s ahead")
                    .isEqualTo(start.plus(Duration.ofMinutes(12)).toString());

            launchWhileTheFirstProcessesHangAndAreKilled(stack, world, beside, group);
            String second = createGroup(beside.account(), "after");

            // The timers of the dead fire in the living; their events find their way.
            beside.operator().advanceClock(Duration.ofMinutes(2));
            assertThat(instance(beside, spot).path("state").asText()).isEqualTo("terminated");
            JsonNode won = beside.account().get(Service.SPOT_MARKET, "/v1/spot-requests/" + rival);
            String winner = won.path("instanceId").asText();
            assertThat(instance(beside, winner).path("state").asText()).isEqualTo("running");

            beside.operator().advanceClock(Duration.ofMinutes(58));
            acknowledged.add(spot);
            acknowledged.add(winner);
            assertNothingIsLostOrDoubled(stack, beside, spot, winner);
            assertGroupsAreConsistent(new Books(stack.settings()), beside, group, second);

            // What was killed comes back beside those that went on.
            stack.up(System.out::println);
            world.operator().advanceClock(Duration.ofMinutes(1));
            assertNothingIsLostOrDoubled(stack, world, spot, winner);
        } finally {
            stack.downReplicas(System.out::println);
        }
    }

    /** Whichever process is called: each goes on from where the other left the clock, and two at once never mix. */
    private static void bothReplicasMoveTheClock(World world, World beside, Instant start) throws Exception {
        for (int i = 1; i <= 4; i++) {
            World mover = i % 2 == 0 ? world : beside;
            Instant now = mover.operator().advanceClock(Duration.ofMinutes(1)).now();
            assertThat(now).isEqualTo(start.plus(Duration.ofMinutes(i)));
        }
        AtomicInteger moved = new AtomicInteger();
        try (ExecutorService movers = Executors.newFixedThreadPool(2)) {
            List<Future<?>> running = new ArrayList<>();
            for (World mover : List.of(world, beside)) {
                running.add(movers.submit(() -> {
                    for (int i = 0; i < 3; i++) {
                        Answer answer = move(mover);
                        if (answer.isOk()) {
                            moved.incrementAndGet();
                        } else {
                            assertThat(answer.body().path("code").asText()).isEqualTo("Unavailable");
                        }
                    }
                }));
            }
            for (Future<?> mover : running) {
                mover.get();
            }
        }
        assertThat(moved.get()).isPositive();
        Instant now = world.operator().freezeClock().now();
        assertThat(now).isEqualTo(start.plus(Duration.ofMinutes(4)).plusSeconds(moved.get()));
        Instant minuteTen = start.plus(Duration.ofMinutes(10));
        assertThat(beside.operator()
                        .advanceClock(Duration.between(now, minuteTen))
                        .now())
                .isEqualTo(minuteTen);
    }

    private static Answer move(World mover) {
        return mover.operator()
                .call(Service.INSTANCES, "POST", "/v1/clock", Map.of("action", "advance", "duration", "PT1S"));
    }

    private static void addRoomForOneSpotInstance(World world) {
        world.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of(
                                "availabilityZone",
                                SPOT_ZONE,
                                "family",
                                "m4",
                                "count",
                                1,
                                "vcpus",
                                2,
                                "memoryMib",
                                8192));
        world.operator().freezeClock();
    }

    private static String createGroup(StackApi account, String name) {
        return account.post(Service.FIREWALL, "/v1/security-groups", Map.of("name", name, "description", name))
                .path("groupId")
                .asText();
    }

    private static String launchSpot(World world) {
        return World.instanceIds(world.account()
                        .post(
                                Service.INSTANCES,
                                "/v1/instances",
                                Map.of(
                                        "imageId",
                                        World.IMAGE,
                                        "instanceType",
                                        "m4.large",
                                        "placement",
                                        Map.of("availabilityZone", SPOT_ZONE),
                                        "market",
                                        Map.of("type", "spot", "maxPrice", "0.05"))))
                .getFirst();
    }

    private static String bidMore(World world) {
        return world.account()
                .post(
                        Service.SPOT_MARKET,
                        "/v1/spot-requests",
                        Map.of(
                                "imageId",
                                World.IMAGE,
                                "instanceType",
                                "m4.large",
                                "availabilityZone",
                                SPOT_ZONE,
                                "maxPrice",
                                "0.08"))
                .path("spotRequests")
                .path(0)
                .path("spotRequestId")
                .asText();
    }

    private static JsonNode instance(World world, String id) {
        return world.account().get(Service.INSTANCES, "/v1/instances/" + id);
    }

    /** The first processes were there before the second ones, so it is they who relay. */
    private void launchWhileTheFirstProcessesHangAndAreKilled(LocalStack stack, World world, World beside, String group)
            throws Exception {
        PatientCaller both = new PatientCaller(world.account(), beside.account());
        PatientCaller living = new PatientCaller(beside.account());
        try (LaunchLoad anywhere = new LaunchLoad(both, number -> launch("anywhere-" + number, number, group));
                LaunchLoad atTheLiving = new LaunchLoad(living, number -> launch("living-" + number, number, group))) {
            anywhere.awaitMore(60);
            hang(stack, atTheLiving);
            for (Service service : Service.values()) {
                anywhere.awaitMore(60);
                System.out.println("kill -9 " + service.serviceName());
                stack.process(service).kill();
            }
            anywhere.awaitMore(60);
            acknowledged.addAll(anywhere.end());
            acknowledged.addAll(atTheLiving.end());
        }
        System.out.printf("%d launches; anywhere: %s; at the living: %s%n", acknowledged.size(), both, living);
    }

    /**
     * Longer than Kafka waits for a consumer, so that its partitions go to the other and what it was at is done twice; and
     * until the database has ended the transactions that it left open.
     */
    private static void hang(LocalStack stack, LaunchLoad atTheLiving) throws Exception {
        List<ProcessHandle> first = new ArrayList<>();
        for (Service service : Service.values()) {
            first.add(stack.process(service).running().orElseThrow());
        }
        Signals.pause(first);
        try {
            long resumeAt = System.nanoTime() + HANG.toNanos();
            atTheLiving.awaitMore(60);
            await().atMost(HANG.multipliedBy(2)).until(() -> System.nanoTime() >= resumeAt);
        } finally {
            Signals.goOn(first);
        }
    }

    private static Map<String, Object> launch(String token, int number, String group) {
        Map<String, Object> launch = new HashMap<>(World.launch(token, 1));
        if (number % 3 == 0) {
            launch.put("securityGroupIds", List.of(group));
        }
        return launch;
    }

    private void assertNothingIsLostOrDoubled(LocalStack stack, World world, String spot, String winner)
            throws Exception {
        Books books = new Books(stack.settings());
        books.assertExactlyThese(world, acknowledged);
        books.assertCapacityAndAddressesBalance();
        books.assertEachRunIsMeteredOnce(world);
        world.assertNoHostIsOverfilled();
        assertThat(world.usage().stream()
                        .filter(run -> run.path("instanceId").asText().equals(spot))
                        .toList())
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.path("endedBy").asText()).isEqualTo("interruption");
                    assertThat(run.path("seconds").asLong()).isEqualTo(120);
                });
        List<JsonNode> allocated = StackApi.list(world.account()
                .get(Service.SPOT_MARKET, "/v1/spot-requests?maxResults=1000")
                .path("spotRequests"));
        assertThat(allocated)
                .as("the market's requests that hold an instance")
                .filteredOn(request -> request.path("state").asText().equals("active"))
                .extracting(request -> request.path("instanceId").asText())
                .containsExactly(winner);
        for (Service service : Service.values()) {
            assertThat(
                            books.rows(
                                    service,
                                    "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
                                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .as("one process of the %s relays", service.module())
                    .hasSize(1);
        }
    }

    private static void assertGroupsAreConsistent(Books books, World world, String group, String second)
            throws Exception {
        Answer inUse = world.account().call(Service.FIREWALL, "DELETE", "/v1/security-groups/" + group, null);
        assertThat(inUse.body().path("code").asText()).isEqualTo("DependencyViolation");
        world.account().delete(Service.FIREWALL, "/v1/security-groups/" + second);
        assertThat(books.rows(
                        Service.FIREWALL, "SELECT instance_id FROM member WHERE '" + group + "' = ANY (group_ids)"))
                .as("instances that the firewall knows to be in the group")
                .hasSameElementsAs(world.instances().stream()
                        .filter(instance ->
                                instance.path("securityGroupIds").toString().contains(group))
                        .map(instance -> instance.path("instanceId").asText())
                        .toList());
    }
}
