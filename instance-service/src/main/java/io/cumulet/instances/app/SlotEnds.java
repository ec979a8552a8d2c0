package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Terminates Scheduled Instances before their time slot ends. The timer is set in the transaction of the launch, and
 * claimed in that of the termination.
 */
@Singleton
class SlotEnds implements TimerHandler {

    private static final String KIND = "scheduled-instance-slot-ends";

    private final Reports reports;

    SlotEnds(Reports reports) {
        this.reports = reports;
    }

    static DueTimer timer(Instance instance, Instant terminateAt) {
        return new DueTimer(KIND, instance.id(), terminateAt, instance.zone().value());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void fire(List<DueTimer> due) {
        Map<AvailabilityZone, List<DriverReport>> byZone = new LinkedHashMap<>();
        for (DueTimer timer : due) {
            byZone.computeIfAbsent(new AvailabilityZone(timer.payload()), zone -> new ArrayList<>())
                    .add(new DriverReport(timer.subject(), new Command.SlotEnds(), timer, null));
        }
        reports.take(byZone);
    }
}
