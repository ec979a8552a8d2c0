package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Answer;
import io.cumulet.localstack.StackFailure;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls until it gets an answer that isn't "not now", each time at the next of the processes that it knows. An error of a
 * service must be 503 {@code Unavailable} as problem JSON; no answer at all must come from a dead process. Thread-safe.
 */
final class PatientCaller {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final StackApi[] doors;
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();
    private final AtomicLong slowestMillis = new AtomicLong();
    private volatile boolean servicesMayStop;

    /** @param doors the same account's, through the processes it may call */
    PatientCaller(StackApi... doors) {
        this.doors = doors.clone();
    }

    /** From now on a service may turn calls away with a bare 503, as it does while it stops. */
    PatientCaller whileServicesStop() {
        servicesMayStop = true;
        return this;
    }

    /** Calls the process of that number first. */
    Answer call(int firstDoor, Service service, String method, String path, Object body) {
        for (int tries = 0; ; tries++) {
            StackApi door = doors[Math.floorMod(firstDoor + tries, doors.length)];
            long began = System.nanoTime();
            try {
                Answer answer = door.call(service, method, path, body);
                String code = answer.body().path("code").asText();
                if (answer.status() < 500 || code.equals("InsufficientInstanceCapacity")) {
                    return answer;
                }
                if (servicesMayStop && answer.status() == 503 && answer.body().isMissingNode()) {
                    faults.merge("503 of a service that stops", 1, Integer::sum);
                    pause();
                    continue;
                }
                assertThat(answer.status() + " " + code)
                        .as("an error while something is away is 503, to be read by people: %s", answer.body())
                        .isEqualTo("503 Unavailable");
                assertThat(answer.body().path("detail").asText()).isNotBlank();
                faults.merge(answer.body().path("detail").asText(), 1, Integer::sum);
            } catch (StackFailure e) {
                faults.merge(
                        e.getCause() instanceof ConnectException ? "connection refused" : "connection broke off",
                        1,
                        Integer::sum);
            }
            slowestMillis.accumulateAndGet((System.nanoTime() - began) / 1_000_000, Math::max);
            assertThat(tries).as("tries of %s %s: %s", method, path, faults).isLessThan(1000);
            pause();
        }
    }

    private static void pause() {
        await().pollInSameThread().pollDelay(PAUSE).atMost(PATIENCE).until(() -> true);
    }

    /** How long a caller waited at most to be told that it doesn't go now. */
    Duration slowestRefusal() {
        return Duration.ofMillis(slowestMillis.get());
    }

    /** What went wrong how often. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "slowest refusal %.1f s, %s", slowestMillis.get() / 1e3, faults);
    }
}
