package io.cumulet.spotmarket;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What tests do to the market from outside: REST calls, reading its topics, playing the instance service. */
@Singleton
public class MarketStack {

    static final String LINUX = "ami-08bc385c9fc5afc94";

    @Inject
    StackClock clock;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    KafkaClients kafka;

    static String newAccount() {
        return String.format("%012d", ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L));
    }

    static RequestSpecification as(String bearer) {
        return given().header("Authorization", "Bearer " + bearer).contentType("application/json");
    }

    static Map<String, Object> bid(Pool pool, String maxPrice, Object... more) {
        Map<String, Object> body = new HashMap<>();
        body.put("imageId", LINUX);
        body.put("instanceType", pool.type());
        body.put("availabilityZone", pool.zone());
        body.put("maxPrice", maxPrice);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    /** Asks for spot instances and answers the first request's id. */
    static String request(String account, Map<String, Object> body) {
        return as(account)
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(201)
                .extract()
                .path("spotRequests[0].spotRequestId");
    }

    static ValidatableResponse show(String account, String requestId) {
        return as(account).get("/v1/spot-requests/{id}", requestId).then().statusCode(200);
    }

    static String status(String account, String requestId) {
        ValidatableResponse shown = show(account, requestId);
        return shown.extract().path("state") + "/" + shown.extract().path("statusCode");
    }

    /** A pool that no other test uses, and what the instance service says of its hosts. */
    static final class Pool {
        /** The test class of each zone and family: two that shared one would depend on their order. */
        private static final Map<String, String> TESTS = new ConcurrentHashMap<>();

        private final String zone;
        private final String type;
        private long version;

        Pool(String zone, String type) {
            this.zone = zone;
            this.type = type;
            String test = StackWalker.getInstance()
                    .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                            .map(name -> name.replaceFirst("\\$.*", ""))
                            .filter(name -> !name.equals(MarketStack.class.getName()))
                            .findFirst()
                            .orElseThrow());
            String other = TESTS.putIfAbsent(zone + "/" + type.substring(0, type.indexOf('.')), test);
            assertThat(other).as("the test that has the room of %s", key()).isIn(null, test);
        }

        String zone() {
            return zone;
        }

        String type() {
            return type;
        }

        String key() {
            return zone + "/" + type + "/linux";
        }
    }

    /** Waits until everything said so far has been heard and answered. */
    void quiet() {
        coordinator.freeze();
    }

    void capacity(Pool pool, int fits, int spotUnits) {
        capacityToTell(pool, fits, spotUnits).run();
    }

    /** What the instance service finds now; how long it takes to arrive is up to the caller. */
    Runnable capacityToTell(Pool pool, int fits, int spotUnits) {
        long version = ++pool.version;
        String family = pool.type().substring(0, pool.type().indexOf('.'));
        String eventId = UUID.randomUUID().toString();
        CapacitySnapshot snapshot = new CapacitySnapshot(
                pool.zone(),
                family,
                version,
                clock.instant(),
                Map.of(pool.type(), fits),
                spotUnits == 0 ? Map.of() : Map.of(pool.type() + "/linux", spotUnits),
                Map.of());
        return () -> tell(
                eventId,
                EventType.CAPACITY_CHANGED,
                pool.zone() + "/" + family,
                "000000000000",
                version,
                null,
                snapshot);
    }

    /** A spot instance as the instance service knows it. */
    final class Instance {
        final String id = ResourceKind.INSTANCE.newId();
        final String requestId;
        final String account;
        final Pool pool;
        final String maxPrice;
        final List<Runnable> said = new ArrayList<>();
        private String behavior = "terminate";
        private InstanceSnapshot.Relaunch launchedAnew;
        private Map<String, String> requestTags;
        private long version;

        Instance(String account, Pool pool, String maxPrice, String requestId) {
            this.account = account;
            this.pool = pool;
            this.maxPrice = maxPrice;
            this.requestId = requestId == null ? ResourceKind.SPOT_REQUEST.derivedId(id) : requestId;
        }

        Instance with(String interruptionBehavior) {
            behavior = interruptionBehavior;
            return this;
        }

        /** Its launch made a persistent request. */
        Instance launchedAnew(InstanceSnapshot.Relaunch with) {
            launchedAnew = with;
            return this;
        }

        /** Its launch gave its request tags. */
        Instance requestTagged(Map<String, String> tags) {
            requestTags = tags;
            return this;
        }

        String behavior() {
            return behavior;
        }

        Instance isStoppedByTheMarket() {
            return tells(EventType.INSTANCE_INTERRUPTED, "stopping", "Server.SpotInstanceTermination")
                    .tells(EventType.INSTANCE_STOPPING, "stopping", "Server.SpotInstanceTermination")
                    .tells(EventType.INSTANCE_STOPPED, "stopped", "Server.SpotInstanceTermination");
        }

        Instance isStoppedByItsOwner() {
            return tells(EventType.INSTANCE_STOPPING, "stopping", "Client.UserInitiatedShutdown")
                    .tells(EventType.INSTANCE_STOPPED, "stopped", "Client.UserInitiatedShutdown");
        }

        /** It was to be started again, and there was no room. */
        Instance findsNoRoom() {
            return tells(EventType.INSTANCE_STOPPED, "stopped", "Server.InsufficientInstanceCapacity");
        }

        Instance startsAgain() {
            return tells(EventType.INSTANCE_REQUESTED, "pending", null)
                    .tells(EventType.INSTANCE_STARTED, "running", null);
        }

        Instance runs() {
            return tells(EventType.INSTANCE_REQUESTED, "pending", null)
                    .tells(EventType.INSTANCE_LAUNCHED, "running", null);
        }

        Instance isTakenBack() {
            return tells(EventType.INSTANCE_INTERRUPTED, "shutting-down", "Server.SpotInstanceTermination")
                    .tells(EventType.INSTANCE_TERMINATING, "shutting-down", "Server.SpotInstanceTermination")
                    .tells(EventType.INSTANCE_TERMINATED, "terminated", "Server.SpotInstanceTermination");
        }

        Instance isTerminatedByItsOwner() {
            return tells(EventType.INSTANCE_TERMINATING, "shutting-down", "Client.UserInitiatedShutdown")
                    .tells(EventType.INSTANCE_TERMINATED, "terminated", "Client.UserInitiatedShutdown");
        }

        Instance tells(EventType type, String state, String reason) {
            version++;
            Instant now = clock.instant();
            String eventId = UUID.randomUUID().toString();
            long eventVersion = version;
            InstanceSnapshot snapshot = new InstanceSnapshot(
                    id,
                    account,
                    "us-east-1",
                    pool.zone(),
                    version,
                    state,
                    now,
                    "r-00000000000000001",
                    LINUX,
                    pool.type(),
                    "linux",
                    "default",
                    "spot",
                    maxPrice,
                    requestId,
                    behavior,
                    null,
                    null,
                    "vpc-00000000000000001",
                    "subnet-00000000000000001",
                    null,
                    null,
                    List.of(),
                    Map.of(),
                    now,
                    reason == null ? null : new InstanceSnapshot.StateReason(reason, reason),
                    null,
                    null,
                    version == 1 ? launchedAnew : null,
                    version == 1 ? requestTags : null);
            Runnable saying = () -> tell(eventId, type, id, account, eventVersion, "spot", snapshot);
            said.add(saying);
            saying.run();
            return this;
        }

        /** Kafka delivers everything once more. */
        void saysItAllAgain() {
            List.copyOf(said).forEach(Runnable::run);
        }
    }

    /** An On-Demand Instance of a fleet is terminated by its owner. */
    void isTerminated(String account, String fleetId, String instanceId, String type) {
        InstanceSnapshot snapshot = new InstanceSnapshot(
                instanceId,
                account,
                "us-east-1",
                "us-east-1a",
                4,
                "terminated",
                clock.instant(),
                "r-00000000000000001",
                LINUX,
                type,
                "linux",
                "default",
                "on-demand",
                null,
                null,
                null,
                null,
                null,
                "vpc-00000000000000001",
                "subnet-00000000000000001",
                null,
                null,
                List.of(),
                Map.of(InstanceSnapshot.FLEET_TAG, fleetId),
                clock.instant(),
                null,
                null,
                null,
                null,
                null);
        tell(
                UUID.randomUUID().toString(),
                EventType.INSTANCE_TERMINATED,
                instanceId,
                account,
                4,
                "on-demand",
                snapshot);
    }

    private void tell(
            String eventId, EventType type, String key, String account, long version, String market, Record data) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(type.topic().topicName(), key, ContractJson.write(data));
        Map<String, String> headers = new HashMap<>();
        headers.put(CloudEventHeaders.SPEC_VERSION, "1.0");
        headers.put(CloudEventHeaders.ID, eventId);
        headers.put(CloudEventHeaders.SOURCE, "/instance-service");
        headers.put(CloudEventHeaders.TYPE, type.typeName());
        headers.put(CloudEventHeaders.TIME, clock.instant().toString());
        headers.put(CloudEventHeaders.SUBJECT, key);
        headers.put(CloudEventHeaders.ACCOUNT, account);
        headers.put(CloudEventHeaders.REGION, "us-east-1");
        headers.put(CloudEventHeaders.EPOCH, Integer.toString(clock.epoch()));
        headers.put(CloudEventHeaders.AGGREGATE_VERSION, Long.toString(version));
        if (market != null) {
            headers.put(CloudEventHeaders.MARKET, market);
        }
        if (data instanceof InstanceSnapshot instance && instance.tags().containsKey(InstanceSnapshot.FLEET_TAG)) {
            headers.put(CloudEventHeaders.FLEET, instance.tags().get(InstanceSnapshot.FLEET_TAG));
        }
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
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

    /** Reads on where it stopped, from now on. */
    final class Reader implements AutoCloseable {
        private final Consumer<String, byte[]> consumer = kafka.lonelyConsumer();
        private final List<TopicPartition> partitions = new ArrayList<>();

        Reader(Topic... topics) {
            for (Topic topic : topics) {
                consumer.partitionsFor(topic.topicName())
                        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        }

        /** What came since the last time, in order for each key. */
        List<Told> news() {
            List<Told> news = new ArrayList<>();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> news.add(told(record)));
            }
            return news;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private static Told told(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new Told(
                headers.get(CloudEventHeaders.TYPE),
                record.key(),
                Long.parseLong(headers.get(CloudEventHeaders.AGGREGATE_VERSION)),
                headers,
                record.value());
    }

    /** All that a topic holds of a key, in order; of all keys if none is given. */
    List<Told> told(Topic topic, String key) {
        List<Told> told = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (key == null || key.equals(record.key())) {
                        told.add(told(record));
                    }
                }
            }
        }
        return told;
    }

    List<String> types(Topic topic, String key) {
        return told(topic, key).stream().map(Told::type).toList();
    }
}
