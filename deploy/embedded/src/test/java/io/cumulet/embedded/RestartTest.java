package io.cumulet.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

    @Test
    void topicsAndRecordsSurviveARestartOfTheBroker(@TempDir Path directory) throws Exception {
        int port = FreePorts.next();
        int controllerPort = FreePorts.next();
        Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:" + port);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port, controllerPort);
                Admin admin = Admin.create(client);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("kept", "key", "value")).get();
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port, controllerPort);
                KafkaConsumer<String, String> consumer =
                        new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("kept", 0)));
            consumer.seekToBeginning(consumer.assignment());
            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value().getBytes(StandardCharsets.UTF_8))
                            .isEqualTo("value".getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void rowsSurviveARestartOfPostgreSqlAndCommitsAreDurable(@TempDir Path home) throws Exception {
        int port = FreePorts.next();
        try (EmbeddedPostgreSql first = EmbeddedPostgreSql.start(home, port)) {
            first.createDatabase("kept");
            first.createDatabase("kept");
            try (Connection connection = connect(first);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE note (text text)");
                statement.execute("INSERT INTO note VALUES ('here')");
            }
        }
        try (EmbeddedPostgreSql second = EmbeddedPostgreSql.start(home, port);
                Connection connection = connect(second);
                Statement statement = connection.createStatement()) {
            assertThat(text(statement, "SELECT text FROM note")).isEqualTo("here");
            assertThat(text(statement, "SHOW fsync")).isEqualTo("on");
            assertThat(text(statement, "SHOW synchronous_commit")).isEqualTo("on");
        }
    }

    private static Connection connect(EmbeddedPostgreSql server) throws Exception {
        return DriverManager.getConnection(server.jdbcUrl("kept"), EmbeddedPostgreSql.USER, EmbeddedPostgreSql.USER);
    }

    private static String text(Statement statement, String query) throws Exception {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }
}
