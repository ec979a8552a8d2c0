package io.cumulet.spotmarket.app.fleets;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.app.CapacityWatch;
import io.cumulet.spotmarket.app.RequestWatch;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.RequestState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has a fleet planned anew when one of its requests changes, or room where it wants more; and keeps its history. */
@ApplicationScoped
class FleetWatch implements RequestWatch, CapacityWatch {

    private static final Duration BETWEEN_PLANS = Duration.ofSeconds(1);

    private final FleetRecords fleets;
    private final Timers timers;
    private final StackClock clock;
    private final TransactionSynchronizationRegistry transactions;

    FleetWatch(FleetRecords fleets, Timers timers, StackClock clock, TransactionSynchronizationRegistry transactions) {
        this.fleets = fleets;
        this.timers = timers;
        this.clock = clock;
        this.transactions = transactions;
    }

    @Override
    public void changed(List<Change> changes) {
        Instant now = clock.instant();
        List<FleetHappening> happenings = new ArrayList<>();
        List<DueTimer> calls = new ArrayList<>();
        Set<String> called = called();
        for (Change change : changes) {
            String fleetId = change.after().terms().membership().fleetId();
            if (fleetId == null) {
                continue;
            }
            happening(fleetId, change, now).ifPresent(happenings::add);
            if (called.add(fleetId)) {
                calls.add(call(fleetId, now));
            }
        }
        if (!happenings.isEmpty()) {
            fleets.note(happenings);
        }
        timers.schedule(calls);
    }

    @Override
    public void capacityChanged(Set<String> familyKeys) {
        Instant now = clock.instant();
        Set<String> called = called();
        List<DueTimer> calls = new ArrayList<>();
        fleets.wishing(familyKeys).forEach((fleetId, plannedAt) -> {
            if (!called.contains(fleetId)) {
                calls.add(call(fleetId, notTooSoon(plannedAt, now)));
            }
        });
        timers.schedule(calls);
    }

    /** Capacity changes with each instance anywhere; all news within a second are due together and cost one plan. */
    private static Instant notTooSoon(Instant plannedAt, Instant now) {
        Instant next = plannedAt.plus(BETWEEN_PLANS);
        return plannedAt.isAfter(now) || next.isBefore(now) ? now : next;
    }

    /**
     * A subject that nobody else uses: a planner that holds the fleet and waits for this transaction's pools must not be what
     * this transaction waits for.
     */
    private static DueTimer call(String fleetId, Instant at) {
        return new DueTimer(
                FleetTimers.KIND, FleetTimers.subject(fleetId, UUID.randomUUID().toString()), at, "");
    }

    /** The fleets that are planned after this transaction anyway. */
    @SuppressWarnings("unchecked")
    private Set<String> called() {
        Object known = transactions.getResource(FleetWatch.class);
        if (known != null) {
            return (Set<String>) known;
        }
        Set<String> none = new HashSet<>();
        transactions.putResource(FleetWatch.class, none);
        return none;
    }

    private static Optional<FleetHappening> happening(String fleetId, Change change, Instant now) {
        Progress after = change.after().progress();
        Progress before = change.before() == null ? null : change.before().progress();
        String requestId = change.after().id();
        String instanceId = after.instanceId();
        if (after.state() == RequestState.FAILED && (before == null || before.state() != RequestState.FAILED)) {
            return Optional.of(new FleetHappening(
                    fleetId,
                    now,
                    FleetHappening.Type.SERVICE_ERROR,
                    after.status().code(),
                    "A launch in " + change.after().terms().pool() + " failed",
                    instanceId,
                    requestId));
        }
        String subtype = subtype(before, after);
        if (subtype == null) {
            return Optional.empty();
        }
        return Optional.of(new FleetHappening(
                fleetId,
                now,
                FleetHappening.Type.INSTANCE_CHANGE,
                subtype,
                change.after().terms().pool() + ", request is " + after.status().code(),
                instanceId,
                requestId));
    }

    private static @Nullable String subtype(@Nullable Progress before, Progress after) {
        if (before == null) {
            return null;
        }
        if (after.bid() == BidState.RUNNING && before.bid() != BidState.RUNNING) {
            return "launched";
        }
        if (after.interruption() != null && !Objects.equals(before.interruption(), after.interruption())) {
            return "termination_notified";
        }
        boolean hadInstance = before.bid() == BidState.RUNNING || before.bid() == BidState.LEAVING;
        return hadInstance && after.bid() == BidState.NONE ? "terminated" : null;
    }
}
