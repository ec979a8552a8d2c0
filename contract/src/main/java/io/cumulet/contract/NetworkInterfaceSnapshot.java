package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network interface that was made on its own, as it is after the event; after a deletion, as it last was. Key: interface
 * id. While it is attached, the instance's events tell of it too.
 *
 * @param privateIpAddresses IPv4, the primary first
 * @param attachment null while it is attached to nothing
 * @param version counts up by one with each event of the interface, from 1
 */
public record NetworkInterfaceSnapshot(
        String networkInterfaceId,
        String account,
        String region,
        long version,
        Instant occurredAt,
        String vpcId,
        String subnetId,
        String availabilityZone,
        String description,
        List<PrivateAddress> privateIpAddresses,
        List<String> ipv6Addresses,
        List<String> securityGroupIds,
        boolean sourceDestCheck,
        @Nullable Attachment attachment,
        Map<String, String> tags) {

    /** @param publicIpAddress what leads to it from outside, elastic or given to its instance; null if nothing does */
    public record PrivateAddress(
            String privateIpAddress, @Nullable String publicIpAddress) {}

    /** @param deviceIndex 0 is an instance's primary interface */
    public record Attachment(
            String attachmentId, String instanceId, int deviceIndex, Instant attachTime, boolean deleteOnTermination) {}
}
