package io.cumulet.billing.store;

import io.cumulet.billing.app.FactStore;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.billing.domain.metering.FactKind;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String SELECT_KNOWN =
            "SELECT DISTINCT instance_id FROM lifecycle_fact WHERE instance_id = ANY (?)";

    private static final String INSERT = """
            INSERT INTO lifecycle_fact (instance_id, version, kind, occurred_at, account, availability_zone,
                instance_type, os, tenancy, market, host_id, scheduled_instance_id, event_id)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            RETURNING instance_id, version""";

    private static final String COLUMNS = """
            SELECT instance_id, version, kind, occurred_at, account, availability_zone, instance_type, os, tenancy,
                market, host_id, scheduled_instance_id, event_id
            FROM lifecycle_fact""";

    private static final String SELECT = COLUMNS + " WHERE instance_id = ANY (?) ORDER BY instance_id, version";

    private static final String SELECT_SOME = COLUMNS
            + " WHERE instance_id = ? AND account = ? AND occurred_at < ? AND version > ? ORDER BY version LIMIT ?";

    private final DataSource dataSource;

    JdbcFactStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<String, List<Fact>> add(List<Fact> facts) {
        try (Connection connection = dataSource.getConnection()) {
            lock(connection, facts);
            Set<String> knownInstances = knownInstances(connection, facts);
            Map<String, List<Fact>> added = insert(connection, facts);
            // Most instances in a flood are new ones: their facts are at hand.
            List<String> incomplete =
                    added.keySet().stream().filter(knownInstances::contains).toList();
            if (!incomplete.isEmpty()) {
                added.putAll(factsOf(connection, incomplete));
            }
            return added;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep lifecycle facts", e);
        }
    }

    private static Set<String> knownInstances(Connection connection, List<Fact> facts) throws SQLException {
        Set<String> instanceIds = new HashSet<>();
        facts.forEach(fact -> instanceIds.add(fact.instanceId()));
        Set<String> known = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT_KNOWN)) {
            select.setArray(1, connection.createArrayOf("text", instanceIds.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.add(row.getString(1));
                }
            }
        }
        return known;
    }

    /** Answers the facts that weren't there, by instance. */
    private static Map<String, List<Fact>> insert(Connection connection, List<Fact> facts) throws SQLException {
        Map<String, Map<Long, Fact>> told = new HashMap<>();
        for (Fact fact : facts) {
            told.computeIfAbsent(fact.instanceId(), id -> new HashMap<>()).putIfAbsent(fact.version(), fact);
        }
        Map<String, List<Fact>> added = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, SqlArrays.column(connection, "text", facts, Fact::instanceId));
            insert.setArray(2, SqlArrays.column(connection, "bigint", facts, Fact::version));
            insert.setArray(
                    3,
                    SqlArrays.column(
                            connection, "text", facts, fact -> fact.kind().name()));
            insert.setArray(
                    4,
                    SqlArrays.column(
                            connection, "timestamptz", facts, fact -> fact.at().toString()));
            insert.setArray(
                    5,
                    SqlArrays.column(
                            connection,
                            "text",
                            facts,
                            fact -> fact.thing().account().value()));
            insert.setArray(
                    6,
                    SqlArrays.column(
                            connection,
                            "text",
                            facts,
                            fact -> fact.thing().zone().value()));
            insert.setArray(
                    7,
                    SqlArrays.column(
                            connection,
                            "text",
                            facts,
                            fact -> fact.thing().instanceType().value()));
            insert.setArray(
                    8,
                    SqlArrays.column(
                            connection, "text", facts, fact -> fact.thing().os().code()));
            insert.setArray(
                    9,
                    SqlArrays.column(
                            connection,
                            "text",
                            facts,
                            fact -> fact.thing().tenancy().code()));
            insert.setArray(
                    10,
                    SqlArrays.column(
                            connection,
                            "text",
                            facts,
                            fact -> fact.thing().market().code()));
            insert.setArray(
                    11,
                    SqlArrays.column(
                            connection, "text", facts, fact -> fact.thing().hostId()));
            insert.setArray(
                    12,
                    SqlArrays.column(
                            connection, "text", facts, fact -> fact.thing().scheduledInstanceId()));
            insert.setArray(13, SqlArrays.column(connection, "text", facts, Fact::eventId));
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    String instanceId = row.getString(1);
                    Map<Long, Fact> versions = Objects.requireNonNull(told.get(instanceId));
                    added.computeIfAbsent(instanceId, id -> new ArrayList<>())
                            .add(Objects.requireNonNull(versions.get(row.getLong(2))));
                }
            }
        }
        return added;
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

    private static Map<String, List<Fact>> factsOf(Connection connection, Collection<String> instanceIds)
            throws SQLException {
        Map<String, List<Fact>> facts = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setArray(1, connection.createArrayOf("text", instanceIds.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Fact fact = fact(row);
                    facts.computeIfAbsent(fact.instanceId(), id -> new ArrayList<>())
                            .add(fact);
                }
            }
        }
        return facts;
    }

    private static Fact fact(ResultSet row) throws SQLException {
        return new Fact(
                row.getString("instance_id"),
                row.getLong("version"),
                FactKind.valueOf(row.getString("kind")),
                Rows.requiredInstant(row, "occurred_at"),
                Rows.thing(row),
                row.getString("event_id"));
    }

    @Override
    public List<Fact> facts(AccountId account, String instanceId, Instant until, long afterVersion, int limit) {
        List<Fact> facts = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(
                        connection,
                        SELECT_SOME,
                        instanceId,
                        account.value(),
                        until.atOffset(ZoneOffset.UTC),
                        afterVersion,
                        limit);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                facts.add(fact(row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read lifecycle facts", e);
        }
        return facts;
    }
}
