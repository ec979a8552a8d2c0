package io.cumulet.plumbing;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.AfterReset;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A timer handler for tests: notes what fired and when; a payload that is a duration sets a further timer. */
@Singleton
class Reminders implements TimerHandler, AfterReset {

    record Fired(String subject, Instant at) {}

    final List<Fired> fired = new CopyOnWriteArrayList<>();
    final AtomicInteger resets = new AtomicInteger();
    private final Timers timers;
    private final StackClock clock;

    Reminders(Timers timers, StackClock clock) {
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "reminder";
    }

    @Override
    public void fire(List<DueTimer> due) {
        QuarkusTransaction.requiringNew().run(() -> {
            for (DueTimer timer : timers.claim(due)) {
                fired.add(new Fired(timer.subject(), clock.instant()));
                if (!timer.payload().isEmpty()) {
                    timers.schedule(
                            "reminder",
                            timer.subject() + "-again",
                            timer.dueAt().plus(Duration.parse(timer.payload())),
                            "");
                }
            }
        });
    }

    @Override
    public void afterReset() {
        resets.incrementAndGet();
    }
}
