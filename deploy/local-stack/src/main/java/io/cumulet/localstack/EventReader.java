package io.cumulet.localstack;

import io.cumulet.contract.CloudEventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the stack's topics with a plain Kafka consumer that is in no group: reading leaves no trace. */
public final class EventReader implements AutoCloseable {

    /** An event on its topic, as anyone with a Kafka client sees it. */
    public record Event(
            String topic, String type, String time, String account, String key, String json, long timestamp) {

        /** One line: the stack's time, type, key and body. */
        public String line() {
            return String.format(Locale.ROOT, "%-24s %-30s %s %s", time, type, key, json);
        }
    }

    /** What a topic holds. */
    public record TopicSize(int partitions, long records) {}

    private final KafkaConsumer<@Nullable String, byte @Nullable []> consumer;

    public EventReader(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "enable.auto.commit", "false",
                        "fetch.max.wait.ms", "50",
                        "default.api.timeout.ms", "15000"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Every topic but Kafka's own, by name. */
    public static SortedMap<String, TopicSize> topics(String bootstrapServers) {
        try (EventReader reader = new EventReader(bootstrapServers)) {
            SortedMap<String, TopicSize> topics = new TreeMap<>();
            reader.consumer.listTopics().forEach((name, partitions) -> {
                if (!name.startsWith("__")) {
                    topics.put(name, new TopicSize(partitions.size(), 0));
                }
            });
            Collection<TopicPartition> all = reader.partitions(topics.keySet());
            Map<TopicPartition, Long> beginnings = reader.consumer.beginningOffsets(all);
            reader.consumer
                    .endOffsets(all)
                    .forEach((partition, end) -> topics.computeIfPresent(
                            partition.topic(),
                            (name, size) -> new TopicSize(
                                    size.partitions(),
                                    size.records() + end - beginnings.getOrDefault(partition, end))));
            return topics;
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new StackFailure(
                    "Kafka does not answer at " + bootstrapServers
                            + ". Start the stack: ./cumulet up or docker compose up",
                    e);
        }
    }

    /** Whether a broker answers there. */
    public static boolean answers(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.describeCluster().clusterId().get(5, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            var found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new StackFailure("There is no topic " + topic + ". ./cumulet topics lists them.");
            }
            found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    /** Starts before the first record of each topic. */
    public void fromBeginning(Collection<String> topics) {
        consumer.assign(partitions(topics));
        consumer.seekToBeginning(consumer.assignment());
    }

    /** Starts after the last record of each topic: only what comes from now on is read. */
    public void fromNow(Collection<String> topics) {
        consumer.assign(partitions(topics));
        // Asking for the positions makes them fixed now and not at the first poll.
        consumer.endOffsets(consumer.assignment()).forEach(consumer::seek);
    }

    /** Starts so that each partition gives its last records, this many at most. */
    public void fromLast(Collection<String> topics, int count) {
        consumer.assign(partitions(topics));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(consumer.assignment());
        consumer.endOffsets(consumer.assignment())
                .forEach((partition, end) ->
                        consumer.seek(partition, Math.max(beginnings.getOrDefault(partition, 0L), end - count)));
    }

    /** What there is up to now, in the order it was written. */
    public List<Event> readToEnd() {
        List<Event> events = new ArrayList<>();
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(consumer.assignment()));
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(200)).forEach(record -> events.add(event(record)));
        }
        events.sort(Comparator.comparingLong(Event::timestamp));
        return events;
    }

    /** What has come since the last call; waits a moment for it. */
    public List<Event> next() {
        List<Event> events = new ArrayList<>();
        consumer.poll(Duration.ofMillis(100)).forEach(record -> events.add(event(record)));
        events.sort(Comparator.comparingLong(Event::timestamp));
        return events;
    }

    /** Hands on each event as it comes, until told to stop. */
    public void follow(Consumer<Event> onEvent, BooleanSupplier isOver) {
        while (!isOver.getAsBoolean()) {
            next().forEach(onEvent);
        }
    }

    private static Event event(ConsumerRecord<@Nullable String, byte @Nullable []> record) {
        byte[] value = record.value();
        String key = record.key();
        return new Event(
                record.topic(),
                header(record, CloudEventHeaders.TYPE),
                header(record, CloudEventHeaders.TIME),
                header(record, CloudEventHeaders.ACCOUNT),
                key == null ? "" : key,
                value == null ? "(deleted)" : new String(value, StandardCharsets.UTF_8),
                record.timestamp());
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "-" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
