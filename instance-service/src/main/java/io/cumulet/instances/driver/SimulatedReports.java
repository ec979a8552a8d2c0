package io.cumulet.instances.driver;

import io.cumulet.instances.app.DriverReport;
import io.cumulet.instances.app.Reports;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports what is due. The committer claims the timers in the transaction that acts on the reports. */
@ApplicationScoped
public class SimulatedReports implements TimerHandler {

    private final Reports reports;

    public SimulatedReports(Reports reports) {
        this.reports = reports;
    }

    @Override
    public String kind() {
        return SimulatedDriver.TIMER_KIND;
    }

    @Override
    public void fire(List<DueTimer> due) {
        Map<AvailabilityZone, List<DriverReport>> byZone = new LinkedHashMap<>();
        for (DueTimer timer : due) {
            byZone.computeIfAbsent(SimulatedReport.parse(timer.payload()).zone(), zone -> new ArrayList<>())
                    .add(SimulatedDriver.report(timer));
        }
        reports.take(byZone);
    }
}
