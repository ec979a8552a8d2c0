package io.cumulet.plumbing.timers;

import io.cumulet.plumbing.Pace;
import io.cumulet.plumbing.Worker;
import io.cumulet.plumbing.clock.StackClock;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Fires due timers, in batches of one kind, in the order they are due. */
@ApplicationScoped
public class TimerWorker {

    private static final Logger LOG = Logger.getLogger(TimerWorker.class);
    private static final int BATCH = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration LONGEST_PACE = Duration.ofMillis(80);

    private final Timers timers;
    private final StackClock clock;
    private final Map<String, TimerHandler> handlers = new HashMap<>();
    private final Worker worker = new Worker("timers", this::round);
    private final Pace pace = new Pace(PACE, LONGEST_PACE);
    /** What the worker sleeps until; a timer that is due later needn't wake it. */
    private volatile Instant nextDue = Instant.MAX;

    public TimerWorker(Timers timers, StackClock clock, @All List<TimerHandler> handlers) {
        this.timers = timers;
        this.clock = clock;
        for (TimerHandler handler : handlers) {
            this.handlers.put(handler.kind(), handler);
        }
    }

    public void start() {
        timers.tell(this::timerIsSet);
        clock.onChange(worker::wake);
        worker.start();
    }

    /** Ends the round under way; called while database and broker can still be reached. */
    public void stop() {
        worker.stop();
    }

    private void timerIsSet(Instant dueAt) {
        if (dueAt.isBefore(nextDue) && !(clock.isFrozen() && dueAt.isAfter(clock.instant()))) {
            worker.wake();
        }
    }

    private Duration round() throws SQLException, InterruptedException {
        clock.awaitReady();
        // Whatever is set from here on may be missed by what we read below, so it wakes us again.
        nextDue = Instant.MAX;
        if (!clock.isFrozen()) {
            pace.await();
        }
        List<DueTimer> due = timers.due(clock.instant(), BATCH);
        if (due.isEmpty()) {
            return pause();
        }
        int start = 0;
        for (int i = 1; i <= due.size(); i++) {
            if (i == due.size() || !due.get(i).kind().equals(due.get(start).kind())) {
                fire(new ArrayList<>(due.subList(start, i)));
                start = i;
            }
        }
        if (due.size() < BATCH) {
            pace.ended();
        }
        return Duration.ZERO;
    }

    private void fire(List<DueTimer> due) {
        TimerHandler handler = handlers.get(due.getFirst().kind());
        if (handler == null) {
            LOG.errorf("Nobody handles timers of kind %s", due.getFirst().kind());
            throw new IllegalStateException(
                    "No handler for timers of kind " + due.getFirst().kind());
        }
        handler.fire(due);
    }

    private Duration pause() throws SQLException {
        if (clock.isFrozen()) {
            return LONGEST_PAUSE;
        }
        Optional<Instant> next = timers.next();
        if (next.isEmpty()) {
            return LONGEST_PAUSE;
        }
        nextDue = next.get();
        Duration untilDue = Duration.between(clock.instant(), next.get());
        if (untilDue.compareTo(PACE) < 0) {
            return PACE;
        }
        return untilDue.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : untilDue;
    }
}
