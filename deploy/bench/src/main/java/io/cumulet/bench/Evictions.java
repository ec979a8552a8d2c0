package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Many spot instances of one pool taken back at once: their pool's floor rises above all bids. Measures how long it takes until
 * all are warned on the topic, and from the end of the notice until all are said to be interrupted.
 */
final class Evictions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String POOL = "us-east-1a/t2.micro/linux";
    private static final String BID = "0.0050";
    private static final String FLOOR = "0.0060";

    private final Rest rest;
    private final Stack stack;
    private final Launches launches;
    private final String bootstrapServers;

    private final Processes processes;

    Evictions(Rest rest, Stack stack, Launches launches, String bootstrapServers, Processes processes) {
        this.processes = processes;
        this.rest = rest;
        this.stack = stack;
        this.launches = launches;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Times in milliseconds.
     *
     * @param warned from the call that raised the floor until Kafka had the last warning
     * @param actedOn from the moment they were due until Kafka had the last {@code instance.interrupted}
     * @param before what processes had used by the time the floor was raised
     * @param noticed the same once all had taken in the warnings
     * @param due the same when the notice was over
     */
    record Took(
            long warned,
            long actedOn,
            Map<String, Double> before,
            Map<String, Double> noticed,
            Map<String, Double> due) {}

    /** @param count instances, launched by hundreds */
    Took measure(int count) throws IOException, InterruptedException, TimeoutException {
        price("{\"policy\": \"auction\"}");
        for (int launched = 0; launched < count; launched += 100) {
            launches.severalSpot(100, "us-east-1a", BID);
        }
        stack.drain();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            follow(consumer, "spot.interruptions", "instances.lifecycle");
            Map<String, Double> before = processes.cpuMillis();
            long raised = System.currentTimeMillis();
            price("{\"policy\": \"auction\", \"floor\": \"" + FLOOR + "\"}");
            List<ConsumerRecord<String, byte[]>> warnings = await(consumer, "spot.interruption-warned", count);
            Instant due =
                    Instant.parse(data(warnings.getLast()).path("actionAt").asText());
            stack.drain();
            Map<String, Double> noticed = processes.cpuMillis();
            TimeUnit.MILLISECONDS.sleep(Math.max(0, due.toEpochMilli() - System.currentTimeMillis()));
            Map<String, Double> atTheEnd = processes.cpuMillis();
            List<ConsumerRecord<String, byte[]>> interrupted = await(consumer, "instance.interrupted", count);
            price("{\"policy\": \"auction\"}");
            return new Took(
                    latest(warnings) - raised, latest(interrupted) - due.toEpochMilli(), before, noticed, atTheEnd);
        }
    }

    private void price(String pricing) throws IOException, InterruptedException {
        Rest.Answer answer = rest.put(stack.spotMarket("/v1/spot-pools/" + POOL), "operator", pricing);
        if (answer.status() != 200) {
            throw new IOException("The pool can't be priced: " + answer.text());
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static void follow(KafkaConsumer<String, byte[]> consumer, String... topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    private static List<ConsumerRecord<String, byte[]>> await(
            KafkaConsumer<String, byte[]> consumer, String type, int count) throws TimeoutException {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (found.size() < count) {
            if (System.nanoTime() > limit) {
                throw new TimeoutException(found.size() + " of " + count + " " + type + " after " + PATIENCE);
            }
            for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofMillis(100))) {
                Header name = event.headers().lastHeader("ce_type");
                if (name != null && new String(name.value(), StandardCharsets.UTF_8).equals(type)) {
                    found.add(event);
                }
            }
        }
        return found;
    }

    /** When Kafka had the last of them. */
    private static long latest(List<ConsumerRecord<String, byte[]>> events) {
        return events.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
    }

    private static JsonNode data(ConsumerRecord<String, byte[]> event) throws IOException {
        return JSON.readTree(event.value());
    }
}
