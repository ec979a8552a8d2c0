package io.cumulet.spotmarket.store;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the price history, newest first, then by pool.
 *
 * <pre>
 *            from                     until
 *   ──┬────────┆─────┬──────┬───────────┆──┬──►
 *     └ in     ┆     └──────┴ changed   ┆  └ too late
 *       force  ┆                        ┆
 * </pre>
 *
 * What changed comes before what was in force at the start, so the second is looked for only where the first doesn't fill
 * the page. Each is a walk along an index: of some pools one for each, of most of a region along its time.
 */
final class HistoryQuery {

    private final Connection connection;
    private final Region region;
    private final Pools.HistoryFilter filter;

    HistoryQuery(Connection connection, Region region, Pools.HistoryFilter filter) {
        this.connection = connection;
        this.region = region;
        this.filter = filter;
    }

    List<Pools.Price> page(Pools.@Nullable HistoryPosition after, int size) throws SQLException {
        List<Pools.Price> page = new ArrayList<>(changed(after, size));
        if (page.size() < size && filter.from() != null) {
            page.addAll(inForce(filter.from(), after, size - page.size()));
        }
        return page;
    }

    private List<Pools.Price> changed(Pools.@Nullable HistoryPosition after, int size) throws SQLException {
        Conditions conditions = new Conditions();
        if (filter.from() != null) {
            conditions.add("in_force_from > ?", at(filter.from()));
        }
        if (filter.until() != null) {
            conditions.add("in_force_from < ?", at(filter.until()));
        }
        behind(conditions, after);
        String wanted = "SELECT pool, version, price, in_force_from FROM pool_price WHERE ";
        if (filter.instanceType() == null) {
            // Most of a region: the few that don't match are passed by.
            conditions.add("region = ?", region.value());
            if (filter.availabilityZone() != null) {
                conditions.add("split_part(pool, '/', 1) = ?", filter.availabilityZone());
            }
            if (filter.os() != null) {
                conditions.add("split_part(pool, '/', 3) = ?", filter.os());
            }
            return ask(
                    wanted + conditions + " ORDER BY in_force_from DESC, pool, version DESC LIMIT " + size,
                    null,
                    conditions.values);
        }
        String newestOfEach = wanted + conditions.and("pool = wanted.name")
                + " ORDER BY in_force_from DESC, version DESC LIMIT " + size;
        return ask(
                "SELECT price.* FROM unnest(?) AS wanted (name) CROSS JOIN LATERAL (" + newestOfEach
                        + ") price ORDER BY in_force_from DESC, pool, version DESC LIMIT " + size,
                pools(filter.instanceType()),
                conditions.values);
    }

    /** Of each pool the last price that began at a moment or before. */
    private List<Pools.Price> inForce(Instant moment, Pools.@Nullable HistoryPosition after, int size)
            throws SQLException {
        Conditions conditions = new Conditions();
        conditions.add("true");
        behind(conditions, after);
        String type = filter.instanceType();
        String wanted = type == null
                ? "(SELECT pool AS name FROM pool WHERE split_part(pool, '/', 1) = ANY (?)"
                        + " AND (?::text IS NULL OR split_part(pool, '/', 3) = ?)) AS wanted"
                : "unnest(?) AS wanted (name)";
        List<Object> values = new ArrayList<>();
        if (type == null) {
            values.add(filter.os() == null ? NULL : filter.os());
            values.add(filter.os() == null ? NULL : filter.os());
        }
        values.add(at(moment));
        values.addAll(conditions.values);
        String lastOfEach = "SELECT price.* FROM " + wanted
                + " CROSS JOIN LATERAL (SELECT pool, version, price, in_force_from FROM pool_price"
                + " WHERE pool = wanted.name AND in_force_from <= ?"
                + " ORDER BY in_force_from DESC, version DESC LIMIT 1) price";
        return ask(
                "SELECT * FROM (" + lastOfEach + ") found WHERE " + conditions
                        + " ORDER BY in_force_from DESC, pool, version DESC LIMIT " + size,
                type == null ? zones() : pools(type),
                values);
    }

    private static void behind(Conditions conditions, Pools.@Nullable HistoryPosition after) {
        if (after != null) {
            OffsetDateTime from = at(after.from());
            conditions.add("in_force_from <= ?", from);
            conditions.add(
                    "(in_force_from < ? OR pool > ? OR pool = ? AND version < ?)",
                    from,
                    after.pool(),
                    after.pool(),
                    after.version());
        }
    }

    /** The pools of a type that there could be: a few for each zone. */
    private List<String> pools(String type) {
        List<String> pools = new ArrayList<>();
        for (String zone : zones()) {
            for (OperatingSystem os : OperatingSystem.values()) {
                if (filter.os() == null || os.code().equals(filter.os())) {
                    pools.add(zone + "/" + type + "/" + os);
                }
            }
        }
        return pools;
    }

    private List<String> zones() {
        return Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .map(Object::toString)
                .filter(zone -> filter.availabilityZone() == null || zone.equals(filter.availabilityZone()))
                .toList();
    }

    private List<Pools.Price> ask(String sql, @Nullable List<String> names, List<Object> values) throws SQLException {
        List<Pools.Price> prices = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int parameter = 1;
            if (names != null) {
                select.setArray(parameter++, connection.createArrayOf("text", names.toArray()));
            }
            for (Object value : values) {
                if (value == NULL) {
                    select.setString(parameter++, null);
                } else {
                    select.setObject(parameter++, value);
                }
            }
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    prices.add(new Pools.Price(
                            PoolId.parse(result.getString(1)),
                            result.getLong(2),
                            new HourlyRate(result.getBigDecimal(3)),
                            result.getObject(4, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return prices;
    }

    private static final Object NULL = new Object();

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }

    /** Conditions that all hold, and the values of their parameters. */
    private static final class Conditions {
        private final List<String> texts = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void add(String text, Object... its) {
            texts.add(text);
            values.addAll(List.of(its));
        }

        /** With one more that has no parameter. */
        String and(String text) {
            return texts.isEmpty() ? text : this + " AND " + text;
        }

        @Override
        public String toString() {
            return String.join(" AND ", texts);
        }
    }
}
