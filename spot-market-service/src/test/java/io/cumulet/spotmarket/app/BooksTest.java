package io.cumulet.spotmarket.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a process has in memory of a pool is used only as long as it is right. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class BooksTest {

    @Inject
    Market market;

    @Inject
    Requests requests;

    @Inject
    Pools pools;

    @Inject
    Books memory;

    @Inject
    StackClock clock;

    @Inject
    DataSource dataSource;

    @Test
    void whatATransactionThatFailedHadChangedIsForgotten() {
        PoolId pool = poolWithOneRoom("us-east-1d/g2.2xlarge/linux");
        made(pool, "0.2000");
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    made(pool, "0.1500");
                    throw new IllegalStateException("after all");
                }))
                .hasMessageContaining("after all");

        made(pool, "0.1000");

        assertThat(inTransaction(() -> pools.find(pool).orElseThrow()).price()).isEqualTo(HourlyRate.of("0.1000"));
    }

    @Test
    void whatAnotherProcessChangedIsReadAnew() throws SQLException {
        PoolId pool = poolWithOneRoom("us-east-1d/d2.xlarge/linux");
        String first = made(pool, "0.2000");
        String second = made(pool, "0.1900");
        assertThat(bid(second)).isEqualTo(BidState.WAITING);

        try (Connection connection = dataSource.getConnection()) {
            update(connection, "UPDATE spot_request SET bid = 'NONE' WHERE request_id = ?", first);
            update(connection, "UPDATE pool SET book_stamp = book_stamp + 1 WHERE pool = ?", pool.toString());
        }
        clear(pool);

        assertThat(bid(second)).isEqualTo(BidState.ALLOCATED);
    }

    @Test
    void aBookStaysInMemoryFromOneTransactionToTheNext() throws SQLException {
        PoolId pool = poolWithOneRoom("us-east-1d/r4.4xlarge/linux");
        String first = made(pool, "0.2000");
        String second = made(pool, "0.1900");
        try (Connection connection = dataSource.getConnection()) {
            // Nobody does this without a new stamp: it shows that nothing is read.
            update(connection, "UPDATE spot_request SET bid = 'NONE' WHERE request_id = ?", first);
        }

        clear(pool);

        assertThat(bid(second)).isEqualTo(BidState.WAITING);
        assertThat(inTransaction(() -> pools.lock(Set.of(pool)).get(pool)))
                .satisfies(stamp -> assertThat(memory.take(pool, stamp)).isPresent());
    }

    private PoolId poolWithOneRoom(String name) {
        PoolId pool = PoolId.parse(name);
        CapacitySnapshot snapshot = new CapacitySnapshot(
                pool.zone().value(),
                pool.type().family(),
                1,
                clock.instant(),
                Map.of(pool.type().value(), 1),
                Map.of(),
                Map.of());
        QuarkusTransaction.requiringNew().run(() -> market.capacityChanged(Map.of(pool.familyKey(), snapshot), null));
        return pool;
    }

    private String made(PoolId pool, String maxPrice) {
        Terms terms = new Terms(
                pool,
                HourlyRate.of(maxPrice),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                clock.instant(),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        SpotRequest request = SpotRequest.open(
                ResourceKind.SPOT_REQUEST.newId(), new AccountId("518273645102"), terms, clock.instant());
        QuarkusTransaction.joiningExisting().run(() -> {
            market.lock(Set.of(pool));
            market.add(request, null);
            market.clear(Set.of(pool), null);
        });
        return request.id();
    }

    private void clear(PoolId pool) {
        QuarkusTransaction.requiringNew().run(() -> {
            market.lock(Set.of(pool));
            market.clear(Set.of(pool), null);
        });
    }

    private BidState bid(String requestId) {
        return inTransaction(() -> requests.find(requestId).orElseThrow())
                .progress()
                .bid();
    }

    private static <T> T inTransaction(java.util.concurrent.Callable<T> query) {
        return QuarkusTransaction.requiringNew().call(query);
    }

    private static void update(Connection connection, String sql, String id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, id);
            update.executeUpdate();
        }
    }
}
