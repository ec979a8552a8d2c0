package io.cumulet.endpoint.actions.instancetypes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Instance types, where they are on offer, and what an account may have. */
@ApplicationScoped
public class InstanceTypeActions implements ActionSet {

    private static final String PATH = "/v1/instance-types";
    private static final String LIST = "instanceTypes";
    private static final String TYPE = "InstanceType";
    private static final String INVALID_TYPE = "InvalidInstanceType";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeInstanceTypes", InstanceTypeActions::describe);
        actions.ec2("DescribeInstanceTypeOfferings", InstanceTypeActions::describeOfferings);
        actions.ec2(
                "GetInstanceTypesFromInstanceRequirements",
                InstanceTypeActions::matches,
                "price protection is a fleet's, and leaves nothing out here");
        actions.ec2("DescribeAccountAttributes", InstanceTypeActions::describeAccountAttributes);
    }

    private static ObjectNode describe(Call call) {
        List<String> named = call.texts("InstanceTypes");
        List<ObjectNode> types = new ArrayList<>();
        for (JsonNode view : views(call, named)) {
            if (InstanceTypeShapes.isOffered(view)) {
                types.add(InstanceTypeShapes.info(view));
            }
        }
        return Listing.of(call, "InstanceTypes", TYPE)
                .ids("InstanceTypes", INVALID_TYPE, "The following supplied instance types do not exist: [%s]")
                .answer(types);
    }

    private static List<JsonNode> views(Call call, List<String> named) {
        try {
            return call.instances().list(PATH, LIST, Query.none().andEach("instanceType", named));
        } catch (AwsError e) {
            if (!e.code().equals(INVALID_TYPE)) {
                throw e;
            }
            // Which of them doesn't exist is said below, of all that do.
            return call.instances().list(PATH, LIST);
        }
    }

    private static ObjectNode describeOfferings(Call call) {
        String kind = call.has("LocationType") ? call.requiredText("LocationType") : "region";
        Map<String, String> zoneIds = kind.equals("availability-zone-id") ? zoneIds(call) : Map.of();
        List<ObjectNode> offerings = new ArrayList<>();
        for (JsonNode view : views(call, List.of())) {
            if (!InstanceTypeShapes.isOffered(view)) {
                continue;
            }
            List<String> locations = new ArrayList<>();
            switch (kind) {
                case "region" -> locations.add(call.region().value());
                case "availability-zone" -> view.path("zonesAtAws").forEach(zone -> locations.add(zone.asText()));
                case "availability-zone-id" ->
                    view.path("zonesAtAws").forEach(zone -> {
                        String id = zoneIds.get(zone.asText());
                        if (id != null) {
                            locations.add(id);
                        }
                    });
                default -> {} // There are no Outposts, and so nothing on offer there.
            }
            for (String location : locations) {
                offerings.add(Call.answer()
                        .put(TYPE, view.path("instanceType").asText())
                        .put("LocationType", kind)
                        .put("Location", location));
            }
        }
        return Listing.of(
                        call,
                        "InstanceTypeOfferings",
                        offering -> offering.path(TYPE).asText()
                                + ' '
                                + offering.path("Location").asText())
                .answer(offerings);
    }

    private static ObjectNode matches(Call call) {
        List<ObjectNode> types = Requirements.types(call, call.input()).stream()
                .map(type -> Call.answer().put(TYPE, type))
                .toList();
        return Listing.of(call, "InstanceTypes", TYPE).answer(types);
    }

    private static Map<String, String> zoneIds(Call call) {
        Map<String, String> ids = new HashMap<>();
        for (JsonNode zone : call.instances().get("/v1/availability-zones").path("availabilityZones")) {
            if (zone.hasNonNull("zoneId")) {
                ids.put(
                        zone.path("availabilityZone").asText(),
                        zone.path("zoneId").asText());
            }
        }
        return ids;
    }

    /**
     * Those that hold here; there is no limit of how many instances or addresses.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html">
     *     DescribeAccountAttributes</a>
     */
    private static ObjectNode describeAccountAttributes(Call call) {
        List<String> wanted = call.texts("AttributeNames");
        ObjectNode answer = Call.answer();
        ArrayNode attributes = answer.putArray("AccountAttributes");
        if (wanted.isEmpty() || wanted.contains("supported-platforms")) {
            attribute(attributes, "supported-platforms", "VPC");
        }
        if (wanted.isEmpty() || wanted.contains("default-vpc")) {
            attribute(attributes, "default-vpc", defaultVpc(call));
        }
        return answer;
    }

    private static String defaultVpc(Call call) {
        List<JsonNode> vpcs =
                call.instances().list("/v1/vpcs", "vpcs", Query.none().and("isDefault", true));
        return vpcs.isEmpty() ? "none" : vpcs.getFirst().path("vpcId").asText();
    }

    private static void attribute(ArrayNode attributes, String name, String value) {
        ObjectNode attribute = attributes.addObject().put("AttributeName", name);
        attribute.putArray("AttributeValues").addObject().put("AttributeValue", value);
    }
}
