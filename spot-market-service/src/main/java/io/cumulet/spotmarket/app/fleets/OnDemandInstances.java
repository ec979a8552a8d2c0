package io.cumulet.spotmarket.app.fleets;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Follows the On-Demand Instances of fleets: those that go are counted no more, and perhaps replaced. */
@ApplicationScoped
public class OnDemandInstances {

    private final FleetRecords fleets;
    private final OnDemandRecords records;
    private final Timers timers;
    private final StackClock clock;

    public OnDemandInstances(FleetRecords fleets, OnDemandRecords records, Timers timers, StackClock clock) {
        this.fleets = fleets;
        this.records = records;
        this.timers = timers;
        this.clock = clock;
    }

    /**
     * An instance of a fleet goes.
     *
     * @param isGone whether it is over, not about to be
     */
    public record Going(
            AccountId account, String fleetId, String instanceId, String type, String zone, boolean isGone) {}

    /** Keeps what happened, in the running transaction, and has the fleets looked after behind it. */
    public void apply(List<Going> goings) {
        Instant now = clock.instant();
        Map<String, List<Going>> byFleet = new TreeMap<>();
        goings.forEach(going -> byFleet.computeIfAbsent(going.fleetId(), id -> new ArrayList<>())
                .add(going));
        List<DueTimer> calls = new ArrayList<>();
        byFleet.forEach((fleetId, ofFleet) -> {
            Fleet fleet = fleets.lock(fleetId).orElse(null);
            // Deleted with its account, or the tag isn't of a fleet here.
            if (fleet == null) {
                return;
            }
            ofFleet.removeIf(going -> !going.account().equals(fleet.account()));
            for (Going going : ofFleet) {
                InstanceService.Launched instance = new InstanceService.Launched(
                        going.instanceId(), new InstanceType(going.type()), new AvailabilityZone(going.zone()));
                records.move(
                        fleetId,
                        instance,
                        going.isGone() ? OnDemandRecords.Stage.OVER : OnDemandRecords.Stage.ENDING,
                        now);
                if (going.isGone()) {
                    fleets.note(List.of(OnDemandPursuit.happening(fleet, instance, "terminated", now)));
                }
            }
            calls.add(new DueTimer(OnDemandPursuit.KIND, fleetId, now, "0"));
        });
        timers.schedule(calls);
    }

    /** The fleet that an instance's tags name; empty if they name none. */
    public static String fleetOf(Map<String, String> tags) {
        return tags.getOrDefault(FleetTerms.FLEET_TAG, "");
    }
}
