package io.cumulet.instances.publish;

import io.cumulet.contract.ElasticAddressSnapshot;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.NetworkInterfaceSnapshot;
import io.cumulet.contract.SubnetSnapshot;
import io.cumulet.contract.VpcSnapshot;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks in the contract's words. */
final class NetworkSnapshots {

    private NetworkSnapshots() {}

    static VpcSnapshot of(Vpc vpc, Instant at) {
        return new VpcSnapshot(
                vpc.id(),
                vpc.account().value(),
                vpc.region().value(),
                vpc.version(),
                at,
                vpc.cidrs().stream().map(Cidr::toString).toList(),
                text(vpc.ipv6Cidr()),
                vpc.isDefault(),
                vpc.tags());
    }

    static SubnetSnapshot of(Subnet subnet, Instant at) {
        return new SubnetSnapshot(
                subnet.id(),
                subnet.account().value(),
                subnet.zone().region().value(),
                subnet.version(),
                at,
                subnet.vpcId(),
                subnet.zone().value(),
                subnet.cidr().toString(),
                text(subnet.ipv6Cidr()),
                subnet.isDefault(),
                subnet.tags());
    }

    static NetworkInterfaceSnapshot of(NetworkInterface one, Instant at) {
        NetworkInterface.Attachment attachment = one.attachment();
        return new NetworkInterfaceSnapshot(
                one.id(),
                one.account().value(),
                one.zone().region().value(),
                one.version(),
                at,
                one.vpcId(),
                one.subnetId(),
                one.zone().value(),
                one.description(),
                one.privateAddresses().stream()
                        .map(address -> new NetworkInterfaceSnapshot.PrivateAddress(
                                address.address().toString(), text(one.publicAddressOf(address))))
                        .toList(),
                texts(one.ipv6Addresses()),
                one.groupIds(),
                one.sourceDestCheck(),
                attachment == null
                        ? null
                        : new NetworkInterfaceSnapshot.Attachment(
                                attachment.id(),
                                attachment.instanceId(),
                                attachment.deviceIndex(),
                                attachment.attachedAt(),
                                attachment.deleteOnTermination()),
                one.tags());
    }

    static ElasticAddressSnapshot of(ElasticAddress address, Instant at) {
        ElasticAddress.Association association = address.association();
        return new ElasticAddressSnapshot(
                address.id(),
                address.account().value(),
                address.region().value(),
                address.version(),
                at,
                address.publicAddress().toString(),
                association == null
                        ? null
                        : new ElasticAddressSnapshot.Association(
                                association.id(),
                                association.interfaceId(),
                                association.privateAddress().toString(),
                                association.instanceId()),
                address.tags());
    }

    /** An interface as a part of its instance. */
    static InstanceSnapshot.Interface attached(NetworkInterface one) {
        NetworkInterface.Attachment attachment = one.attachment();
        if (attachment == null) {
            throw new IllegalArgumentException("Attached to nothing: " + one.id());
        }
        return new InstanceSnapshot.Interface(
                one.id(),
                attachment.deviceIndex(),
                one.subnetId(),
                texts(one.privateAddresses().stream()
                        .map(NetworkInterface.PrivateAddress::address)
                        .toList()),
                texts(one.ipv6Addresses()),
                texts(one.allPublicAddresses()),
                one.groupIds());
    }

    private static List<String> texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toList();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
