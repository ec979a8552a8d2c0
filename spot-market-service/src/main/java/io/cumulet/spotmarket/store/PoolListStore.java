package io.cumulet.spotmarket.store;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.PoolList;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Pools as they are shown, from PostgreSQL. */
@ApplicationScoped
class PoolListStore implements PoolList {

    private static final String SELECT = "SELECT pool, price, version, policy, floor, cap, priced_at FROM pool ";

    private final DataSource dataSource;

    PoolListStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<Entry> page(Region region, Filter filter, @Nullable String after, int size) {
        Object[] zones = Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .map(Object::toString)
                .filter(zone -> filter.availabilityZone() == null || zone.equals(filter.availabilityZone()))
                .toArray();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + """
                        WHERE split_part(pool, '/', 1) = ANY (?)
                          AND (?::text IS NULL OR split_part(pool, '/', 2) = ?)
                          AND (?::text IS NULL OR split_part(pool, '/', 3) = ?)
                          AND pool > ? ORDER BY pool LIMIT ?""")) {
            select.setArray(1, connection.createArrayOf("text", zones));
            select.setString(2, filter.instanceType());
            select.setString(3, filter.instanceType());
            select.setString(4, filter.os());
            select.setString(5, filter.os());
            select.setString(6, after == null ? "" : after);
            select.setInt(7, size);
            return entries(select);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not list pools", e);
        }
    }

    @Override
    public Optional<Entry> find(PoolId id) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + "WHERE pool = ?")) {
            select.setString(1, id.toString());
            return entries(select).stream().findFirst();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not show a pool", e);
        }
    }

    private static List<Entry> entries(PreparedStatement select) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                entries.add(new Entry(
                        new Pools.Pool(
                                PoolId.parse(row.getString(1)),
                                new HourlyRate(row.getBigDecimal(2)),
                                row.getLong(3),
                                PolicyText.read(row.getString(4)),
                                rate(row.getBigDecimal(5)),
                                rate(row.getBigDecimal(6))),
                        row.getObject(7, OffsetDateTime.class).toInstant()));
            }
        }
        return entries;
    }

    private static @Nullable HourlyRate rate(@Nullable BigDecimal usd) {
        return usd == null ? null : new HourlyRate(usd);
    }
}
