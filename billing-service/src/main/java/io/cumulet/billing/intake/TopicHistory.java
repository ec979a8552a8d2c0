package io.cumulet.billing.intake;

import io.cumulet.billing.app.History;
import io.cumulet.billing.app.SpotPrice;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.outbox.EventHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the topics billing listens to from their beginning. */
@ApplicationScoped
public class TopicHistory implements History {

    private static final Duration POLL = Duration.ofMillis(500);

    private final StackClock clock;
    private final String brokers;
    private final String meteringGroup;

    public TopicHistory(
            StackClock clock,
            @ConfigProperty(name = "kafka.bootstrap.servers") String brokers,
            @ConfigProperty(name = "mp.messaging.incoming.lifecycle.group.id") String meteringGroup) {
        this.clock = clock;
        this.brokers = brokers;
        this.meteringGroup = meteringGroup;
    }

    @Override
    public void tell(Reader reader) {
        // In metering's group to see how far it is; it never subscribes nor commits, so it takes nothing from it.
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.GROUP_ID_CONFIG,
                meteringGroup,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                2_000);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            for (TopicPartition partition : partitions(consumer, Topic.SPOT_PRICES)) {
                Events<SpotPrice> prices = new Events<>(Set.of(EventType.SPOT_PRICE_CHANGED), SpotPriceIntake::price);
                read(consumer, partition, Long.MAX_VALUE, (records, taken) -> reader.spotPrices(prices.of(records)));
            }
            for (TopicPartition partition : partitions(consumer, Topic.INSTANCES_LIFECYCLE)) {
                Events<Fact> facts = new Events<>(LifecycleIntake.KINDS.keySet(), LifecycleIntake::fact);
                OffsetAndMetadata committed =
                        consumer.committed(Set.of(partition)).get(partition);
                read(
                        consumer,
                        partition,
                        committed == null ? 0 : committed.offset(),
                        (records, taken) -> reader.facts(facts.of(records), taken));
            }
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private interface BatchReader {
        void read(List<ConsumerRecord<String, byte[]>> records, boolean taken);
    }

    /** @param takenUntil the offset up to which records were taken in for certain */
    private static void read(
            KafkaConsumer<String, byte[]> consumer, TopicPartition partition, long takenUntil, BatchReader reader) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
            List<ConsumerRecord<String, byte[]>> taken = new ArrayList<>();
            List<ConsumerRecord<String, byte[]>> others = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                (record.offset() < takenUntil ? taken : others).add(record);
            }
            if (!taken.isEmpty()) {
                reader.read(taken, true);
            }
            if (!others.isEmpty()) {
                reader.read(others, false);
            }
        }
    }

    /** Records as values. One that can't be read stays parked, and so does what follows for its key. */
    private final class Events<T> {

        private final Set<EventType> wanted;
        private final Function<IncomingEvent, T> translate;
        private final Set<String> parkedKeys = new HashSet<>();

        Events(Set<EventType> wanted, Function<IncomingEvent, T> translate) {
            this.wanted = wanted;
            this.translate = translate;
        }

        List<T> of(List<ConsumerRecord<String, byte[]>> records) {
            List<T> values = new ArrayList<>(records.size());
            for (ConsumerRecord<String, byte[]> record : records) {
                String key = record.key() == null ? "" : record.key();
                if (!parkedKeys.contains(key)) {
                    try {
                        event(record).map(translate).ifPresent(values::add);
                    } catch (IOException | RuntimeException e) {
                        parkedKeys.add(key);
                    }
                }
            }
            return values;
        }

        private Optional<IncomingEvent> event(ConsumerRecord<String, byte[]> record) throws IOException {
            String epoch = EventHeaders.text(record.headers(), CloudEventHeaders.EPOCH);
            String typeName = EventHeaders.text(record.headers(), CloudEventHeaders.TYPE);
            if (epoch == null || typeName == null) {
                throw new IOException("Not an event");
            }
            Optional<EventType> type = EventType.ofName(typeName).filter(wanted::contains);
            return type.isPresent() && Integer.parseInt(epoch) == clock.epoch()
                    ? Optional.of(Intake.event(record, type.get()))
                    : Optional.empty();
        }
    }
}
