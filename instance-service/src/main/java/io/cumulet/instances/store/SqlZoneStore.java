package io.cumulet.instances.store;

import io.cumulet.instances.app.SecurityGroups.Attachable;
import io.cumulet.instances.app.SecurityGroups.Wanted;
import io.cumulet.instances.app.TokenUse;
import io.cumulet.instances.app.ZoneChanges;
import io.cumulet.instances.app.ZoneStore;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The committers' side of the database, in plain SQL: a launch has to cost little. */
@ApplicationScoped
public class SqlZoneStore implements ZoneStore {

    /**
     * Plans are made once for a connection: what a committer's transaction does goes along keys, however many rows there are,
     * and to plan it anew each time would cost as much as to do it.
     */
    private static final String LOCK = """
            SET LOCAL plan_cache_mode = force_generic_plan;
            INSERT INTO az_fleet (az, version) VALUES (?, 1)
            ON CONFLICT (az) DO UPDATE SET version = az_fleet.version + 1 RETURNING version""";

    // The second statement sees what was committed before the locks were had.
    private static final String LOCK_TERMS = """
            SELECT account, group_id, retired_at_version
            FROM unnest(?, ?) AS wanted (account, group_id) JOIN security_group_retirement USING (account, group_id)
            ORDER BY account, group_id FOR SHARE OF security_group_retirement;
            SELECT group_id, account, region, vpc_id, version FROM security_group_copy
            WHERE group_id = ANY (?) AND NOT deleted;
            SELECT account, """ + SqlMetadataDefaults.COLUMNS
            + " FROM instance_metadata_default WHERE region = ? AND account = ANY (?)";

    private final DataSource dataSource;

