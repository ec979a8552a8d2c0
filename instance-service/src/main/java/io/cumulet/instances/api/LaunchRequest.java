package io.cumulet.instances.api;

import static io.cumulet.instances.api.OptionRequests.said;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.instances.domain.interfaces.InterfaceWish;
import io.cumulet.instances.domain.interfaces.LaunchInterfaceWish;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.launch.LaunchedBy;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a launch. Fields that EC2 has and we don't do yet are named here, so that they are refused with {@code
 * UnsupportedOperation} instead of being unknown.
 */
public record LaunchRequest(
        @Schema(required = true, examples = "ami-785db401") @Nullable
        String imageId,

        @Schema(required = true, examples = "m4.large") @Nullable
        String instanceType,

        @Schema(description = "As many as fit between minCount and maxCount, or none. 1 if not said.") @Nullable
        Integer minCount,

        @Nullable Integer maxCount,
        @Nullable Placement placement,
        @Nullable String subnetId,
        @Nullable String keyName,

        @Schema(description = "At most 5, of the subnet's VPC; its default group if none is named") @Nullable
        List<String> securityGroupIds,

        @Schema(description = "Base64 of at most 16 KiB") @Nullable
        String userData,

        @Schema(description = "The same token with the same request answers the same instances") @Nullable
        String clientToken,

        @Nullable MarketRequest market,
        @Nullable Map<String, String> tags,

        @Schema(hidden = true) @Nullable LaunchedByRequest launchedBy,

        @Schema(description = "Termination protection") @Nullable
        Boolean disableApiTermination,

        @Schema(
                description =
                        "Launches Scheduled Instances, inside one of their time slots; in their zone if none is named")
        @Nullable
        String scheduledInstanceId,

        @Schema(
                description = "The primary private IPv4 address, of the subnet that is named; for one instance",
                examples = "10.0.1.10")
        @Nullable
        String privateIpAddress,

        @Schema(description = "How many IPv6 addresses each gets, whichever; if not said, the subnet says") @Nullable
        Integer ipv6AddressCount,

        @Schema(description = "These IPv6 addresses, of the subnet that is named; for one instance") @Nullable
        List<String> ipv6Addresses,

        @Schema(description = "Whether each has a public address for as long as it runs; if not said, the subnet says")
        @Nullable
        Boolean associatePublicIpAddress,

        @Schema(
                description =
                        "The interfaces of each instance, one of them at device index 0; instead of subnet, groups and addresses")
        @Nullable
        List<InterfaceRequest> networkInterfaces,

        @Schema(
                description =
                        "Launches nothing: DryRunOperation (412) if the request would be taken, else its refusal. "
                                + "Whether hosts have room isn't looked at. Nothing is changed, but that the default VPC "
                                + "of an account that never had one is made if the request names subnet, groups, "
                                + "addresses or interfaces.")
        @Nullable
        Boolean dryRun,

        @Schema(hidden = true) @Nullable JsonNode blockDeviceMappings,
        @Schema(hidden = true) @Nullable JsonNode volumes,
        @Schema(hidden = true) @Nullable JsonNode rootVolume,
        @Schema(hidden = true) @Nullable JsonNode dataVolumes,
        @Schema(hidden = true) @Nullable JsonNode securityGroups,
        @Schema(hidden = true) @Nullable JsonNode capacityReservation,
        @Schema(hidden = true) @Nullable JsonNode capacityReservationSpecification,
        @Schema(hidden = true) @Nullable JsonNode instanceRole,
        @Schema(hidden = true) @Nullable JsonNode launchTemplate,

        @Schema(description = "Of the interface that each comes with; those of networkInterfaces have their own")
        @Nullable
        Map<String, String> networkInterfaceTags,

        @Schema(description = "Protects it from being stopped or terminated") @Nullable
        Boolean disableApiStop,

        @Schema(enumeration = {"stop", "terminate"}) @Nullable
        String instanceInitiatedShutdownBehavior,

        @Nullable Boolean ebsOptimized,
        OptionRequests.@Nullable Monitoring monitoring,
        OptionRequests.@Nullable CreditSpecification creditSpecification,
        OptionRequests.@Nullable CpuOptions cpuOptions,
        OptionRequests.@Nullable MetadataOptions metadataOptions,
        OptionRequests.@Nullable HibernationOptions hibernationOptions,
        OptionRequests.@Nullable EnclaveOptions enclaveOptions,
        OptionRequests.@Nullable PrivateDnsNameOptions privateDnsNameOptions,
        OptionRequests.@Nullable MaintenanceOptions maintenanceOptions,
        OptionRequests.@Nullable IamInstanceProfile iamInstanceProfile) {

    /** See {@link LaunchedBy}. Said by services of the suite; where tokens are checked, by nobody else. */
    public record LaunchedByRequest(
            @Nullable String fleetId,
            @Nullable String launchTemplateId,
            @Nullable Long launchTemplateVersion) {

        LaunchedBy said() {
            return new LaunchedBy(fleetId, launchTemplateId, launchTemplateVersion);
        }
    }

    public record Placement(
            @Nullable String availabilityZone,

            @Schema(description = "Only `default` yet") @Nullable
            String tenancy,

            @Schema(hidden = true) @Nullable JsonNode groupName,
            @Schema(hidden = true) @Nullable JsonNode partitionNumber,
            @Schema(hidden = true) @Nullable JsonNode hostId,
            @Schema(hidden = true) @Nullable JsonNode affinity) {}

    public record MarketRequest(
            @Schema(enumeration = {"on-demand", "spot"}) @Nullable
            String type,

            @Schema(description = "USD per hour; the on-demand price if not said", examples = "0.05") @Nullable
            String maxPrice,

            @Schema(enumeration = {"terminate", "stop", "hibernate"}) @Nullable
            String interruptionBehavior,

            @Schema(
                    enumeration = {"one-time", "persistent"},
                    description = "A persistent request launches anew what is interrupted or terminated, until it is "
                            + "cancelled. If not said, nothing is launched anew.")
            @Nullable
            String requestType,

            @Schema(description = "Until when a persistent request launches anew; for ever if not said") @Nullable
            Instant validUntil,

            @Schema(description = "Tags of the spot requests; if not said, they have those of their instances")
            @Nullable
            Map<String, String> requestTags) {}

    /** An interface that exists, or what a new one is to be. */
    public record InterfaceRequest(
            @Schema(required = true, description = "0 is the primary interface") @Nullable
            Integer deviceIndex,

            @Schema(description = "One that is attached to nothing; for one instance") @Nullable
            String networkInterfaceId,

            @Schema(description = "If not said: true for a new one, false for one that exists") @Nullable
            Boolean deleteOnTermination,

            @Schema(
                    description =
                            "Whether it has a public address for as long as its instance runs; of one that is new and alone; "
                                    + "if not said, the subnet says")
            @Nullable
            Boolean associatePublicIpAddress,

            @Nullable String subnetId,
            @Nullable String description,
            @Nullable String privateIpAddress,
            @Nullable List<String> privateIpAddresses,
            @Nullable Integer secondaryPrivateIpAddressCount,
            @Nullable List<String> ipv6Addresses,
            @Nullable Integer ipv6AddressCount,
            @Nullable List<String> securityGroupIds,
            @Nullable Map<String, String> tags) {

        LaunchInterfaceWish wish() {
            return new LaunchInterfaceWish(
                    deviceIndex,
                    networkInterfaceId,
                    deleteOnTermination,
                    associatePublicIpAddress,
                    new InterfaceWish(
                            subnetId,
                            description,
                            privateIpAddress,
                            privateIpAddresses,
                            secondaryPrivateIpAddressCount,
                            ipv6Addresses,
                            ipv6AddressCount,
                            securityGroupIds,
                            tags,
                            null));
        }
    }

    /** Empty: each instance gets a new one. */
    List<LaunchInterfaceWish> interfaces() {
        List<LaunchInterfaceWish> wishes = new ArrayList<>(0);
        for (InterfaceRequest one : networkInterfaces == null ? List.<InterfaceRequest>of() : networkInterfaces) {
            if (one == null) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "networkInterfaces", "An interface is null")
                        .asException();
            }
            wishes.add(one.wish());
        }
        return wishes;
    }

    LaunchWish wish() {
        return new LaunchWish(
                imageId,
                instanceType,
                minCount,
                maxCount,
                placement == null ? null : placement.availabilityZone(),
                placement == null ? null : placement.tenancy(),
                subnetId,
                keyName,
                securityGroupIds,
                userData,
                clientToken,
                market == null
                        ? null
                        : new LaunchWish.MarketWish(
                                market.type(),
                                market.maxPrice(),
                                market.interruptionBehavior(),
                                market.requestType(),
                                market.validUntil(),
                                market.requestTags()),
                tags,
                launchedBy == null ? null : launchedBy.said(),
                disableApiTermination,
                scheduledInstanceId,
                addresses(),
                unsupported(),
                networkInterfaceTags,
                options());
    }

    /** Null if nothing is said of them. */
    private LaunchWish.@Nullable AddressWish addresses() {
        return privateIpAddress == null
                        && ipv6AddressCount == null
                        && ipv6Addresses == null
                        && associatePublicIpAddress == null
                ? null
                : new LaunchWish.AddressWish(
                        privateIpAddress, ipv6AddressCount, ipv6Addresses, associatePublicIpAddress);
    }

    /** Null if nothing is said of them. */
    private @Nullable InstanceOptions options() {
        InstanceOptions said = new InstanceOptions(
                said(monitoring),
                ebsOptimized,
                null,
                disableApiStop,
                instanceInitiatedShutdownBehavior,
                said(creditSpecification),
                said(maintenanceOptions),
                said(hibernationOptions),
                said(enclaveOptions),
                said(cpuOptions),
                said(metadataOptions),
                said(privateDnsNameOptions),
                said(iamInstanceProfile),
                null);
        return said.equals(InstanceOptions.NONE) ? null : said;
    }

    private List<String> unsupported() {
        List<String> fields = new ArrayList<>(0);
        add(fields, "blockDeviceMappings", blockDeviceMappings);
        add(fields, "volumes", volumes);
        add(fields, "rootVolume", rootVolume);
        add(fields, "dataVolumes", dataVolumes);
        add(fields, "securityGroups", securityGroups);
        add(fields, "capacityReservation", capacityReservation);
        add(fields, "capacityReservationSpecification", capacityReservationSpecification);
        add(fields, "instanceRole", instanceRole);
        add(fields, "launchTemplate", launchTemplate);
        if (placement != null) {
            add(fields, "placement.groupName", placement.groupName());
            add(fields, "placement.partitionNumber", placement.partitionNumber());
            add(fields, "placement.hostId", placement.hostId());
            add(fields, "placement.affinity", placement.affinity());
        }
        return fields;
    }

    private static void add(List<String> fields, String name, @Nullable JsonNode value) {
        if (value != null && !value.isNull()) {
            fields.add(name);
        }
    }
}
