package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.plumbing.suite.StatusReport;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class OutboxRelayTest {

    @Inject
    Outbox outbox;

    @Inject
    KafkaClients kafka;

    @Inject
    StatusReport report;

    @Test
    void eventsOfManyWritersArriveOnceEachAndInOrderForEachKey() throws Exception {
        String run = UUID.randomUUID().toString();
        int writers = 8;
        int eventsEach = 100;
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String key = run + "/" + writer;
                done.add(pool.submit(() -> {
                    for (int version = 1; version <= eventsEach; version++) {
                        NewEvent event = price(key, version);
                        QuarkusTransaction.requiringNew().run(() -> outbox.append(event));
                    }
                }));
            }
            for (Future<?> future : done) {
                future.get();
            }
        }
        Map<String, List<Long>> versions = readVersions(run, writers * eventsEach);
        assertThat(versions).hasSize(writers);
        versions.forEach((key, read) -> assertThat(read).as(key).isSorted().hasSize(eventsEach));
        await().atMost(Duration.ofSeconds(5)).until(() -> report.unsent() == 0);
    }

    @Test
    void moreEventsThanOneStatementTakesKeepTheirOrderAndTheirText() throws Exception {
        String key = UUID.randomUUID() + " {a,\"b\",\\c,NULL,'é€'}";
        List<NewEvent> events = new ArrayList<>();
        for (int version = 1; version <= 2_500; version++) {
            events.add(price(key, version));
        }
        QuarkusTransaction.requiringNew().run(() -> outbox.append(events));
        List<Long> read = readVersions(key, 2_500).get(key);
        assertThat(read).isEqualTo(events.stream().map(NewEvent::version).toList());
    }

    @Test
    void anEventOfARolledBackTransactionIsNeverSent() throws Exception {
        String run = UUID.randomUUID().toString();
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    outbox.append(price(run + "/lost", 1));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        QuarkusTransaction.requiringNew().run(() -> outbox.append(price(run + "/kept", 1)));
        assertThat(readVersions(run, 1)).containsOnlyKeys(run + "/kept");
    }

    @Test
    void anEventOutsideATransactionIsRefused() {
        assertThatThrownBy(() -> outbox.append(price("nowhere", 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecordIsACloudEventInBinaryMode() {
        String key = UUID.randomUUID().toString();
        QuarkusTransaction.requiringNew().run(() -> outbox.append(price(key, 7)));
        ConsumerRecord<String, byte[]> record = read(key, 1).getFirst();
        assertThat(EventHeaders.text(record.headers(), CloudEventHeaders.SPEC_VERSION))
                .isEqualTo("1.0");
        assertThat(EventHeaders.text(record.headers(), CloudEventHeaders.TYPE)).isEqualTo("spot.price-changed");
        assertThat(EventHeaders.text(record.headers(), CloudEventHeaders.SUBJECT))
                .isEqualTo(key);
        assertThat(EventHeaders.text(record.headers(), CloudEventHeaders.AGGREGATE_VERSION))
                .isEqualTo("7");
        assertThat(EventHeaders.text(record.headers(), CloudEventHeaders.TIME)).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(new String(record.value(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"price\":\"0.0100\"");
    }

    private static NewEvent price(String key, long version) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        return new NewEvent(
                EventType.SPOT_PRICE_CHANGED,
                key,
                AccountId.OPERATOR,
                Region.DEFAULT,
                version,
                at,
                null,
                new SpotPriceSnapshot("us-east-1a", "m4.large", "linux", version, "0.0100", at));
    }

    private Map<String, List<Long>> readVersions(String keyPrefix, int expected) {
        Map<String, List<Long>> versions = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : read(keyPrefix, expected)) {
            String version = EventHeaders.text(record.headers(), CloudEventHeaders.AGGREGATE_VERSION);
            versions.computeIfAbsent(record.key(), unused -> new ArrayList<>()).add(Long.valueOf(version));
        }
        return versions;
    }

    private List<ConsumerRecord<String, byte[]>> read(String keyPrefix, int expected) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < Topic.SPOT_PRICES.partitions(); i++) {
                partitions.add(new TopicPartition(Topic.SPOT_PRICES.topicName(), i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.key().startsWith(keyPrefix)) {
                        found.add(record);
                    }
                });
                return found.size() >= expected;
            });
        }
        return found;
    }
}
