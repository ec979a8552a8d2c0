package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.DetachedProcess;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Answer;
import io.cumulet.localstack.StackFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of each process in turn while clients launch; they call again with the same token until they get an answer. */
@ExtendWith(RunningStack.class)
class KilledIT {

    private static final int CLIENTS = 8;
    private static final int LAUNCHES = 1000;
    private static final int MICRO_MEMORY_MIB = 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    @Timeout(900)
    void everyAcknowledgedLaunchIsMeteredOnceAndHoldsItsCapacityAndAddressAlone(LocalStack stack) throws Exception {
        World world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        world.addHosts(4, 128);

        Map<String, String> acknowledged = launchWhileKilling(stack, world);
        assertThat(acknowledged).hasSize(LAUNCHES);

        // The barrier waits until every event has come to every service.
        Instant end = world.operator().advanceClock(Duration.ofHours(1)).now();
        assertThat(end).isEqualTo(start.plus(Duration.ofHours(1)));

        List<JsonNode> instances = world.instances();
        assertThat(instances)
                .as("each token launched one instance, no more")
                .extracting(instance -> instance.path("instanceId").asText())
                .containsExactlyInAnyOrderElementsOf(acknowledged.values());
        assertThat(instances)
                .extracting(instance -> instance.path("state").asText())
                .containsOnly("running");
        assertThat(instances)
                .as("addresses")
                .extracting(instance -> instance.path("privateIpAddress").asText())
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(world.usedMemoryMib()).isEqualTo((long) LAUNCHES * MICRO_MEMORY_MIB);
        world.assertNoHostIsOverfilled();

        List<JsonNode> usage = world.usage();
        assertThat(usage)
                .as("each launch metered once")
                .extracting(run -> run.path("instanceId").asText())
                .containsExactlyInAnyOrderElementsOf(acknowledged.values());
        assertThat(usage).extracting(run -> run.path("seconds").asLong()).containsOnly(3600L);
        // 1000 × 0.0116 USD
        assertThat(world.billed(start, end)).isEqualByComparingTo("11.6");

        inParallel(new ArrayList<>(acknowledged.values()), id -> {
            world.account().delete(Service.INSTANCES, "/v1/instances/" + id);
        });
        world.operator().freezeClock();
        assertThat(world.usedMemoryMib()).as("capacity given back").isZero();
        assertThat(world.usage()).hasSize(LAUNCHES).allSatisfy(run -> {
            assertThat(run.path("running").asBoolean()).isFalse();
            assertThat(run.path("seconds").asLong()).isEqualTo(3600);
        });
        assertThat(world.billed(start, end)).isEqualByComparingTo("11.6");
    }

    /** Answers the instance of each client token. */
    private static Map<String, String> launchWhileKilling(LocalStack stack, World world) throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        Semaphore mayLaunch = new Semaphore(0);
        AtomicInteger nextToken = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(clients.submit(() -> {
                    while (true) {
                        mayLaunch.acquire();
                        int number = nextToken.getAndIncrement();
                        if (number >= LAUNCHES) {
                            return null;
                        }
                        String token = "killed-" + number;
                        acknowledged.put(token, launchUntilAnswered(stack, world.account(), token));
                    }
                }));
            }
            List<DetachedProcess> victims = new ArrayList<>();
            for (Service service : Service.values()) {
                victims.add(stack.process(service));
            }
            victims.add(stack.infrastructure());
            int share = LAUNCHES / victims.size();
            for (int round = 0; round < victims.size(); round++) {
                DetachedProcess victim = victims.get(round);
                int before = round * share;
                mayLaunch.release(share);
                awaitAcknowledged(acknowledged, before + share / 4, running);
                System.out.println("kill -9 " + victim.name() + " after " + acknowledged.size() + " launches");
                victim.kill();
                if (!victim.name().equals(Service.INSTANCES.serviceName())) {
                    // Nobody but the instance service is needed for a launch; its events wait in the outbox.
                    awaitAcknowledged(acknowledged, before + share / 2, running);
                }
                stack.up(System.out::println);
                awaitAcknowledged(acknowledged, before + share, running);
            }
            // What the shares left over, and one more for each client, to see that all is launched.
            mayLaunch.release(LAUNCHES - share * victims.size() + CLIENTS);
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
        return acknowledged;
    }

    private static void awaitAcknowledged(Map<String, String> acknowledged, int count, List<Future<?>> clients) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            for (Future<?> client : clients) {
                if (client.state() == Future.State.FAILED) {
                    throw new AssertionError("A client failed", client.exceptionNow());
                }
            }
            return acknowledged.size() >= count;
        });
    }

    private static String launchUntilAnswered(LocalStack stack, StackApi account, String token) {
        while (true) {
            String fault;
            try {
                Answer answer = account.call(Service.INSTANCES, "POST", "/v1/instances", World.launch(token, 1));
                if (answer.isOk()) {
                    return answer.body()
                            .path("instances")
                            .path(0)
                            .path("instanceId")
                            .asText();
                }
                String code = answer.body().path("code").asText();
                assertThat(answer.status())
                        .as("an error while a process is dead is the service's, not the caller's: %s", answer.body())
                        .isGreaterThanOrEqualTo(500);
                assertThat(code).isNotEqualTo("InsufficientInstanceCapacity");
                fault = answer.status() + " " + code;
            } catch (StackFailure e) {
                fault = e.getMessage();
            }
            await(fault).atMost(PATIENCE).until(() -> stack.isReady(Service.INSTANCES));
        }
    }

    /** What a client does with one id. */
    @FunctionalInterface
    private interface Act {
        void on(String id);
    }

    private static void inParallel(List<String> ids, Act act) throws InterruptedException, ExecutionException {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (String id : ids) {
                running.add(clients.submit(() -> act.on(id)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }
}
