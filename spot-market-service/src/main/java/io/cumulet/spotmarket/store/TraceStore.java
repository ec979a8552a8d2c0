package io.cumulet.spotmarket.store;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.Traces;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import jakarta.enterprise.context.ApplicationScoped;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Recorded price histories in PostgreSQL: a row for each change, under its pool's series. */
@ApplicationScoped
class TraceStore implements Traces {

    private static final int ROWS_AT_ONCE = 20_000;
    private static final String COLUMNS =
            "trace_id, name, created_at, pools, changes, starts_at, ends_at, skipped_unknown, skipped_unpriced, skipped_classic";

    private final DataSource dataSource;

    TraceStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void add(Trace trace, Map<PoolId, PriceSeries> series) {
        run("INSERT INTO price_trace (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", insert -> {
            insert.setString(1, trace.id());
            insert.setString(2, trace.name());
            insert.setObject(3, trace.createdAt().atOffset(ZoneOffset.UTC));
            insert.setInt(4, trace.pools());
            insert.setLong(5, trace.changes());
            insert.setObject(6, trace.from().atOffset(ZoneOffset.UTC));
            insert.setObject(7, trace.until().atOffset(ZoneOffset.UTC));
            insert.setLong(8, trace.skipped().unknown());
            insert.setLong(9, trace.skipped().unpriced());
            insert.setLong(10, trace.skipped().classic());
            return insert.executeUpdate();
        });
        Map<PoolId, Long> ids = addSeries(trace.id(), series.keySet());
        List<Row> rows = new ArrayList<>(ROWS_AT_ONCE);
        series.forEach((pool, prices) -> {
            long seriesId = ids.getOrDefault(pool, 0L);
            for (PriceSeries.Change change : prices.changes()) {
                rows.add(new Row(seriesId, change));
                if (rows.size() == ROWS_AT_ONCE) {
                    addChanges(rows);
                    rows.clear();
                }
            }
        });
        addChanges(rows);
    }

    private record Row(long seriesId, PriceSeries.Change change) {}

    private Map<PoolId, Long> addSeries(String traceId, Collection<PoolId> pools) {
        return run(
                "INSERT INTO price_trace_series (trace_id, pool) SELECT ?, unnest(?) RETURNING pool, series_id",
                insert -> {
                    insert.setString(1, traceId);
                    insert.setArray(2, array(insert, "text", pools, PoolId::toString));
                    Map<PoolId, Long> ids = new HashMap<>();
                    try (ResultSet row = insert.executeQuery()) {
                        while (row.next()) {
                            ids.put(PoolId.parse(row.getString(1)), row.getLong(2));
                        }
                    }
                    return ids;
                });
    }

    private void addChanges(List<Row> rows) {
        run("INSERT INTO price_trace_change (series_id, at, price) SELECT * FROM unnest(?, ?, ?)", insert -> {
            insert.setArray(1, array(insert, "bigint", rows, Row::seriesId));
            insert.setArray(
                    2,
                    array(insert, "timestamptz", rows, row -> row.change().at().toString()));
            insert.setArray(
                    3,
                    array(insert, "numeric", rows, row -> row.change().price().usd()));
            return insert.executeUpdate();
        });
    }

    @Override
    public Optional<Trace> find(String traceId) {
        return run("SELECT " + COLUMNS + " FROM price_trace WHERE trace_id = ?", select -> {
            select.setString(1, traceId);
            return traces(select).stream().findFirst();
        });
    }

    @Override
    public List<Trace> page(@Nullable String after, int size) {
        return run("SELECT " + COLUMNS + " FROM price_trace WHERE trace_id > ? ORDER BY trace_id LIMIT ?", select -> {
            select.setString(1, after == null ? "" : after);
            select.setInt(2, size);
            return traces(select);
        });
    }

