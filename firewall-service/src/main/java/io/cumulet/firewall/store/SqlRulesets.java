package io.cumulet.firewall.store;

import io.cumulet.firewall.app.RulesetStore;
import io.cumulet.firewall.domain.rulesets.HostContents;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Hosts' rulesets in plain SQL: a change may touch hundreds of hosts, in a handful of statements. */
@ApplicationScoped
class SqlRulesets implements RulesetStore {

    // Sorted before the function is called: locks are taken in one order.
    private static final String TAKE_TURNS = """
            SELECT pg_advisory_xact_lock(turn) FROM (
                SELECT DISTINCT hashtextextended('rulesets of ' || place, 0) AS turn FROM unnest(?) AS place
                ORDER BY turn OFFSET 0) AS turns""";

    // Two statements on one way to the database; the second sees what was committed before the lock was there.
    private static final String KEEP_MEMBERS = """
            SELECT pg_advisory_xact_lock_shared(hashtextextended('rulesets of ' || ?, 0));
            SELECT host_id FROM host_ruleset WHERE groups && ?""";

    private static final String TAKE_TURNS_OF_RULES =
            "SELECT pg_advisory_xact_lock(hashtextextended('rules on hosts of ' || ?, 0))";

    private static final String INSERT = """
            INSERT INTO host_ruleset (host_id, region, version, deltas, groups, peers, prefix_lists)
            SELECT host_id, region, 0, 0, '{}', '{}', '{}' FROM unnest(?, ?) AS new (host_id, region)
            ON CONFLICT DO NOTHING""";

    private static final String SELECT =
            "SELECT host_id, region, version, deltas, groups, peers, prefix_lists, stale FROM host_ruleset ";

    private static final String LOCK = SELECT + "WHERE host_id = ANY (?) ORDER BY host_id FOR UPDATE";

    private static final String DUE = """
            SELECT host_id FROM host_ruleset WHERE told_at < now() - ? * interval '1 second' ORDER BY told_at LIMIT ?""";

    private static final String LOCK_DUE = SELECT + """
            WHERE host_id = ANY (?) AND told_at < now() - ? * interval '1 second'
            ORDER BY host_id FOR UPDATE SKIP LOCKED""";

    private static final String KEEP_VERSIONS = """
            UPDATE host_ruleset AS host SET version = kept.version, deltas = kept.deltas
            FROM unnest(?, ?, ?) AS kept (host_id, version, deltas) WHERE host.host_id = kept.host_id""";

    private static final String KEEP_CONTENTS = """
            UPDATE host_ruleset AS host SET groups = string_to_array(kept.groups, ','),
                peers = string_to_array(kept.peers, ','), prefix_lists = string_to_array(kept.prefix_lists, ',')
            FROM unnest(?, ?, ?, ?) AS kept (host_id, groups, peers, prefix_lists)
            WHERE host.host_id = kept.host_id AND (host.groups <> string_to_array(kept.groups, ',')
                OR host.peers <> string_to_array(kept.peers, ',')
                OR host.prefix_lists <> string_to_array(kept.prefix_lists, ','))""";

    private static final String TOLD =
            "UPDATE host_ruleset SET told_at = now(), deltas = 0, stale = false WHERE host_id = ANY (?)";

    private static final String WANT = "UPDATE host_ruleset SET told_at = '-infinity' WHERE host_id = ANY (?)";

    private static final String INSERT_MISSING = """
            INSERT INTO host_ruleset (host_id, region, version, deltas, groups, peers, prefix_lists)
            SELECT host_id, min(region), 0, 0, '{}', '{}', '{}' FROM member WHERE host_id IS NOT NULL
            GROUP BY host_id ORDER BY host_id
            ON CONFLICT DO NOTHING""";

    // Locked in the order in which everybody locks them.
    private static final String MAKE_STALE = """
            UPDATE host_ruleset SET stale = true, told_at = '-infinity'
            WHERE host_id IN (SELECT host_id FROM host_ruleset ORDER BY host_id FOR UPDATE)""";

    private final DataSource dataSource;

    SqlRulesets(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    private interface Use<T> {
        T of(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Use<T> use) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return use.of(connection, statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read or keep rulesets", e);
        }
    }

    @Override
    public void takeTurns(Collection<Place> places) {
        with(TAKE_TURNS, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", places, Place::key));
            return statement.execute();
        });
    }

