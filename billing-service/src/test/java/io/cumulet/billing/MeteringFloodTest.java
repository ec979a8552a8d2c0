package io.cumulet.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.contract.EventType;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * Many events at once: all are metered, and the test prints how fast. {@code -Dcumulet.test.flood=200000} makes a
 * measurement of it.
 */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class MeteringFloodTest {

    private static final String ACCOUNT = "777777777777";
    private static final int EVENTS_EACH = 4;

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    DataSource dataSource;

    @Test
    void everyEventOfAFloodIsMeteredOnce() throws SQLException {
        int instances = Integer.getInteger("cumulet.test.flood", 8_000) / EVENTS_EACH;
        Instant start = Instant.parse("2026-03-01T00:00:00Z");
        List<Life> lives = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            lives.add(new Life(ACCOUNT, "us-east-1a", "m4.large", "linux", "on-demand", clock.epoch())
                    .launched(start.plusMillis(i))
                    .terminated(start.plusMillis(i).plusSeconds(60)));
        }
        // As the instance service tells it: every launch, then every end.
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        for (int from = 0; from < EVENTS_EACH; from += 2) {
            for (Life life : lives) {
                told.addAll(life.events.subList(from, from + 2));
            }
        }
        assertThat(told.getLast().headers().lastHeader("ce_type").value())
                .isEqualTo(EventType.INSTANCE_TERMINATED.typeName().getBytes(StandardCharsets.UTF_8));

        long begin = System.nanoTime();
        ServiceFixture.send(producer, told);
        long sent = System.nanoTime();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count("ended_at IS NOT NULL AND NOT provisional") == instances);
        long metered = System.nanoTime();
        System.out.printf(
                "%d lifecycle events: sent in %d ms, all metered %d ms after the first was sent: %d events/s%n",
                told.size(),
                (sent - begin) / 1_000_000,
                (metered - begin) / 1_000_000,
                told.size() * 1_000_000_000L / (metered - begin));

        assertThat(count("seconds = 60")).isEqualTo(instances);
    }

    private long count(String condition) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT count(*) FROM usage_run WHERE account = '" + ACCOUNT + "' AND " + condition)) {
            result.next();
            return result.getLong(1);
        }
    }
}
