package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.fleets.FleetRecords;
import io.cumulet.spotmarket.domain.fleets.ActivityStatus;
import io.cumulet.spotmarket.domain.fleets.FailedLaunch;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetMemory;
import io.cumulet.spotmarket.domain.fleets.FleetState;
import io.cumulet.spotmarket.domain.fleets.FleetUnit;
import io.cumulet.spotmarket.domain.fleets.OnDemandPart;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Fleets in PostgreSQL, in plain SQL: row locks, keysets and counts are what it does. It reads requests past the session
 * of the mapper, so that those who look at a request again under its pool's lock don't get what was read here.
 */
@ApplicationScoped
class FleetStore implements FleetRecords {

    private static final String FLEET = """
            SELECT fleet_id, account, region, terms, state, target, keeps_excess, activity, fulfilled, memory, created_at,
                   version, on_demand_target, on_demand_fulfilled, on_demand_left, on_demand_asked
            FROM spot_fleet WHERE""";

    private final DataSource dataSource;

    FleetStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Reads a row. */
    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet result) throws SQLException;
    }

    private <T> List<T> query(String sql, List<Object> values, Row<T> row) {
        List<T> rows = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                if (value instanceof List<?> list) {
                    select.setArray(i + 1, connection.createArrayOf("text", list.toArray()));
                } else {
                    select.setObject(i + 1, value);
                }
            }
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(row.read(result));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read fleets", e);
        }
        return rows;
    }

    @Override
    public void add(Fleet fleet) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO spot_fleet (fleet_id, account, region, type, terms, state, target, keeps_excess,
                                                activity, fulfilled, memory, created_at, version, on_demand_target)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, fleet.id());
            insert.setString(2, fleet.account().value());
            insert.setString(3, fleet.region().value());
            insert.setString(4, fleet.terms().type().code());
            insert.setString(5, FleetText.write(fleet.terms()));
            insert.setString(6, fleet.state().code());
            insert.setBigDecimal(7, fleet.target());
            insert.setBoolean(8, fleet.keepsExcess());
            insert.setString(9, fleet.activity().code());
            insert.setBigDecimal(10, fleet.fulfilled());
            insert.setString(11, memory(fleet));
            insert.setObject(12, fleet.createdAt().atOffset(ZoneOffset.UTC));
            insert.setLong(13, fleet.version());
            insert.setBigDecimal(14, fleet.onDemand().target());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a fleet", e);
        }
    }

    @Override
    public void wish(String fleetId, Set<String> familyKeys) {
        Object[] families = familyKeys.stream().sorted().toArray();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM spot_fleet_wish WHERE fleet_id = ? AND family <> ALL(?)");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO spot_fleet_wish (family, fleet_id) SELECT unnest(?), ? ON CONFLICT DO NOTHING")) {
            delete.setString(1, fleetId);
            delete.setArray(2, connection.createArrayOf("text", families));
            delete.executeUpdate();
            if (families.length > 0) {
                insert.setArray(1, connection.createArrayOf("text", families));
                insert.setString(2, fleetId);
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep what a fleet waits for", e);
        }
    }

    @Override
    public Set<String> wishes(String fleetId) {
        return Set.copyOf(query(
                "SELECT family FROM spot_fleet_wish WHERE fleet_id = ?", List.of(fleetId), row -> row.getString(1)));
    }

    @Override
    public void planned(String fleetId, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE spot_fleet SET planned_at = ? WHERE fleet_id = ?")) {
            update.setObject(1, at.atOffset(ZoneOffset.UTC));
            update.setString(2, fleetId);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep when a fleet was planned", e);
        }
    }

    @Override
    public Map<String, Instant> wishing(Collection<String> familyKeys) {
        Map<String, Instant> wishing = new LinkedHashMap<>();
        query("""
                SELECT fleet_id, COALESCE(planned_at, created_at) FROM spot_fleet
                WHERE fleet_id IN (SELECT fleet_id FROM spot_fleet_wish WHERE family = ANY(?)) ORDER BY fleet_id""", List.of(List.copyOf(familyKeys)), row -> Map.entry(row.getString(1), instant(row, 2)))
                .forEach(entry -> wishing.put(entry.getKey(), entry.getValue()));
        return wishing;
    }

    @Override
    public void save(Fleet fleet) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        UPDATE spot_fleet SET state = ?, target = ?, keeps_excess = ?, activity = ?, fulfilled = ?,
                            memory = ?, version = ?, on_demand_target = ?, on_demand_fulfilled = ?, on_demand_left = ?,
                            on_demand_asked = ? WHERE fleet_id = ?""")) {
            update.setString(1, fleet.state().code());
            update.setBigDecimal(2, fleet.target());
            update.setBoolean(3, fleet.keepsExcess());
            update.setString(4, fleet.activity().code());
            update.setBigDecimal(5, fleet.fulfilled());
            update.setString(6, memory(fleet));
            update.setLong(7, fleet.version());
            update.setBigDecimal(8, fleet.onDemand().target());
            update.setBigDecimal(9, fleet.onDemand().fulfilled());
            update.setInt(10, fleet.onDemand().left());
            update.setBoolean(11, fleet.onDemand().asked());
            update.setString(12, fleet.id());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("No fleet " + fleet.id());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a fleet", e);
        }
    }

    @Override
    public void tag(Fleet fleet) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE spot_fleet SET terms = ? WHERE fleet_id = ?")) {
            update.setString(1, FleetText.write(fleet.terms()));
            update.setString(2, fleet.id());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a fleet's tags", e);
        }
    }

    private static String memory(Fleet fleet) {
        return new String(ContractJson.write(fleet.memory()), StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Fleet> find(String fleetId) {
        return query(FLEET + " fleet_id = ?", List.of(fleetId), FleetStore::fleet).stream()
                .findFirst();
    }

    @Override
    public Optional<Fleet> lock(String fleetId) {
        return query(FLEET + " fleet_id = ? FOR UPDATE", List.of(fleetId), FleetStore::fleet).stream()
                .findFirst();
    }

    @Override
    public List<Fleet> page(AccountId account, Region region, Filter filter, @Nullable String after, int size) {
        StringBuilder sql = new StringBuilder(FLEET).append(" account = ? AND region = ?");
        List<Object> values = new ArrayList<>(List.of(account.value(), region.value()));
        if (after != null) {
            sql.append(" AND fleet_id > ?");
            values.add(after);
        }
        in(sql, values, "fleet_id", filter.fleetIds());
        in(sql, values, "state", filter.states());
        in(sql, values, "type", filter.types());
        sql.append(" ORDER BY fleet_id LIMIT ").append(size);
        return query(sql.toString(), values, FleetStore::fleet);
    }

    private static void in(StringBuilder sql, List<Object> values, String column, List<String> wanted) {
        if (!wanted.isEmpty()) {
            sql.append(" AND ").append(column).append(" = ANY(?)");
            values.add(wanted);
        }
    }

    private static Fleet fleet(ResultSet row) throws SQLException {
        return new Fleet(
                row.getString(1),
                new AccountId(row.getString(2)),
                new Region(row.getString(3)),
                FleetText.read(row.getString(4)),
                instant(row, 11),
                coded(FleetState.values(), row.getString(5), FleetState::code),
                row.getBigDecimal(6),
                row.getBoolean(7),
                coded(ActivityStatus.values(), row.getString(8), ActivityStatus::code),
                row.getBigDecimal(9),
                new OnDemandPart(row.getBigDecimal(13), row.getBigDecimal(14), row.getInt(15), row.getBoolean(16)),
                FleetText.json(row.getString(10), FleetMemory.class),
                row.getLong(12));
    }

    /** A value's code. */
    @FunctionalInterface
    private interface Code<T> {
        String of(T value);
    }

    private static <T> T coded(T[] values, String text, Code<T> code) {
        for (T value : values) {
            if (code.of(value).equals(text)) {
                return value;
            }
        }
        throw new IllegalStateException("Unknown in a fleet's row: " + text);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public List<FleetUnit> units(String fleetId) {
        return query(
                """
                SELECT request_id, pool, bid, rebalance_recommended, interruption_reason IS NOT NULL, created_at
                FROM spot_request WHERE fleet_id = ? AND live AND state <> 'CANCELLED'""",
                List.of(fleetId),
                row -> new FleetUnit(
                        row.getString(1),
                        PoolId.parse(row.getString(2)),
                        stage(BidState.valueOf(row.getString(3))),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        instant(row, 6)));
    }

    private static FleetUnit.Stage stage(BidState bid) {
        return switch (bid) {
            case NONE, WAITING -> FleetUnit.Stage.WAITING;
            case ALLOCATED -> FleetUnit.Stage.COMING;
            case RUNNING -> FleetUnit.Stage.RUNNING;
            case LEAVING -> FleetUnit.Stage.LEAVING;
        };
    }

    @Override
    public boolean isComing(String fleetId) {
        return query("""
                SELECT NOT COALESCE((memory::json ->> 'settled')::boolean, false)
                       AND EXISTS (SELECT FROM spot_request r WHERE r.fleet_id = spot_fleet.fleet_id AND r.live
                                   AND r.bid IN ('WAITING', 'ALLOCATED') AND r.state <> 'CANCELLED')
                FROM spot_fleet WHERE fleet_id = ?""", List.of(fleetId), row -> row.getBoolean(1)).contains(true);
    }

    @Override
    public List<FailedLaunch> failedLaunches(String fleetId) {
        return query(
                """
                SELECT request_id, pool, status FROM spot_request
                WHERE fleet_id = ? AND state = 'FAILED' ORDER BY created_at, request_id""",
                List.of(fleetId),
                row -> new FailedLaunch(
                        row.getString(1), PoolId.parse(row.getString(2)), StatusCode.valueOf(row.getString(3))));
    }

    @Override
    public long failures(String fleetId) {
        return query(
                        "SELECT count(*) FROM spot_request WHERE fleet_id = ? AND state = 'FAILED'",
                        List.of(fleetId),
                        row -> row.getLong(1))
                .getFirst();
    }

    @Override
    public Map<PoolId, Long> blocked(String fleetId, Collection<PoolId> pools) {
        Map<PoolId, Long> blocked = new HashMap<>();
        query(
                        """
                SELECT offer.pool, newest.snapshot FROM unnest(?) AS offer (pool)
                CROSS JOIN LATERAL (SELECT max(blocked_at_capacity) AS snapshot FROM spot_request r
                                    WHERE r.fleet_id = ? AND r.pool = offer.pool AND r.blocked_at_capacity > 0) newest
                WHERE newest.snapshot IS NOT NULL""",
                        List.of(pools.stream().map(PoolId::toString).toList(), fleetId),
                        row -> Map.entry(PoolId.parse(row.getString(1)), row.getLong(2)))
                .forEach(entry -> blocked.put(entry.getKey(), entry.getValue()));
        return blocked;
    }

    @Override
    public long countLiving(AccountId account, Region region) {
        return query("""
                SELECT count(*) FROM spot_fleet
                WHERE account = ? AND region = ? AND state NOT IN ('deleted', 'deleted-terminating')""", List.of(account.value(), region.value()), row -> row.getLong(1))
                .getFirst();
    }

    @Override
    public Map<PoolId, Rivals> rivals(String fleetId, Map<PoolId, HourlyRate> maxPrices) {
        List<String> pools = new ArrayList<>();
        List<String> bids = new ArrayList<>();
        maxPrices.forEach((pool, bid) -> {
            pools.add(pool.toString());
            bids.add(bid.toString());
        });
        Map<PoolId, Rivals> rivals = new HashMap<>();
        query(
                        """
                SELECT r.pool, count(*) FILTER (WHERE r.bid <> 'WAITING'),
                       count(*) FILTER (WHERE r.bid = 'WAITING' AND r.fleet_id IS DISTINCT FROM ?
                                        AND r.max_price >= offer.bid::numeric)
                FROM unnest(?, ?) AS offer (pool, bid)
                JOIN spot_request r ON r.pool = offer.pool AND r.live
                GROUP BY r.pool""",
                        List.of(fleetId, pools, bids),
                        row -> Map.entry(PoolId.parse(row.getString(1)), new Rivals(row.getInt(2), row.getInt(3))))
                .forEach(entry -> rivals.put(entry.getKey(), entry.getValue()));
        return rivals;
    }

    @Override
    public void note(List<FleetHappening> happenings) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO spot_fleet_happening (fleet_id, at, type, subtype, description, instance_id, request_id)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""")) {
            for (FleetHappening happening : happenings) {
                insert.setString(1, happening.fleetId());
                insert.setObject(2, happening.at().atOffset(ZoneOffset.UTC));
                insert.setString(3, happening.type().code());
                insert.setString(4, happening.subtype());
                insert.setString(5, happening.description());
                insert.setString(6, happening.instanceId());
                insert.setString(7, happening.requestId());
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a fleet's history", e);
        }
    }

    @Override
    public List<Noted> history(String fleetId, HistoryFilter filter, long after, int size) {
        StringBuilder sql = new StringBuilder("""
                SELECT number, at, type, subtype, description, instance_id, request_id
                FROM spot_fleet_happening WHERE fleet_id = ? AND number > ?""");
        List<Object> values = new ArrayList<>(List.of(fleetId, after));
        Instant from = filter.from();
        if (from != null) {
            sql.append(" AND at >= ?");
            values.add(from.atOffset(ZoneOffset.UTC));
        }
        String type = filter.type();
        if (type != null) {
            sql.append(" AND type = ?");
            values.add(type);
        }
        sql.append(" ORDER BY number LIMIT ").append(size);
        return query(
                sql.toString(),
                values,
                row -> new Noted(
                        row.getLong(1),
                        new FleetHappening(
                                fleetId,
                                instant(row, 2),
                                coded(FleetHappening.Type.values(), row.getString(3), FleetHappening.Type::code),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7))));
    }

    @Override
    public List<Member> members(String fleetId, @Nullable String afterKey, int size) {
        String after = afterKey == null ? "" : afterKey;
        List<Member> members = new ArrayList<>(query(
                """
                SELECT instance_id, instance_type, zone FROM fleet_instance
                WHERE fleet_id = ? AND instance_id > ? AND stage = 'alive' ORDER BY instance_id LIMIT """ + " " + size,
                List.of(fleetId, after),
                row -> new Member(
                        null,
                        row.getString(1),
                        new InstanceType(row.getString(2)),
                        new AvailabilityZone(row.getString(3)))));
        // Ids of requests come after those of instances.
        members.addAll(query("""
                SELECT request_id, instance_id, pool FROM spot_request
                WHERE fleet_id = ? AND request_id > ? AND state = 'ACTIVE'
                      AND (bid = 'RUNNING' OR bid = 'LEAVING' AND interruption_reason IS NOT NULL) -- warned, and still runs
                ORDER BY request_id LIMIT """ + " " + (size - members.size()), List.of(fleetId, after), row -> {
            PoolId pool = PoolId.parse(row.getString(3));
            return new Member(row.getString(1), row.getString(2), pool.type(), pool.zone());
        }));
        return members;
    }
}
