package io.cumulet.plumbing.rebuild;

import io.cumulet.plumbing.SqlArrays;
import io.cumulet.plumbing.intake.IncomingEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Tables that hold copies, while they are made anew; one in a transaction. */
@ApplicationScoped
public class CopyTables {

    private final DataSource dataSource;

    public CopyTables(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Empties a table and its parts, which nobody else writes until the transaction ends, and remembers its versions. */
    void empty(String table, String keyColumn, List<String> parts) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
            statement.execute("CREATE TEMP TABLE known_state ON COMMIT DROP AS SELECT " + keyColumn
                    + " AS key, version FROM " + table);
            statement.execute("CREATE INDEX ON known_state (key)");
            statement.execute("DELETE FROM " + table);
            for (String part : parts) {
                statement.execute("DELETE FROM " + part);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not begin a rebuild of " + table, e);
        }
    }

    /** Of these events, those whose key and version, or a later one, was in the table. */
    List<IncomingEvent> known(List<IncomingEvent> events) {
        Map<String, Long> versions = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT key, version FROM known_state WHERE key = ANY (?)")) {
            select.setArray(
                    1,
                    SqlArrays.texts(
                            connection,
                            events.stream().map(IncomingEvent::key).distinct().toList()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.put(row.getString(1), row.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read what was known before a rebuild", e);
        }
        return events.stream()
                .filter(event -> event.version() <= versions.getOrDefault(event.key(), 0L))
                .toList();
    }
}
