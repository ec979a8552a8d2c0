package io.cumulet.spotmarket.app.fleets;

import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Has fleets planned when it is time. The subject of a timer is the fleet and, behind a slash, what it is for; all that are
 * due of one fleet cost one plan.
 */
@Singleton
class FleetTimers implements TimerHandler {

    static final String KIND = "spot.fleet";

    /** Tries again what could not be had. */
    static final String RETRY = "retry";

    /** Gives up what was replaced. */
    static final String FAREWELL = "farewell";

    static final String VALID_FROM = "valid-from";
    static final String VALID_UNTIL = "valid-until";

    /** Ends the wait of an instant fleet whose creation was cut short. */
    static final String SETTLE = "settle";

    private final FleetRecords fleets;
    private final FleetPlanner planner;
    private final Timers timers;

    FleetTimers(FleetRecords fleets, FleetPlanner planner, Timers timers) {
        this.fleets = fleets;
        this.planner = planner;
        this.timers = timers;
    }

    static String subject(String fleetId, String purpose) {
        return fleetId + "/" + purpose;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void fire(List<DueTimer> due) {
        Map<String, List<DueTimer>> byFleet = due.stream()
                .collect(Collectors.groupingBy(
                        timer -> timer.subject().substring(0, timer.subject().indexOf('/')),
                        LinkedHashMap::new,
                        Collectors.toList()));
        byFleet.forEach((fleetId, ofFleet) -> QuarkusTransaction.requiringNew().run(() -> fire(fleetId, ofFleet)));
    }

    private void fire(String fleetId, List<DueTimer> due) {
        // The fleet before its timers: whoever plans it sets and cancels them.
        Optional<Fleet> fleet = fleets.lock(fleetId);
        List<String> purposes = timers.claim(due).stream()
                .map(timer -> timer.subject().substring(fleetId.length() + 1))
                .toList();
        if (fleet.isPresent() && !purposes.isEmpty()) {
            planner.time(fleet.get(), purposes);
        }
    }
}
