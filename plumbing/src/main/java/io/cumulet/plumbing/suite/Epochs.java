package io.cumulet.plumbing.suite;

import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The epoch this service's database belongs to, and the beginning of a new one: everything is emptied. */
@ApplicationScoped
public class Epochs {

    private final DataSource dataSource;
    private final List<AfterReset> hooks;

    public Epochs(DataSource dataSource, @All List<AfterReset> hooks) {
        this.dataSource = dataSource;
        this.hooks = hooks;
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
     * Empties every table and begins a new epoch; where another replica did so already, only this process's memory is
     * emptied.
     *
     * @param switchOver runs between the emptying and the hooks, so that what they seed carries the new epoch
     */
    public void begin(int epoch, Runnable switchOver) {
        QuarkusTransaction.requiringNew().run(() -> empty(epoch));
        switchOver.run();
        hooks.forEach(AfterReset::afterReset);
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
            List<String> tables = new ArrayList<>();
            try (ResultSet result = statement.executeQuery("""
                    SELECT format('%I', tablename) FROM pg_tables
                    WHERE schemaname = current_schema() AND tablename NOT IN ('flyway_schema_history', 'stack_state')""")) {
                while (result.next()) {
                    tables.add(result.getString(1));
                }
            }
            statement.execute("TRUNCATE " + String.join(", ", tables));
            statement.executeUpdate("UPDATE stack_state SET epoch = " + epoch);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not empty the database", e);
        }
    }
}
