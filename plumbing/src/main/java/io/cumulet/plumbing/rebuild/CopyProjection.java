package io.cumulet.plumbing.rebuild;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A copy of another service's state: a table with a row for each key of a topic, of which the newest version stands. */
public abstract class CopyProjection implements Projection {

    private final DataSource dataSource;
    private final EventConsumer consumer;
    private final Topic topic;
    private final String table;
    private final String keyColumn;

    /**
     * @param table has a column {@code version}
     * @param keyColumn holds the events' key
     */
    protected CopyProjection(
            DataSource dataSource, EventConsumer consumer, Topic topic, String table, String keyColumn) {
        this.dataSource = dataSource;
        this.consumer = consumer;
        this.topic = topic;
        this.table = table;
        this.keyColumn = keyColumn;
    }

    /** Puts states into the copy, unless it has newer ones. */
    protected abstract void put(List<IncomingEvent> events);

    @Override
    public EventConsumer consumer() {
        return consumer;
    }

    @Override
    public Topic topic() {
        return topic;
    }

    @Override
    public void begin() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
            statement.execute("CREATE TEMP TABLE known_state ON COMMIT DROP AS SELECT " + keyColumn
                    + " AS key, version FROM " + table);
            statement.execute("CREATE INDEX ON known_state (key)");
            statement.execute("DELETE FROM " + table);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not begin a rebuild of " + table, e);
        }
    }

    @Override
    public void take(List<IncomingEvent> events, boolean taken) {
        List<IncomingEvent> ours = taken ? events : known(events);
        if (!ours.isEmpty()) {
            put(ours);
        }
    }

    private List<IncomingEvent> known(List<IncomingEvent> events) {
        Map<String, Long> versions = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT key, version FROM known_state WHERE key = ANY (?)")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            events.stream().map(IncomingEvent::key).distinct().toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.put(row.getString(1), row.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read what was known before a rebuild of " + table, e);
        }
        return events.stream()
                .filter(event -> event.version() <= versions.getOrDefault(event.key(), 0L))
                .toList();
    }
}
