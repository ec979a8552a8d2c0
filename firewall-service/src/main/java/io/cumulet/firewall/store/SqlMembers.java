package io.cumulet.firewall.store;

import io.cumulet.firewall.app.MemberStore;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The copy of members in plain SQL: it takes thousands of events a second, a batch in at most six statements. */
@ApplicationScoped
class SqlMembers implements MemberStore {

    private static final String TAKE = """
            INSERT INTO member_instance AS known (instance_id, version, gone)
            SELECT instance_id, version, gone FROM unnest(?, ?, ?) AS news (instance_id, version, gone)
            ON CONFLICT (instance_id) DO UPDATE SET version = EXCLUDED.version, gone = EXCLUDED.gone, seen_at = now()
            WHERE known.version < EXCLUDED.version
            RETURNING instance_id""";

    private static final String REMOVE = """
            DELETE FROM member USING unnest(?, ?) AS lost (instance_id, interface_id)
            WHERE member.instance_id = lost.instance_id AND member.interface_id = lost.interface_id""";

    // Arrays of arrays can't be unnested row by row; neither an address nor a group id has a comma.
    private static final String PUT = """
            INSERT INTO member
                (instance_id, interface_id, account, region, vpc_id, host_id, addresses, group_ids, state,
                    public_addresses)
            SELECT instance_id, interface_id, account, region, vpc_id, host_id,
                string_to_array(addresses, ','), string_to_array(group_ids, ','), state,
                string_to_array(public_addresses, ',')
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS news (instance_id, interface_id, account, region, vpc_id, host_id, addresses, group_ids, state,
                    public_addresses)
            ON CONFLICT (instance_id, interface_id) DO UPDATE SET
                account = EXCLUDED.account, region = EXCLUDED.region, vpc_id = EXCLUDED.vpc_id,
                host_id = EXCLUDED.host_id, addresses = EXCLUDED.addresses, group_ids = EXCLUDED.group_ids,
                state = EXCLUDED.state, public_addresses = EXCLUDED.public_addresses,
                told_at = now()""";

    private static final String REMOVE_ADDRESSES = """
            DELETE FROM member_address AS known
            USING unnest(?, ?, ?, ?, ?) AS lost (account, region, address, instance_id, interface_id)
            WHERE known.account = lost.account AND known.region = lost.region AND known.address = lost.address
                AND known.instance_id = lost.instance_id AND known.interface_id = lost.interface_id""";

