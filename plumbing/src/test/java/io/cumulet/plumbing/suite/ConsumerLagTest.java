package io.cumulet.plumbing.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.intake.ParkedRecords;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Consumers whose offsets can't be committed, because the group threw them out in the meantime. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ConsumerLagTest {

    @Inject
    Admin admin;

    @Inject
    Epochs epochs;

    @Inject
    StackClock clock;

    @Inject
    DataSource dataSource;

    @Inject
    Outbox outbox;

    @Inject
    AfterCommit afterCommit;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private final String group = "lag-" + UUID.randomUUID();
    private final Prices prices = new Prices(group);

    private static final class Prices implements EventConsumer {
        private final String name;
        final List<String> applied = new ArrayList<>();

        Prices(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<EventType> wants() {
            return Set.of(EventType.SPOT_PRICE_CHANGED);
        }

        @Override
        public void apply(List<IncomingEvent> events) {
            events.forEach(event -> applied.add(event.key()));
        }
    }

    /** A process of a service, as far as its reading goes. */
    private final class Process {
        final Intake intake = new Intake(
                clock,
                epochs,
                dataSource,
                new ParkedRecords(dataSource),
                outbox,
                afterCommit,
                new SimpleMeterRegistry(),
                new Traces(OpenTelemetry.noop(), true));
        final ConsumerLag lag;

        Process() {
            this(Topic.SPOT_PRICES.topicName());
        }

        Process(String topic) {
            lag = new ConsumerLag(
                    admin,
                    intake,
                    new SmallRyeConfigBuilder()
                            .withDefaultValues(Map.of(
                                    "quarkus.application.name",
                                    group,
                                    "mp.messaging.incoming.prices.connector",
                                    "smallrye-kafka",
                                    "mp.messaging.incoming.prices.topic",
                                    topic))
                            .build());
        }

        void applyUntilSeen(KafkaConsumer<String, byte[]> consumer, String key) {
            await().pollInSameThread().atMost(Duration.ofSeconds(30)).until(() -> {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    intake.process(records, prices);
                }
                return prices.applied.contains(key) && lag.total() == 0;
            });
        }
    }

    @Test
    void whatWasAppliedIsReadAlsoIfItsOffsetCouldNotBeCommittedAndIsNotAppliedAgainAfterATakeover() throws Exception {
        String key = group + "/price";
        QuarkusTransaction.requiringNew().run(() -> outbox.append(price(key)));
        Process first = new Process();
        Process second = new Process();
        try (KafkaConsumer<String, byte[]> consumer = subscribed()) {
            first.applyUntilSeen(consumer, key);
            throwOut();
            assertThatThrownBy(consumer::commitSync).isInstanceOf(CommitFailedException.class);
        }
        assertThat(admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .as("nothing is committed")
                .isEmpty();
        assertThat(first.lag.total()).as("unread by what this process knows").isZero();
        assertThat(second.lag.total()).as("another process can't know").isPositive();
        Processes service = new Processes(List.of(status(first), status(second)), true);
        assertThat(service.isQuiet()).as("but the service as a whole does").isTrue();

        try (KafkaConsumer<String, byte[]> consumer = subscribed()) {
            await().pollInSameThread().atMost(Duration.ofSeconds(30)).until(() -> {
                ConsumerRecords<String, byte[]> again = consumer.poll(Duration.ofMillis(200));
                if (!again.isEmpty()) {
                    second.intake.process(again, prices);
                }
                return second.lag.total() == 0;
            });
            consumer.commitSync();
        }
        assertThat(prices.applied).as("applied once, though read twice").containsOnlyOnce(key);
        assertThat(new Process().lag.total()).as("now everybody sees it").isZero();
    }

    /** As after a reset in the middle of a backlog: no consumer will ever commit behind what isn't there. */
    @Test
    void whatWasDeletedBeforeAnybodyReadItIsNotUnread() throws Exception {
        TopicPartition partition = new TopicPartition(group, 0);
        admin.createTopics(List.of(new NewTopic(group, 1, (short) 1))).all().get();
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(group, "key", new byte[0])).get();
            }
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(3)))
                    .all()
                    .get();
            Process process = new Process(group);
            assertThat(process.lag.total()).as("of ten records three are read").isEqualTo(7);

            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6)))
                    .all()
                    .get();
            assertThat(process.lag.total()).as("and three more deleted").isEqualTo(4);

            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(10)))
                    .all()
                    .get();
            assertThat(process.lag.total()).as("and then all").isZero();
        } finally {
            admin.deleteTopics(List.of(group)).all().get();
        }
    }

    private KafkaConsumer<String, byte[]> subscribed() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(Topic.SPOT_PRICES.topicName()));
        return consumer;
    }

    private void throwOut() throws Exception {
        admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
    }

    private static ServiceStatus status(Process process) throws Exception {
        Map<String, Long> unread = new HashMap<>();
        process.lag.byPartition().forEach((partition, records) -> {
            if (records > 0) {
                unread.put(partition.toString(), records);
            }
        });
        return new ServiceStatus("test", Instant.EPOCH, 1, 0, null, Map.of(), unread, 0);
    }

    private static NewEvent price(String key) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        return new NewEvent(
                EventType.SPOT_PRICE_CHANGED,
                key,
                AccountId.OPERATOR,
                Region.DEFAULT,
                1,
                at,
                null,
                new SpotPriceSnapshot("us-east-1a", "m4.large", "linux", 1, "0.0100", at));
    }
}
