package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network interface with its addresses and groups, attached to an instance or to nothing. Immutable.
 *
 * @param privateAddresses IPv4, the primary first; there is always one
 * @param version counts up by one with each change, from 1
 * @param attachment null while it is attached to nothing
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html">Elastic network interfaces</a>
 */
public record NetworkInterface(
        String id,
        AccountId account,
        AvailabilityZone zone,
        String vpcId,
        String subnetId,
        String description,
        List<PrivateAddress> privateAddresses,
        List<IpAddress> ipv6Addresses,
        List<String> groupIds,
        boolean sourceDestCheck,
        Map<String, String> tags,
        long version,
        Instant createdAt,
        @Nullable Attachment attachment) {

    /** @param publicAddress the elastic address associated with it; null if none is */
    public record PrivateAddress(
            IpAddress address, @Nullable IpAddress publicAddress) {}

    /** @param deviceIndex 0 is an instance's primary interface */
    public record Attachment(
            String id, String instanceId, int deviceIndex, Instant attachedAt, boolean deleteOnTermination) {}

    public NetworkInterface {
        privateAddresses = List.copyOf(privateAddresses);
        ipv6Addresses = List.copyOf(ipv6Addresses);
        groupIds = List.copyOf(groupIds);
        tags = Map.copyOf(tags);
        if (privateAddresses.isEmpty()) {
            throw new IllegalArgumentException("An interface has an address");
        }
    }

    /** The interface that comes with an instance, unless it is launched with another. */
    public static NetworkInterface primaryOf(
            String instanceId,
            Subnet subnet,
            IpAddress address,
            List<IpAddress> ipv6Addresses,
            List<String> groupIds,
            Instant now) {
        String id = DefaultNetwork.primaryInterfaceId(instanceId);
        return new NetworkInterface(
                id,
                subnet.account(),
                subnet.zone(),
                subnet.vpcId(),
                subnet.id(),
                "",
                List.of(new PrivateAddress(address, null)),
                ipv6Addresses,
                groupIds,
                true,
                Map.of(),
                1,
                now,
                new Attachment(DefaultNetwork.primaryAttachmentId(instanceId), instanceId, 0, now, true));
    }

    public IpAddress primaryAddress() {
        return privateAddresses.getFirst().address();
    }

    /**
     * Whether it is only a part of the instance it is attached to, which it came with. Then the instance's events are all that
     * tells of it.
     */
    public boolean isPartOfItsInstance() {
        return attachment != null && id.equals(DefaultNetwork.primaryInterfaceId(attachment.instanceId()));
    }

    /** The next version, in other groups. */
    public NetworkInterface inGroups(List<String> newGroupIds) {
        return new NetworkInterface(
                id,
                account,
                zone,
                vpcId,
                subnetId,
                description,
                privateAddresses,
                ipv6Addresses,
                newGroupIds,
                sourceDestCheck,
                tags,
                version + 1,
                createdAt,
                attachment);
    }

    /** The next version, attached to something else, or to nothing. */
    public NetworkInterface attachedAs(@Nullable Attachment newAttachment) {
        return new NetworkInterface(
                id,
                account,
                zone,
                vpcId,
                subnetId,
                description,
                privateAddresses,
                ipv6Addresses,
                groupIds,
                sourceDestCheck,
                tags,
                version + 1,
                createdAt,
                newAttachment);
    }
}
