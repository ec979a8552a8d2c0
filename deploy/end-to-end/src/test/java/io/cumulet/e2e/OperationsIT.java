package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator sees and does when something is wrong. */
@ExtendWith(RunningStack.class)
class OperationsIT {

    private static final Path OBSERVABILITY = Path.of(System.getProperty("cumulet.project"), "deploy", "observability");

    @Test
    void poisonStopsNobodyAndIsFoundAsADeadLetterOfEveryConsumerThatCouldNotReadIt(LocalStack stack) throws Exception {
        World world = new World(stack.settings());
        world.operator().reset();
        world.addHosts(1, 16);
        int epoch = world.operator()
                .get(Service.INSTANCES, "/v1/clock")
                .path("epoch")
                .asInt();
        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("before poison", 3));
        poison(stack.settings().bootstrapServers(), epoch);
        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("after poison", 3));
        world.operator().freezeClock();

        assertThat(world.usage()).hasSize(6);
        for (Service reader : List.of(Service.BILLING, Service.FIREWALL)) {
            List<JsonNode> letters = StackApi.list(
                    world.operator().get(reader, "/v1/dead-letters").path("deadLetters"));
            assertThat(letters).as(reader.serviceName()).singleElement().satisfies(letter -> {
                assertThat(letter.path("topic").asText()).isEqualTo("instances.lifecycle");
                assertThat(letter.path("key").asText()).isEqualTo("i-poison");
                assertThat(letter.path("reason").asText()).contains("can't be read");
            });
            JsonNode replay = world.operator().post(reader, "/v1/dead-letters/replay", Map.of());
            assertThat(replay.path("replayed").asInt()).isZero();
            assertThat(replay.path("stillFailing")).hasSize(1);
        }

        metricsOfDashboardAndAlertsExist(stack);

        for (Service reader : List.of(Service.BILLING, Service.FIREWALL)) {
            world.operator()
                    .delete(
                            reader,
                            "/v1/dead-letters/"
                                    + world.operator()
                                            .get(reader, "/v1/dead-letters")
                                            .path("deadLetters")
                                            .path(0)
                                            .path("id")
                                            .asText());
            assertThat(world.operator().get(reader, "/v1/dead-letters").path("deadLetters"))
                    .isEmpty();
        }
    }

    /** An event like any other, but for its body. */
    private static void poison(String bootstrapServers, int epoch) throws Exception {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                Topic.INSTANCES_LIFECYCLE.topicName(),
                "i-poison",
                "{\"instanceId\": ".getBytes(StandardCharsets.UTF_8));
        Map.of(
                        CloudEventHeaders.ID, "poison",
                        CloudEventHeaders.TYPE, EventType.INSTANCE_REQUESTED.typeName(),
                        CloudEventHeaders.TIME, "2026-01-01T00:00:00Z",
                        CloudEventHeaders.ACCOUNT, "123456789012",
                        CloudEventHeaders.REGION, "us-east-1",
                        CloudEventHeaders.EPOCH, Integer.toString(epoch),
                        CloudEventHeaders.AGGREGATE_VERSION, "1",
                        CloudEventHeaders.MARKET, "on-demand")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static void metricsOfDashboardAndAlertsExist(LocalStack stack) throws Exception {
        TreeSet<String> named = new TreeSet<>();
        for (String file : List.of("grafana-dashboard.json", "alerts.yml")) {
            Matcher metric = Pattern.compile("\\b(cumulet|http_server|jvm|process|agroal)_[a-z_]+\\b")
                    .matcher(expressions(Files.readString(OBSERVABILITY.resolve(file))));
            while (metric.find()) {
                named.add(metric.group());
            }
        }
        assertThat(named).hasSizeGreaterThan(12);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            StringBuilder metrics = new StringBuilder();
            for (Service service : Service.values()) {
                metrics.append(metrics(stack, service));
            }
            assertThat(named)
                    .allSatisfy(name -> assertThat(Pattern.compile("(?m)^" + name + "[{ ]")
                                    .matcher(metrics)
                                    .find())
                            .as(name)
                            .isTrue());
        });
    }

    /** What is asked of Prometheus, without titles and advice. */
    private static String expressions(String file) {
        StringBuilder expressions = new StringBuilder();
        file.lines()
                .filter(line -> line.strip().matches("\"?expr\"?:.*"))
                .forEach(line -> expressions.append(line).append('\n'));
        return expressions.toString();
    }

    private static String metrics(LocalStack stack, Service service) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(stack.settings().url(service).resolve("/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
