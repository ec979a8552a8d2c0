package io.cumulet.plumbing;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Records of spot prices, as a consumer would get them, each at an offset of its own. */
final class PriceRecords {

    private static final TopicPartition PARTITION = new TopicPartition(Topic.SPOT_PRICES.topicName(), 0);
    private static final AtomicLong OFFSET = new AtomicLong(System.nanoTime());

    private PriceRecords() {}

    static ConsumerRecord<String, byte[]> record(String key, String price, int epoch) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        return record(
                key,
                epoch,
                new String(
                        ContractJson.write(new SpotPriceSnapshot("us-east-1a", "m4.large", "linux", 1, price, at)),
                        StandardCharsets.UTF_8));
    }

    static ConsumerRecord<String, byte[]> unreadable(String key, int epoch) {
        return record(key, epoch, "not json");
    }

    private static ConsumerRecord<String, byte[]> record(String key, int epoch, String body) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                PARTITION.topic(), PARTITION.partition(), OFFSET.getAndIncrement(), key, bytes(body));
        Map<String, String> headers = Map.of(
                CloudEventHeaders.ID, UUID.randomUUID().toString(),
                CloudEventHeaders.TYPE, EventType.SPOT_PRICE_CHANGED.typeName(),
                CloudEventHeaders.TIME, "2026-01-01T00:00:00Z",
                CloudEventHeaders.ACCOUNT, "000000000000",
                CloudEventHeaders.REGION, "us-east-1",
                CloudEventHeaders.EPOCH, Integer.toString(epoch),
                CloudEventHeaders.AGGREGATE_VERSION, "1");
        headers.forEach((name, value) -> record.headers().add(name, bytes(value)));
        return record;
    }

    static ConsumerRecord<String, byte[]> ofType(String type, ConsumerRecord<String, byte[]> record) {
        record.headers().remove(CloudEventHeaders.TYPE).add(CloudEventHeaders.TYPE, bytes(type));
        return record;
    }

    @SafeVarargs
    static ConsumerRecords<String, byte[]> batch(ConsumerRecord<String, byte[]>... records) {
        return new ConsumerRecords<>(Map.of(PARTITION, Arrays.asList(records)), Map.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
