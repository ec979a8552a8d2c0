package io.cumulet.spotmarket.app.fleets;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.context.ManagedExecutor;

/**
 * Goes on with the On-Demand parts of fleets when it is time; on threads of its own, since the instance service may be slow.
 * The timer of a fleet stays until its pursuit has ended, for the case that this process doesn't live that long.
 */
@Singleton
class OnDemandTimers implements TimerHandler {

    private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

    private final OnDemandPursuit pursuit;
    private final Timers timers;
    private final StackClock clock;
    private final ManagedExecutor executor;

    OnDemandTimers(OnDemandPursuit pursuit, Timers timers, StackClock clock, ManagedExecutor executor) {
        this.pursuit = pursuit;
        this.timers = timers;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public String kind() {
        return OnDemandPursuit.KIND;
    }

    @Override
    public void fire(List<DueTimer> due) {
        List<DueTimer> claimed = QuarkusTransaction.requiringNew().call(() -> {
            List<DueTimer> ours = timers.claim(due);
            timers.schedule(ours.stream()
                    .map(timer -> new DueTimer(
                            timer.kind(), timer.subject(), clock.instant().plus(LEFT_BEHIND), timer.payload()))
                    .toList());
            return ours;
        });
        claimed.forEach(timer -> executor.execute(() ->
                pursuit.pursue(timer.subject(), timer.payload().isEmpty() ? 0 : Integer.parseInt(timer.payload()))));
    }
}
