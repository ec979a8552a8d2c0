package io.cumulet.embedded;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives Quarkus tests a real Kafka and a real PostgreSQL, one pair for each test JVM.
 *
 * <pre>
 *   &#64;WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL,
 *                     initArgs = &#64;ResourceArg(name = "database", value = "billing"))
 * </pre>
 *
 * They are containers where an engine answers and has the images, else embedded in {@code target/embedded}; the system
 * property {@value TestPair#PROPERTY} makes the choice. Ports are free ones, both are empty at first. They stay up until
 * the JVM ends, also when Quarkus restarts the application for another test profile: the application finds its data again, as after a restart in life.
 * The service under test gets a free port too and is told that it is the whole suite, so that its clock can be moved.
 */
public final class StackResource implements QuarkusTestResourceLifecycleManager {

    // System properties and not static fields: Quarkus may load this class in several class loaders of one JVM.
    private static final String KAFKA = "cumulet.embedded.kafka";
    private static final String POSTGRES = "cumulet.embedded.postgres";

    private static final System.Logger LOG = System.getLogger(StackResource.class.getName());

    /** Of the broker and of Testcontainers, which share the tests' log. */
    private static final List<String> NOISY_LOGGERS = List.of(
            "org.apache.kafka",
            "kafka",
            "state.change.logger",
            "io.zonky",
            "com.linkedin",
            "org.testcontainers",
            "tc",
            "com.github.dockerjava");

    private String database = "test";

    @Override
    public void init(Map<String, String> initArgs) {
        database = initArgs.getOrDefault("database", database);
    }

    @Override
    public Map<String, String> start() {
        if (System.getProperty(POSTGRES) == null) {
            startPair();
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", System.getProperty(KAFKA));
        settings.put("quarkus.datasource.jdbc.url", System.getProperty(POSTGRES) + database);
        settings.put("quarkus.datasource.username", EmbeddedDatabase.USER);
        settings.put("quarkus.datasource.password", EmbeddedDatabase.PASSWORD);
        settings.put("quarkus.devservices.enabled", "false");
        String httpPort = Integer.toString(Ports.free());
        settings.put("quarkus.http.test-port", httpPort);
        settings.put("cumulet.suite.urls", "http://127.0.0.1:" + httpPort);
        settings.put("cumulet.clock.mode", "stack");
        for (String noisy : NOISY_LOGGERS) {
            settings.put("quarkus.log.category.\"" + noisy + "\".level", "WARN");
        }
        return settings;
    }

    /** Leaves both up: they end with the JVM, and the next start in this directory would stop an orphaned PostgreSQL. */
    @Override
    public void stop() {}

    private void startPair() {
        TestPair pair = TestPair.start(
                TestPair.Choice.of(System.getProperty(TestPair.PROPERTY)),
                database,
                ContainerPair::start,
                StackResource::startEmbedded,
                line -> LOG.log(System.Logger.Level.INFO, line));
        System.setProperty(KAFKA, pair.bootstrapServers());
        System.setProperty(POSTGRES, pair.jdbcUrl());
    }

    @SuppressWarnings("resource") // both end with the JVM
    private static TestPair startEmbedded(String database) {
        Path home = Path.of("target", "embedded").toAbsolutePath();
        EmbeddedDatabase.stopOrphan(home.resolve("postgres"));
        Directories.delete(home);
        EmbeddedDatabase postgres = EmbeddedDatabase.start(
                home.resolve("postgres"), programs(), home.resolve("postgres.log"), Ports.free());
        postgres.createDatabase(database);
        EmbeddedKafka kafka = EmbeddedKafka.start(home.resolve("kafka"), Ports.free(), Ports.free());
        return new TestPair(kafka.bootstrapServers(), postgres.jdbcUrl(""));
    }

    /** PostgreSQL's programs are unpacked once for all modules of a checkout: that costs seconds. */
    private static Path programs() {
        for (Path place = Path.of("").toAbsolutePath(); place != null; place = place.getParent()) {
            if (Files.isDirectory(place.resolve(".mvn"))) {
                return place.resolve("target").resolve("postgres-programs");
            }
        }
        return Path.of("target", "postgres-programs").toAbsolutePath();
    }
}
