package io.cumulet.plumbing;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A thread of its own that does rounds of work: at once when woken, else after a pause. A round that fails is logged
 * and tried again after a growing pause, for ever.
 */
public final class Worker {

    /** One round of work; answers how long to wait for the next if nobody wakes the worker before. */
    @FunctionalInterface
    public interface Round {
        Duration run() throws Exception;
    }

    private static final Logger LOG = Logger.getLogger(Worker.class);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final String name;
    private final Round round;
    private final Semaphore wakeups = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopping;

    public Worker(String name, Round round) {
        this.name = name;
        this.round = round;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    public void wake() {
        if (wakeups.availablePermits() == 0) {
            wakeups.release();
        }
    }

    /** Ends after the round under way; waits for it a while. */
    public void stop() {
        stopping = true;
        wake();
        if (!thread.isAlive()) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        Duration backoff = Duration.ZERO;
        while (!stopping) {
            try {
                Duration pause = round.run();
                backoff = Duration.ZERO;
                await(pause);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (stopping) {
                    return;
                }
                backoff = backoff.isZero() ? Duration.ofMillis(100) : backoff.multipliedBy(2);
                backoff = backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff;
                LOG.warnf(e, "%s failed and is tried again in %d ms", name, backoff.toMillis());
                try {
                    TimeUnit.MILLISECONDS.sleep(backoff.toMillis());
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private void await(Duration pause) throws InterruptedException {
        if (pause.isPositive()) {
            boolean woken = wakeups.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
            if (woken) {
                wakeups.drainPermits();
            }
        }
    }
}