    @Override
    public Set<String> keepMembers(Place place, String groupId) {
        return with(KEEP_MEMBERS, (connection, statement) -> {
            statement.setString(1, place.key());
            statement.setArray(2, SqlArrays.texts(connection, List.of(groupId)));
            statement.execute();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                return texts(row);
            }
        });
    }

    @Override
    public void takeTurnsOfRules(Place place) {
        with(TAKE_TURNS_OF_RULES, (connection, statement) -> {
            statement.setString(1, place.key());
            return statement.execute();
        });
    }

    @Override
    public Set<String> thatName(Collection<String> groupIds) {
        return groupIds.isEmpty() ? Set.of() : ids("peers && ?", groupIds);
    }

    @Override
    public Set<String> thatHave(String groupId) {
        return ids("groups && ?", List.of(groupId));
    }

    @Override
    public Set<String> thatNameList(String prefixListId) {
        return ids("prefix_lists && ?", List.of(prefixListId));
    }

    private Set<String> ids(String condition, Collection<String> wanted) {
        return with("SELECT host_id FROM host_ruleset WHERE " + condition, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", wanted, id -> id));
            return texts(statement);
        });
    }

    private static Set<String> texts(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return texts(row);
        }
    }

    private static Set<String> texts(ResultSet row) throws SQLException {
        Set<String> texts = new LinkedHashSet<>();
        while (row.next()) {
            texts.add(row.getString(1));
        }
        return texts;
    }

    @Override
    public Map<String, Host> lock(Map<String, Region> regions) {
        if (regions.isEmpty()) {
            return Map.of();
        }
        List<Map.Entry<String, Region>> sorted = List.copyOf(new TreeMap<>(regions).entrySet());
        with(INSERT, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", sorted, Map.Entry::getKey));
            statement.setArray(
                    2,
                    column(connection, "text", sorted, entry -> entry.getValue().value()));
            return statement.executeUpdate();
        });
        return lockKnown(regions.keySet());
    }

    @Override
    public Map<String, Host> lockKnown(Collection<String> hostIds) {
        if (hostIds.isEmpty()) {
            return Map.of();
        }
        return with(LOCK, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hostIds, id -> id));
            Map<String, Host> hosts = new LinkedHashMap<>();
            read(statement).forEach(host -> hosts.put(host.hostId(), host));
            return hosts;
        });
    }

    @Override
    public void keep(Collection<Host> hosts) {
        if (hosts.isEmpty()) {
            return;
        }
        with(KEEP_CONTENTS, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hosts, Host::hostId));
            statement.setArray(
                    2,
                    column(
                            connection,
                            "text",
                            hosts,
                            host -> text(host.contents().groups())));
            statement.setArray(
                    3,
                    column(
                            connection,
                            "text",
                            hosts,
                            host -> text(host.contents().peers())));
            statement.setArray(
                    4,
                    column(
                            connection,
                            "text",
                            hosts,
                            host -> text(host.contents().prefixLists())));
            return statement.executeUpdate();
        });
        with(KEEP_VERSIONS, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hosts, Host::hostId));
            statement.setArray(2, column(connection, "bigint", hosts, Host::version));
            statement.setArray(3, column(connection, "integer", hosts, Host::deltas));
            return statement.executeUpdate();
        });
    }

    private static String text(Set<String> ids) {
        return String.join(",", ids);
    }

    @Override
    public void toldInFull(Collection<String> hostIds) {
        with(TOLD, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hostIds, id -> id));
            return statement.executeUpdate();
        });
    }

    @Override
    public void wantInFull(Collection<String> hostIds) {
        if (hostIds.isEmpty()) {
            return;
        }
        with(WANT, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hostIds, id -> id));
            return statement.executeUpdate();
        });
    }

    @Override
    public List<String> dueInFull(Duration after, int limit) {
        return with(DUE, (connection, statement) -> {
            statement.setLong(1, after.toSeconds());
            statement.setInt(2, limit);
            return List.copyOf(texts(statement));
        });
    }

    @Override
    public List<Host> lockDue(Collection<String> hostIds, Duration after) {
        if (hostIds.isEmpty()) {
            return List.of();
        }
        return with(LOCK_DUE, (connection, statement) -> {
            statement.setArray(1, column(connection, "text", hostIds, id -> id));
            statement.setLong(2, after.toSeconds());
            return read(statement);
        });
    }

    @Override
    public Optional<String> awaitedRebuild() {
        return with(
                "SELECT name FROM awaited_rebuild ORDER BY name LIMIT 1",
                (connection, statement) -> texts(statement).stream().findFirst());
    }

    @Override
    public void membersRebuilt() {
        with(INSERT_MISSING, (connection, statement) -> statement.executeUpdate());
        with(MAKE_STALE, (connection, statement) -> statement.executeUpdate());
        with("DELETE FROM awaited_rebuild", (connection, statement) -> statement.executeUpdate());
    }

    private static List<Host> read(PreparedStatement select) throws SQLException {
        List<Host> hosts = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                hosts.add(new Host(
                        row.getString(1),
                        new Region(row.getString(2)),
                        row.getLong(3),
                        row.getInt(4),
                        new HostContents(ids(row, 5), ids(row, 6), ids(row, 7)),
                        row.getBoolean(8)));
            }
        }
        return hosts;
    }

    private static Set<String> ids(ResultSet row, int column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    private static <T> Array column(
            Connection connection, String type, Collection<T> rows, Function<T, @Nullable Object> value)
            throws SQLException {
        return SqlArrays.column(connection, type, rows, value);
    }
}
