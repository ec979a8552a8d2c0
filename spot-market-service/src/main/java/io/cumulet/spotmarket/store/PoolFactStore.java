package io.cumulet.spotmarket.store;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.PoolFacts;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What happened in pools, summed up by PostgreSQL: a month of prices of a thousand pools needn't travel. */
@ApplicationScoped
class PoolFactStore implements PoolFacts {

    private final DataSource dataSource;

    PoolFactStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<PoolId> page(Region region, Filter filter, @Nullable String after, int size) {
        List<PoolId> page = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT pool FROM pool
                        WHERE pool LIKE ? AND (?::text IS NULL OR pool > ?) ORDER BY pool LIMIT ?""")) {
            select.setString(1, pattern(region, filter));
            select.setString(2, after);
            select.setString(3, after);
            select.setInt(4, size);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    page.add(PoolId.parse(row.getString(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not list pools", e);
        }
        return page;
    }

    /** Names have no character that a pattern would take for another; a zone is its region and one letter. */
    private static String pattern(Region region, Filter filter) {
        return (filter.zone() == null ? region.value() + "_" : filter.zone().value())
                + "/" + (filter.type() == null ? "%" : filter.type().value())
                + "/" + (filter.os() == null ? "%" : filter.os().code());
    }

    @Override
    public List<Facts> of(Collection<PoolId> pools, Interval window) {
        List<Facts> facts = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        WITH asked AS (SELECT unnest(?) AS pool),
                        win AS (SELECT ?::timestamptz AS since, ?::timestamptz AS till),
                        priced AS (
                            SELECT pool, price, in_force_from,
                                   coalesce(lead(in_force_from) OVER (PARTITION BY pool ORDER BY version), 'infinity')
                                       AS in_force_until
                            FROM pool_price JOIN asked USING (pool)),
                        inside AS (
                            SELECT pool, price,
                                   extract(epoch FROM least(in_force_until, till) - greatest(in_force_from, since))
                                       AS seconds
                            FROM priced, win WHERE in_force_from < till AND in_force_until > greatest(in_force_from, since)),
                        summed AS (
                            SELECT pool, min(price) AS lowest, max(price) AS highest,
                                   sum(price * seconds) / sum(seconds) AS average
                            FROM inside GROUP BY pool),
                        ran AS (
                            SELECT pool, count(*) AS runs, count(*) FILTER (WHERE interrupted) AS interrupted
                            FROM spot_run JOIN asked USING (pool), win
                            WHERE started_at <= till AND (ended_at IS NULL OR ended_at > since)
                            GROUP BY pool)
                        SELECT p.pool, p.price, fits::json ->> split_part(p.pool, '/', 2), coalesce(average, p.price),
                               coalesce(lowest, p.price), coalesce(highest, p.price),
                               coalesce(runs, 0), coalesce(ran.interrupted, 0)
                        FROM pool p JOIN asked USING (pool) LEFT JOIN summed USING (pool) LEFT JOIN ran USING (pool)
                            LEFT JOIN family_capacity c ON c.family = p.family
                        ORDER BY p.pool""")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            pools.stream().map(PoolId::toString).distinct().toArray()));
            select.setObject(2, window.from().atOffset(ZoneOffset.UTC));
            select.setObject(3, window.until().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String fits = row.getString(3);
                    BigDecimal average = row.getBigDecimal(4);
                    facts.add(new Facts(
                            PoolId.parse(row.getString(1)),
                            new HourlyRate(row.getBigDecimal(2)),
                            fits == null ? 0 : Integer.parseInt(fits),
                            average,
                            new HourlyRate(row.getBigDecimal(5)),
                            new HourlyRate(row.getBigDecimal(6)),
                            row.getLong(7),
                            row.getLong(8)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read what happened in pools", e);
        }
        return facts;
    }

    @Override
    public Map<PoolId, Long> waiting(Collection<String> familyKeys) {
        Map<PoolId, Long> waiting = new TreeMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT r.pool, count(*) FROM pool p JOIN spot_request r ON r.pool = p.pool
                        WHERE p.family = ANY (?)
                            AND r.live AND (r.bid = 'ALLOCATED' OR r.bid = 'WAITING' AND r.max_price >= p.price)
                        GROUP BY r.pool""")) {
            select.setArray(1, connection.createArrayOf("text", familyKeys.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.put(PoolId.parse(row.getString(1)), row.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not count the bids that wait", e);
        }
        return waiting;
    }
}