    public SqlZoneStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public long lock(AvailabilityZone zone) {
        return sql("lock a zone", connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(LOCK)) {
                upsert.setString(1, zone.value());
                upsert.execute();
                upsert.getMoreResults();
                try (ResultSet result = upsert.getResultSet()) {
                    result.next();
                    return result.getLong(1);
                }
            }
        });
    }

    @Override
    public ZoneFleet fleet(AvailabilityZone zone) {
        return sql("read the hosts of a zone", connection -> {
            ZoneFleet fleet = new ZoneFleet();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT " + HostRows.COLUMNS + " FROM host WHERE az = ? AND state <> 'removed' ORDER BY seq")) {
                select.setString(1, zone.value());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        fleet.add(HostRows.read(row), HostRows.used(row));
                    }
                }
            }
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT family, spot_units_key, count(*) FROM allocation
                    WHERE az = ? AND spot_units_key IS NOT NULL GROUP BY family, spot_units_key""")) {
                select.setString(1, zone.value());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        fleet.countSpot(row.getString(1), row.getString(2), row.getInt(3));
                    }
                }
            }
            return fleet;
        });
    }

    @Override
    public List<CapacityDemand> demands(AvailabilityZone zone) {
        return sql("read what on-demand waits for", connection -> DemandRows.read(connection, zone));
    }

    @Override
    public List<SpotUnit> spotUnits(AvailabilityZone zone, String family) {
        return sql("read who holds spot's room", connection -> DemandRows.spotUnits(connection, zone, family));
    }

    @Override
    public Map<String, TakeBack.Room> leaving(AvailabilityZone zone, String family) {
        return sql("read who leaves room", connection -> DemandRows.leaving(connection, zone, family));
    }

    @Override
    public List<Host> hosts(List<String> ids) {
        return sql("read hosts", connection -> {
            List<Host> hosts = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT " + HostRows.COLUMNS
                            + " FROM unnest(?) WITH ORDINALITY AS wanted (host_id, place) JOIN host USING (host_id) ORDER BY place")) {
                select.setArray(1, SqlArrays.texts(connection, ids));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        hosts.add(HostRows.read(row));
                    }
                }
            }
            return hosts;
        });
    }

    @Override
    public boolean hasHosts(AvailabilityZone zone, @Nullable String family) {
        return sql("look for hosts", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT EXISTS (SELECT 1 FROM host WHERE az = ? AND family = coalesce(?, family))")) {
                select.setString(1, zone.value());
                select.setString(2, family);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            }
        });
    }

    @Override
    public Map<String, Instance> instances(AvailabilityZone zone, Collection<String> ids) {
        return sql("read instances", connection -> {
            List<Instance> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT " + InstanceRows.COLUMNS + " FROM instance WHERE instance_id = ANY (?) AND az = ?")) {
                select.setArray(1, SqlArrays.texts(connection, ids));
                select.setString(2, zone.value());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(InstanceRows.read(row));
                    }
                }
            }
            Map<String, Instance> instances = new HashMap<>();
            InterfaceRows.attach(connection, found).forEach(instance -> instances.put(instance.id(), instance));
            return instances;
        });
    }

    @Override
    public Instance anywhere(String id) {
        return sql("read an instance", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT " + InstanceRows.COLUMNS + " FROM instance WHERE instance_id = ?")) {
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        throw new IllegalStateException("Instance " + id + " is gone");
                    }
                    return InterfaceRows.attach(connection, List.of(InstanceRows.read(row)))
                            .getFirst();
                }
            }
        });
    }

    @Override
    public Map<String, Subnet> subnets(AvailabilityZone zone, Collection<String> ids) {
        return sql("read subnets", connection -> {
            Map<String, Subnet> subnets = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT " + NetworkRows.SUBNET_COLUMNS
                    + " FROM subnet WHERE subnet_id = ANY (?) AND az = ? AND deleted_at IS NULL")) {
                select.setArray(1, SqlArrays.texts(connection, ids));
                select.setString(2, zone.value());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Subnet subnet = NetworkRows.subnet(row);
                        subnets.put(subnet.id(), subnet);
                    }
                }
            }
            return subnets;
        });
    }

    @Override
    public Map<String, List<Integer>> takenAddresses(Collection<String> subnetIds) {
        return sql("read addresses", connection -> {
            Map<String, List<Integer>> taken = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT subnet_id, address_offset FROM private_address WHERE subnet_id = ANY (?) ORDER BY 1, 2")) {
                select.setArray(1, SqlArrays.texts(connection, subnetIds));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        taken.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                                .add(row.getInt(2));
                    }
                }
            }
            return taken;
        });
    }

    @Override
    public Map<String, NetworkInterface> interfaces(Collection<String> ids) {
        return ids.isEmpty() ? Map.of() : sql("read interfaces", connection -> InterfaceRows.byId(connection, ids));
    }

    @Override
    public Set<String> holders(Collection<ZoneChanges.Place> addresses) {
        return addresses.isEmpty()
                ? Set.of()
                : sql("look who has addresses", connection -> InterfaceRows.holders(connection, addresses));
    }

    @Override
    public List<ElasticAddress> elasticAddresses(Collection<String> allocationIds) {
        return sql("read elastic addresses", connection -> ElasticRows.byId(connection, allocationIds));
    }

    @Override
    public List<ElasticAddress> lockElasticAddresses(
            Collection<String> allocationIds, Collection<IpAddress> publicAddresses) {
        return sql(
                "lock elastic addresses", connection -> ElasticRows.lock(connection, allocationIds, publicAddresses));
    }

    @Override
    public List<Long> launchBlocks(AvailabilityZone zone) {
        return sql("read a zone's public addresses", connection -> LaunchBlocks.ofZone(connection, zone));
    }

    @Override
    public List<Long> takenLaunchAddresses(AvailabilityZone zone) {
        return sql("read which public addresses are given", connection -> LaunchBlocks.taken(connection, zone));
    }

    @Override
    public Optional<Long> claimLaunchBlock(AvailabilityZone zone, AddressPool pool) {
        return sql("claim public addresses", connection -> LaunchBlocks.claim(connection, zone, pool));
    }

    @Override
    public Set<IpAddress> takenIpv6Addresses(Collection<IpAddress> addresses) {
        return sql("read IPv6 addresses", connection -> {
            Set<IpAddress> taken = new HashSet<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT address FROM ipv6_address WHERE address = ANY (?)")) {
                select.setArray(1, SqlArrays.column(connection, "text", addresses, IpAddress::toString));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        taken.add(IpAddress.parse(row.getString(1)).orElseThrow());
                    }
                }
            }
            return taken;
        });
    }

    @Override
    public LaunchTerms lockTerms(SortedSet<Wanted> groups, Region region, Collection<AccountId> launching) {
        return sql("lock security groups", connection -> {
            Map<Wanted, Long> retired = new HashMap<>();
            LaunchTerms terms = lockTerms(connection, groups, retired, region, launching);
            List<Wanted> unlocked = groups.stream()
                    .filter(wanted -> !retired.containsKey(wanted))
                    .toList();
            if (unlocked.isEmpty()) {
                return terms;
            }
            new SqlScript()
                    .statement("""
                            INSERT INTO security_group_retirement (account, group_id) SELECT * FROM unnest(?, ?)
                            ON CONFLICT DO NOTHING""")
                    .column("text", unlocked, wanted -> wanted.account().value())
                    .column("text", unlocked, Wanted::groupId)
                    .run(connection);
            return lockTerms(connection, groups, retired, region, launching);
        });
    }

    /** @param retired is told up to which version each is retired; 0 if it isn't */
    private static LaunchTerms lockTerms(
            Connection connection,
            Collection<Wanted> groups,
            Map<Wanted, Long> retired,
            Region region,
            Collection<AccountId> launching)
            throws SQLException {
        Array groupIds = texts(connection, groups, Wanted::groupId);
        try (PreparedStatement select = connection.prepareStatement(LOCK_TERMS)) {
            select.setArray(
                    1, texts(connection, groups, wanted -> wanted.account().value()));
            select.setArray(2, groupIds);
            select.setArray(3, groupIds);
            select.setString(4, region.value());
            select.setArray(5, texts(connection, launching, AccountId::value));
            select.execute();
            try (ResultSet row = select.getResultSet()) {
                while (row.next()) {
                    retired.put(
                            new Wanted(new AccountId(row.getString("account")), row.getString("group_id")),
                            row.getLong("retired_at_version"));
                }
            }
            Map<String, Attachable> attachable = new HashMap<>();
            select.getMoreResults();
            try (ResultSet row = select.getResultSet()) {
                while (row.next()) {
                    Attachable group = SqlCopies.attachable(row);
                    Long upTo = retired.get(new Wanted(group.account(), group.groupId()));
                    if (upTo != null && row.getLong("version") > upTo) {
                        attachable.put(group.groupId(), group);
                    }
                }
            }
            Map<AccountId, InstanceOptions.Metadata> defaults = new HashMap<>();
            select.getMoreResults();
            try (ResultSet row = select.getResultSet()) {
                while (row.next()) {
                    defaults.put(new AccountId(row.getString("account")), SqlMetadataDefaults.read(row));
                }
            }
            return new LaunchTerms(attachable, defaults);
        }
    }

    @Override
    public Map<String, Integer> scheduledInstances(Collection<String> scheduledInstanceIds) {
        return sql("count scheduled instances", connection -> {
            Map<String, Integer> counts = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT scheduled_instance_id, count(*) FROM instance
                    WHERE scheduled_instance_id = ANY (?) AND terminated_at IS NULL
                    GROUP BY scheduled_instance_id""")) {
                select.setArray(1, SqlArrays.texts(connection, scheduledInstanceIds));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        counts.put(row.getString(1), row.getInt(2));
                    }
                }
            }
            return counts;
        });
    }

    @Override
    public Map<SpotPool, HourlyRate> spotPrices(Collection<SpotPool> pools) {
        return sql("read spot prices", connection -> {
            Map<String, SpotPool> byKey = new HashMap<>();
            pools.forEach(pool -> byKey.put(pool.key(), pool));
            Map<SpotPool, HourlyRate> prices = new HashMap<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT pool, price FROM spot_price_copy WHERE pool = ANY (?)")) {
                select.setArray(1, SqlArrays.texts(connection, byKey.keySet()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        SpotPool pool = byKey.get(row.getString(1));
                        if (pool != null) {
                            prices.put(pool, HourlyRate.of(row.getString(2)));
                        }
                    }
                }
            }
            return prices;
        });
    }

    @Override
    public Map<TokenUse, EarlierUse> claimTokens(List<TokenUse> tokens) {
        return sql("claim client tokens", connection -> {
            Map<TokenUse, TokenUse> unclaimed = new HashMap<>();
            tokens.forEach(token -> unclaimed.put(token.key(), token));
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO client_token (account, region, operation, token, request_hash)
                    SELECT * FROM unnest(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    RETURNING account, region, operation, token""")) {
                insert.setArray(
                        1, texts(connection, tokens, token -> token.account().value()));
                insert.setArray(
                        2, texts(connection, tokens, token -> token.region().value()));
                insert.setArray(3, texts(connection, tokens, TokenUse::operation));
                insert.setArray(4, texts(connection, tokens, TokenUse::token));
                insert.setArray(5, texts(connection, tokens, TokenUse::requestHash));
                try (ResultSet row = insert.executeQuery()) {
                    while (row.next()) {
                        unclaimed.remove(key(row));
                    }
                }
            }
            return unclaimed.isEmpty() ? Map.of() : earlierUses(connection, unclaimed);
        });
    }

    private static Map<TokenUse, EarlierUse> earlierUses(Connection connection, Map<TokenUse, TokenUse> byKey)
            throws SQLException {
        List<TokenUse> tokens = List.copyOf(byKey.values());
        Map<TokenUse, EarlierUse> earlier = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT account, region, operation, token, request_hash, result
                FROM client_token JOIN unnest(?, ?, ?, ?) AS wanted (account, region, operation, token)
                    USING (account, region, operation, token)""")) {
            select.setArray(
                    1, texts(connection, tokens, token -> token.account().value()));
            select.setArray(2, texts(connection, tokens, token -> token.region().value()));
            select.setArray(3, texts(connection, tokens, TokenUse::operation));
            select.setArray(4, texts(connection, tokens, TokenUse::token));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TokenUse token = byKey.get(key(row));
                    if (token != null) {
                        earlier.put(token, new EarlierUse(row.getString("request_hash"), row.getString("result")));
                    }
                }
            }
        }
        return earlier;
    }

    private static TokenUse key(ResultSet row) throws SQLException {
        return new TokenUse(
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("operation"),
                row.getString("token"),
                "");
    }

    @Override
    public Set<String> claimEvents(String consumer, Collection<String> eventIds) {
        return sql("claim events", connection -> {
            Set<String> fresh = new HashSet<>();
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO inbox (consumer, event_id) SELECT ?, unnest(?) ON CONFLICT DO NOTHING
                    RETURNING event_id""")) {
                insert.setString(1, consumer);
                insert.setArray(2, SqlArrays.texts(connection, eventIds));
                try (ResultSet row = insert.executeQuery()) {
                    while (row.next()) {
                        fresh.add(row.getString(1));
                    }
                }
            }
            return fresh;
        });
    }

    @Override
    public void write(AvailabilityZone zone, ZoneChanges changes) {
        SqlScript script = new SqlScript();
        HostRows.insert(script, changes.insertedHosts());
        HostRows.update(script, changes.updatedHosts());
        HostRows.used(script, changes.usedByHost());
        InstanceRows.insert(script, changes.inserted());
        InstanceRows.update(script, changes.updated());
        deallocate(script, changes.deallocated());
        allocate(script, zone, changes.allocated());
        DemandRows.write(script, zone, changes.demands());
        InterfaceRows.write(script, changes);
        ElasticRows.update(script, changes.elasticAddresses());
        userData(script, changes.userData());
        userDataOfRequests(script, changes.userDataOfRequests());
        tokens(script, changes);
        sql("write a zone's changes", connection -> {
            script.run(connection);
            return true;
        });
    }

    private static void deallocate(SqlScript script, Set<String> instanceIds) {
        if (!instanceIds.isEmpty()) {
            script.statement("DELETE FROM allocation WHERE holder_kind = 'instance' AND holder_id = ANY (?)")
                    .column("text", instanceIds, id -> id);
        }
    }

    private static void allocate(
            SqlScript script, AvailabilityZone zone, Collection<ZoneChanges.Allocation> allocations) {
        if (!allocations.isEmpty()) {
            script.statement("""
                            INSERT INTO allocation (holder_kind, holder_id, host_id, az, family, spot_units_key,
                                vcpus, memory_mib, local_storage_gb, gpus)
                            SELECT 'instance', * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .column("text", allocations, ZoneChanges.Allocation::instanceId)
                    .column("text", allocations, ZoneChanges.Allocation::hostId)
                    .column("text", allocations, allocation -> zone.value())
                    .column("text", allocations, ZoneChanges.Allocation::family)
                    .column("text", allocations, ZoneChanges.Allocation::spotUnitsKey)
                    .column(
                            "integer",
                            allocations,
                            allocation -> allocation.amount().vcpus())
                    .column(
                            "bigint",
                            allocations,
                            allocation -> allocation.amount().memoryMib())
                    .column(
                            "bigint",
                            allocations,
                            allocation -> allocation.amount().localStorageGb())
                    .column(
                            "integer",
                            allocations,
                            allocation -> allocation.amount().gpus());
        }
    }

    private static void userData(SqlScript script, Map<String, String> userData) {
        if (!userData.isEmpty()) {
            script.statement("""
                            INSERT INTO instance_user_data (instance_id, user_data) SELECT * FROM unnest(?, ?)
                            ON CONFLICT (instance_id) DO UPDATE SET user_data = EXCLUDED.user_data""")
                    .column("text", userData.entrySet(), Map.Entry::getKey)
                    .column("text", userData.entrySet(), Map.Entry::getValue);
        }
    }

    private static void userDataOfRequests(SqlScript script, Collection<ZoneChanges.UserDataOfRequest> kept) {
        if (!kept.isEmpty()) {
            script.statement("""
                            INSERT INTO spot_request_user_data (spot_request_id, account, user_data)
                            SELECT * FROM unnest(?, ?, ?)""")
                    .column("text", kept, ZoneChanges.UserDataOfRequest::spotRequestId)
                    .column("text", kept, one -> one.account().value())
                    .column("text", kept, ZoneChanges.UserDataOfRequest::base64);
        }
    }

    private static void tokens(SqlScript script, ZoneChanges changes) {
        Collection<Map.Entry<TokenUse, String>> completed =
                changes.completedTokens().entrySet();
        if (!completed.isEmpty()) {
            script.statement("""
                            UPDATE client_token SET request_hash = used.request_hash, result = used.result
                            FROM unnest(?, ?, ?, ?, ?, ?)
                                AS used (account, region, operation, token, request_hash, result)
                            WHERE client_token.account = used.account AND client_token.region = used.region
                                AND client_token.operation = used.operation AND client_token.token = used.token""")
                    .column("text", completed, use -> use.getKey().account().value())
                    .column("text", completed, use -> use.getKey().region().value())
                    .column("text", completed, use -> use.getKey().operation())
                    .column("text", completed, use -> use.getKey().token())
                    .column("text", completed, use -> use.getKey().requestHash())
                    .column("text", completed, Map.Entry::getValue);
        }
        Set<TokenUse> dropped = changes.droppedTokens();
        if (!dropped.isEmpty()) {
            script.statement("""
                            DELETE FROM client_token USING unnest(?, ?, ?, ?)
                                AS unused (account, region, operation, token)
                            WHERE client_token.account = unused.account AND client_token.region = unused.region
                                AND client_token.operation = unused.operation AND client_token.token = unused.token""")
                    .column("text", dropped, use -> use.account().value())
                    .column("text", dropped, use -> use.region().value())
                    .column("text", dropped, TokenUse::operation)
                    .column("text", dropped, TokenUse::token);
        }
    }

    @Override
    public Set<AvailabilityZone> zonesWith(Region region, String family) {
        return sql("look for zones with hosts", connection -> {
            Set<AvailabilityZone> zones = new HashSet<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT DISTINCT az FROM host WHERE family = ? AND state = 'available' AND az LIKE ?")) {
                select.setString(1, family);
                select.setString(2, region.value() + "_");
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        zones.add(new AvailabilityZone(row.getString(1)));
                    }
                }
            }
            return zones;
        });
    }

    private static <R> Array texts(Connection connection, Collection<R> rows, Function<R, String> value)
            throws SQLException {
        return SqlArrays.column(connection, "text", rows, value);
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T sql(String what, Query<T> query) {
        try (Connection connection = dataSource.getConnection()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not " + what, e);
        }
    }
}
