package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.PublicNames;
import io.cumulet.instances.domain.network.DnsNames;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network interface as its owner sees it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkInterfaceView(
        String networkInterfaceId,
        String account,
        String region,
        String availabilityZone,
        String vpcId,
        String subnetId,
        String description,
        String status,
        String macAddress,
        String privateDnsName,
        String privateIpAddress,
        List<PrivateAddressView> privateIpAddresses,
        List<String> ipv6Addresses,
        List<String> securityGroupIds,
        boolean sourceDestCheck,
        @Nullable AttachmentView attachment,
        Map<String, String> tags,
        Instant createTime,
        long version) {

    static final String AVAILABLE = "available";
    static final String IN_USE = "in-use";

    /**
     * @param publicIpAddress what leads to it from outside
     * @param publicDnsName its name, if the VPC has {@code enableDnsHostnames}
     * @param elastic whether that is an elastic address of its owner's, or what the instance was given for as long as it runs
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PrivateAddressView(
            String privateIpAddress,
            String privateDnsName,
            boolean primary,
            @Nullable String publicIpAddress,
            @Nullable String publicDnsName,
            @Nullable Boolean elastic) {

        static List<PrivateAddressView> of(NetworkInterface one, PublicNames.Named names) {
            List<PrivateAddressView> views = new ArrayList<>();
            for (NetworkInterface.PrivateAddress address : one.privateAddresses()) {
                IpAddress publicAddress = one.publicAddressOf(address);
                views.add(new PrivateAddressView(
                        address.address().toString(),
                        one.privateDnsName(address.address()),
                        views.isEmpty(),
                        publicAddress == null ? null : publicAddress.toString(),
                        publicAddress == null || !names.isIn(one.vpcId())
                                ? null
                                : DnsNames.ofPublic(publicAddress, one.zone().region()),
                        publicAddress == null ? null : address.publicAddress() != null));
            }
            return views;
        }
    }

    /** @param deviceIndex 0 is the instance's primary interface */
    public record AttachmentView(
            String attachmentId, String instanceId, int deviceIndex, Instant attachTime, boolean deleteOnTermination) {}

    static NetworkInterfaceView of(NetworkInterface one, PublicNames.Named names) {
        NetworkInterface.Attachment attachment = one.attachment();
        return new NetworkInterfaceView(
                one.id(),
                one.account().value(),
                one.zone().region().value(),
                one.zone().value(),
                one.vpcId(),
                one.subnetId(),
                one.description(),
                attachment == null ? AVAILABLE : IN_USE,
                one.macAddress(),
                one.privateDnsName(one.primaryAddress()),
                one.primaryAddress().toString(),
                PrivateAddressView.of(one, names),
                one.ipv6Addresses().stream().map(IpAddress::toString).toList(),
                one.groupIds(),
                one.sourceDestCheck(),
                attachment == null
                        ? null
                        : new AttachmentView(
                                attachment.id(),
                                attachment.instanceId(),
                                attachment.deviceIndex(),
                                attachment.attachedAt(),
                                attachment.deleteOnTermination()),
                one.tags(),
                one.createdAt(),
                one.version());
    }
}
