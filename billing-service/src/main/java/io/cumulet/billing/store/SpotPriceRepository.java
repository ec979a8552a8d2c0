package io.cumulet.billing.store;

import io.cumulet.billing.app.SpotPrice;
import io.cumulet.billing.app.SpotPriceStore;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.SqlArrays;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** The spot price history in PostgreSQL: written by whole batches, read through Panache. */
@ApplicationScoped
class SpotPriceRepository implements SpotPriceStore, PanacheRepositoryBase<SpotPriceEntity, SpotPriceEntity.Key> {

    private static final String INSERT = """
            INSERT INTO spot_price (availability_zone, instance_type, os, version, occurred_at, price)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

    private final DataSource dataSource;

    SpotPriceRepository(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void clear() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE spot_price IN SHARE ROW EXCLUSIVE MODE");
            statement.execute("DELETE FROM spot_price");
        } catch (SQLException e) {
            throw new IllegalStateException("Could not empty the spot price history", e);
        }
    }

    @Override
    public void add(List<SpotPrice> prices) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(
                    1,
                    SqlArrays.column(
                            connection,
                            "text",
                            prices,
                            price -> price.pool().zone().value()));
            insert.setArray(
                    2,
                    SqlArrays.column(
                            connection,
                            "text",
                            prices,
                            price -> price.pool().instanceType().value()));
            insert.setArray(
                    3,
                    SqlArrays.column(
                            connection,
                            "text",
                            prices,
                            price -> price.pool().os().code()));
            insert.setArray(4, SqlArrays.column(connection, "bigint", prices, SpotPrice::version));
            insert.setArray(
                    5,
                    SqlArrays.column(
                            connection,
                            "timestamptz",
                            prices,
                            price -> price.at().toString()));
            insert.setArray(
                    6,
                    SqlArrays.column(
                            connection, "text", prices, price -> price.price().toString()));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep spot prices", e);
        }
    }

    @Override
    @Transactional
    public List<SpotPrice> pricesDuring(Set<SpotPool> pools, Interval period) {
        List<SpotPrice> prices = new ArrayList<>();
        for (SpotPool pool : pools) {
            Parameters parameters = Parameters.with("zone", pool.zone().value())
                    .and("type", pool.instanceType().value())
                    .and("os", pool.os().code());
            // What is in force at the period's start may have begun long before.
            Instant since = find(
                            "availabilityZone = :zone and instanceType = :type and os = :os and occurredAt <= :from",
                            Sort.descending("occurredAt", "version"),
                            Parameters.with("zone", pool.zone().value())
                                    .and("type", pool.instanceType().value())
                                    .and("os", pool.os().code())
                                    .and("from", period.from()))
                    .firstResultOptional()
                    .map(entity -> entity.occurredAt)
                    .orElse(period.from());
            find(
                            "availabilityZone = :zone and instanceType = :type and os = :os"
                                    + " and occurredAt >= :since and occurredAt < :until",
                            Sort.ascending("occurredAt", "version"),
                            parameters.and("since", since).and("until", period.until()))
                    .stream()
                    .map(SpotPriceRepository::price)
                    .forEach(prices::add);
        }
        return prices;
    }

    private static SpotPrice price(SpotPriceEntity entity) {
        SpotPool pool = new SpotPool(
                new AvailabilityZone(entity.availabilityZone),
                new InstanceType(entity.instanceType),
                OperatingSystem.ofCode(entity.os).orElseThrow());
        return new SpotPrice(pool, entity.version, entity.occurredAt, HourlyRate.of(entity.price));
    }
}
