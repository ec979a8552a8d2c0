package io.cumulet.plumbing.rebuild;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.intake.ParkedPlaces;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.suite.ConsumerLag;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Reads a topic from its beginning up to now, beside its consumer and without taking anything from it. */
@ApplicationScoped
class TopicReader {

    private static final Logger LOG = Logger.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final ConsumerLag lag;
    private final ParkedPlaces parked;
    private final StackClock clock;

    TopicReader(KafkaClients clients, ConsumerLag lag, ParkedPlaces parked, StackClock clock) {
        this.clients = clients;
        this.lag = lag;
        this.parked = parked;
        this.clock = clock;
    }

    /** Hears batches of one partition each. */
    interface Reader {
        void take(List<IncomingEvent> events, boolean taken);
    }

    /**
     * Reads everything up to now. Records that wait as dead letters are left out, and so is what waits behind them.
     *
     * @return how many events were read
     */
    long read(String topic, EventConsumer eventConsumer, Reader reader)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> takenUntil = lag.applied(topic);
        Map<ParkedPlaces.Place, Long> waiting = parked.of(eventConsumer.name(), topic);
        long events = 0;
        try (Consumer<String, byte[]> consumer = clients.lonelyConsumer()) {
            for (Map.Entry<TopicPartition, Long> partition : takenUntil.entrySet()) {
                events += read(consumer, partition.getKey(), partition.getValue(), waiting, eventConsumer, reader);
            }
        }
        return events;
    }

    private long read(
            Consumer<String, byte[]> consumer,
            TopicPartition partition,
            long takenUntil,
            Map<ParkedPlaces.Place, Long> waiting,
            EventConsumer eventConsumer,
            Reader reader) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long count = 0;
        while (consumer.position(partition) < end) {
            List<IncomingEvent> taken = new ArrayList<>();
            List<IncomingEvent> others = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                String key = record.key() == null ? "" : record.key();
                long waitsFrom =
                        waiting.getOrDefault(new ParkedPlaces.Place(partition.partition(), key), Long.MAX_VALUE);
                if (record.offset() < waitsFrom) {
                    event(record, eventConsumer).ifPresent((record.offset() < takenUntil ? taken : others)::add);
                }
            }
            if (!taken.isEmpty()) {
                reader.take(taken, true);
            }
            if (!others.isEmpty()) {
                reader.take(others, false);
            }
            count += taken.size() + others.size();
        }
        return count;
    }

    /** Empty for what the consumer would skip, and for what nobody could read: that was parked once, and given up. */
    private Optional<IncomingEvent> event(ConsumerRecord<String, byte[]> record, EventConsumer consumer) {
        String epoch = EventHeaders.text(record.headers(), CloudEventHeaders.EPOCH);
        String typeName = EventHeaders.text(record.headers(), CloudEventHeaders.TYPE);
        if (epoch == null || typeName == null) {
            return Optional.empty();
        }
        try {
            Optional<EventType> type = EventType.ofName(typeName).filter(consumer.wants()::contains);
            return type.isPresent()
                            && Integer.parseInt(epoch) == clock.epoch()
                            && consumer.wantsHeaders(record.headers())
                    ? Optional.of(Intake.event(record, type.get()))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warnf("A rebuild can't read %s-%d@%d: %s", record.topic(), record.partition(), record.offset(), e);
            return Optional.empty();
        }
    }
}
