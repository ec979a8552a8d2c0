package io.cumulet.billing.intake;

import io.cumulet.billing.app.Completeness;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.suite.AfterReset;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How far billing is in each partition it reads: what has been applied, and what waits unread on Kafka. */
@ApplicationScoped
public class TopicProgress implements Completeness, AfterReset {

    private static final Logger LOG = Logger.getLogger(TopicProgress.class);
    /** A bill is shown without Kafka's answer rather than late. */
    private static final long ANSWER_MILLIS = 2_000;

    private final ConsumerLag lag;
    private final DataSource dataSource;
    private final ExecutorService executor;
    private final Timer delay;
    private final MeterRegistry metrics;
    private final InstantSource realTime = Clock.systemUTC();
    /** The time (the stack's) of the last event applied from each partition, by this process. */
    private final Map<TopicPartition, Instant> lastApplied = new ConcurrentHashMap<>();

    public TopicProgress(ConsumerLag lag, DataSource dataSource, ExecutorService executor, MeterRegistry metrics) {
        this.lag = lag;
        this.dataSource = dataSource;
        this.executor = executor;
        this.delay = Timer.builder("cumulet.metering.delay")
                .description("From a record's arrival on Kafka until billing has applied it, oldest of each batch")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
        this.metrics = metrics;
    }

    /** Notes that a batch was applied. */
    void applied(ConsumerRecords<String, byte[]> records) {
        long oldest = Long.MAX_VALUE;
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, byte[]>> batch = records.records(partition);
            oldest = Math.min(oldest, batch.getFirst().timestamp());
            Counter.builder("cumulet.metering.records")
                    .description("Records taken in, redelivered and skipped ones included")
                    .tag("topic", partition.topic())
                    .register(metrics)
                    .increment(batch.size());
            Instant time = time(batch.getLast());
            if (time != null) {
                lastApplied.merge(partition, time, (before, now) -> now.isAfter(before) ? now : before);
            }
        }
        if (oldest != Long.MAX_VALUE) {
            Duration waited = Duration.between(Instant.ofEpochMilli(oldest), realTime.instant());
            delay.record(waited.isNegative() ? Duration.ZERO : waited);
        }
    }

    @Override
    public void afterReset() {
        lastApplied.clear();
    }

    @Override
    public Optional<Instant> behindSince() {
        CompletableFuture<Map<TopicPartition, Long>> question = CompletableFuture.supplyAsync(this::unread, executor);
        try {
            return question.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS).entrySet().stream()
                    .filter(partition -> partition.getValue() > 0)
                    .map(partition -> lastApplied.getOrDefault(partition.getKey(), Instant.EPOCH))
                    .min(Instant::compareTo);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Kafka doesn't say what is unread: %s", e);
            return Optional.of(
                    lastApplied.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while asking Kafka", e);
        }
    }

    /** A parked record that doesn't say whose it is may be anybody's; a spot price is everybody's. */
    @Override
    public boolean hasParkedEvents(Collection<AccountId> accounts) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT EXISTS (SELECT 1 FROM parked_record WHERE consumer = ?
                            OR consumer = ? AND (headers LIKE ANY (?) OR headers NOT LIKE ?))""")) {
            select.setString(1, SpotPriceIntake.NAME);
            select.setString(2, LifecycleIntake.NAME);
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            accounts.stream()
                                    .map(account -> "%" + CloudEventHeaders.ACCOUNT + "=" + account + "%")
                                    .toArray()));
            select.setString(4, "%" + CloudEventHeaders.ACCOUNT + "=%");
            try (ResultSet result = select.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the parked records", e);
        }
    }

    private Map<TopicPartition, Long> unread() {
        try {
            return lag.byPartition();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka can't be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while asking Kafka", e);
        }
    }

    private static @Nullable Instant time(ConsumerRecord<String, byte[]> record) {
        String text = EventHeaders.text(record.headers(), CloudEventHeaders.TIME);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            // Parked as unreadable already.
            return null;
        }
    }
}
