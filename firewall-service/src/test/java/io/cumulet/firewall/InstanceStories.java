package io.cumulet.firewall;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the instance service would tell about instances. */
final class InstanceStories {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private InstanceStories() {}

    static ProducerRecord<String, byte[]> event(
            EventType type,
            String instanceId,
            long version,
            String account,
            String state,
            String address,
            List<String> groupIds,
            int epoch) {
        InstanceSnapshot snapshot = new InstanceSnapshot(
                instanceId,
                account,
                "us-east-1",
                "us-east-1a",
                version,
                state,
                AT,
                "r-0123456789abcdef0",
                "ami-0123456789abcdef0",
                "t2.micro",
                "linux",
                "default",
                "on-demand",
                null,
                null,
                null,
                null,
                null,
                "vpc-0123456789abcdef0",
                "subnet-0123456789abcdef0",
                address,
                null,
                groupIds,
                Map.of(),
                AT,
                null,
                null,
                null);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(type.topic().topicName(), instanceId, ContractJson.write(snapshot));
        Map<String, String> headers = Map.of(
                CloudEventHeaders.SPEC_VERSION,
                "1.0",
                CloudEventHeaders.ID,
                UUID.randomUUID().toString(),
                CloudEventHeaders.SOURCE,
                "/test",
                CloudEventHeaders.TYPE,
                type.typeName(),
                CloudEventHeaders.TIME,
                AT.toString(),
                CloudEventHeaders.SUBJECT,
                instanceId,
                CloudEventHeaders.ACCOUNT,
                account,
                CloudEventHeaders.REGION,
                "us-east-1",
                CloudEventHeaders.EPOCH,
                Integer.toString(epoch),
                CloudEventHeaders.AGGREGATE_VERSION,
                Long.toString(version));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
