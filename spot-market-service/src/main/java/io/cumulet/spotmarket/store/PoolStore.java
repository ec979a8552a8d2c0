package io.cumulet.spotmarket.store;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.market.Room;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Pools in PostgreSQL, in plain SQL: row locks, bulk inserts and a keyset over three columns are what it does. */
@ApplicationScoped
class PoolStore implements Pools {

    /** Tells these advisory locks from others of this database. */
    private static final int CAPACITY_LOCKS = 8084;

    private final DataSource dataSource;

    PoolStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<PoolId, Long> lock(Collection<PoolId> ids) {
        Map<PoolId, Long> stamps = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT pool, book_stamp FROM pool WHERE pool = ANY (?) ORDER BY pool FOR UPDATE")) {
            select.setArray(1, texts(connection, ids));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    stamps.put(PoolId.parse(result.getString(1)), result.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock pools", e);
        }
        return stamps;
    }

    @Override
    public void stamp(Collection<PoolId> ids, long stamp) {
        if (ids.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE pool SET book_stamp = ? WHERE pool = ANY (?)")) {
            update.setLong(1, stamp);
            update.setArray(2, texts(connection, ids));
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not stamp pools", e);
        }
    }

    @Override
    public Optional<Pool> find(PoolId id) {
        return Optional.ofNullable(find(List.of(id)).get(id)).map(State::pool);
    }

