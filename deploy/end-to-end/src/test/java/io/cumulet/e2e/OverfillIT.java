package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** 64 threads fill small hosts through two processes of the instance service, one of which is killed on the way. */
@ExtendWith(RunningStack.class)
class OverfillIT {

    private static final int THREADS = 64;
    private static final int STEPS = Integer.getInteger("cumulet.it.overfill.steps", 12);
    private static final Duration RUN = Duration.ofMinutes(30);
    private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b");
    private static final List<String> TYPES =
            List.of("c4.large", "c4.xlarge", "r4.large", "r4.xlarge", "d2.xlarge", "d2.2xlarge", "p2.xlarge");

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger refusedForLackOfRoom = new AtomicInteger();

    @Test
    @Timeout(600)
    void launchesFrom64ThreadsAndTwoReplicasNeverOverfillAHostInAnyDimension(LocalStack stack) throws Exception {
        stack.upReplicas(Set.of(Service.INSTANCES), System.out::println);
        World world = new World(stack.settings());
        World beside = world.seenFromReplicas();
        world.operator().reset();
        world.freezeOnAFullHour();
        addSmallHosts(world);
        long seed = ThreadLocalRandom.current().nextLong();
        PatientCaller caller = new PatientCaller(world.account(), beside.account());

        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                running.add(threads.submit(() -> fillAndEmpty(caller, new Random(seed + number))));
            }
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> steps.get() >= THREADS * STEPS / 2);
            System.out.printf(
                    "kill -9 %s after %d steps%n",
                    stack.replica(Service.INSTANCES).name(), steps.get());
            stack.replica(Service.INSTANCES).kill();
            for (Future<?> thread : running) {
                thread.get();
            }
        }
        System.out.printf(
                "seed %d: %d instances launched, %d launches or starts refused for lack of room; %s%n",
                seed, acknowledged.size(), refusedForLackOfRoom.get(), caller);

        // Not the hour for which REST goes on showing what was terminated.
        world.operator().advanceClock(RUN);
        Books books = new Books(stack.settings());
        assertThat(refusedForLackOfRoom)
                .as("the hosts were full, seed %d", seed)
                .hasPositiveValue();
        books.assertExactlyThese(world, acknowledged);
        books.assertCapacityAndAddressesBalance();
        books.assertEachRunIsMeteredOnce(world);
        world.assertNoHostIsOverfilled();
        assertUsedIsWhatRunningInstancesHave(world);
        assertWhatRunsIsMeteredToTheEnd(world);
    }

    /** In each family another dimension is scarce: vCPUs, memory, disks, GPUs. */
    private static void addSmallHosts(World world) {
        for (String zone : ZONES) {
            addHosts(world, zone, "c4", 9, 65_536, 0, 0);
            addHosts(world, zone, "r4", 64, 15_616 * 5, 0, 0);
            addHosts(world, zone, "d2", 36, 249_856, 6_144 * 3, 0);
            addHosts(world, zone, "p2", 64, 499_712, 0, 3);
        }
        world.operator().freezeClock();
    }

    private static void addHosts(
            World world, String zone, String family, int vcpus, int memoryMib, int localStorageGb, int gpus) {
        world.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of(
                                "availabilityZone", zone,
                                "family", family,
                                "count", 2,
                                "vcpus", vcpus,
                                "memoryMib", memoryMib,
                                "localStorageGb", localStorageGb,
                                "gpus", gpus));
    }

    private Void fillAndEmpty(PatientCaller caller, Random random) {
        List<String> own = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int door = random.nextInt(2);
            int dice = random.nextInt(10);
            if (dice < 5 || own.isEmpty()) {
                launch(caller, door, random).forEach(id -> {
                    own.add(id);
                    acknowledged.add(id);
                });
            } else {
                String path = "/v1/instances/" + own.get(random.nextInt(own.size()));
                Answer answer = switch (dice) {
                    case 5 -> caller.call(door, Service.INSTANCES, "POST", path + "/stop", Map.of());
                    case 6, 7 -> caller.call(door, Service.INSTANCES, "POST", path + "/start", Map.of());
                    default -> caller.call(door, Service.INSTANCES, "DELETE", path, null);
                };
                assertDoneOrRefused(answer);
            }
            steps.incrementAndGet();
        }
        return null;
    }

    private List<String> launch(PatientCaller caller, int door, Random random) {
        int min = 1 + random.nextInt(2);
        Map<String, Object> launch = new HashMap<>(Map.of(
                "imageId",
                World.IMAGE,
                "instanceType",
                TYPES.get(random.nextInt(TYPES.size())),
                "minCount",
                min,
                "maxCount",
                min + random.nextInt(2),
                "clientToken",
                Long.toUnsignedString(random.nextLong(), 36)));
        if (random.nextBoolean()) {
            launch.put("placement", Map.of("availabilityZone", ZONES.get(random.nextInt(ZONES.size()))));
        }
        Answer answer = caller.call(door, Service.INSTANCES, "POST", "/v1/instances", launch);
        assertDoneOrRefused(answer);
        return World.instanceIds(answer.body());
    }

    private void assertDoneOrRefused(Answer answer) {
        if (!answer.isOk()) {
            String code = answer.body().path("code").asText();
            assertThat(code).isIn("InsufficientInstanceCapacity", "IncorrectInstanceState");
            if (code.equals("InsufficientInstanceCapacity")) {
                refusedForLackOfRoom.incrementAndGet();
            }
        }
    }

    private static void assertUsedIsWhatRunningInstancesHave(World world) {
        Map<String, Integer> vcpus = Map.of(
                "c4.large",
                2,
                "c4.xlarge",
                4,
                "r4.large",
                2,
                "r4.xlarge",
                4,
                "d2.xlarge",
                4,
                "d2.2xlarge",
                8,
                "p2.xlarge",
                4);
        int running = world.instances().stream()
                .filter(instance -> instance.path("state").asText().equals("running"))
                .mapToInt(instance -> vcpus.get(instance.path("instanceType").asText()))
                .sum();
        int used = world.hosts().stream()
                .mapToInt(host -> host.path("used").path("vcpus").asInt())
                .sum();
        assertThat(used).as("vCPUs used on all hosts").isEqualTo(running);
    }

    private static void assertWhatRunsIsMeteredToTheEnd(World world) {
        Set<String> running = world.instances().stream()
                .filter(instance -> instance.path("state").asText().equals("running"))
                .map(instance -> instance.path("instanceId").asText())
                .collect(Collectors.toSet());
        List<JsonNode> goingOn = world.usage().stream()
                .filter(run -> run.path("running").asBoolean())
                .toList();
        assertThat(goingOn)
                .extracting(run -> run.path("instanceId").asText())
                .containsExactlyInAnyOrderElementsOf(running);
        assertThat(goingOn)
                .extracting(run -> run.path("seconds").asLong())
                .allMatch(seconds -> seconds == RUN.toSeconds());
    }
}
