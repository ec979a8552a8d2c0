package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What ran before there were VPCs, of an account that nobody has seen since. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class EarlierInstancesTest {

    private static final Region REGION = new Region("us-east-1");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1c");

    @Inject
    NetworkStore store;

    @Inject
    VpcParts parts;

    @Inject
    Announcer announcer;

    @Inject
    StackClock clock;

    @Inject
    DataSource dataSource;

    @Inject
    Launches launches;

    @Inject
    Instances instances;

    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L)));

    @Test
    void anInstanceFromBeforeThereWereSubnetsEnds() throws SQLException {
        String id = launched();
        awaitState(id, InstanceState.RUNNING);
        // As migration V104 leaves it: an instance with its interface and address, without a VPC and a subnet.
        run("DELETE FROM subnet WHERE account = ?", account.value());
        for (String table : List.of("network_acl", "internet_gateway", "route_table", "vpc", "dhcp_options")) {
            run("DELETE FROM " + table + " WHERE account = ?", account.value());
        }
        // Committers forget what they remember.
        run("UPDATE az_fleet SET version = version + 1 WHERE az = ?", ZONE.value());

        new DefaultNetworks(store, parts, announcer, clock).ensureWhereInterfacesAre();

        assertThat(store.subnet(account, REGION, DefaultNetwork.subnetId(account, ZONE)))
                .isPresent();
        instances.terminate(id, account, REGION).orThrow();
        awaitState(id, InstanceState.TERMINATED);
        assertThat(store.hasAddresses(DefaultNetwork.subnetId(account, ZONE))).isFalse();
        assertThat(store.interfacesWithoutVpc())
                .noneMatch(place -> place.account().equals(account));
    }

    private String launched() {
        LaunchWish wish = new LaunchWish(
                "ami-08bc385c9fc5afc94",
                "t3.nano",
                1,
                1,
                ZONE.value(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
        return launches.launch(wish, account, REGION)
                .toCompletableFuture()
                .join()
                .orThrow()
                .instances()
                .getFirst()
                .id();
    }

    private void awaitState(String id, InstanceState state) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(instances
                                .find(id, account, REGION)
                                .map(Instance::state)
                                .orThrow())
                        .isEqualTo(state));
    }

    private void run(String sql, String value) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            statement.executeUpdate();
        }
    }
}
