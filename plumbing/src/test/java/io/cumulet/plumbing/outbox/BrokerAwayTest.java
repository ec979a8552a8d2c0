package io.cumulet.plumbing.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.contract.Topic;
import io.cumulet.embedded.Ports;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.KafkaClients;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A relay with an outbox of its own, whose broker can't be reached at first. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class BrokerAwayTest {

    private static final String SCHEMA = "broker_away";
    private static final long LOCK_KEY = 4711;
    private static final int EVENTS = 200;

    @Inject
    KafkaClients kafka;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String jdbcUrl;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    /** Remembers what was tried. */
    private static final class Watched extends KafkaProducer<String, byte[]> {
        final Set<String> triedKeys = ConcurrentHashMap.newKeySet();

        Watched(String bootstrapServers) {
            super(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrapServers,
                            ProducerConfig.ACKS_CONFIG,
                            "all",
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            300),
                    new StringSerializer(),
                    new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
            triedKeys.add(record.key());
            return super.send(record);
        }
    }

    @Test
    void ofATopicThatIsAwayOneRecordARoundIsTriedAndAllArriveInOrderOnceTheBrokerIsBack() throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(jdbcUrl);
        database.setUser(user);
        database.setPassword(password);
        database.setCurrentSchema(SCHEMA);
        fill(database);
        int port = Ports.free();
        try (Watched producer = new Watched("127.0.0.1:" + port)) {
            OutboxRelay relay = new OutboxRelay(database, producer, () -> false, LOCK_KEY);
            relay.start();
            // Each topic's first record is tried, in one round after the other.
            await().atMost(Duration.ofSeconds(20)).until(() -> producer.triedKeys.size() == 2);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertThat(producer.triedKeys).containsExactlyInAnyOrder("prices-0", "requests-0");
            assertThat(unsent(database)).isEqualTo(EVENTS);

            try (ServerSocket door = open(port)) {
                await().atMost(Duration.ofSeconds(30)).until(() -> unsent(database) == 0);
            }
            relay.stop();
        }
        assertThat(arrived(Topic.SPOT_PRICES, "prices-")).isSorted().hasSize(EVENTS / 2);
        assertThat(arrived(Topic.SPOT_REQUESTS, "requests-")).isSorted().hasSize(EVENTS / 2);
    }

    /** Ten keys for each of two topics, their events mixed; what is in an event is its number. */
    private static void fill(PGSimpleDataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
            statement.execute("CREATE SCHEMA " + SCHEMA);
            statement.execute("CREATE TABLE outbox (LIKE public.outbox INCLUDING ALL)");
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO outbox (topic, key, headers, payload) VALUES (?, ?, '', ?)")) {
                for (int i = 0; i < EVENTS; i++) {
                    boolean price = i % 2 == 0;
                    insert.setString(1, (price ? Topic.SPOT_PRICES : Topic.SPOT_REQUESTS).topicName());
                    insert.setString(2, (price ? "prices-" : "requests-") + i / 2 % 10);
                    insert.setBytes(3, String.format("%04d", i).getBytes(StandardCharsets.UTF_8));
                    insert.executeUpdate();
                }
            }
        }
    }

    private static int unsent(PGSimpleDataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM outbox WHERE sent_at IS NULL")) {
            result.next();
            return result.getInt(1);
        }
    }

    /** Leads to the broker: where a client asks first; then it goes to the address the broker names. */
    private ServerSocket open(int port) throws IOException {
        ServerSocket door = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        int brokerPort = Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1));
        Thread.ofVirtual().start(() -> {
            while (!door.isClosed()) {
                try {
                    Socket client = door.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                    forward(client, server);
                    forward(server, client);
                } catch (IOException e) {
                    return;
                }
            }
        });
        return door;
    }

    private static void forward(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // One side has hung up.
            }
        });
    }

    /** The keys with the events' numbers, in the order they lie on the topic within each key. */
    private List<String> arrived(Topic topic, String prefix) {
        List<String> found = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new TopicPartition(topic.topicName(), i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.key().startsWith(prefix)) {
                        found.add(record.key() + " " + new String(record.value(), StandardCharsets.UTF_8));
                    }
                });
                return found.size() >= EVENTS / 2;
            });
        }
        // Keys of one partition may be mixed: a stable sort by key leaves each key's order as it was.
        found.sort(java.util.Comparator.comparing(event -> event.substring(0, event.indexOf(' '))));
        return found;
    }
}
