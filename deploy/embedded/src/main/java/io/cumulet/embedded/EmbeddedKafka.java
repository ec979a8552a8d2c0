package io.cumulet.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker in this process: one node that is broker and controller (KRaft), on loopback.
 *
 * <p>Records live in the data directory and survive a stop or a kill -9 of this process: an acknowledged record is in
 * the operating system's page cache by then. Only a crash of the machine may lose the newest ones, as with any broker
 * whose records have no replica.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** A new id would be refused on the old directory, so there is one for ever. */
    private static final String CLUSTER_ID = "Q3VtdWxldExvY2FsU3RhYw";

    private static final int NODE_ID = 1;
    private static final String CONTROLLER = "CONTROLLER";

    private final int port;
    private final KafkaRaftServer server;

    private EmbeddedKafka(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @param dataDirectory made and formatted if it does not exist yet; else its records are served again
     * @param port clients connect here
     * @param controllerPort used between broker and controller alone
     * @throws UncheckedIOException if the directory can't be formatted
     */
    public static EmbeddedKafka start(Path dataDirectory, int port, int controllerPort) {
        return start(dataDirectory, port, controllerPort, Map.of());
    }

    /** @param others the broker's settings that differ from this class's own, such as listeners with TLS */
    public static EmbeddedKafka start(Path dataDirectory, int port, int controllerPort, Map<String, String> others) {
        format(dataDirectory);
        Map<String, String> settings = settings(dataDirectory, port, controllerPort);
        settings.putAll(others);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedKafka(port, server);
    }

    /** For clients: {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Waits until the broker has ended by itself. */
    public void awaitShutdown() {
        server.awaitShutdown();
    }

    /** Stops the broker; what it holds stays on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path dataDirectory) {
        if (Files.exists(dataDirectory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            Files.createDirectories(dataDirectory);
            new Formatter()
                    .setClusterId(CLUSTER_ID)
                    .setNodeId(NODE_ID)
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(dataDirectory.toString())
                    .addDirectory(dataDirectory.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setIgnoreFormatted(true)
                    .setPrintStream(silent)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka's data directory can't be made: " + dataDirectory, e);
        } catch (Exception e) {
            throw new IllegalStateException("Kafka's data directory can't be formatted: " + dataDirectory, e);
        }
    }

    private static Map<String, String> settings(Path dataDirectory, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", dataDirectory.toString());

        // A topic that nobody declared is a typing error.
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");

        // Kafka's own topics: one small copy of each is enough for one node and quick to start.
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // Committed positions are what a consumer that was away for a month goes on from.
        settings.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));

        // A consumer gets its partitions at once instead of waiting for others that might join.
        settings.put("group.initial.rebalance.delay.ms", "0");

        // Tests of a consumer that died don't want to wait for the usual minute.
        settings.put("group.min.session.timeout.ms", "1000");
        // A broker back from a crash is let in once its controller has given up the one before: usually 9 s.
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "250");

        // A laptop's share of threads and memory; the defaults are for a machine of its own.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        settings.put("log.segment.bytes", Integer.toString(64 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        return settings;
    }
}
