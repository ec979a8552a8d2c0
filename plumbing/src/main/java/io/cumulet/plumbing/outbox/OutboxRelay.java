package io.cumulet.plumbing.outbox;

import io.cumulet.plumbing.AdvisoryLock;
import io.cumulet.plumbing.Pace;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.plumbing.Worker;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the outbox to Kafka: reads unsent rows in the order of {@code seq}, sends them, waits for all acknowledgements,
 * marks them sent. One relay per database, held by a PostgreSQL advisory lock: a second replica stands by. It doesn't
 * remember the last number it sent, since a number drawn early may be committed late; it asks for unsent rows.
 *
 * <p>A crash between acknowledgement and mark sends rows again; consumers have an inbox for that.
 */
@ApplicationScoped
public class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 2000;
    private static final int CLEAN_BATCH = 5000;
    private static final long LOCK_KEY = 0x43554d554c455431L;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STANDBY_POLL = Duration.ofMillis(500);
    private static final Duration SHORTEST_PACE = Duration.ofMillis(20);
    private static final Duration LONGEST_PACE = Duration.ofMillis(160);
    /**
     * A process that hangs must not keep the lock for ever. Longer than a round and the pause after it take while Kafka
     * is away: some 15 s for records under way, 5 s for each topic whose leader isn't known, 5 s of pause.
     */
    private static final Duration LOCK_IDLE = Duration.ofSeconds(60);
    /** A broker may lose acknowledged records on power loss: sent rows can be sent again for this long. */
    private static final int KEEP_SENT_HOURS = 24;

    private final DataSource dataSource;
    private final Producer<String, byte[]> producer;
    private final BooleanSupplier inHurry;
    private final long lockKey;
    private final Worker worker = new Worker("outbox-relay", this::round);
    private final Pace pace = new Pace(SHORTEST_PACE, LONGEST_PACE);
    private @Nullable AdvisoryLock lock;
    private long sentSinceCleaning;

    @Inject
    public OutboxRelay(DataSource dataSource, Producer<String, byte[]> producer, StackClock clock) {
        this(dataSource, producer, clock::isFrozen, LOCK_KEY);
    }

    /** @param inHurry whether somebody waits for each event: whoever moves the clock does */
    OutboxRelay(DataSource dataSource, Producer<String, byte[]> producer, BooleanSupplier inHurry, long lockKey) {
        this.dataSource = dataSource;
        this.producer = producer;
        this.inHurry = inHurry;
        this.lockKey = lockKey;
    }

    public void start() {
        worker.start();
    }

    public void wake() {
        worker.wake();
    }

    /** Ends the round under way; called while database and broker can still be reached. */
    public void stop() {
        worker.stop();
        letGo();
    }

    private record Row(long seq, String topic, String key, String headers, byte[] payload) {}

    private Duration round() throws SQLException, InterruptedException {
        try {
            Connection connection = lockHolder();
            if (connection == null) {
                return STANDBY_POLL;
            }
            if (inHurry.getAsBoolean()) {
                pace.hurry();
            }
            pace.await();
            List<Row> rows = unsent(connection);
            if (rows.isEmpty()) {
                clean(connection);
                return POLL;
            }
            List<Long> sent = send(rows);
            markSent(connection, sent);
            sentSinceCleaning += sent.size();
            if (sent.size() < rows.size()) {
                throw new IllegalStateException(
                        (rows.size() - sent.size()) + " of " + rows.size() + " events could not be sent to Kafka");
            }
            if (rows.size() == BATCH) {
                // There is more already, so the next round needn't wait for any.
                return Duration.ZERO;
            }
            pace.ended();
            // Whoever appends more wakes us.
            return POLL;
        } catch (SQLException e) {
            letGo();
            throw e;
        }
    }

    /** The connection that holds the advisory lock; null while another replica has it. */
    private @Nullable Connection lockHolder() throws SQLException {
        AdvisoryLock held = lock;
        if (held != null) {
            return held.connection();
        }
        held = AdvisoryLock.tryTake(dataSource, lockKey).orElse(null);
        if (held == null) {
            return null;
        }
        lock = held;
        try (Statement statement = held.connection().createStatement()) {
            // A mark that a crash loses is a row that is sent again, which may happen anyway: no need to make the disk
            // flush for each, while launches wait for theirs.
            statement.execute("SET synchronous_commit TO off");
            statement.execute("SET idle_session_timeout TO " + LOCK_IDLE.toMillis());
        }
        LOG.info("This process relays the outbox now");
        return held.connection();
    }

    private void letGo() {
        AdvisoryLock held = lock;
        lock = null;
        if (held == null) {
            return;
        }
        try (held;
                Statement statement = held.connection().createStatement()) {
            statement.execute("RESET synchronous_commit");
            statement.execute("RESET idle_session_timeout");
        } catch (SQLException e) {
            LOG.debugf(e, "The connection of the relay's lock was gone already");
        }
    }

    private static List<Row> unsent(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT seq, topic, key, headers, payload FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT "
                        + BATCH)) {
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            result.getLong(1),
                            result.getString(2),
                            result.getString(3),
                            result.getString(4),
                            result.getBytes(5)));
                }
            }
        }
        return rows;
    }

    /**
     * Sends rows and waits for all of them. Answers those that may be marked: acknowledged, and no earlier row of the same
     * key failed, so that a second try never lets a key's events overtake each other for good.
     *
     * <p>While a topic's leader isn't known, each of its records would block for {@code max.block.ms}: after the first
     * that did, the topic's others wait for the next round.
     */
    private List<Long> send(List<Row> rows) throws InterruptedException {
        List<Row> tried = new ArrayList<>(rows.size());
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(rows.size());
        Set<String> awayTopics = new HashSet<>();
        for (Row row : rows) {
            if (awayTopics.contains(row.topic())) {
                continue;
            }
            Future<RecordMetadata> acknowledgement = producer.send(new ProducerRecord<>(
                    row.topic(), null, null, row.key(), row.payload(), EventHeaders.parse(row.headers())));
            if (acknowledgement.state() == Future.State.FAILED
                    && acknowledgement.exceptionNow() instanceof TimeoutException) {
                LOG.warnf("Kafka does not take events for %s: %s", row.topic(), acknowledgement.exceptionNow());
                awayTopics.add(row.topic());
                continue;
            }
            tried.add(row);
            acknowledgements.add(acknowledgement);
        }
        producer.flush();
        List<Long> sent = new ArrayList<>(tried.size());
        Set<String> failedKeys = new HashSet<>();
        for (int i = 0; i < tried.size(); i++) {
            Row row = tried.get(i);
            try {
                acknowledgements.get(i).get();
                if (!failedKeys.contains(row.key())) {
                    sent.add(row.seq());
                }
            } catch (ExecutionException e) {
                if (failedKeys.isEmpty()) {
                    LOG.warnf("Kafka did not take an event for %s: %s", row.topic(), e.getCause());
                }
                failedKeys.add(row.key());
            }
        }
        return sent;
    }

    private static void markSent(Connection connection, List<Long> sent) throws SQLException {
        if (sent.isEmpty()) {
            return;
        }
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE outbox SET sent_at = now() WHERE seq = ANY (?)")) {
            update.setArray(1, SqlArrays.column(connection, "bigint", sent, seq -> seq));
            update.executeUpdate();
        }
    }

    private void clean(Connection connection) throws SQLException {
        if (sentSinceCleaning < CLEAN_BATCH) {
            return;
        }
        sentSinceCleaning = 0;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT "
                    + (2 * CLEAN_BATCH) + ") AND sent_at < now() - interval '" + KEEP_SENT_HOURS + " hours'");
            statement.executeUpdate("DELETE FROM inbox WHERE seen_at < now() - interval '7 days'");
        }
    }
}
