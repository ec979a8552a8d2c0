package io.cumulet.spotmarket.store;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    public Optional<Pool> lock(PoolId id) {
        return find(id, " FOR UPDATE");
    }

    @Override
    public Optional<Pool> find(PoolId id) {
        return find(id, "");
    }

    private Optional<Pool> find(PoolId id, String locking) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT price, version, policy, floor, cap FROM pool WHERE pool = ?" + locking)) {
            select.setString(1, id.toString());
            try (ResultSet result = select.executeQuery()) {
                return result.next()
                        ? Optional.of(new Pool(
                                id,
                                new HourlyRate(result.getBigDecimal(1)),
                                result.getLong(2),
                                PolicyText.read(result.getString(3)),
                                rate(result.getBigDecimal(4)),
                                rate(result.getBigDecimal(5))))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read a pool", e);
        }
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
    public Price reprice(Pool pool, HourlyRate price, Instant from) {
        Price changed = new Price(pool.id(), pool.version() + 1, price, from);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE pool SET price = ?, version = ?, priced_at = ? WHERE pool = ? AND version = ?")) {
            update.setBigDecimal(1, price.usd());
            update.setLong(2, changed.version());
            update.setObject(3, from.atOffset(ZoneOffset.UTC));
            update.setString(4, pool.id().toString());
            update.setLong(5, pool.version());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("Pool " + pool.id() + " was priced without its lock");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not price a pool", e);
        }
        addToHistory(List.of(changed));
        return changed;
    }

    @Override
    public void setPricing(PoolId id, PricingPolicy policy, @Nullable HourlyRate floor, @Nullable HourlyRate cap) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE pool SET policy = ?, floor = ?, cap = ? WHERE pool = ?")) {
            update.setString(1, PolicyText.write(policy));
            update.setBigDecimal(2, floor == null ? null : floor.usd());
            update.setBigDecimal(3, cap == null ? null : cap.usd());
            update.setString(4, id.toString());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("There is no pool " + id);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not set how a pool is priced", e);
        }
    }

    private void addToHistory(List<Price> prices) {
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
    public void holdCapacity(String familyKey) {
        lockCapacity("SELECT pg_advisory_xact_lock_shared(?, hashtext(?))", familyKey);
    }

    /** Advisory locks: a family nobody has told of yet has no row to lock. */
    private void lockCapacity(String sql, String familyKey) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lock = connection.prepareStatement(sql)) {
            lock.setInt(1, CAPACITY_LOCKS);
            lock.setString(2, familyKey);
            lock.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock the capacity of " + familyKey, e);
        }
    }

    @Override
    public boolean takeCapacity(CapacitySnapshot snapshot) {
        lockCapacity(
                "SELECT pg_advisory_xact_lock(?, hashtext(?))", snapshot.availabilityZone() + "/" + snapshot.family());
        return put(snapshot);
    }

    @Override
    public void putBack(CapacitySnapshot snapshot) {
        put(snapshot);
    }

    private boolean put(CapacitySnapshot snapshot) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO family_capacity (family, version, fits, spot_units, reclaimed) VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (family) DO UPDATE
                        SET version = EXCLUDED.version, fits = EXCLUDED.fits, spot_units = EXCLUDED.spot_units,
                            reclaimed = EXCLUDED.reclaimed
                        WHERE family_capacity.version < EXCLUDED.version""")) {
            upsert.setString(1, snapshot.availabilityZone() + "/" + snapshot.family());
            upsert.setLong(2, snapshot.version());
            upsert.setString(3, json(snapshot.fits()));
            upsert.setString(4, json(snapshot.spotUnits()));
            Map<String, Integer> reclaimed = snapshot.reclaimed();
            upsert.setString(5, json(reclaimed == null ? Map.of() : reclaimed));
            return upsert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a capacity snapshot", e);
        }
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
    public Set<PoolId> ofFamily(String familyKey) {
        Set<PoolId> pools = new TreeSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT pool FROM pool WHERE family = ?")) {
            select.setString(1, familyKey);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    pools.add(PoolId.parse(result.getString(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the pools of a family", e);
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

    /** A value of each price as an SQL array. */
    @FunctionalInterface
    private interface Column {
        Object of(Price price);
    }

    private static java.sql.Array array(Connection connection, String type, Collection<Price> prices, Column column)
            throws SQLException {
        return connection.createArrayOf(type, prices.stream().map(column::of).toArray());
    }

    private static String json(Map<String, Integer> counts) {
        return new String(ContractJson.write(counts), StandardCharsets.UTF_8);
    }
}
