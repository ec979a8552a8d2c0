package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.BlockDevices;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.actions.parameters.ImageAlias;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.templates.LaunchTemplates;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import java.util.ArrayList;
import java.util.List;

/** A launch. What a launch template says is in the call's parameters already. */
final class RunInstances {

    /** EC2's, for who names none. */
    private static final String USUAL_TYPE = "m1.small";

    private static final String NETWORK_INTERFACE = "network-interface";
    private static final String SPOT_REQUEST = "spot-instances-request";
    private static final String VOLUME = "volume";
    private static final String PERSISTENT = "persistent";

    /** Parameters of which there is nothing here. */
    private static final List<String> NOT_HERE = List.of(
            "KernelId",
            "RamdiskId",
            "AdditionalInfo",
            "ElasticGpuSpecification",
            "ElasticInferenceAccelerators",
            "LicenseSpecifications",
            "LaunchTemplate");

    /** Parameters that REST has under the same names. */
    private static final List<String> SAME = List.of(
            "ImageId",
            "MinCount",
            "MaxCount",
            "SubnetId",
            "KeyName",
            "UserData",
            "ClientToken",
            "DisableApiTermination",
            "DisableApiStop",
            "InstanceInitiatedShutdownBehavior",
            "EbsOptimized",
            "Monitoring",
            "CreditSpecification",
            "MetadataOptions",
            "HibernationOptions",
            "EnclaveOptions",
            "PrivateDnsNameOptions",
            "MaintenanceOptions",
            "IamInstanceProfile",
            "PrivateIpAddress",
            "Ipv6AddressCount",
            "DryRun");

    private static final List<String> PLACEMENT =
            List.of("AvailabilityZone", "Tenancy", "GroupName", "PartitionNumber", "HostId", "Affinity");

    private static final List<String> INTERFACE_SAME = List.of(
            "DeviceIndex",
            "NetworkInterfaceId",
            "DeleteOnTermination",
            "AssociatePublicIpAddress",
            "SubnetId",
            "Description",
            "SecondaryPrivateIpAddressCount",
            "Ipv6AddressCount");

    private static final List<String> INTERFACE_NOT_HERE = List.of(
            "Ipv4Prefixes",
            "Ipv4PrefixCount",
            "Ipv6Prefixes",
            "Ipv6PrefixCount",
            "EnaSrdSpecification",
            "ConnectionTrackingSpecification");

    private RunInstances() {}

    static ObjectNode run(Call call) {
        JsonNode launched = call.instances().post("/v1/instances", body(call));
        List<JsonNode> views = new ArrayList<>();
        launched.path("instances").forEach(views::add);
        GroupNames groups = GroupNames.of(call, views);
        ObjectNode answer = Call.answer()
                .put("ReservationId", launched.path("reservationId").asText())
                .put("OwnerId", call.account().value());
        answer.putArray("Groups");
        ArrayNode instances = answer.putArray("Instances");
        views.forEach(view -> instances.add(InstanceShapes.instance(view, groups)));
        return answer;
    }

    /** The body of the launch in REST. */
    static ObjectNode body(Call asked) {
        Call call = asked.with(ImageAlias.resolved(asked.region(), asked.input()));
        NOT_HERE.forEach(member -> refuse(call.input(), member));
        BlockDevices.check(call.get("BlockDeviceMappings"));
        if (call.get("CapacityReservationSpecification").has("CapacityReservationTarget")) {
            throw AwsError.unsupported("There are no capacity reservations yet");
        }
        if (call.flag("EnablePrimaryIpv6", false)) {
            throw AwsError.unsupported("No IPv6 address can be made a primary one");
        }
        if (call.get("CpuOptions").path("AmdSevSnp").asText().equals("enabled")) {
            throw AwsError.unsupported("AMD SEV-SNP is not supported");
        }
        ObjectNode body = Call.answer();
        copy(call.input(), SAME, body);
        if (call.has("CpuOptions")) {
            copy(call.get("CpuOptions"), List.of("CoreCount", "ThreadsPerCore"), body.putObject("cpuOptions"));
        }
        body.put("instanceType", call.has("InstanceType") ? call.text("InstanceType") : USUAL_TYPE);
        placement(call, body);
        if (call.has("InstanceMarketOptions")) {
            body.set("market", market(call.get("InstanceMarketOptions")));
        }
        if (call.has(LaunchTemplates.LAUNCHED_BY)) {
            body.set("launchedBy", call.get(LaunchTemplates.LAUNCHED_BY));
        }
        body.set("ipv6Addresses", ipv6Addresses(call.get("Ipv6Addresses")));
        groups(call, body);
        tags(call, body);
        interfaces(call, body);
        return body;
    }

