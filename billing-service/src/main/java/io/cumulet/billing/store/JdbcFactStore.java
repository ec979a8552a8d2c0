package io.cumulet.billing.store;

import io.cumulet.billing.app.FactStore;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.billing.domain.metering.FactKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;

/** Facts in PostgreSQL. Plain SQL, a statement for a whole batch: thousands of events a second come this way. */
@ApplicationScoped
class JdbcFactStore implements FactStore {

    static final int LOCK_CLASS = 0x4641_4354;
    /** A lock for each instance would fill PostgreSQL's lock table; stripes are enough for the few who fold. */
    static final int LOCK_STRIPES = 128;

    private static final String LOCK = "SELECT pg_advisory_xact_lock(" + LOCK_CLASS + ", stripe) FROM unnest(?) stripe";

    private static final String INSERT = """
            INSERT INTO lifecycle_fact (instance_id, version, kind, occurred_at, account, availability_zone,
                instance_type, os, tenancy, market, host_id, event_id)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            RETURNING instance_id""";

    private static final String SELECT = """
            SELECT instance_id, version, kind, occurred_at, account, availability_zone, instance_type, os, tenancy,
                market, host_id, event_id
            FROM lifecycle_fact WHERE instance_id = ANY (?) ORDER BY instance_id, version""";

    private final DataSource dataSource;

    JdbcFactStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Set<String> add(List<Fact> facts) {
        Set<String> instanceIds = new HashSet<>();
        try (Connection connection = dataSource.getConnection()) {
            lock(connection, facts);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setArray(1, Rows.column(connection, "text", facts, Fact::instanceId));
                insert.setArray(2, Rows.column(connection, "bigint", facts, Fact::version));
                insert.setArray(
                        3,
                        Rows.column(
                                connection, "text", facts, fact -> fact.kind().name()));
                insert.setArray(
                        4,
                        Rows.column(
                                connection,
                                "timestamptz",
                                facts,
                                fact -> fact.at().toString()));
                insert.setArray(
                        5,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().account().value()));
                insert.setArray(
                        6,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().zone().value()));
                insert.setArray(
                        7,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().instanceType().value()));
                insert.setArray(
                        8,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().os().code()));
                insert.setArray(
                        9,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().tenancy().code()));
                insert.setArray(
                        10,
                        Rows.column(
                                connection,
                                "text",
                                facts,
                                fact -> fact.thing().market().code()));
                insert.setArray(
                        11,
                        Rows.column(
                                connection, "text", facts, fact -> fact.thing().hostId()));
                insert.setArray(12, Rows.column(connection, "text", facts, Fact::eventId));
                try (ResultSet added = insert.executeQuery()) {
                    while (added.next()) {
                        instanceIds.add(added.getString(1));
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep lifecycle facts", e);
        }
        return instanceIds;
    }

    /** In ascending order, so that two never wait for each other. */
    private static void lock(Connection connection, List<Fact> facts) throws SQLException {
        SortedSet<Integer> stripes = new TreeSet<>();
        facts.forEach(fact -> stripes.add(Math.floorMod(fact.instanceId().hashCode(), LOCK_STRIPES)));
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(1, connection.createArrayOf("integer", stripes.toArray()));
            lock.execute();
        }
    }

    @Override
    public Map<String, List<Fact>> factsOf(Collection<String> instanceIds) {
        Map<String, List<Fact>> facts = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setArray(1, connection.createArrayOf("text", instanceIds.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Fact fact = new Fact(
                            row.getString("instance_id"),
                            row.getLong("version"),
                            FactKind.valueOf(row.getString("kind")),
                            Rows.requiredInstant(row, "occurred_at"),
                            Rows.thing(row),
                            row.getString("event_id"));
                    facts.computeIfAbsent(fact.instanceId(), id -> new ArrayList<>())
                            .add(fact);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read lifecycle facts", e);
        }
        return facts;
    }
}