    private static List<Trace> traces(PreparedStatement select) throws SQLException {
        List<Trace> traces = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                traces.add(new Trace(
                        row.getString(1),
                        row.getString(2),
                        instant(row, 3),
                        row.getInt(4),
                        row.getLong(5),
                        instant(row, 6),
                        instant(row, 7),
                        new Skipped(row.getLong(8), row.getLong(9), row.getLong(10))));
            }
        }
        return traces;
    }

    @Override
    public List<PoolId> pools(String traceId) {
        return run("SELECT pool FROM price_trace_series WHERE trace_id = ? ORDER BY pool", select -> {
            select.setString(1, traceId);
            List<PoolId> pools = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    pools.add(PoolId.parse(row.getString(1)));
                }
            }
            return pools;
        });
    }

    @Override
    public void remove(String traceId) {
        for (String sql : List.of(
                """
                DELETE FROM price_trace_change c USING price_trace_series s
                WHERE s.trace_id = ? AND c.series_id = s.series_id""",
                "DELETE FROM price_trace_series WHERE trace_id = ?",
                "DELETE FROM price_trace WHERE trace_id = ?")) {
            run(sql, delete -> {
                delete.setString(1, traceId);
                return delete.executeUpdate();
            });
        }
    }

    @Override
    public Optional<PriceSeries> series(String traceId, PoolId pool) {
        return run("""
                SELECT c.at, c.price FROM price_trace_series s JOIN price_trace_change c USING (series_id)
                WHERE s.trace_id = ? AND s.pool = ? ORDER BY c.at""", select -> {
            select.setString(1, traceId);
            select.setString(2, pool.toString());
            List<PriceSeries.Change> changes = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changes.add(new PriceSeries.Change(instant(row, 1), new HourlyRate(row.getBigDecimal(2))));
                }
            }
            return changes.isEmpty() ? Optional.empty() : Optional.of(PriceSeries.of(changes));
        });
    }

    /** Two looks into an index for each pool, all in one statement. */
    @Override
    public Map<PoolId, Course> courses(Collection<Position> positions, int most) {
        if (positions.isEmpty()) {
            return Map.of();
        }
        return run("""
                SELECT position.pool, change.at, change.price, change.at > position.now
                FROM unnest(?, ?, ?, ?) AS position (pool, trace_id, since, now)
                JOIN price_trace_series series
                  ON series.trace_id = position.trace_id AND series.pool = position.pool
                CROSS JOIN LATERAL (
                    (SELECT at, price FROM price_trace_change
                     WHERE series_id = series.series_id AND at BETWEEN position.since AND position.now
                     ORDER BY at DESC LIMIT ?)
                    UNION ALL
                    (SELECT at, price FROM price_trace_change
                     WHERE series_id = series.series_id AND at > position.now
                     ORDER BY at LIMIT 1)) change
                ORDER BY position.pool, change.at""", select -> {
            select.setArray(
                    1,
                    array(select, "text", positions, position -> position.pool().toString()));
            select.setArray(2, array(select, "text", positions, Position::traceId));
            select.setArray(
                    3,
                    array(
                            select,
                            "timestamptz",
                            positions,
                            position -> position.since().toString()));
            select.setArray(
                    4,
                    array(
                            select,
                            "timestamptz",
                            positions,
                            position -> position.now().toString()));
            select.setInt(5, most);
            Map<PoolId, Course> courses = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    PriceSeries.Change change =
                            new PriceSeries.Change(instant(row, 2), new HourlyRate(row.getBigDecimal(3)));
                    boolean isNext = row.getBoolean(4);
                    courses.compute(PoolId.parse(row.getString(1)), (pool, course) -> with(course, change, isNext));
                }
            }
            return courses;
        });
    }

    private static Course with(@Nullable Course course, PriceSeries.Change change, boolean isNext) {
        Course before = course == null ? new Course(new ArrayList<>(), null) : course;
        if (isNext) {
            return new Course(before.happened(), change);
        }
        before.happened().add(change);
        return before;
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
            throw new IllegalStateException("Could not read or keep a price history", e);
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static <R> java.sql.Array array(
            PreparedStatement statement, String type, Collection<R> rows, Function<R, Object> column)
            throws SQLException {
        return statement
                .getConnection()
                .createArrayOf(type, rows.stream().map(column).toArray());
    }
}
