package io.cumulet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPairTest {

    private static final Path PROGRAMS = Path.of("..", "..", "target", "postgres-programs");

    @TempDir
    Path home;

    @Test
    void topicsAndRecordsSurviveARestartOnOtherPorts() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(home.resolve("kafka"), Ports.free(), Ports.free());
                Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic("facts", 1, (short) 1)))
                    .all()
                    .get();
            assertThat(send(kafka, "facts", "kept")).isZero();
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(home.resolve("kafka"), Ports.free(), Ports.free())) {
            assertThat(firstRecord(kafka, "facts")).isEqualTo("kept");
        }
    }

    @Test
    void aTopicThatNobodyDeclaredIsNotMade() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(home.resolve("kafka"), Ports.free(), Ports.free())) {
            assertThatThrownBy(() -> send(kafka, "typo", "lost"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void rowsSurviveARestartAndCommitsAreDurable() throws SQLException {
        Path data = home.resolve("postgres");
        try (EmbeddedDatabase postgres = startPostgres(data)) {
            postgres.createDatabase("billing");
            postgres.createDatabase("billing");
            try (Connection connection = connect(postgres);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE fact (name text)");
                statement.execute("INSERT INTO fact VALUES ('kept')");
                assertThat(one(statement, "SHOW fsync")).isEqualTo("on");
                assertThat(one(statement, "SHOW synchronous_commit")).isEqualTo("on");
                assertThat(one(statement, "SHOW full_page_writes")).isEqualTo("on");
                assertThat(one(statement, "SHOW max_connections")).isEqualTo("200");
            }
        }
        try (EmbeddedDatabase postgres = startPostgres(data);
                Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            assertThat(one(statement, "SELECT name FROM fact")).isEqualTo("kept");
        }
    }

    @Test
    void aPostgresThatLostItsParentIsFoundAndStopped() {
        Path data = home.resolve("postgres");
        try (EmbeddedDatabase lost = startPostgres(data)) {
            ProcessHandle process = EmbeddedDatabase.runningOn(data).orElseThrow();
            assertThat(EmbeddedDatabase.stopOrphan(data)).contains(process.pid());
            assertThat(process.isAlive()).isFalse();
            assertThat(EmbeddedDatabase.runningOn(data)).isEqualTo(Optional.empty());
            assertThat(lost.jdbcUrl("x")).endsWith("/x");
        }
    }

    private EmbeddedDatabase startPostgres(Path data) {
        return EmbeddedDatabase.start(data, PROGRAMS, home.resolve("postgres.log"), Ports.free());
    }

    private static Connection connect(EmbeddedDatabase postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl("billing"), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
    }

    private static String one(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    /** Answers the record's offset. */
    private static long send(EmbeddedKafka kafka, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "2000"),
                new StringSerializer(),
                new StringSerializer())) {
            return producer.send(new ProducerRecord<>(topic, value))
                    .get(20, TimeUnit.SECONDS)
                    .offset();
        }
    }

    private static String firstRecord(EmbeddedKafka kafka, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(20)).iterator().next().value();
        }
    }
}
