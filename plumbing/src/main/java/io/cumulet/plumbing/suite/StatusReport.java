package io.cumulet.plumbing.suite;

import io.cumulet.contract.ClockSnapshot;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts together how busy this service is. */
@ApplicationScoped
public class StatusReport {

    private final String service;
    private final StackClock clock;
    private final DataSource dataSource;
    private final Outbox outbox;
    private final Intake intake;
    private final Timers timers;
    private final ConsumerLag lag;
    private final Epochs epochs;
    private final List<WorkInFlight> works;

    public StatusReport(
            @ConfigProperty(name = "quarkus.application.name") String service,
            StackClock clock,
            DataSource dataSource,
            Outbox outbox,
            Intake intake,
            Timers timers,
            ConsumerLag lag,
            Epochs epochs,
            @All List<WorkInFlight> works) {
        this.service = service;
        this.clock = clock;
        this.dataSource = dataSource;
        this.outbox = outbox;
        this.intake = intake;
        this.timers = timers;
        this.lag = lag;
        this.epochs = epochs;
        this.works = works;
    }

    /** @throws ExecutionException if the broker can't say how far consumers are */
    public ServiceStatus now() throws SQLException, ExecutionException, InterruptedException {
        // Read before the rest: work that ends while we look shows up as a change between two readings.
        long activity = outbox.appended() + intake.applied();
        Map<String, Long> pending = new TreeMap<>();
        add(pending, "timers due", timers.countDue());
        for (WorkInFlight work : works) {
            add(pending, work.name(), work.count());
        }
        add(pending, "batches under way", intake.underWay());
        add(pending, "events unsent", unsent());
        Map<String, Long> unread = new TreeMap<>();
        lag.byPartition().forEach((partition, records) -> add(unread, partition.toString(), records));
        add(
                pending,
                ServiceStatus.EVENTS_UNREAD,
                unread.values().stream().mapToLong(Long::longValue).sum());
        ClockSnapshot state = clock.state();
        return new ServiceStatus(
                service,
                clock.instant(),
                state == null ? 0 : state.version(),
                epochs.begun(),
                timers.next().orElse(null),
                pending,
                unread,
                activity);
    }

    /** Only which epoch and clock this process has; costs nothing. */
    public ServiceStatus brief() {
        ClockSnapshot state = clock.state();
        return new ServiceStatus(
                service,
                clock.instant(),
                state == null ? 0 : state.version(),
                epochs.begun(),
                null,
                Map.of(),
                Map.of(),
                0);
    }

    /** Events in the outbox that Kafka doesn't have yet. */
    public long unsent() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM outbox WHERE sent_at IS NULL")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void add(Map<String, Long> pending, String name, long count) {
        if (count > 0) {
            pending.put(name, count);
        }
    }
}
