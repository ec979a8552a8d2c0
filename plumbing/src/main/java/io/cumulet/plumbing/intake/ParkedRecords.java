package io.cumulet.plumbing.intake;

import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The records this service couldn't apply, in the order they came. Changes belong to the running transaction. */
@ApplicationScoped
public class ParkedRecords implements ParkedPlaces {

    private static final String COLUMNS =
            "id, consumer, topic, partition, \"offset\", key, headers, payload, reason, parked_at";

    private final DataSource dataSource;

    public ParkedRecords(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A record that waits.
     *
     * @param headers a line each, as {@link io.cumulet.plumbing.outbox.EventHeaders} writes them
     * @param parkedAt real time
     */
    record Parked(
            long id,
            String consumer,
            String topic,
            int partition,
            long offset,
            String key,
            String headers,
            byte[] payload,
            String reason,
            Instant parkedAt) {}

    /** Records that wait for the same one: what comes after a parked record of a key waits with it. */
    record Line(String consumer, String topic, String key) {}

    /**
     * Until the transaction ends nobody else decides whether records of this consumer wait: neither the intake, which parks
     * what comes behind a parked one, nor a replay, which takes the last one away.
     */
    void lock(String consumer) {
        sql("SELECT pg_advisory_xact_lock(hashtextextended('parked ' || ?, 0))", select -> {
            select.setString(1, consumer);
            return select.execute();
        });
    }

    /** Of the keys, those that have a record waiting. */
    Set<String> waiting(String consumer, String topic, Collection<String> keys) {
        return sql(
                "SELECT DISTINCT key FROM parked_record WHERE consumer = ? AND topic = ? AND key = ANY (?)", select -> {
                    select.setString(1, consumer);
                    select.setString(2, topic);
                    select.setArray(3, SqlArrays.texts(select.getConnection(), keys));
                    Set<String> waiting = new HashSet<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            waiting.add(row.getString(1));
                        }
                    }
                    return waiting;
                });
    }

    /** Answers whether it is new; a redelivered record is parked already. */
    boolean add(String consumer, ConsumerRecord<String, byte[]> record, String key, String headers, String reason) {
        return sql("""
                INSERT INTO parked_record (consumer, topic, partition, "offset", key, headers, payload, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""", insert -> {
            insert.setString(1, consumer);
            insert.setString(2, record.topic());
            insert.setInt(3, record.partition());
            insert.setLong(4, record.offset());
            insert.setString(5, key);
            insert.setString(6, headers);
            insert.setBytes(7, record.value() == null ? new byte[0] : record.value());
            insert.setString(8, reason);
            return insert.executeUpdate() > 0;
        });
    }

    /** What lists and replays are narrowed to; null means all. */
    record Filter(
            @Nullable String consumer,
            @Nullable String topic,
            @Nullable String key) {}

    /** Those behind an id, in the order they were parked. */
    List<Parked> page(Filter filter, long afterId, int size) {
        return sql(
                "SELECT " + COLUMNS + " FROM parked_record WHERE id > ?" + conditions() + " ORDER BY id LIMIT ?",
                select -> {
                    select.setLong(1, afterId);
                    set(select, 2, filter);
                    select.setInt(5, size);
                    return read(select);
                });
    }

    Optional<Parked> find(long id) {
        return sql("SELECT " + COLUMNS + " FROM parked_record WHERE id = ?", select -> {
            select.setLong(1, id);
            return read(select).stream().findFirst();
        });
    }

    /** The first of a line; the others wait for it. */
    Optional<Parked> first(Line line) {
        return sql("SELECT " + COLUMNS + """
                 FROM parked_record WHERE consumer = ? AND topic = ? AND key = ?
                ORDER BY partition, "offset" LIMIT 1""", select -> {
            select.setString(1, line.consumer());
            select.setString(2, line.topic());
            select.setString(3, line.key());
            return read(select).stream().findFirst();
        });
    }

    List<Line> lines(Filter filter) {
        return sql(
                "SELECT consumer, topic, key FROM parked_record WHERE true" + conditions()
                        + " GROUP BY consumer, topic, key ORDER BY min(id)",
                select -> {
                    set(select, 1, filter);
                    List<Line> lines = new ArrayList<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            lines.add(new Line(row.getString(1), row.getString(2), row.getString(3)));
                        }
                    }
                    return lines;
                });
    }

    @Override
    public Map<Place, Long> of(String consumer, String topic) {
        return sql(
                "SELECT partition, key, min(\"offset\") FROM parked_record WHERE consumer = ? AND topic = ? GROUP BY 1, 2",
                select -> {
                    select.setString(1, consumer);
                    select.setString(2, topic);
                    Map<Place, Long> places = new HashMap<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            places.put(new Place(row.getInt(1), row.getString(2)), row.getLong(3));
                        }
                    }
                    return places;
                });
    }

    void explain(long id, String reason) {
        sql("UPDATE parked_record SET reason = ? WHERE id = ?", update -> {
            update.setString(1, reason);
            update.setLong(2, id);
            return update.executeUpdate();
        });
    }

    boolean remove(long id) {
        return sql("DELETE FROM parked_record WHERE id = ?", delete -> {
            delete.setLong(1, id);
            return delete.executeUpdate() > 0;
        });
    }

    private static String conditions() {
        return " AND consumer = coalesce(?, consumer) AND topic = coalesce(?, topic) AND key = coalesce(?, key)";
    }

    private static void set(PreparedStatement select, int first, Filter filter) throws SQLException {
        select.setString(first, filter.consumer());
        select.setString(first + 1, filter.topic());
        select.setString(first + 2, filter.key());
    }

    private static List<Parked> read(PreparedStatement select) throws SQLException {
        List<Parked> parked = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                parked.add(new Parked(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7),
                        row.getBytes(8),
                        row.getString(9),
                        row.getObject(10, OffsetDateTime.class).toInstant()));
            }
        }
        return parked;
    }

    private interface Statement<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private <T> T sql(String text, Statement<T> use) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(text)) {
            return use.run(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("The parked records can't be read or written", e);
        }
    }
}
