package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.embedded.Directories;
import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What docs/operations.md says about backups is true: the whole put back, and billing without its database. First, since the
 * services that it stops write their class archives, and every later start is shorter.
 */
@Order(1)
@ExtendWith(RunningStack.class)
class BackupIT {

    private World world;

    @Test
    void theStackGoesOnFromABackupAndBillingFromTopicsAlone(LocalStack stack) throws Exception {
        world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        YearMonth month = YearMonth.from(start.atZone(ZoneOffset.UTC));
        world.addHosts(1, 64);
        launch("before", 8);
        world.operator().advanceClock(Duration.ofHours(3));
        terminate(world.instances().subList(0, 3));
        Instant then = world.operator().advanceClock(Duration.ofHours(1)).now();
        List<JsonNode> instances = world.instances();
        List<JsonNode> usage = world.usage();
        JsonNode bill = world.bill(month);
        assertThat(usage).hasSize(8);

        Path backup = Path.of("target", "backup").toAbsolutePath();
        Directories.delete(backup);
        assertThatThrownBy(() -> stack.backUp(backup, System.out::println))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("./cumulet down");
        stack.down(System.out::println);
        stack.backUp(backup, System.out::println);

        Path data = Objects.requireNonNull(stack.settings().postgresData().getParent());
        Files.writeString(data.resolve("of-later"), "what isn't in the backup");
        stack.restore(backup, System.out::println);
        assertThat(data.resolve("of-later")).doesNotExist();
        stack.up(System.out::println);

        assertThat(world.operator().freezeClock().now()).as("the clock").isEqualTo(then);
        assertThat(world.instances()).isEqualTo(instances);
        assertThat(world.usage()).isEqualTo(usage);
        assertThat(world.bill(month)).isEqualTo(bill);

        stack.process(Service.BILLING).kill();
        loseDatabase(stack, Service.BILLING);
        stack.up(System.out::println);
        assertThat(world.usage()).as("usage that nobody made anew yet").isNotEqualTo(usage);
        for (JsonNode projection : StackApi.list(
                world.operator().get(Service.BILLING, "/v1/projections").path("projections"))) {
            String path = "/v1/projections/" + projection.path("name").asText() + "/rebuild";
            world.operator().post(Service.BILLING, path, Map.of());
        }
        world.operator().freezeClock();
        assertThat(world.usage()).as("usage made from topics").isEqualTo(usage);
        assertThat(world.bill(month)).isEqualTo(bill);

        launch("after", 4);
        world.operator().advanceClock(Duration.ofHours(1));
        assertThat(world.usage()).hasSize(12);
        Books books = new Books(stack.settings());
        books.assertCapacityAndAddressesBalance();
        books.assertEverythingIsSent();
    }

    private void launch(String token, int count) {
        assertThat(World.instanceIds(
                        world.account().post(Service.INSTANCES, "/v1/instances", World.launch(token, count))))
                .hasSize(count);
    }

    private void terminate(List<JsonNode> instances) {
        for (JsonNode instance : instances) {
            world.account()
                    .delete(
                            Service.INSTANCES,
                            "/v1/instances/" + instance.path("instanceId").asText());
        }
    }

    private static void loseDatabase(LocalStack stack, Service service) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(stack.settings().jdbcUrl(Service.INSTANCES), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + service.database() + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + service.database() + " OWNER " + EmbeddedDatabase.USER);
        }
    }
}
