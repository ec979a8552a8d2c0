package io.cumulet.endpoint;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.endpoint.access.Signer;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The running service without the ones it calls, and an account of its own for each test. */
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "endpoint"))
abstract class EndpointStack {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(300);
    private static final RestAssuredConfig AS_IT_IS = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/x-www-form-urlencoded", io.restassured.http.ContentType.TEXT));

    @Inject
    StackClock clock;

    @Inject
    KafkaClients kafka;

    @TestHTTPResource("/")
    URI endpoint;

    final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    record Published(String type, long version, byte[] body) {}

    /** What the account's audit tells, once there is that much. */
    List<Published> audited(int atLeast) {
        List<Published> read = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            read.clear();
            read.addAll(auditedNow());
            return read.size() >= atLeast;
        });
        return read;
    }

    List<Published> auditedNow() {
        List<Published> read = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.ACCESS_AUDIT.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(account)) {
                        read.add(new Published(
                                Objects.requireNonNull(EventHeaders.text(record.headers(), CloudEventHeaders.TYPE)),
                                Long.parseLong(Objects.requireNonNull(
                                        EventHeaders.text(record.headers(), CloudEventHeaders.AGGREGATE_VERSION))),
                                record.value()));
                    }
                }
            }
        }
        return read;
    }

    RequestSpecification as(String who) {
        return given().header("Authorization", "Bearer " + who).contentType("application/json");
    }

    /** A key of this test's account. */
    Signer key(String body) {
        ValidatableResponse made =
                as(account).body(body).post("/v1/access-keys").then().statusCode(201);
        return new Signer(made.extract().path("accessKeyId"), made.extract().path("secretAccessKey"));
    }

    /** Signed by the machine's clock. */
    ValidatableResponse call(Signer signer, String service, String form) {
        String host = endpoint.getHost() + ":" + endpoint.getPort();
        return post(signer.headers(service, host, form, clock.realInstant()), form);
    }

    ValidatableResponse post(Map<String, String> headers, String form) {
        return given().config(AS_IT_IS)
                .headers(headers)
                .contentType("application/x-www-form-urlencoded")
                .body(form)
                .post("/")
                .then();
    }

    static String code(ValidatableResponse answer) {
        String body = answer.extract().asString();
        int start = body.indexOf("<Code>");
        return start < 0 ? "none" : body.substring(start + "<Code>".length(), body.indexOf("</Code>"));
    }
}
