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

/** What the instance service would tell. */
final class InstanceStories {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private InstanceStories() {}

    /** As it was told before there were interfaces. */
    static ProducerRecord<String, byte[]> event(
            EventType type,
            String instanceId,
            long version,
            String account,
            String state,
            String address,
            List<String> groupIds,
            int epoch) {
        return event(
                type,
                instance(instanceId, version, account, state, "vpc-0123456789abcdef0", null, address, groupIds, null),
                epoch);
    }

    /** An instance with these interfaces, the primary first. */
    static InstanceSnapshot instance(
            String instanceId,
            long version,
            String account,
            String state,
            String vpcId,
            String hostId,
            InstanceSnapshot.Interface... interfaces) {
        InstanceSnapshot.Interface primary = interfaces.length == 0 ? null : interfaces[0];
        return instance(
                instanceId,
                version,
                account,
                state,
                vpcId,
                hostId,
                primary == null ? null : primary.privateIpAddresses().getFirst(),
                primary == null ? List.of() : primary.securityGroupIds(),
                List.of(interfaces));
    }

    static InstanceSnapshot.Interface networkInterface(
            String interfaceId, int deviceIndex, List<String> ipv4, List<String> ipv6, String... groupIds) {
        return new InstanceSnapshot.Interface(
                interfaceId, deviceIndex, "subnet-0123456789abcdef0", ipv4, ipv6, List.of(), List.of(groupIds));
    }

    private static InstanceSnapshot instance(
            String instanceId,
            long version,
            String account,
            String state,
            String vpcId,
            String hostId,
            String address,
            List<String> groupIds,
            List<InstanceSnapshot.Interface> interfaces) {
        return new InstanceSnapshot(
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
                hostId,
                vpcId,
                "subnet-0123456789abcdef0",
                address,
                null,
                groupIds,
                Map.of(),
                AT,
                null,
                null,
                interfaces,
                null,
                null);
    }

    static ProducerRecord<String, byte[]> event(EventType type, InstanceSnapshot snapshot, int epoch) {
        return event(type, snapshot.instanceId(), snapshot.account(), snapshot.version(), snapshot, epoch);
    }

    /** Any event of an account in the default region. */
    static ProducerRecord<String, byte[]> event(
            EventType type, String key, String account, long version, Record data, int epoch) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(type.topic().topicName(), key, ContractJson.write(data));
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
                key,
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
