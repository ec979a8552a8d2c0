package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.app.PublicNames;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.lifecycle.StateReason;
import io.cumulet.instances.domain.network.DnsNames;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An instance as its owner sees it; never its user data. Its host is the operator's business. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceView(
        String instanceId,
        String reservationId,
        int launchIndex,
        String account,
        String region,
        String availabilityZone,
        String imageId,
        String instanceType,
        String os,
        String architecture,
        String state,
        @Nullable StateReasonView stateReason,
        Instant stateEnteredAt,
        Instant launchTime,
        String tenancy,
        MarketView market,
        @Nullable String scheduledInstanceId,
        String vpcId,
        String subnetId,
        @Nullable String privateIpAddress,
        @Nullable String publicIpAddress,
        List<String> ipv6Addresses,
        List<AttachedInterfaceView> networkInterfaces,
        @Nullable String keyName,
        List<String> securityGroupIds,
        Map<String, String> tags,
        boolean disableApiTermination,
        @Nullable String privateDnsName,
        @Nullable String publicDnsName,
        @Nullable String rootDeviceName,
        String rootDeviceType,
        @Nullable String hypervisor,
        @Nullable Boolean sourceDestCheck,
        @JsonUnwrapped OptionViews options,
        long version) {

    /** An interface as a part of the instance; there is more to be read of it under its own id. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AttachedInterfaceView(
            String networkInterfaceId,
            @Nullable String attachmentId,
            @Nullable Integer deviceIndex,
            @Nullable Boolean deleteOnTermination,
            String vpcId,
            String subnetId,
            String privateIpAddress,
            List<NetworkInterfaceView.PrivateAddressView> privateIpAddresses,
            List<String> ipv6Addresses,
            List<String> securityGroupIds,
            String description,
            boolean sourceDestCheck,
            @Nullable Instant attachTime) {

        static AttachedInterfaceView of(NetworkInterface one, PublicNames.Named names) {
            NetworkInterface.Attachment attachment = one.attachment();
            return new AttachedInterfaceView(
                    one.id(),
                    attachment == null ? null : attachment.id(),
                    attachment == null ? null : attachment.deviceIndex(),
                    attachment == null ? null : attachment.deleteOnTermination(),
                    one.vpcId(),
                    one.subnetId(),
                    one.primaryAddress().toString(),
                    NetworkInterfaceView.PrivateAddressView.of(one, names),
                    one.ipv6Addresses().stream().map(IpAddress::toString).toList(),
                    one.groupIds(),
                    one.description(),
                    one.sourceDestCheck(),
                    attachment == null ? null : attachment.attachedAt());
        }
    }

    public record StateReasonView(String code, String message) {}

    /** @param interruptionActionAt when the market takes it back, once it has warned */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MarketView(
            String type,
            @Nullable String maxPrice,
            @Nullable String spotRequestId,
            @Nullable String interruptionBehavior,
            @Nullable Instant interruptionActionAt) {}

    static InstanceView of(Instance instance, PublicNames.Named names) {
        Instance.Launch launch = instance.launch();
        StateReason reason = instance.stateReason();
        IpAddress publicAddress = publicAddress(instance);
        return new InstanceView(
                instance.id(),
                launch.reservationId(),
                launch.index(),
                instance.account().value(),
                instance.region().value(),
                instance.zone().value(),
                launch.imageId(),
                instance.type().value(),
                launch.os().code(),
                launch.architecture(),
                instance.state().code(),
                reason == null ? null : new StateReasonView(reason.code(), reason.message()),
                instance.stateEnteredAt(),
                instance.launchTime(),
                Tenancy.DEFAULT.code(),
                market(instance),
                launch.scheduledInstanceId(),
                launch.vpcId(),
                launch.subnetId(),
                instance.privateAddress(),
                publicAddress == null ? null : publicAddress.toString(),
                instance.interfaces().stream()
                        .flatMap(one -> one.ipv6Addresses().stream())
                        .map(IpAddress::toString)
                        .toList(),
                instance.interfaces().stream()
                        .map(one -> AttachedInterfaceView.of(one, names))
                        .toList(),
                launch.keyName(),
                instance.groupIds(),
                instance.tags(),
                instance.terminationProtected(),
                privateDnsName(instance),
                publicAddress == null || !names.isIn(launch.vpcId())
                        ? null
                        : DnsNames.ofPublic(publicAddress, instance.region()),
                Images.find(instance.region(), launch.imageId())
                        .map(Image::rootDeviceName)
                        .orElse(null),
                "ebs",
                InstanceTypes.find(instance.type().value())
                        .map(InstanceTypeFacts::hypervisor)
                        .orElse(null),
                instance.interfaces().isEmpty()
                        ? null
                        : instance.interfaces().getFirst().sourceDestCheck(),
                OptionViews.of(instance),
                instance.version());
    }

    /** What leads to the primary private address from outside; null if nothing does. */
    private static @Nullable IpAddress publicAddress(Instance instance) {
        if (instance.interfaces().isEmpty()) {
            return null;
        }
        NetworkInterface primary = instance.interfaces().getFirst();
        return primary.publicAddressOf(primary.privateAddresses().getFirst());
    }

    private static @Nullable String privateDnsName(Instance instance) {
        if (instance.interfaces().isEmpty()) {
            return null;
        }
        InstanceOptions.PrivateDnsName said = instance.options().privateDnsName();
        return said != null && "resource-name".equals(said.hostnameType())
                ? DnsNames.ofInstance(instance.id(), instance.region())
                : DnsNames.ofPrivate(instance.interfaces().getFirst().primaryAddress(), instance.region());
    }

    private static MarketView market(Instance instance) {
        SpotTerms spot = instance.spot();
        return spot == null
                ? new MarketView(Market.ON_DEMAND.code(), null, null, null, null)
                : new MarketView(
                        Market.SPOT.code(),
                        spot.maxPrice().toString(),
                        spot.requestId(),
                        spot.behavior().code(),
                        instance.interruptionActionAt());
    }
}
