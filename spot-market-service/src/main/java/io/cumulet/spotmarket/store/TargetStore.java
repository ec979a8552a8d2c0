package io.cumulet.spotmarket.store;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.PriceTargets;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Where smoothed prices are going, in PostgreSQL. */
@ApplicationScoped
class TargetStore implements PriceTargets {

    private final DataSource dataSource;

    TargetStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean aim(PoolId pool, HourlyRate target) {
        // A row that was inserted has no xmax; one that was updated has this transaction's.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO price_target (pool, target) VALUES (?, ?)
                        ON CONFLICT (pool) DO UPDATE SET target = EXCLUDED.target RETURNING xmax = 0""")) {
            upsert.setString(1, pool.toString());
            upsert.setBigDecimal(2, target.usd());
            try (ResultSet result = upsert.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep where a price is going", e);
        }
    }

    @Override
    public Map<PoolId, HourlyRate> find(Collection<PoolId> pools) {
        Map<PoolId, HourlyRate> targets = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT pool, target FROM price_target WHERE pool = ANY (?)")) {
            select.setArray(1, names(connection, pools));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    targets.put(PoolId.parse(result.getString(1)), new HourlyRate(result.getBigDecimal(2)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read where prices are going", e);
        }
        return targets;
    }

    @Override
    public boolean forget(Collection<PoolId> pools) {
        if (pools.isEmpty()) {
            return false;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM price_target WHERE pool = ANY (?)")) {
            delete.setArray(1, names(connection, pools));
            return delete.executeUpdate() > 0;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not forget where prices are going", e);
        }
    }

    private static Array names(Connection connection, Collection<PoolId> pools) throws SQLException {
        return connection.createArrayOf(
                "text", pools.stream().map(PoolId::toString).toArray());
    }
}
