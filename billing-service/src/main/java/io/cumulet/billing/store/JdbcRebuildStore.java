package io.cumulet.billing.store;

import io.cumulet.billing.app.RebuildStore;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** A rebuild in PostgreSQL: one transaction, with what was known before in temporary tables. */
@ApplicationScoped
class JdbcRebuildStore implements RebuildStore {

    private static final String LOCK_ALL = "SELECT pg_advisory_xact_lock(" + JdbcFactStore.LOCK_CLASS
            + ", stripe) FROM generate_series(0, " + (JdbcFactStore.LOCK_STRIPES - 1) + ") stripe";

    private static final String KNOWN = """
            SELECT instance_id, version FROM known_fact
            JOIN unnest(?, ?) told (instance_id, version) USING (instance_id, version)""";

    private static final String GO_ON = """
            UPDATE usage_run SET usage_version = known_usage.usage_version FROM known_usage
            WHERE usage_run.instance_id = known_usage.instance_id AND usage_run.run = known_usage.run
                AND usage_run.usage_version < known_usage.usage_version""";

    private final DataSource dataSource;

    JdbcRebuildStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    private record Place(String instanceId, long version) {}

    @Override
    public void begin() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(LOCK_ALL);
            statement.execute("CREATE TEMP TABLE known_fact ON COMMIT DROP"
                    + " AS SELECT instance_id, version FROM lifecycle_fact");
            statement.execute("CREATE INDEX ON known_fact (instance_id, version)");
            statement.execute("CREATE TEMP TABLE known_usage ON COMMIT DROP"
                    + " AS SELECT instance_id, run, usage_version FROM usage_run WHERE usage_version > 0");
            statement.execute("DELETE FROM lifecycle_fact");
            statement.execute("DELETE FROM instance_tags");
            statement.execute("DELETE FROM usage_run");
        } catch (SQLException e) {
            throw new IllegalStateException("Could not begin a rebuild", e);
        }
    }

    @Override
    public List<Fact> knownBefore(List<Fact> facts) {
        Set<Place> known = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(KNOWN)) {
            select.setArray(1, SqlArrays.column(connection, "text", facts, Fact::instanceId));
            select.setArray(2, SqlArrays.column(connection, "bigint", facts, Fact::version));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.add(new Place(row.getString(1), row.getLong(2)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read what was known before the rebuild", e);
        }
        return facts.stream()
                .filter(fact -> known.contains(new Place(fact.instanceId(), fact.version())))
                .toList();
    }

    @Override
    public void finish() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(GO_ON);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not finish a rebuild", e);
        }
    }
}