    @Override
    public Map<PoolId, State> find(Collection<PoolId> ids) {
        Map<PoolId, State> found = HashMap.newHashMap(ids.size());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT p.pool, p.price, p.version, p.policy, p.floor, p.cap, c.version,
                               c.fits::json ->> split_part(p.pool, '/', 2), c.spot_units::json ->> units.key,
                               c.reclaimed::json ->> units.key
                        FROM pool p
                        CROSS JOIN LATERAL (SELECT substring(p.pool FROM position('/' IN p.pool) + 1) AS key) units
                        LEFT JOIN family_capacity c ON c.family = p.family
                        WHERE p.pool = ANY (?)""")) {
            select.setArray(1, texts(connection, ids));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    State state = state(result);
                    found.put(state.pool().id(), state);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read pools", e);
        }
        return found;
    }

    private static State state(ResultSet row) throws SQLException {
        Pool pool = new Pool(
                PoolId.parse(row.getString(1)),
                new HourlyRate(row.getBigDecimal(2)),
                row.getLong(3),
                PolicyText.read(row.getString(4)),
                rate(row.getBigDecimal(5)),
                rate(row.getBigDecimal(6)));
        long version = row.getLong(7);
        Room room = row.wasNull()
                ? Room.UNKNOWN
                : new Room(version, count(row.getString(8)), count(row.getString(9)), count(row.getString(10)));
        return new State(pool, room);
    }

    @Override
    public List<Price> create(Collection<Price> first) {
        if (first.isEmpty()) {
            return List.of();
        }
        Set<String> made = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO pool (pool, family, price, version, priced_at)
                        SELECT * FROM unnest(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING pool""")) {
            insert.setArray(
                    1, array(connection, "text", first, price -> price.pool().toString()));
            insert.setArray(
                    2, array(connection, "text", first, price -> price.pool().familyKey()));
            insert.setArray(
                    3,
                    array(connection, "numeric", first, price -> price.price().usd()));
            insert.setArray(4, array(connection, "bigint", first, Price::version));
            insert.setArray(
                    5,
                    array(
                            connection,
                            "timestamptz",
                            first,
                            price -> price.from().toString()));
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    made.add(result.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not make pools", e);
        }
        List<Price> prices = first.stream()
                .filter(price -> made.contains(price.pool().toString()))
                .toList();
        addToHistory(prices);
        return prices;
    }

    @Override
    public void reprice(Collection<Price> prices) {
        if (prices.isEmpty()) {
            return;
        }
        Map<PoolId, Price> first = new LinkedHashMap<>();
        Map<PoolId, Price> last = new LinkedHashMap<>();
        for (Price price : prices) {
            first.putIfAbsent(price.pool(), price);
            last.put(price.pool(), price);
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        UPDATE pool SET price = p.price, version = p.version, priced_at = p.priced_at
                        FROM unnest(?, ?, ?, ?, ?) AS p (pool, version_before, price, version, priced_at)
                        WHERE pool.pool = p.pool AND pool.version = p.version_before""")) {
            update.setArray(1, texts(connection, last.keySet()));
            update.setArray(2, array(connection, "bigint", first.values(), price -> price.version() - 1));
            update.setArray(
                    3,
                    array(
                            connection,
                            "numeric",
                            last.values(),
                            price -> price.price().usd()));
            update.setArray(4, array(connection, "bigint", last.values(), Price::version));
            update.setArray(
                    5,
                    array(
                            connection,
                            "timestamptz",
                            last.values(),
                            price -> price.from().toString()));
            if (update.executeUpdate() != last.size()) {
                throw new IllegalStateException("Pools were priced without their lock, among " + last.keySet());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not price pools", e);
        }
        addToHistory(prices);
    }

    @Override
    public void setPolicy(PoolId id, @Nullable PricingPolicy policy) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("UPDATE pool SET policy = ? WHERE pool = ?")) {
            update.setString(1, policy == null ? null : PolicyText.write(policy));
            update.setString(2, id.toString());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("There is no pool " + id);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not set how a pool is priced", e);
        }
    }

    @Override
    public void setBounds(PoolId id, @Nullable HourlyRate floor, @Nullable HourlyRate cap) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE pool SET floor = ?, cap = ? WHERE pool = ?")) {
            update.setBigDecimal(1, floor == null ? null : floor.usd());
            update.setBigDecimal(2, cap == null ? null : cap.usd());
            update.setString(3, id.toString());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("There is no pool " + id);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not set a pool's floor and cap", e);
        }
    }

    private void addToHistory(Collection<Price> prices) {
        if (prices.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO pool_price (pool, version, price, in_force_from, region)
                        SELECT * FROM unnest(?, ?, ?, ?, ?)""")) {
            insert.setArray(
                    1, array(connection, "text", prices, price -> price.pool().toString()));
            insert.setArray(2, array(connection, "bigint", prices, Price::version));
            insert.setArray(
                    3,
                    array(connection, "numeric", prices, price -> price.price().usd()));
            insert.setArray(
                    4,
                    array(
                            connection,
                            "timestamptz",
                            prices,
                            price -> price.from().toString()));
            insert.setArray(
                    5,
                    array(
                            connection,
                            "text",
                            prices,
                            price -> price.pool().zone().region().value()));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a price", e);
        }
    }

    @Override
    public void holdCapacity(Collection<String> familyKeys) {
        lockCapacity("pg_advisory_xact_lock_shared", familyKeys);
    }

    /** Advisory locks: a family nobody has told of yet has no row to lock. In the order of their numbers, as everybody does. */
    private void lockCapacity(String lockFunction, Collection<String> familyKeys) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lock = connection.prepareStatement("SELECT " + lockFunction + """
                        (?, number) FROM
                        (SELECT DISTINCT hashtext(family) AS number FROM unnest(?) AS family ORDER BY number) AS numbers""")) {
            lock.setInt(1, CAPACITY_LOCKS);
            lock.setArray(2, texts(connection, familyKeys));
            lock.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock the capacity of families", e);
        }
    }

    @Override
    public Set<String> takeCapacity(Collection<CapacitySnapshot> snapshots) {
        lockCapacity(
                "pg_advisory_xact_lock",
                snapshots.stream().map(PoolStore::familyKey).toList());
        return put(snapshots);
    }

    @Override
    public void putBack(CapacitySnapshot snapshot) {
        put(List.of(snapshot));
    }

    private Set<String> put(Collection<CapacitySnapshot> snapshots) {
        Set<String> taken = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO family_capacity (family, version, fits, spot_units, reclaimed)
                        SELECT * FROM unnest(?, ?, ?, ?, ?)
                        ON CONFLICT (family) DO UPDATE
                        SET version = EXCLUDED.version, fits = EXCLUDED.fits, spot_units = EXCLUDED.spot_units,
                            reclaimed = EXCLUDED.reclaimed
                        WHERE family_capacity.version < EXCLUDED.version
                        RETURNING family""")) {
            upsert.setArray(1, array(connection, "text", snapshots, PoolStore::familyKey));
            upsert.setArray(2, array(connection, "bigint", snapshots, CapacitySnapshot::version));
            upsert.setArray(3, array(connection, "text", snapshots, snapshot -> json(snapshot.fits())));
            upsert.setArray(4, array(connection, "text", snapshots, snapshot -> json(snapshot.spotUnits())));
            upsert.setArray(5, array(connection, "text", snapshots, snapshot -> {
                Map<String, Integer> reclaimed = snapshot.reclaimed();
                return json(reclaimed == null ? Map.of() : reclaimed);
            }));
            try (ResultSet result = upsert.executeQuery()) {
                while (result.next()) {
                    taken.add(result.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep capacity snapshots", e);
        }
        return taken;
    }

    private static String familyKey(CapacitySnapshot snapshot) {
        return snapshot.availabilityZone() + "/" + snapshot.family();
    }

    @Override
    public Room room(PoolId id) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT version, fits::json ->> ?, spot_units::json ->> ?, reclaimed::json ->> ?
                        FROM family_capacity WHERE family = ?""")) {
            select.setString(1, id.type().value());
            select.setString(2, id.unitsKey());
            select.setString(3, id.unitsKey());
            select.setString(4, id.familyKey());
            try (ResultSet result = select.executeQuery()) {
                return result.next()
                        ? new Room(
                                result.getLong(1),
                                count(result.getString(2)),
                                count(result.getString(3)),
                                count(result.getString(4)))
                        : Room.UNKNOWN;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read a pool's room", e);
        }
    }

    private static @Nullable HourlyRate rate(@Nullable BigDecimal usd) {
        return usd == null ? null : new HourlyRate(usd);
    }

    private static int count(@Nullable String number) {
        return number == null ? 0 : Integer.parseInt(number);
    }

    @Override
    public Set<PoolId> ofFamilies(Collection<String> familyKeys) {
        Set<PoolId> pools = new TreeSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT pool FROM pool WHERE family = ANY (?)")) {
            select.setArray(1, texts(connection, familyKeys));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    pools.add(PoolId.parse(result.getString(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the pools of families", e);
        }
        return pools;
    }

    @Override
    public List<Price> history(Region region, HistoryFilter filter, @Nullable HistoryPosition after, int size) {
        try (Connection connection = dataSource.getConnection()) {
            return new HistoryQuery(connection, region, filter).page(after, size);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the price history", e);
        }
    }

    private static <R> java.sql.Array array(
            Connection connection, String type, Collection<R> rows, Function<R, Object> column) throws SQLException {
        return SqlArrays.column(connection, type, rows, column);
    }

    private static java.sql.Array texts(Connection connection, Collection<?> values) throws SQLException {
        return array(connection, "text", values, Object::toString);
    }

    private static String json(Map<String, Integer> counts) {
        return new String(ContractJson.write(counts), StandardCharsets.UTF_8);
    }
}
