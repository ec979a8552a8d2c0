package io.cumulet.firewall;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The running service, and an account of its own for each test, so that none sees another's groups. */
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "firewall"))
@WithTestResource(value = InstancesPort.class, scope = TestResourceScope.GLOBAL)
abstract class FirewallStack {

    static final String HTTP_FROM_ANYWHERE =
            "{\"protocol\": \"tcp\", \"fromPort\": 80, \"toPort\": 80, \"peer\": {\"cidr\": \"0.0.0.0/0\"}}";

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(200);

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    KafkaClients kafka;

    @Inject
    ConsumerLag lag;

    /** The instance service, as far as the firewall asks it. */
    @Inject
    InstancesStub instances;

    final String account = anAccount();

    final String defaultGroup = DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT);

    static String anAccount() {
        return "%012d".formatted(ACCOUNTS.incrementAndGet());
    }

    record Published(String type, long version, byte[] body) {}

    /** What was published about a group, once there is that much. */
    List<Published> published(String groupId, int atLeast) {
        return published(Topic.FIREWALL_GROUPS, groupId, atLeast);
    }

    List<Published> published(Topic topic, String key, int atLeast) {
        List<Published> read = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            read.clear();
            read.addAll(publishedNow(topic, key));
            return read.size() >= atLeast;
        });
        return read;
    }

    List<Published> publishedNow(Topic topic, String key) {
        List<Published> read = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(key)) {
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

    ProducerRecord<String, byte[]> event(
            EventType type, String instanceId, long version, String state, String address, String... groupIds) {
        return InstanceStories.event(
                type, instanceId, version, account, state, address, List.of(groupIds), clock.epoch());
    }

    @SafeVarargs
    final void tell(ProducerRecord<String, byte[]>... records) {
        tell(List.of(records));
    }

    /** Sends events and waits until the firewall has taken all of them in. */
    void tell(List<ProducerRecord<String, byte[]>> records) {
        try {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> lag.total() == 0);
    }

    String group(String name) {
        return create("{\"name\": \"" + name + "\", \"description\": \"a group\"}")
                .statusCode(201)
                .extract()
                .path("groupId");
    }

    RequestSpecification as(String who) {
        return given().header("Authorization", "Bearer " + who).contentType("application/json");
    }

    ValidatableResponse create(String body) {
        return as(account).body(body).post("/v1/security-groups").then();
    }

    ValidatableResponse authorize(String groupId, String direction, String body) {
        return as(account)
                .body(body)
                .post("/v1/security-groups/" + groupId + "/" + direction + "-rules")
                .then();
    }

    ValidatableResponse get(String path) {
        return as(account).get(path).then();
    }

    ValidatableResponse delete(String path) {
        return as(account).delete(path).then();
    }

    static ValidatableResponse problem(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status));
    }

    static <T> List<T> atOnce(int times, java.util.concurrent.Callable<T> call) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(times)) {
            List<T> results = new ArrayList<>();
            for (Future<T> done :
                    pool.invokeAll(IntStream.range(0, times).mapToObj(i -> call).toList())) {
                results.add(done.get());
            }
            return results;
        }
    }

    ValidatableResponse put(String path, String body) {
        return as(account).body(body).put(path).then();
    }

    ValidatableResponse post(String path, String body) {
        return as(account).body(body).post(path).then();
    }

    ValidatableResponse patch(String path, String body) {
        return as(account).body(body).patch(path).then();
    }
}
