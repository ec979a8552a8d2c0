package io.cumulet.spotmarket;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.PriceHistory;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the history lists, page by page, is what its definition says of all prices there were. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class PriceHistoryLawsTest {

    /** A region that no other test uses. */
    private static final Region REGION = new Region("ap-southeast-2");

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> POOLS = List.of(
            "ap-southeast-2a/c5.large/linux",
            "ap-southeast-2a/c5.large/windows",
            "ap-southeast-2a/m5.large/linux",
            "ap-southeast-2b/c5.large/linux",
            "ap-southeast-2c/m5.large/windows");

    @Inject
    PriceHistory history;

    @Inject
    DataSource dataSource;

    @Test
    void everyWindowHoldsWhatChangedInItAndWhatWasInForceAtItsStart() throws SQLException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Pools.Price> all = make(random);
        int filled = 0;
        for (int round = 0; round < 150; round++) {
            Pools.HistoryFilter filter = filter(random);
            List<Pools.Price> expected = defined(all, filter);
            filled += expected.isEmpty() ? 0 : 1;
            assertThat(paged(filter, 1 + random.nextInt(9)))
                    .as("seed %d, round %d: %s", seed, round, filter)
                    .containsExactlyElementsOf(expected);
        }
        assertThat(filled).as("seed %d", seed).isGreaterThan(50);
    }

    /** Many changes fall on the same moment, also of one pool. */
    private List<Pools.Price> make(Random random) throws SQLException {
        List<Pools.Price> all = new ArrayList<>();
        for (String name : POOLS) {
            Instant at = START.plusSeconds(random.nextInt(10));
            for (int version = 1; version <= 30; version++) {
                all.add(new Pools.Price(
                        PoolId.parse(name), version, new HourlyRate(BigDecimal.valueOf(version, 3)), at));
                at = at.plusSeconds(random.nextInt(4));
            }
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement pool = connection.prepareStatement(
                        "INSERT INTO pool (pool, family, price, version, priced_at) VALUES (?, ?, 1, 30, now())");
                PreparedStatement price = connection.prepareStatement(
                        "INSERT INTO pool_price (pool, version, price, in_force_from, region) VALUES (?, ?, ?, ?, ?)")) {
            for (String name : POOLS) {
                pool.setString(1, name);
                pool.setString(2, PoolId.parse(name).familyKey());
                pool.executeUpdate();
            }
            for (Pools.Price each : all) {
                price.setString(1, each.pool().toString());
                price.setLong(2, each.version());
                price.setBigDecimal(3, each.price().usd());
                price.setObject(4, each.from().atOffset(ZoneOffset.UTC));
                price.setString(5, REGION.value());
                price.addBatch();
            }
            price.executeBatch();
        }
        return all;
    }

    private static Pools.HistoryFilter filter(Random random) {
        Instant from = START.plusSeconds(random.nextInt(70) - 5);
        Instant until = from.plusSeconds(random.nextInt(40));
        return new Pools.HistoryFilter(
                random.nextInt(3) > 0 ? null : "ap-southeast-2" + "abc".charAt(random.nextInt(3)),
                random.nextInt(3) > 0 ? null : List.of("c5.large", "m5.large").get(random.nextInt(2)),
                random.nextInt(3) > 0 ? null : List.of("linux", "windows").get(random.nextInt(2)),
                random.nextInt(4) == 0 ? null : from,
                random.nextInt(4) == 0 ? null : until);
    }

    private static List<Pools.Price> defined(List<Pools.Price> all, Pools.HistoryFilter filter) {
        List<Pools.Price> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Pools.Price price = all.get(i);
            boolean isLast = i + 1 == all.size() || !all.get(i + 1).pool().equals(price.pool());
            Instant ends = isLast ? Instant.MAX : all.get(i + 1).from();
            Instant from = filter.from() == null ? Instant.MIN : filter.from();
            Instant until = filter.until() == null ? Instant.MAX : filter.until();
            boolean holdsLater = ends.isAfter(from);
            boolean beganBefore = price.from().isBefore(until) || !price.from().isAfter(from);
            if (matches(price.pool(), filter) && holdsLater && beganBefore) {
                found.add(price);
            }
        }
        found.sort(Comparator.comparing(Pools.Price::from)
                .reversed()
                .thenComparing(price -> price.pool().toString())
                .thenComparing(Comparator.comparing(Pools.Price::version).reversed()));
        return found;
    }

    private static boolean matches(PoolId pool, Pools.HistoryFilter filter) {
        return is(pool.zone().value(), filter.availabilityZone())
                && is(pool.type().value(), filter.instanceType())
                && is(pool.os().code(), filter.os());
    }

    private static boolean is(String value, @Nullable String wanted) {
        return wanted == null || wanted.equals(value);
    }

    private List<Pools.Price> paged(Pools.HistoryFilter filter, int size) {
        List<Pools.Price> found = new ArrayList<>();
        Pools.HistoryPosition after = null;
        List<Pools.Price> page;
        do {
            page = history.page(REGION, filter, after, size);
            for (Pools.Price price : page) {
                found.add(new Pools.Price(
                        price.pool(),
                        price.version(),
                        new HourlyRate(price.price().usd().setScale(3)),
                        price.from()));
                after = new Pools.HistoryPosition(price.from(), price.pool().toString(), price.version());
            }
        } while (page.size() == size);
        return found;
    }
}
