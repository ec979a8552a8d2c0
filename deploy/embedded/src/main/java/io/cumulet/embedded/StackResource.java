package io.cumulet.embedded;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives a module's Quarkus tests a real Kafka and a real PostgreSQL, started once for all of them: {@code
 * @WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)}. Everything is on free ports of
 * loopback, in a temporary directory under {@code target}, and is removed at the end. The service under test gets a
 * free port too and is told that it is the whole suite, so that its clock can be moved.
 */
public final class StackResource implements QuarkusTestResourceLifecycleManager {

    private static final String DATABASE = "test";
    /** Of the broker, which shares the tests' log. */
    private static final List<String> NOISY_LOGGERS =
            List.of("org.apache.kafka", "kafka", "state.change.logger", "io.zonky", "com.linkedin");

    private @Nullable Path directory;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable EmbeddedPostgreSql postgreSql;

    @Override
    public Map<String, String> start() {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path temporary = Files.createTempDirectory(target, "stack-");
            directory = temporary;
            EmbeddedPostgreSql database = EmbeddedPostgreSql.start(temporary.resolve("postgresql"), FreePorts.next());
            postgreSql = database;
            database.createDatabase(DATABASE);
            EmbeddedKafka broker = EmbeddedKafka.start(temporary.resolve("kafka"), FreePorts.next(), FreePorts.next());
            kafka = broker;
            String httpPort = Integer.toString(FreePorts.next());
            Map<String, String> settings = new HashMap<>();
            settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
            settings.put("quarkus.datasource.jdbc.url", database.jdbcUrl(DATABASE));
            settings.put("quarkus.datasource.username", EmbeddedPostgreSql.USER);
            settings.put("quarkus.datasource.password", EmbeddedPostgreSql.USER);
            settings.put("quarkus.http.test-port", httpPort);
            settings.put("cumulet.suite.urls", "http://127.0.0.1:" + httpPort);
            settings.put("cumulet.clock.mode", "stack");
            for (String noisy : NOISY_LOGGERS) {
                settings.put("quarkus.log.category.\"" + noisy + "\".level", "WARN");
            }
            return settings;
        } catch (IOException | SQLException e) {
            stop();
            throw new IllegalStateException("The tests' Kafka and PostgreSQL could not be started", e);
        }
    }

    @Override
    public void stop() {
        try {
            if (kafka != null) {
                kafka.close();
            }
            if (postgreSql != null) {
                postgreSql.close();
            }
            if (directory != null) {
                delete(directory);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The tests' Kafka and PostgreSQL could not be stopped", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
