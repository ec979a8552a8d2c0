package io.cumulet.billing;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.kernel.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** What the tests say to the service over Kafka, in the words of the instance service and the spot market. */
final class ServiceFixture {

    private ServiceFixture() {}

    /** A record with all headers of an event, as it will be sent, once or more often. */
    static ProducerRecord<String, byte[]> event(
            EventType type,
            String key,
            String account,
            String region,
            long version,
            Instant at,
            int epoch,
            Object data) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(type.topic().topicName(), key, ContractJson.write(data));
        Map.of(
                        CloudEventHeaders.SPEC_VERSION,
                        "1.0",
                        CloudEventHeaders.ID,
                        UUID.randomUUID().toString(),
                        CloudEventHeaders.SOURCE,
                        "/test",
                        CloudEventHeaders.TYPE,
                        type.typeName(),
                        CloudEventHeaders.TIME,
                        at.toString(),
                        CloudEventHeaders.SUBJECT,
                        key,
                        CloudEventHeaders.ACCOUNT,
                        account,
                        CloudEventHeaders.REGION,
                        region,
                        CloudEventHeaders.EPOCH,
                        Integer.toString(epoch),
                        CloudEventHeaders.AGGREGATE_VERSION,
                        Long.toString(version))
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    static ProducerRecord<String, byte[]> spotPrice(
            String zone, String type, String os, long version, String price, Instant at, int epoch) {
        return event(
                EventType.SPOT_PRICE_CHANGED,
                zone + "/" + type + "/" + os,
                "000000000000",
                zone.substring(0, zone.length() - 1),
                version,
                at,
                epoch,
                new SpotPriceSnapshot(zone, type, os, version, price, at));
    }

    static void send(Producer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(record -> sent.add(producer.send(record)));
        try {
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All records of a topic. */
    static List<ConsumerRecord<String, byte[]>> records(String brokers, String topic) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.GROUP_ID_CONFIG,
                UUID.randomUUID().toString());
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** An instance and the events of its life, numbered as they are told. */
    static final class Life {
        final String id = ResourceKind.INSTANCE.newId();
        final List<ProducerRecord<String, byte[]>> events = new ArrayList<>();
        private final String account;
        private final String zone;
        private final String type;
        private final String os;
        private final String market;
        private final int epoch;
        private long version;
        private Map<String, String> tags = Map.of();
        private @Nullable String scheduledInstanceId;

        Life(String account, String zone, String type, String os, String market, int epoch) {
            this.account = account;
            this.zone = zone;
            this.type = type;
            this.os = os;
            this.market = market;
            this.epoch = epoch;
        }

        Life then(EventType event, String state, Instant at) {
            version++;
            events.add(event(event, id, account, region(), version, at, epoch, snapshot(state, at)));
            return this;
        }

        /** What it is tagged with from its next event on. */
        Life tagged(Map<String, String> tags) {
            this.tags = tags;
            return this;
        }

        /** Which Scheduled Instances it is launched into. */
        Life scheduled(String id) {
            scheduledInstanceId = id;
            return this;
        }

        /** Requested and launched at once. */
        Life launched(Instant at) {
            return then(EventType.INSTANCE_REQUESTED, "pending", at).then(EventType.INSTANCE_LAUNCHED, "running", at);
        }

        Life terminated(Instant at) {
            return then(EventType.INSTANCE_TERMINATING, "shutting-down", at)
                    .then(EventType.INSTANCE_TERMINATED, "terminated", at);
        }

        Life interrupted(Instant at) {
            return then(EventType.INSTANCE_INTERRUPTED, "shutting-down", at).terminated(at);
        }

        private String region() {
            return zone.substring(0, zone.length() - 1);
        }

        private InstanceSnapshot snapshot(String state, Instant at) {
            boolean spot = market.equals("spot");
            return new InstanceSnapshot(
                    id,
                    account,
                    region(),
                    zone,
                    version,
                    state,
                    at,
                    "r-0123456789abcdef0",
                    "ami-0123456789abcdef0",
                    type,
                    os,
                    "default",
                    market,
                    spot ? "0.1" : null,
                    spot ? "sir-0123456789abcdef0" : null,
                    spot ? "terminate" : null,
                    null,
                    null,
                    "vpc-0123456789abcdef0",
                    "subnet-0123456789abcdef0",
                    null,
                    null,
                    List.of(),
                    tags,
                    at,
                    null,
                    scheduledInstanceId,
                    null,
                    null,
                    null);
        }
    }
}
