package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Filters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the filters of DescribeInstances look at whose names don't lead there. An item has its {@code ReservationId} and {@code
 * OwnerId} besides.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html">DescribeInstances</a>
 */
final class InstanceFilters {

    /** Of what there is nothing here: such filters find nothing. */
    private static final Filters.Values NOTHING = item -> List.of();

    private static final String[] NOT_HERE = {
        "block-device-mapping.attach-time",
        "block-device-mapping.delete-on-termination",
        "block-device-mapping.device-name",
        "block-device-mapping.status",
        "block-device-mapping.volume-id",
        "network-interface.addresses.association.allocation-id",
        "network-interface.addresses.association.association-id",
        "network-interface.association.allocation-id",
        "network-interface.association.association-id",
        "network-interface.deny-all-igw-traffic",
        "network-interface.ipv6-native",
        "network-interface.outpost-arn",
        "network-interface.requester-id",
        "network-interface.tag-key",
        "network-interface.tag-value",
        "requester-id"
    };

    /** Paths by filters. */
    private static final String[][] PATHS = {
        {"affinity", "Placement.Affinity"},
        {"availability-zone", "Placement.AvailabilityZone"},
        {"availability-zone-id", "Placement.AvailabilityZoneId"},
        {"host-id", "Placement.HostId"},
        {"instance-state-code", "State.Code"},
        {"instance-state-name", "State.Name"},
        {"instance.group-id", "SecurityGroups.GroupId"},
        {"instance.group-name", "SecurityGroups.GroupName"},
        {"ipv6-address", "NetworkInterfaces.Ipv6Addresses.Ipv6Address"},
        {"launch-index", "AmiLaunchIndex"},
        {"metadata-options.http-protocol-ipv4", "MetadataOptions.HttpEndpoint"},
        {"monitoring-state", "Monitoring.State"},
        {"owner-id", "OwnerId"},
        {"placement-group-name", "Placement.GroupName"},
        {"placement-partition-number", "Placement.PartitionNumber"},
        {"product-code", "ProductCodes.ProductCodeId"},
        {"product-code.type", "ProductCodes.ProductCodeType"},
        {"reservation-id", "ReservationId"},
        {"state-reason-code", "StateReason.Code"},
        {"state-reason-message", "StateReason.Message"},
        {"tenancy", "Placement.Tenancy"},
        {
            "network-interface.addresses.association.carrier-ip",
            "NetworkInterfaces.PrivateIpAddresses.Association.CarrierIp"
        },
        {
            "network-interface.addresses.association.customer-owned-ip",
            "NetworkInterfaces.PrivateIpAddresses.Association.CustomerOwnedIp"
        },
        {
            "network-interface.addresses.association.ip-owner-id",
            "NetworkInterfaces.PrivateIpAddresses.Association.IpOwnerId"
        },
        {
            "network-interface.addresses.association.public-dns-name",
            "NetworkInterfaces.PrivateIpAddresses.Association.PublicDnsName"
        },
        {
            "network-interface.addresses.association.public-ip",
            "NetworkInterfaces.PrivateIpAddresses.Association.PublicIp"
        },
        {"network-interface.addresses.primary", "NetworkInterfaces.PrivateIpAddresses.Primary"},
        {"network-interface.addresses.private-dns-name", "NetworkInterfaces.PrivateIpAddresses.PrivateDnsName"},
        {"network-interface.addresses.private-ip-address", "NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress"},
        {"network-interface.association.carrier-ip", "NetworkInterfaces.Association.CarrierIp"},
        {"network-interface.association.customer-owned-ip", "NetworkInterfaces.Association.CustomerOwnedIp"},
        {"network-interface.association.ip-owner-id", "NetworkInterfaces.Association.IpOwnerId"},
        {"network-interface.association.public-dns-name", "NetworkInterfaces.Association.PublicDnsName"},
        {"network-interface.association.public-ip", "NetworkInterfaces.Association.PublicIp"},
        {"network-interface.attachment.attach-time", "NetworkInterfaces.Attachment.AttachTime"},
        {"network-interface.attachment.attachment-id", "NetworkInterfaces.Attachment.AttachmentId"},
        {"network-interface.attachment.delete-on-termination", "NetworkInterfaces.Attachment.DeleteOnTermination"},
        {"network-interface.attachment.device-index", "NetworkInterfaces.Attachment.DeviceIndex"},
        {"network-interface.attachment.network-card-index", "NetworkInterfaces.Attachment.NetworkCardIndex"},
        {"network-interface.attachment.status", "NetworkInterfaces.Attachment.Status"},
        {"network-interface.attachment.instance-id", "InstanceId"},
        {"network-interface.attachment.instance-owner-id", "OwnerId"},
        {"network-interface.availability-zone", "Placement.AvailabilityZone"},
        {"network-interface.description", "NetworkInterfaces.Description"},
        {"network-interface.group-id", "NetworkInterfaces.Groups.GroupId"},
        {"network-interface.group-name", "NetworkInterfaces.Groups.GroupName"},
        {"network-interface.ipv4-prefixes.ipv4-prefix", "NetworkInterfaces.Ipv4Prefixes.Ipv4Prefix"},
        {"network-interface.ipv6-address", "NetworkInterfaces.Ipv6Addresses.Ipv6Address"},
        {"network-interface.ipv6-addresses.ipv6-address", "NetworkInterfaces.Ipv6Addresses.Ipv6Address"},
        {"network-interface.ipv6-addresses.is-primary-ipv6", "NetworkInterfaces.Ipv6Addresses.IsPrimaryIpv6"},
        {"network-interface.ipv6-prefixes.ipv6-prefix", "NetworkInterfaces.Ipv6Prefixes.Ipv6Prefix"},
        {"network-interface.mac-address", "NetworkInterfaces.MacAddress"},
        {"network-interface.network-interface-id", "NetworkInterfaces.NetworkInterfaceId"},
        {"network-interface.operator.managed", "NetworkInterfaces.Operator.Managed"},
        {"network-interface.operator.principal", "NetworkInterfaces.Operator.Principal"},
        {"network-interface.owner-id", "NetworkInterfaces.OwnerId"},
        {"network-interface.private-dns-name", "NetworkInterfaces.PrivateDnsName"},
        {"network-interface.private-ip-address", "NetworkInterfaces.PrivateIpAddress"},
        {"network-interface.public-dns-name", "NetworkInterfaces.Association.PublicDnsName"},
        {"network-interface.status", "NetworkInterfaces.Status"},
        {"network-interface.source-dest-check", "NetworkInterfaces.SourceDestCheck"},
        {"network-interface.subnet-id", "NetworkInterfaces.SubnetId"},
        {"network-interface.vpc-id", "NetworkInterfaces.VpcId"}
    };

    private static final Map<String, Filters.Values> ALL = all();

    private InstanceFilters() {}

    /** By name. */
    static Map<String, Filters.Values> own() {
        return ALL;
    }

    private static Map<String, Filters.Values> all() {
        Map<String, Filters.Values> own = new HashMap<>();
        for (String name : NOT_HERE) {
            own.put(name, NOTHING);
        }
        for (String[] path : PATHS) {
            own.put(path[0], Filters.at(path[1]));
        }
        own.put("network-interface.requester-managed", InstanceFilters::requesterManaged);
        own.put("iam-instance-profile.name", InstanceFilters::profileName);
        return Map.copyOf(own);
    }

    /** No service makes interfaces on an owner's behalf. */
    private static List<String> requesterManaged(JsonNode item) {
        return item.path("NetworkInterfaces").isEmpty() ? List.of() : List.of("false");
    }

    private static List<String> profileName(JsonNode item) {
        String arn = item.path("IamInstanceProfile").path("Arn").asText();
        return arn.isEmpty() ? List.of() : List.of(arn.substring(arn.lastIndexOf('/') + 1));
    }
}
