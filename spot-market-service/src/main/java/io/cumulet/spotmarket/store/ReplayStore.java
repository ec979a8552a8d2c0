package io.cumulet.spotmarket.store;

import io.cumulet.spotmarket.app.Replays;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Which pools replay which history, in PostgreSQL. */
@ApplicationScoped
class ReplayStore implements Replays {

    private final DataSource dataSource;

    ReplayStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Readers aren't kept out. */
    @Override
    public void hold() {
        run("LOCK TABLE pool_replay IN SHARE ROW EXCLUSIVE MODE", lock -> lock.execute());
    }

    @Override
    public void put(Collection<PoolId> pools, PricingPolicy.Trace policy) {
        run("""
                INSERT INTO pool_replay (pool, trace_id, speed, starts_at, begins_at, begun, ending)
                SELECT pool, ?, ?, ?, ?, false, false FROM unnest(?) AS pool
                ON CONFLICT (pool) DO UPDATE
                SET trace_id = EXCLUDED.trace_id, speed = EXCLUDED.speed, starts_at = EXCLUDED.starts_at,
                    begins_at = EXCLUDED.begins_at, ending = false""", upsert -> {
            upsert.setString(1, policy.traceId());
            upsert.setInt(2, policy.speed());
            upsert.setObject(3, policy.from().atOffset(ZoneOffset.UTC));
            upsert.setObject(4, policy.at().atOffset(ZoneOffset.UTC));
            upsert.setArray(5, names(upsert.getConnection(), pools));
            return upsert.executeUpdate();
        });
    }

    @Override
    public Optional<Replay> find(PoolId pool) {
        return find(List.of(pool)).stream().findFirst();
    }

    @Override
    public List<Replay> find(Collection<PoolId> pools) {
        return run("""
                SELECT pool, trace_id, starts_at, begins_at, speed, begun, ending FROM pool_replay
                WHERE pool = ANY (?) ORDER BY pool""", select -> {
            select.setArray(1, names(select.getConnection(), pools));
            List<Replay> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Replay(
                            PoolId.parse(row.getString(1)),
                            new PricingPolicy.Trace(row.getString(2), instant(row, 3), instant(row, 4), row.getInt(5)),
                            row.getBoolean(6),
                            row.getBoolean(7)));
                }
            }
            return found;
        });
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public int count(String traceId) {
        return run("SELECT count(*) FROM pool_replay WHERE trace_id = ?", select -> {
            select.setString(1, traceId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    @Override
    public List<PoolId> end(String traceId) {
        return run("UPDATE pool_replay SET ending = true WHERE trace_id = ? RETURNING pool", update -> {
            update.setString(1, traceId);
            List<PoolId> pools = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    pools.add(PoolId.parse(row.getString(1)));
                }
            }
            return pools;
        });
    }

    @Override
    public void begin(Collection<PoolId> pools) {
        run("""
                UPDATE pool_replay SET begun = true, previous = pool.policy FROM pool
                WHERE pool_replay.pool = pool.pool AND pool.pool = ANY (?)""", update -> {
            update.setArray(1, names(update.getConnection(), pools));
            return update.executeUpdate();
        });
    }

    @Override
    public void goBack(Collection<PoolId> pools) {
        run("""
                UPDATE pool SET policy = pool_replay.previous FROM pool_replay
                WHERE pool.pool = pool_replay.pool AND pool_replay.begun AND pool.pool = ANY (?)""", update -> {
            update.setArray(1, names(update.getConnection(), pools));
            return update.executeUpdate();
        });
        remove(pools);
    }

    @Override
    public void remove(Collection<PoolId> pools) {
        run("DELETE FROM pool_replay WHERE pool = ANY (?)", delete -> {
            delete.setArray(1, names(delete.getConnection(), pools));
            return delete.executeUpdate();
        });
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read or keep replays", e);
        }
    }

    private static Array names(Connection connection, Collection<PoolId> pools) throws SQLException {
        return connection.createArrayOf(
                "text", pools.stream().map(PoolId::toString).toArray());
    }
}
