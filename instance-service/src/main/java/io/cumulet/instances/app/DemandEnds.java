package io.cumulet.instances.app;

import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Gives up the room that on-demand waits for when nobody asks for it again. The timer is set, and set anew, in the transaction
 * that notes the demand, and claimed in the one that gives it up.
 */
@Singleton
class DemandEnds implements TimerHandler {

    private static final String KIND = "capacity-demand-ends";

    private final Zones zones;

    DemandEnds(Zones zones) {
        this.zones = zones;
    }

    static DueTimer timer(AvailabilityZone zone, CapacityDemand demand) {
        CapacityDemand.Key key = demand.key();
        return new DueTimer(
                KIND,
                String.join("/", zone.value(), key.account().value(), key.type().value()),
                demand.until(),
                "");
    }

    /** What the timer is about, in the zone that it names. */
    static CapacityDemand.Key key(DueTimer timer) {
        String[] parts = timer.subject().split("/", -1);
        return new CapacityDemand.Key(new AccountId(parts[1]), new InstanceType(parts[2]));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void fire(List<DueTimer> due) {
        Map<AvailabilityZone, List<DueTimer>> byZone = new LinkedHashMap<>();
        for (DueTimer timer : due) {
            byZone.computeIfAbsent(new AvailabilityZone(timer.subject().split("/", -1)[0]), zone -> new ArrayList<>())
                    .add(timer);
        }
        CompletableFuture.allOf(byZone.entrySet().stream()
                        .map(entry -> zones.submit(entry.getKey(), new ZoneWork.EndDemands(entry.getValue())))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
