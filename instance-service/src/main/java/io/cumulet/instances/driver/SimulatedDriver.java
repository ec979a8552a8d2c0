package io.cumulet.instances.driver;

import io.cumulet.instances.app.DriverCommand;
import io.cumulet.instances.app.DriverReport;
import io.cumulet.instances.app.InstanceDriver;
import io.cumulet.instances.config.DriverConfig;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs nothing: a command is a durable timer, and when it is due the report goes in. One timer for each instance, so
 * that a termination replaces a boot that isn't done.
 */
@ApplicationScoped
public class SimulatedDriver implements InstanceDriver {

    static final String TIMER_KIND = "driver.simulated";

    /** An instance with this tag doesn't boot if the value is {@link #FAIL_BOOT}: for tests. */
    static final String TAG = "cumulet:driver";

    static final String FAIL_BOOT = "fail-boot";

    private final DriverConfig config;
    private final Timers timers;
    private final StackClock clock;

    public SimulatedDriver(DriverConfig config, Timers timers, StackClock clock) {
        this.config = config;
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public void send(List<DriverCommand> commands) {
        if (commands.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        List<DueTimer> due = new ArrayList<>(commands.size());
        for (DriverCommand command : commands) {
            switch (command.action()) {
                case BOOT ->
                    due.add(timer(
                            command,
                            now.plus(config.bootTime()),
                            bootFails(command) ? SimulatedReport.Kind.BOOT_FAILED : SimulatedReport.Kind.UP));
                case SHUT_DOWN -> due.add(timer(command, now.plus(config.stopTime()), SimulatedReport.Kind.DOWN));
                case REBOOT -> {}
            }
        }
        timers.schedule(due);
    }

    private static DueTimer timer(DriverCommand command, Instant dueAt, SimulatedReport.Kind kind) {
        return new DueTimer(
                TIMER_KIND,
                command.instanceId(),
                dueAt,
                new SimulatedReport(kind, command.zone(), command.run(), command.trace()).payload());
    }

    private boolean bootFails(DriverCommand command) {
        return FAIL_BOOT.equals(command.tags().get(TAG))
                || Math.floorMod(command.instanceId().hashCode(), 1000) < config.bootFailuresPerThousand();
    }

    static DriverReport report(DueTimer timer) {
        SimulatedReport report = SimulatedReport.parse(timer.payload());
        Command command = switch (report.kind()) {
            case UP -> new Command.ReportUp(report.run());
            case BOOT_FAILED -> new Command.ReportBootFailed(report.run(), "the simulated driver was told so");
            case DOWN -> new Command.ReportDown(report.run());
        };
        return new DriverReport(timer.subject(), command, timer, report.trace());
    }
}