    private static final String ADD_ADDRESSES = """
            INSERT INTO member_address (account, region, address, instance_id, interface_id)
            SELECT * FROM unnest(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

    private static final String SELECT = """
            SELECT interface_id, instance_id, account, region, vpc_id, host_id, addresses, group_ids,
                state, public_addresses
            FROM member
            """;

    private static final String OF_INSTANCES = SELECT + "WHERE instance_id = ANY (?) ORDER BY interface_id";

    private static final String OF_GROUPS =
            SELECT + "WHERE account = ? AND region = ? AND group_ids && ? ORDER BY interface_id";

    private static final String IN_GROUP = " WHERE account = ? AND region = ? AND group_ids @> ? AND vpc_id = ?";

    private static final String FIRST_OF_GROUP = SELECT + IN_GROUP + " ORDER BY interface_id LIMIT ?";

    private static final String COUNT_OF_GROUP = "SELECT count(*) FROM member" + IN_GROUP;

    private static final String OF_INSTANCE =
            SELECT + "WHERE account = ? AND region = ? AND instance_id = ? ORDER BY interface_id";

    private static final String WITH_ADDRESSES = SELECT + """
            WHERE (instance_id, interface_id) IN (
                SELECT instance_id, interface_id FROM member_address
                WHERE account = ? AND region = ? AND address = ANY (?))
            ORDER BY told_at DESC, interface_id""";

    private static final String ALL =
            SELECT + "WHERE account = ? AND region = ? AND interface_id > ? ORDER BY interface_id LIMIT ?";

    /** Of two that have the same interface for a moment, who told last comes last: its rules stand. */
    private static final String ON_HOSTS = SELECT + "WHERE host_id = ANY (?) ORDER BY interface_id, told_at";

    /** Kafka keeps an instance's events in order, so that a replay ends right without these rows; a day is for calm. */
    private static final String FORGET =
            "DELETE FROM member_instance WHERE gone AND seen_at < now() - interval '1 day'";

    private static final int FORGET_EVERY = 10_000;

    private final DataSource dataSource;
    private final AtomicLong taken = new AtomicLong();

    SqlMembers(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<String, Change> take(Collection<Told> newest) {
        // In one order, so that two batches never wait for each other in a ring.
        List<Told> news =
                newest.stream().sorted(Comparator.comparing(Told::instanceId)).toList();
        try (Connection connection = dataSource.getConnection()) {
            Set<String> newer = claim(connection, news);
            Map<String, Change> changes = changes(connection, news, newer);
            if (!changes.isEmpty()) {
                keep(connection, changes.values());
            }
            if (taken.addAndGet(news.size()) >= FORGET_EVERY) {
                taken.set(0);
                try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
                    forget.executeUpdate();
                }
            }
            return changes;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep members", e);
        }
    }

    /** The instances of which these are the newest versions; they are locked. */
    private static Set<String> claim(Connection connection, List<Told> news) throws SQLException {
        Set<String> newer = new HashSet<>();
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setArray(1, column(connection, "text", news, Told::instanceId));
            take.setArray(2, column(connection, "bigint", news, Told::version));
            take.setArray(
                    3,
                    column(connection, "boolean", news, told -> told.members().isEmpty()));
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    newer.add(row.getString(1));
                }
            }
        }
        return newer;
    }

    private static Map<String, Change> changes(Connection connection, List<Told> news, Set<String> newer)
            throws SQLException {
        Map<String, List<Member>> before = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(OF_INSTANCES)) {
            select.setArray(1, SqlArrays.texts(connection, newer));
            for (Member member : read(select)) {
                before.computeIfAbsent(member.instanceId(), unused -> new ArrayList<>())
                        .add(member);
            }
        }
        Map<String, Change> changes = new LinkedHashMap<>();
        for (Told told : news) {
            if (newer.contains(told.instanceId())) {
                List<Member> was = before.getOrDefault(told.instanceId(), List.of());
                List<Member> is = told.members().stream()
                        .sorted(Comparator.comparing(Member::interfaceId))
                        .toList();
                if (!was.equals(is)) {
                    changes.put(told.instanceId(), new Change(was, is));
                }
            }
        }
        return changes;
    }

    private static void keep(Connection connection, Collection<Change> changes) throws SQLException {
        List<Member> removed = new ArrayList<>();
        List<Member> put = new ArrayList<>();
        List<Place> lost = new ArrayList<>();
        List<Place> won = new ArrayList<>();
        for (Change change : changes) {
            Set<String> stay = new HashSet<>();
            change.after().forEach(member -> stay.add(member.interfaceId()));
            change.before().stream()
                    .filter(Predicate.not(member -> stay.contains(member.interfaceId())))
                    .forEach(removed::add);
            Set<Member> known = Set.copyOf(change.before());
            change.after().stream().filter(Predicate.not(known::contains)).forEach(put::add);
            Set<Place> before = places(change.before());
            Set<Place> after = places(change.after());
            before.stream().filter(Predicate.not(after::contains)).forEach(lost::add);
            after.stream().filter(Predicate.not(before::contains)).forEach(won::add);
        }
        update(connection, REMOVE, removed, List.of(Member::instanceId, Member::interfaceId));
        update(
                connection,
                PUT,
                put,
                List.of(
                        Member::instanceId,
                        Member::interfaceId,
                        member -> member.account().value(),
                        member -> member.region().value(),
                        Member::vpcId,
                        Member::hostId,
                        member -> joined(member.addresses()),
                        member -> String.join(",", member.groupIds()),
                        Member::state,
                        member -> joined(member.publicAddresses())));
        update(connection, REMOVE_ADDRESSES, lost, Place.COLUMNS);
        update(connection, ADD_ADDRESSES, won, Place.COLUMNS);
    }

    private static String joined(List<IpAddress> addresses) {
        return String.join(",", addresses.stream().map(IpAddress::toString).toList());
    }

    /** Where an interface can be found. */
    private record Place(String account, String region, String address, String instanceId, String interfaceId) {

        static final List<Function<Place, @Nullable Object>> COLUMNS =
                List.of(Place::account, Place::region, Place::address, Place::instanceId, Place::interfaceId);
    }

    private static Set<Place> places(List<Member> members) {
        Set<Place> places = new HashSet<>();
        for (Member member : members) {
            Stream.concat(member.addresses().stream(), member.publicAddresses().stream())
                    .map(address -> new Place(
                            member.account().value(),
                            member.region().value(),
                            address.toString(),
                            member.instanceId(),
                            member.interfaceId()))
                    .forEach(places::add);
        }
        return places;
    }

    private static <T> void update(
            Connection connection, String sql, List<T> rows, List<Function<T, @Nullable Object>> columns)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                update.setArray(i + 1, column(connection, "text", rows, columns.get(i)));
            }
            update.executeUpdate();
        }
    }

    @Override
    public List<Member> ofGroups(AccountId account, Region region, Collection<String> groupIds) {
        return query(
                OF_GROUPS, account, region, (connection, select) -> select.setArray(3, texts(connection, groupIds)));
    }

    @Override
    public GroupMembers ofGroup(AccountId account, Region region, String vpcId, String groupId, int most) {
        List<Member> first = query(FIRST_OF_GROUP, account, region, (connection, select) -> {
            select.setArray(3, texts(connection, List.of(groupId)));
            select.setString(4, vpcId);
            select.setInt(5, most);
        });
        return new GroupMembers(first, first.size() < most ? first.size() : count(account, region, vpcId, groupId));
    }

    private int count(AccountId account, Region region, String vpcId, String groupId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count = connection.prepareStatement(COUNT_OF_GROUP)) {
            count.setString(1, account.value());
            count.setString(2, region.value());
            count.setArray(3, texts(connection, List.of(groupId)));
            count.setString(4, vpcId);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not count members", e);
        }
    }

    @Override
    public List<Member> ofInstance(AccountId account, Region region, String instanceId) {
        return query(OF_INSTANCE, account, region, (connection, select) -> select.setString(3, instanceId));
    }

    @Override
    public List<Member> withAddresses(AccountId account, Region region, Collection<String> addresses) {
        return query(
                WITH_ADDRESSES,
                account,
                region,
                (connection, select) -> select.setArray(3, texts(connection, addresses)));
    }

    @Override
    public List<Member> all(AccountId account, Region region, String afterInterfaceId, int limit) {
        return query(ALL, account, region, (connection, select) -> {
            select.setString(3, afterInterfaceId);
            select.setInt(4, limit);
        });
    }

    @Override
    public List<Member> onHosts(Collection<String> hostIds) {
        return query(ON_HOSTS, (connection, select) -> select.setArray(1, texts(connection, hostIds)));
    }

    private interface Parameters {
        void set(Connection connection, PreparedStatement select) throws SQLException;
    }

    private List<Member> query(String sql, AccountId account, Region region, Parameters parameters) {
        return query(sql, (connection, select) -> {
            select.setString(1, account.value());
            select.setString(2, region.value());
            parameters.set(connection, select);
        });
    }

    private List<Member> query(String sql, Parameters parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            parameters.set(connection, select);
            return read(select);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read members", e);
        }
    }

    private static List<Member> read(PreparedStatement select) throws SQLException {
        List<Member> members = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                members.add(new Member(
                        row.getString(1),
                        row.getString(2),
                        new AccountId(row.getString(3)),
                        new Region(row.getString(4)),
                        row.getString(5),
                        row.getString(6),
                        addresses(row, 7),
                        texts(row, 8),
                        row.getString(9),
                        addresses(row, 10)));
            }
        }
        return members;
    }

    private static List<IpAddress> addresses(ResultSet row, int column) throws SQLException {
        return texts(row, column).stream()
                .map(address -> IpAddress.parse(address).orElseThrow())
                .toList();
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static Array texts(Connection connection, Collection<String> values) throws SQLException {
        return SqlArrays.texts(connection, values);
    }

    private static <T> Array column(
            Connection connection, String type, Collection<T> rows, Function<T, @Nullable Object> value)
            throws SQLException {
        return SqlArrays.column(connection, type, rows, value);
    }
}
