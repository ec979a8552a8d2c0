package io.cumulet.plumbing.clock;

import io.cumulet.contract.ClockSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The one clock of a service. In mode {@code system} it is the system's and can't be moved; in mode {@code stack} it is
 * what the topic {@code stack.clock} last said: frozen, or running with an offset. Instants have microseconds, as
 * PostgreSQL keeps them. Thread-safe.
 */
@ApplicationScoped
public class StackClock implements InstantSource {

    private final ClockConfig config;
    private final InstantSource realTime;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable ClockSnapshot state;
    private volatile int epoch;

    @Inject
    public StackClock(ClockConfig config) {
        this(config, Clock.systemUTC());
    }

    StackClock(ClockConfig config, InstantSource realTime) {
        this.config = config;
        this.realTime = realTime;
        if (config.mode() == ClockConfig.Mode.SYSTEM) {
            ready.countDown();
        }
    }

    /** Whether this clock follows the stack and can be moved. */
    public boolean isMovable() {
        return config.mode() == ClockConfig.Mode.STACK;
    }

    @Override
    public Instant instant() {
        ClockSnapshot current = state;
        Instant real = realTime.instant();
        Instant now;
        if (current == null) {
            now = real;
        } else if (isFrozen(current)) {
            now = current.at();
        } else {
            now = current.at().plus(Duration.between(current.realAt(), real));
        }
        return now.truncatedTo(ChronoUnit.MICROS);
    }

    /** Real time, for what must not follow the stack's clock: timeouts, Kafka, the anchor of the clock itself. */
    public Instant realInstant() {
        return realTime.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The epoch this service's state belongs to. */
    public int epoch() {
        return epoch;
    }

    /** What the topic last said; null in mode {@code system} and before the first record. */
    public @Nullable ClockSnapshot state() {
        return state;
    }

    public boolean isFrozen() {
        ClockSnapshot current = state;
        return current != null && isFrozen(current);
    }

    /** Waits until the clock is known: consumers and timers must not act on a wrong time. */
    public void awaitReady() throws InterruptedException {
        ready.await();
    }

    /** Runs something after each change of the clock; it must be quick. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void becomeReady() {
        ready.countDown();
    }

    void epoch(int newEpoch) {
        epoch = newEpoch;
    }

    /** Takes over a newer state; an older one changes nothing. */
    void follow(ClockSnapshot newer) {
        ClockSnapshot current = state;
        if (current != null && newer.version() <= current.version()) {
            return;
        }
        state = newer;
        listeners.forEach(Runnable::run);
    }

    private static boolean isFrozen(ClockSnapshot snapshot) {
        return ClockMode.FROZEN.is(snapshot);
    }
}
