package io.cumulet.plumbing.trace;

import io.cumulet.contract.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** Reads records of spot prices from Kafka by their keys. */
final class PriceTopic {

    private final String bootstrapServers;

    PriceTopic(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The first record of each of these keys as one batch; waits until they are there. */
    ConsumerRecords<String, byte[]> batch(String... keys) {
        Map<String, ConsumerRecord<String, byte[]>> found = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.SPOT_PRICES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (List.of(keys).contains(record.key())) {
                        found.putIfAbsent(record.key(), record);
                    }
                }
                return found.size() == keys.length;
            });
        }
        Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> byPartition = new HashMap<>();
        found.values()
                .forEach(record -> byPartition
                        .computeIfAbsent(
                                new TopicPartition(record.topic(), record.partition()), any -> new ArrayList<>())
                        .add(record));
        return new ConsumerRecords<>(byPartition, Map.of());
    }
}
