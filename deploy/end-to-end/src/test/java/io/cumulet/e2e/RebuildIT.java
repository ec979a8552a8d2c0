package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What services have made from topics can be made anew while they run. */
@ExtendWith(RunningStack.class)
class RebuildIT {

    /** What each projection keeps, without when it was written. */
    private static final Map<Service, List<String>> CONTENTS = Map.of(
            Service.INSTANCES,
            List.of(
                    "SELECT * FROM security_group_copy ORDER BY 1",
                    "SELECT * FROM spot_price_copy ORDER BY 1",
                    "SELECT * FROM scheduled_instance_copy ORDER BY 1"),
            Service.BILLING,
            List.of(
                    "SELECT * FROM lifecycle_fact ORDER BY instance_id, version",
                    "SELECT * FROM usage_run ORDER BY instance_id, run",
                    "SELECT * FROM spot_price ORDER BY availability_zone, instance_type, os, version"),
            Service.FIREWALL,
            List.of(
                    "SELECT instance_id, version, gone FROM member_instance ORDER BY 1",
                    "SELECT instance_id, interface_id, account, region, vpc_id, host_id, addresses, group_ids"
                            + " FROM member ORDER BY 1, 2",
                    "SELECT * FROM member_address ORDER BY 4, 3"),
            Service.SPOT_MARKET,
            List.of("SELECT * FROM family_capacity ORDER BY 1"));

    private static final Map<Service, List<String>> SPOILED = Map.of(
            Service.INSTANCES,
            List.of(
                    "DELETE FROM security_group_copy",
                    "UPDATE spot_price_copy SET price = '9'",
                    "UPDATE scheduled_instance_copy SET instance_count = 9"),
            Service.BILLING,
            List.of(
                    "DELETE FROM lifecycle_fact WHERE version > 1",
                    "UPDATE usage_run SET started_at = started_at - interval '1 day'",
                    "DELETE FROM spot_price"),
            Service.FIREWALL,
            List.of("DELETE FROM member_instance", "DELETE FROM member", "DELETE FROM member_address"),
            Service.SPOT_MARKET,
            List.of("UPDATE family_capacity SET fits = '{}'"));

    private static final Set<String> TOLD_ANYWAY = Set.of("stack.clock", "firewall.rulesets");

    @Test
    void whatWasLostOrSpoiledComesBackAsItWasAndNothingIsPublished(LocalStack stack) throws Exception {
        World world = new World(stack.settings());
        world.operator().reset();
        world.addHosts(1, 32);
        world.account().post(Service.FIREWALL, "/v1/security-groups", Map.of("name", "web", "description", "web"));
        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("rebuild", 12));
        Instant soon = world.operator().clock().now().plus(Duration.ofHours(2));
        world.account().post(Service.BILLING, "/v1/scheduled-instances", World.schedule("us-east-1a", soon));
        world.operator().advanceClock(Duration.ofHours(3));
        for (JsonNode instance : world.instances().subList(0, 5)) {
            world.account()
                    .delete(
                            Service.INSTANCES,
                            "/v1/instances/" + instance.path("instanceId").asText());
        }
        world.operator().advanceClock(Duration.ofHours(1));

        Map<String, List<String>> before = contents(stack.settings());
        assertThat(before)
                .hasSize(10)
                .allSatisfy((what, rows) -> assertThat(rows).as(what).isNotEmpty());
        Map<String, Long> published = published(stack.settings());
        for (Map.Entry<Service, List<String>> service : SPOILED.entrySet()) {
            for (String statement : service.getValue()) {
                run(stack.settings(), service.getKey(), statement);
            }
        }
        assertThat(contents(stack.settings())).isNotEqualTo(before);

        rebuildEverything(world.operator());

        assertThat(contents(stack.settings())).isEqualTo(before);
        world.operator().freezeClock();
        assertThat(published(stack.settings())).isEqualTo(published);
    }

    @Test
    void launchesGoOnDuringARebuildAndNoneIsMissedOrCountedTwice(LocalStack stack) throws Exception {
        World world = new World(stack.settings());
        world.operator().reset();
        world.addHosts(2, 64);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger launched = new AtomicInteger();
        CompletableFuture<Void> launching = CompletableFuture.runAsync(() -> {
            while (!enough.get() && launched.get() < 300) {
                world.account().post(Service.INSTANCES, "/v1/instances", World.launch("during-" + launched.get(), 1));
                launched.incrementAndGet();
            }
        });
        for (int round = 0; round < 3; round++) {
            int sofar = launched.get();
            await().until(() -> launched.get() > sofar || launching.isDone());
            rebuildEverything(world.operator());
        }
        enough.set(true);
        launching.join();
        world.operator().freezeClock();

        assertThat(world.instances()).hasSize(launched.get());
        assertThat(world.usage())
                .hasSize(launched.get())
                .extracting(run -> run.path("instanceId").asText())
                .doesNotHaveDuplicates();
        Map<String, List<String>> before = contents(stack.settings());
        rebuildEverything(world.operator());
        assertThat(contents(stack.settings())).isEqualTo(before);
    }

    private static void rebuildEverything(StackApi operator) {
        // The endpoint keeps nothing that comes from topics.
        for (Service service : EnumSet.complementOf(EnumSet.of(Service.ENDPOINT))) {
            List<JsonNode> projections =
                    StackApi.list(operator.get(service, "/v1/projections").path("projections"));
            assertThat(projections).as(service.serviceName()).isNotEmpty();
            for (JsonNode projection : projections) {
                operator.post(
                        service, "/v1/projections/" + projection.path("name").asText() + "/rebuild", Map.of());
            }
        }
    }

    /** Records of each topic but the clock's, and but the hosts': these are told in full again once members are made anew. */
    private static Map<String, Long> published(StackSettings settings) {
        Map<String, Long> records = new TreeMap<>();
        EventReader.topics(settings.bootstrapServers()).forEach((topic, size) -> {
            if (!TOLD_ANYWAY.contains(topic)) {
                records.put(topic, size.records());
            }
        });
        return records;
    }

    private static Map<String, List<String>> contents(StackSettings settings) throws SQLException {
        Map<String, List<String>> contents = new TreeMap<>();
        for (Map.Entry<Service, List<String>> service : CONTENTS.entrySet()) {
            for (String select : service.getValue()) {
                List<String> rows = new ArrayList<>();
                try (Connection connection = connect(settings, service.getKey());
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(select)) {
                    int columns = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        StringBuilder text = new StringBuilder();
                        for (int column = 1; column <= columns; column++) {
                            text.append(row.getString(column)).append('|');
                        }
                        rows.add(text.toString());
                    }
                }
                contents.put(service.getKey() + ": " + select, rows);
            }
        }
        return contents;
    }

    private static void run(StackSettings settings, Service service, String change) throws SQLException {
        try (Connection connection = connect(settings, service);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(change);
        }
    }

    private static Connection connect(StackSettings settings, Service service) throws SQLException {
        return DriverManager.getConnection(settings.jdbcUrl(service), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
    }
}
