package io.cumulet.spotmarket.store;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.spotmarket.app.RecordedPrices;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The price history of chosen pools, by its primary key: a region has thousands of others. */
@ApplicationScoped
class RecordedPriceStore implements RecordedPrices {

    private final DataSource dataSource;

    RecordedPriceStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<PoolId, PriceSeries> series(Collection<PoolId> pools, Interval period) {
        Map<PoolId, List<PriceSeries.Change>> changes = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT pool, price, in_force_from FROM (
                            SELECT pool, price, in_force_from, version,
                                   lead(in_force_from) OVER (PARTITION BY pool ORDER BY version) AS in_force_until
                            FROM pool_price WHERE pool = ANY (?)) priced
                        WHERE in_force_from < ? AND (in_force_until IS NULL OR in_force_until > ?)
                        ORDER BY pool, version""")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", pools.stream().map(PoolId::toString).toArray()));
            select.setObject(2, period.until().atOffset(ZoneOffset.UTC));
            select.setObject(3, period.from().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changes.computeIfAbsent(PoolId.parse(row.getString(1)), pool -> new ArrayList<>())
                            .add(new PriceSeries.Change(
                                    row.getObject(3, OffsetDateTime.class).toInstant(),
                                    new HourlyRate(row.getBigDecimal(2))));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the prices of pools", e);
        }
        Map<PoolId, PriceSeries> series = new HashMap<>();
        changes.forEach((pool, all) -> series.put(pool, PriceSeries.of(all)));
        return series;
    }
}
