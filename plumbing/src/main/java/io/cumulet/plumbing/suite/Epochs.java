package io.cumulet.plumbing.suite;

import io.cumulet.plumbing.SqlArrays;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The epoch this service's database belongs to, and the beginning of a new one: everything is emptied. */
@ApplicationScoped
public class Epochs {

    private static final List<String> OWN = List.of("flyway_schema_history", "stack_state");

    private final DataSource dataSource;
    private final List<AfterReset> hooks;
    private final List<KeptTables> keeping;
    /** The epoch whose hooks have run in this process. */
    private volatile int begun;

    public Epochs(DataSource dataSource, @All List<AfterReset> hooks, @All List<KeptTables> keeping) {
        this.dataSource = dataSource;
        this.hooks = hooks;
        this.keeping = keeping;
    }

    /** The epoch the database has. */
    public int current() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT epoch FROM stack_state")) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the epoch", e);
        }
    }

    /**
     * Empties every table but {@link KeptTables} and begins a new epoch; where another replica did so already, only this process's memory is
     * emptied.
     *
     * @param switchOver runs between the emptying and the hooks, so that what they seed carries the new epoch
     */
    public void begin(int epoch, Runnable switchOver) {
        QuarkusTransaction.requiringNew().run(() -> empty(epoch));
        switchOver.run();
        hooks.forEach(AfterReset::afterReset);
        begun = epoch;
    }

    /** The epoch of which this process works: nothing of an earlier one is left in its memory. */
    public int begun() {
        return begun;
    }

    /** When the process starts: the epoch that the database has, of which memory holds nothing yet. */
    public int found() {
        begun = current();
        return begun;
    }

    private void empty(int epoch) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet result = statement.executeQuery("SELECT epoch FROM stack_state FOR UPDATE")) {
                result.next();
                if (result.getInt(1) >= epoch) {
                    return;
                }
            }
            List<String> tables = tables(connection);
            // Nobody writes from here on. Most tables are empty, and to truncate one costs new files for it and each
            // index.
            statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN ACCESS EXCLUSIVE MODE");
            List<String> filled = filled(statement, tables);
            if (!filled.isEmpty()) {
                // Cascades to tables that are empty, or in the list anyway.
                statement.execute("TRUNCATE " + String.join(", ", filled) + " CASCADE");
            }
            statement.executeUpdate("UPDATE stack_state SET epoch = " + epoch);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not empty the database", e);
        }
    }

    private List<String> tables(Connection connection) throws SQLException {
        Set<String> kept = new HashSet<>(OWN);
        keeping.forEach(one -> kept.addAll(one.tables()));
        List<String> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT format('%I', tablename) FROM pg_tables
                WHERE schemaname = current_schema() AND tablename <> ALL (?) ORDER BY tablename""")) {
            select.setArray(1, SqlArrays.texts(connection, kept));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    tables.add(result.getString(1));
                }
            }
        }
        return tables;
    }

    private static List<String> filled(Statement statement, List<String> tables) throws SQLException {
        String looks = tables.stream()
                .map(table -> "EXISTS (SELECT FROM " + table + ")")
                .collect(Collectors.joining(", "));
        List<String> filled = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT " + looks)) {
            result.next();
            for (int i = 0; i < tables.size(); i++) {
                if (result.getBoolean(i + 1)) {
                    filled.add(tables.get(i));
                }
            }
        }
        return filled;
    }
}