    private static void placement(Call call, ObjectNode body) {
        JsonNode placement = call.get("Placement");
        if (placement.isMissingNode()) {
            return;
        }
        for (String member : List.of("SpreadDomain", "HostResourceGroupArn", "GroupId")) {
            refuse(placement, member);
        }
        copy(placement, PLACEMENT, body.putObject("placement"));
        if (placement.hasNonNull("AvailabilityZoneId")) {
            body.withObjectProperty("placement").put("availabilityZone", Zones.named(call.region(), placement));
        }
    }

    private static ObjectNode market(JsonNode options) {
        if (!options.path("MarketType").asText().equals("spot")) {
            throw options.has("MarketType")
                    ? AwsError.unsupported("There are no capacity blocks")
                    : AwsError.missing("InstanceMarketOptions.MarketType");
        }
        JsonNode spot = options.path("SpotOptions");
        boolean isPersistent = spot.path("SpotInstanceType").asText().equals(PERSISTENT);
        boolean staysOnceInterrupted = spot.has("InstanceInterruptionBehavior")
                && !spot.path("InstanceInterruptionBehavior").asText().equals("terminate");
        if (staysOnceInterrupted && !isPersistent) {
            throw AwsError.combination("An instance is stopped or hibernated for a persistent request alone");
        }
        if (spot.has("ValidUntil") && !isPersistent) {
            throw AwsError.combination("ValidUntil is for persistent requests");
        }
        refuse(spot, "BlockDurationMinutes");
        ObjectNode market = Call.answer().put("type", "spot");
        market.set("interruptionBehavior", spot.get("InstanceInterruptionBehavior"));
        if (isPersistent) {
            market.put("requestType", PERSISTENT);
            market.set("validUntil", spot.get("ValidUntil"));
        }
        if (!spot.path("MaxPrice").asText().isEmpty()) {
            market.set("maxPrice", spot.path("MaxPrice"));
        }
        return market;
    }

    private static void groups(Call call, ObjectNode body) {
        List<String> ids = new ArrayList<>(call.texts("SecurityGroupIds"));
        List<String> names = call.texts("SecurityGroups");
        if (!names.isEmpty()) {
            if (call.has("SubnetId")) {
                throw AwsError.combination("The parameter groupName cannot be used with the parameter subnet");
            }
            ids.addAll(GroupNames.ids(call, names));
        }
        if (!ids.isEmpty()) {
            ArrayNode list = body.putArray("securityGroupIds");
            ids.forEach(list::add);
        }
    }

    private static void tags(Call call, ObjectNode body) {
        for (JsonNode specification : call.get("TagSpecifications")) {
            String type = specification.path("ResourceType").asText();
            if (type.equals("elastic-gpu")) {
                throw AwsError.unsupported("A launch makes no " + type + " that could be tagged");
            }
        }
        // Those of volumes are for whatever volumes a launch makes, and EC2 takes them of one that makes none.
        if (body.path("market") instanceof ObjectNode market) {
            JsonNode requestTags = TagSpecifications.of(call, SPOT_REQUEST, "instance", NETWORK_INTERFACE, VOLUME);
            // As in EC2 the tags of instances aren't their requests'.
            market.set("requestTags", requestTags == null ? Call.answer() : requestTags);
            body.set("tags", TagSpecifications.of(call, "instance", NETWORK_INTERFACE, SPOT_REQUEST, VOLUME));
        } else {
            body.set("tags", TagSpecifications.of(call, "instance", NETWORK_INTERFACE, VOLUME));
        }
        body.set(
                "networkInterfaceTags",
                TagSpecifications.of(call, NETWORK_INTERFACE, "instance", SPOT_REQUEST, VOLUME));
    }

    private static void interfaces(Call call, ObjectNode body) {
        JsonNode interfaces = call.get("NetworkInterfaces");
        if (interfaces.isEmpty()) {
            return;
        }
        if (call.has("SubnetId")) {
            throw AwsError.combination(
                    "Network interfaces and an instance-level subnet ID may not be specified on the same request");
        }
        if (body.has("securityGroupIds")) {
            throw AwsError.combination(
                    "Network interfaces and an instance-level security groups may not be specified on the same request");
        }
        boolean isAnew = body.path("market").path("requestType").asText().equals(PERSISTENT);
        if (interfaces.size() == 1
                && isUsual(interfaces.get(0))
                && (isAnew || !interfaces.get(0).has("SubnetId"))
                && !call.has("PrivateIpAddress")) {
            JsonNode only = interfaces.get(0);
            checkInterface(only);
            copy(only, List.of("SubnetId", "PrivateIpAddress", "Ipv6AddressCount", "AssociatePublicIpAddress"), body);
            if (only.has("Ipv6Addresses")) {
                body.set("ipv6Addresses", ipv6Addresses(only.path("Ipv6Addresses")));
            }
            if (only.has("Groups")) {
                body.set("securityGroupIds", only.path("Groups"));
            }
            return;
        }
        if (isAnew && !call.get("InstanceMarketOptions").path("SpotOptions").has("ValidUntil")) {
            keepsItsInstance((ObjectNode) body.get("market"));
        }
        JsonNode tags = body.remove("networkInterfaceTags");
        ArrayNode list = body.putArray("networkInterfaces");
        for (JsonNode one : interfaces) {
            ObjectNode asked = networkInterface(call, one);
            if (!one.has("NetworkInterfaceId")) {
                asked.set("tags", tags);
            }
            list.add(asked);
        }
    }

