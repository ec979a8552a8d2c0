package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Clients that launch one instance after the other, each until it is acknowledged, while something else happens. No
 * more than {@link #MOST_IN_A_SECOND} altogether: an account has some 12,000 addresses, and a fast machine would find their end.
 */
final class LaunchLoad implements AutoCloseable {

    private static final int CLIENTS = 8;
    private static final int MOST_IN_A_SECOND = 80;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PatientCaller caller;
    private final IntFunction<Map<String, Object>> launches;
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> clients = new ArrayList<>();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger nextToken = new AtomicInteger();
    private final long began = System.nanoTime();
    private volatile boolean enough;

    /** Begins at once. */
    LaunchLoad(PatientCaller caller) {
        this(caller, number -> World.launch("load-" + number, 1));
    }

    /** @param launches what is asked by the number of the launch, from 0; has a client token */
    LaunchLoad(PatientCaller caller, IntFunction<Map<String, Object>> launches) {
        this.caller = caller;
        this.launches = launches;
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(threads.submit(this::launch));
        }
    }

    private void launch() {
        while (!enough) {
            int number = nextToken.getAndIncrement();
            long due = began + TimeUnit.SECONDS.toNanos(number) / MOST_IN_A_SECOND;
            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(1))
                    .forever()
                    .until(() -> System.nanoTime() >= due);
            Answer answer = caller.call(number, Service.INSTANCES, "POST", "/v1/instances", launches.apply(number));
            assertThat(answer.isOk()).as("%s", answer).isTrue();
            acknowledged.addAll(World.instanceIds(answer.body()));
        }
    }

    /** Waits until so many more are acknowledged. */
    void awaitMore(int count) {
        int target = acknowledged.size() + count;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            for (Future<?> client : clients) {
                if (client.state() == Future.State.FAILED) {
                    Throwable failure = client.exceptionNow();
                    throw new AssertionError("A client failed: " + failure.getMessage(), failure);
                }
            }
            return acknowledged.size() >= target;
        });
    }

    /** Waits until launches have come to a standstill. */
    void awaitNoMore() {
        AtomicInteger last = new AtomicInteger(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> last.getAndSet(acknowledged.size()) == acknowledged.size());
    }

    /** Lets each client get the answer it waits for; answers the instances of all. */
    Collection<String> end() throws Exception {
        enough = true;
        for (Future<?> client : clients) {
            client.get();
        }
        return acknowledged;
    }

    @Override
    public void close() {
        enough = true;
        threads.shutdownNow();
    }
}
