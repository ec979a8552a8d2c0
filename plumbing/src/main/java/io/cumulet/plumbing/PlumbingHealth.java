package io.cumulet.plumbing;

import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.cumulet.plumbing.suite.StatusReport;
import io.cumulet.plumbing.timers.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jboss.logging.Logger;

/**
 * Health and metrics of the plumbing. The database makes a service ready (Quarkus' own check); Kafka and a stuck relay
 * make it unwell but not unready: it still serves reads and takes writes, which wait in the outbox.
 */
@ApplicationScoped
public class PlumbingHealth {

    private static final Logger LOG = Logger.getLogger(PlumbingHealth.class);
    private static final int RELAY_STUCK_SECONDS = 30;

    private final DataSource dataSource;
    private final Admin admin;
    private final StatusReport report;
    private final ConsumerLag lag;
    private final Timers timers;
    private final List<EventConsumer> consumers;
    private final MeterRegistry metrics;
    private long oldestUnsent;
    private long oldestUnsentSince;

    public PlumbingHealth(
            DataSource dataSource,
            Admin admin,
            StatusReport report,
            ConsumerLag lag,
            Timers timers,
            @All List<EventConsumer> consumers,
            MeterRegistry metrics) {
        this.dataSource = dataSource;
        this.admin = admin;
        this.report = report;
        this.lag = lag;
        this.timers = timers;
        this.consumers = consumers;
        this.metrics = metrics;
    }

    /** A number that may not be had for the moment. */
    @FunctionalInterface
    private interface Reading {
        long read() throws SQLException, ExecutionException, InterruptedException;
    }

    void register(@Observes StartupEvent event) {
        gauge("cumulet.outbox.unsent", "Events in the outbox that Kafka doesn't have yet", report::unsent);
        gauge("cumulet.consumer.lag", "Records on Kafka this service has yet to apply", lag::total);
        gauge("cumulet.timers.due", "Timers that are due and not done", timers::countDue);
        gauge("cumulet.parked.records", "Records that couldn't be applied and wait for a replay", this::parked);
        // Else the first dead letter is the counter's first value, and no rule sees it rise.
        consumers.forEach(consumer -> Intake.deadLetters(metrics, consumer));
    }

    private void gauge(String name, String description, Reading reading) {
        Supplier<Number> supplier = () -> {
            try {
                return reading.read();
            } catch (SQLException | ExecutionException | RuntimeException e) {
                LOG.debugf(e, "%s can't be read", name);
                return Double.NaN;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Double.NaN;
            }
        };
        Gauge.builder(name, supplier).description(description).register(metrics);
    }

    private long parked() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM parked_record")) {
            result.next();
            return result.getLong(1);
        }
    }

    @Produces
    @ApplicationScoped
    @Wellness
    HealthCheck kafka() {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("Kafka broker");
            try {
                return response.withData(
                                "nodes",
                                admin.describeCluster()
                                        .nodes()
                                        .get(5, TimeUnit.SECONDS)
                                        .size())
                        .up()
                        .build();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return response.down().build();
            } catch (Exception e) {
                LOG.warn("Kafka doesn't answer", e);
                return response.withData("fault", "Kafka doesn't answer; the log says more")
                        .down()
                        .build();
            }
        };
    }

    @Produces
    @ApplicationScoped
    @Wellness
    HealthCheck relay() {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("Outbox relay");
            try {
                return response.withData("unsent", report.unsent())
                        .status(!isRelayStuck())
                        .build();
            } catch (SQLException e) {
                LOG.warn("The outbox can't be read", e);
                return response.withData("fault", "The outbox can't be read; the log says more")
                        .down()
                        .build();
            }
        };
    }

    /** The same event has been the oldest unsent one for long. */
    private synchronized boolean isRelayStuck() throws SQLException {
        long oldest;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT min(seq) FROM outbox WHERE sent_at IS NULL")) {
            result.next();
            oldest = result.getLong(1);
        }
        long now = System.nanoTime();
        if (oldest != oldestUnsent) {
            oldestUnsent = oldest;
            oldestUnsentSince = now;
        }
        return oldest != 0 && TimeUnit.NANOSECONDS.toSeconds(now - oldestUnsentSince) > RELAY_STUCK_SECONDS;
    }
}
