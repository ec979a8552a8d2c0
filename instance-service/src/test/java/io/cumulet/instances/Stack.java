package io.cumulet.instances;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.clock.StackClock;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hamcrest.Matchers;

/** What tests do to the service from outside: REST calls, reading its topics, playing the other services. */
@ApplicationScoped
public class Stack {

    static final String AMAZON_LINUX = "ami-08bc385c9fc5afc94";
    static final String WINDOWS = "ami-b7e93bce";
    static final String ARM_LINUX = "ami-0f47531f8c49bd1c6";

    @Inject
    StackClock clock;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    /** An account of its own for a test. */
    static String newAccount() {
        return String.format("%012d", ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L));
    }

    static RequestSpecification as(String bearer) {
        return given().header("Authorization", "Bearer " + bearer).contentType("application/json");
    }

    static RequestSpecification operator() {
        return as("operator");
    }

    static Map<String, Object> launchOf(String type, Object... more) {
        Map<String, Object> body = new HashMap<>();
        body.put("imageId", AMAZON_LINUX);
        body.put("instanceType", type);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    static ValidatableResponse launch(String account, Map<String, Object> body) {
        return as(account).body(body).post("/v1/instances").then();
    }

    /** Launches one and waits until it runs. */
    static String running(String account, String type, Object... more) {
        String id =
                launch(account, launchOf(type, more)).statusCode(201).extract().path("instances[0].instanceId");
        awaitState(account, id, "running");
        return id;
    }

    static String stopped(String account, String type, Object... more) {
        String id = running(account, type, more);
        as(account).post("/v1/instances/{id}/stop", id).then().statusCode(200);
        awaitState(account, id, "stopped");
        return id;
    }

    static String state(String account, String id) {
        return as(account)
                .get("/v1/instances/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }

    static void awaitState(String account, String id, String state) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(state(account, id)).isEqualTo(state));
    }

    static void isRefused(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType(Matchers.startsWith("application/problem+json"))
                .body("code", Matchers.equalTo(code));
    }

    static void isRefused(ValidatableResponse response, int status, String code, String field) {
        isRefused(response, status, code);
        response.body("field", Matchers.equalTo(field));
    }

    /** A zone's family that no other test uses, with one host of so many vCPUs and plenty of the rest. */
    static String addHost(String zone, String family, int vcpus) {
        return operator()
                .body(Map.of("availabilityZone", zone, "family", family, "vcpus", vcpus, "memoryMib", vcpus * 8192L))
                .post("/v1/hosts")
                .then()
                .statusCode(201)
                .extract()
                .path("hosts[0].hostId");
    }

    /** An event as it was on Kafka. */
    record Told(String type, String key, long version, Map<String, String> headers, byte[] body) {
        <T> T body(Class<T> payload) {
            try {
                return ContractJson.read(body, payload);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** All that a topic holds of a key, in order. */
    List<Told> told(Topic topic, String key) {
        List<Told> told = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (key == null || key.equals(record.key())) {
                        Map<String, String> headers = new HashMap<>();
                        record.headers()
                                .forEach(header ->
                                        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
                        told.add(new Told(
                                headers.get(CloudEventHeaders.TYPE),
                                record.key(),
                                Long.parseLong(headers.get(CloudEventHeaders.AGGREGATE_VERSION)),
                                headers,
                                record.value()));
                    }
                }
            }
        }
        return told;
    }

    List<String> awaitTypes(String instanceId, String... types) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(told(Topic.INSTANCES_LIFECYCLE, instanceId).stream()
                                .map(Told::type))
                        .containsExactly(types));
        return List.of(types);
    }

    /** Publishes an event as another service would. */
    void tell(EventType type, String key, String account, long version, Record data) {
        tell(UUID.randomUUID().toString(), type, key, account, version, data);
    }

    void tell(String eventId, EventType type, String key, String account, long version, Record data) {
        tell(eventId, clock.instant(), type, key, account, version, data);
    }

    /** Publishes an event of an earlier time. */
    void tellAt(Instant at, EventType type, String key, String account, long version, Record data) {
        tell(UUID.randomUUID().toString(), at, type, key, account, version, data);
    }

    private void tell(
            String eventId, Instant at, EventType type, String key, String account, long version, Record data) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(type.topic().topicName(), key, ContractJson.write(data));
            Map<String, String> headers = new HashMap<>();
            headers.put(CloudEventHeaders.SPEC_VERSION, "1.0");
            headers.put(CloudEventHeaders.ID, eventId);
            headers.put(CloudEventHeaders.SOURCE, "/test");
            headers.put(CloudEventHeaders.TYPE, type.typeName());
            headers.put(CloudEventHeaders.TIME, at.toString());
            headers.put(CloudEventHeaders.SUBJECT, key);
            headers.put(CloudEventHeaders.ACCOUNT, account);
            headers.put(CloudEventHeaders.REGION, "us-east-1");
            headers.put(CloudEventHeaders.EPOCH, Integer.toString(clock.epoch()));
            headers.put(CloudEventHeaders.AGGREGATE_VERSION, Long.toString(version));
            headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record);
        }
    }

    Instant now() {
        return clock.instant();
    }
}
