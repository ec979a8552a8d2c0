package io.cumulet.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** How many rows a second the instance service's relay takes from the outbox to Kafka, in order for each key. */
final class Relay {

    private static final String TOPIC = "bench.relay";

    private final String jdbcUrl;
    private final String bootstrapServers;

    Relay(String jdbcUrl, String bootstrapServers) {
        this.jdbcUrl = jdbcUrl;
        this.bootstrapServers = bootstrapServers;
    }

    /** Puts rows of the size of a lifecycle event into the outbox at once and waits until all are sent. */
    double rowsPerSecond(int rows) throws SQLException, ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 4, (short) 1))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "cumulet", "cumulet")) {
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO outbox (topic, key, headers, payload)
                    SELECT ?, 'key-' || i % 1000, 'ce_specversion=1.0' || chr(10) || 'ce_type=bench.row' || chr(10),
                           convert_to(rpad('{"i":' || i || '}', 700), 'UTF8')
                    FROM generate_series(1, ?) i""")) {
                insert.setString(1, TOPIC);
                insert.setInt(2, rows);
                insert.executeUpdate();
            }
            long start = System.nanoTime();
            while (unsent(connection) > 0) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static long unsent(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1) unsent")) {
            result.next();
            return result.getLong(1);
        }
    }
}