    /** What is stopped is started again with the interfaces it has; only what is terminated would need them said anew. */
    private static void keepsItsInstance(ObjectNode market) {
        if (!market.path("interruptionBehavior").asText("terminate").equals("terminate")) {
            market.remove("requestType");
        }
    }

    /**
     * Whether it is no other than each instance has: then the launch itself describes it. In the default subnet zone and
     * subnet can stay open; what is launched anew is known by the launch alone.
     */
    private static boolean isUsual(JsonNode one) {
        return one.path("DeviceIndex").asInt() == 0
                && one.path("DeleteOnTermination").asBoolean(true)
                && !one.has("NetworkInterfaceId")
                && one.path("Description").asText().isEmpty()
                && !one.has("PrivateIpAddresses")
                && !one.has("SecondaryPrivateIpAddressCount");
    }

    private static void checkInterface(JsonNode one) {
        INTERFACE_NOT_HERE.forEach(member -> refuse(one, member));
        for (String member : List.of("AssociateCarrierIpAddress", "PrimaryIpv6")) {
            if (one.path(member).asBoolean()) {
                throw AwsError.unsupported("NetworkInterface." + member + " is not supported");
            }
        }
        if (!one.path("InterfaceType").asText("interface").equals("interface")
                || one.path("NetworkCardIndex").asInt() != 0) {
            throw AwsError.unsupported("Interfaces are of the type interface, at network card 0");
        }
    }

    private static ObjectNode networkInterface(Call call, JsonNode one) {
        checkInterface(one);
        ObjectNode asked = Call.answer();
        asked.put("deviceIndex", 0);
        copy(one, INTERFACE_SAME, asked);
        asked.set("securityGroupIds", one.get("Groups"));
        asked.set("ipv6Addresses", ipv6Addresses(one.path("Ipv6Addresses")));
        ArrayNode others = Call.answer().arrayNode();
        String primary = one.path("PrivateIpAddress").asText();
        for (JsonNode address : one.path("PrivateIpAddresses")) {
            if (address.path("Primary").asBoolean()) {
                primary = address.path("PrivateIpAddress").asText();
            } else {
                others.add(address.path("PrivateIpAddress").asText());
            }
        }
        if (others.isEmpty()) {
            asked.put("privateIpAddress", primary.isEmpty() ? null : primary);
        } else {
            ArrayNode all = asked.putArray("privateIpAddresses");
            if (!primary.isEmpty()) {
                all.add(primary);
            }
            all.addAll(others);
        }
        String zone = Zones.named(call.region(), call.get("Placement"));
        if (zone != null && !one.has("SubnetId") && !one.has("NetworkInterfaceId") && AvailabilityZone.isValid(zone)) {
            asked.put("subnetId", DefaultNetwork.subnetId(call.account(), new AvailabilityZone(zone)));
        }
        return asked;
    }

    private static JsonNode ipv6Addresses(JsonNode addresses) {
        ArrayNode texts = Call.answer().arrayNode();
        for (JsonNode address : addresses) {
            if (address.path("IsPrimaryIpv6").asBoolean()) {
                throw AwsError.unsupported("No IPv6 address can be made a primary one");
            }
            texts.add(address.path("Ipv6Address").asText());
        }
        return texts.isEmpty() ? Call.answer().nullNode() : texts;
    }

    private static void copy(JsonNode from, List<String> members, ObjectNode to) {
        for (String member : members) {
            JsonNode value = Names.said(from.path(member));
            if (!value.isMissingNode()) {
                to.set(Call.lowerCamel(member), Names.toRest(value));
            }
        }
    }

    private static void refuse(JsonNode from, String member) {
        JsonNode value = from.path(member);
        if (!value.isMissingNode() && !(value.isTextual() && value.asText().isEmpty())) {
            throw AwsError.unsupported("The parameter " + member + " is not supported");
        }
    }
}
