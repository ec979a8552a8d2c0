package io.cumulet.endpoint.actions.spot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.BlockDevices;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.actions.parameters.ImageAlias;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an instance is launched with, as spot requests, fleets, launch templates and Scheduled Instances say it, in REST's
 * words. What isn't supported is refused by name.
 */
public final class LaunchSpecification {

    /** Parameters that the services know by the same name. */
    private static final List<String> PLAIN = List.of("ImageId", "InstanceType", "KeyName", "UserData");

    /** What else a launch may say: handed on as it is, in REST's words. */
    private static final List<String> OPTIONS = List.of(
            "CpuOptions",
            "CreditSpecification",
            "DisableApiStop",
            "EnclaveOptions",
            "HibernationOptions",
            "IamInstanceProfile",
            "InstanceInitiatedShutdownBehavior",
            "MaintenanceOptions",
            "MetadataOptions",
            "Monitoring",
            "PrivateDnsNameOptions");

    /** What is put into other words below, or belongs to whoever asks for the launch. */
    private static final Set<String> OTHERS = Set.of(
            "BlockDeviceMappings",
            "SubnetId",
            "Placement",
            "SecurityGroupIds",
            "SecurityGroups",
            "NetworkInterfaces",
            "EbsOptimized",
            "TagSpecifications",
            "SpotPrice",
            "WeightedCapacity");

    private static final Set<String> OF_INTERFACE = Set.of(
            "DeviceIndex",
            "SubnetId",
            "Groups",
            "DeleteOnTermination",
            "AssociatePublicIpAddress",
            "NetworkCardIndex",
            "InterfaceType");

    private final ObjectNode launch = JsonNodeFactory.instance.objectNode();
    private final ObjectNode options = JsonNodeFactory.instance.objectNode();

    private LaunchSpecification() {}

    /**
     * Reads a specification.
     *
     * @param said by the names of the model's members
     * @throws AwsError {@code UnsupportedOperation} for what can't be had here
     */
    public static LaunchSpecification of(Call call, JsonNode said) {
        LaunchSpecification specification = new LaunchSpecification();
        JsonNode really = Names.said(said);
        specification.read(
                call, really instanceof ObjectNode launch ? ImageAlias.resolved(call.region(), launch) : really);
        return specification;
    }

    private void read(Call call, JsonNode said) {
        said.properties().forEach(entry -> {
            String member = entry.getKey();
            if (!PLAIN.contains(member)
                    && !OPTIONS.contains(member)
                    && !OTHERS.contains(member)
                    && isSaid(entry.getValue())) {
                throw unsupported(member);
            }
        });
        BlockDevices.check(said.path("BlockDeviceMappings"));
        PLAIN.forEach(member -> put(launch, Call.lowerCamel(member), said.path(member)));
        OPTIONS.forEach(member -> put(options, Call.lowerCamel(member), Names.toRest(said.path(member))));
        if (said.path("EbsOptimized").asBoolean(false)) {
            options.put("ebsOptimized", true);
        }
        placement(call.region(), said.path("Placement"));
        put(launch, "subnetId", said.path("SubnetId"));
        List<String> groups = new ArrayList<>(groupIds(call, said));
        groups.addAll(interfaces(said.path("NetworkInterfaces")));
        if (!groups.isEmpty()) {
            ArrayNode ids = launch.putArray("securityGroupIds");
            groups.stream().distinct().forEach(ids::add);
        }
    }

    private static boolean isSaid(JsonNode value) {
        return !value.isNull()
                && !(value.isBoolean() && !value.asBoolean())
                && !(value.isContainerNode() && value.isEmpty());
    }

    private static AwsError unsupported(String member) {
        return AwsError.unsupported("The parameter " + member + " is not supported here");
    }

    private static void put(ObjectNode node, String field, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            node.set(field, value);
        }
    }

    private void placement(Region region, JsonNode placement) {
        placement.properties().forEach(entry -> {
            boolean isUsual = entry.getKey().equals("AvailabilityZone")
                    || entry.getKey().equals("AvailabilityZoneId")
                    || entry.getKey().equals("Tenancy")
                            && entry.getValue().asText().equals("default");
            if (!isUsual && isSaid(entry.getValue())) {
                throw unsupported("Placement." + entry.getKey());
            }
        });
        String zone = Zones.named(region, placement);
        if (zone != null) {
            launch.put("availabilityZone", zone);
        }
    }

    /** Groups are said by id or by name; a Spot Fleet says both in one list. */
    private static List<String> groupIds(Call call, JsonNode said) {
        List<String> ids = new ArrayList<>();
        said.path("SecurityGroupIds").forEach(id -> ids.add(id.asText()));
        List<String> names = new ArrayList<>();
        for (JsonNode group : said.path("SecurityGroups")) {
            if (group.isTextual()) {
                names.add(group.asText());
            } else if (group.has("GroupId")) {
                ids.add(group.path("GroupId").asText());
            } else {
                names.add(group.path("GroupName").asText());
            }
        }
        ids.addAll(GroupNames.ids(call, names));
        return ids;
    }

    /** The one interface that each instance has; its groups are answered. */
    private List<String> interfaces(JsonNode interfaces) {
        List<String> groups = new ArrayList<>();
        if (interfaces.size() > 1) {
            throw AwsError.unsupported("More than one of NetworkInterfaces is not supported here");
        }
        for (JsonNode one : interfaces) {
            if (launch.has("subnetId")) {
                throw AwsError.combination(
                        "Network interfaces and an instance-level subnet ID may not be specified on the same request");
            }
            one.properties().forEach(entry -> {
                if (!OF_INTERFACE.contains(entry.getKey()) && isSaid(entry.getValue())) {
                    throw unsupported("NetworkInterfaces." + entry.getKey());
                }
            });
            if (one.path("DeviceIndex").asInt(0) != 0
                    || !one.path("DeleteOnTermination").asBoolean(true)) {
                throw AwsError.unsupported(
                        "The network interface is at DeviceIndex 0, and gone with its instance: DeleteOnTermination");
            }
            put(launch, "subnetId", one.path("SubnetId"));
            put(options, "associatePublicIpAddress", one.path("AssociatePublicIpAddress"));
            one.path("Groups").forEach(group -> groups.add(group.asText()));
        }
        return groups;
    }

    /** The body of a launch by {@code POST /v1/instances}. */
    public ObjectNode asLaunch() {
        ObjectNode body = launch.deepCopy();
        JsonNode zone = body.remove("availabilityZone");
        if (zone != null) {
            body.putObject("placement").set("availabilityZone", zone);
        }
        body.setAll(options);
        return body;
    }

    /** As the spot market's requests say it: with {@code launchOptions}. */
    public ObjectNode asSpot() {
        ObjectNode body = launch.deepCopy();
        if (!options.isEmpty()) {
            body.set("launchOptions", options.deepCopy());
        }
        return body;
    }
}
