package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.instancetypes.Requirements;
import io.cumulet.endpoint.actions.spot.LaunchSpecification;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet launches, in the market's words: one launch that all instances have in common, and overrides. EC2's fleets say
 * a whole launch for each kind of instance; kinds that differ in more than type, place, price and weight are refused.
 */
final class FleetLaunch {

    /** What a kind of instance says for itself. */
    private static final List<String> OF_OVERRIDE = List.of("instanceType", "availabilityZone", "subnetId");

    private static final String REQUIREMENTS = "InstanceRequirements";

    private static final Set<String> TAGGED = Set.of("instance", "network-interface", "volume");

    private final ArrayNode overrides = JsonNodeFactory.instance.arrayNode();
    private @Nullable ObjectNode common;

    /**
     * Adds a kind of instance.
     *
     * @param said a launch by the names of the model's members, with all that holds for this kind
     * @param price USD per hour for a unit of weight; missing if nothing is said
     */
    void add(Call call, JsonNode said, JsonNode price, JsonNode weight, JsonNode priority) {
        ObjectNode plain = said.deepCopy();
        JsonNode requirements = plain.remove(REQUIREMENTS);
        ObjectNode launch = LaunchSpecification.of(call, plain).asSpot();
        ObjectNode override = Call.answer();
        if (requirements != null) {
            override.set("instanceRequirements", Requirements.attributes(requirements));
            override.set("priceProtection", Requirements.priceProtection(requirements));
        }
        for (String field : OF_OVERRIDE) {
            FleetRest.put(override, field, launch.path(field));
            launch.remove(field);
        }
        FleetRest.put(override, "maxPrice", price);
        FleetRest.put(override, "weightedCapacity", weight);
        FleetRest.put(override, "priority", priority);
        launch.set("tags", tags(said, "instance"));
        ObjectNode interfaceTags = tags(said, "network-interface");
        if (!interfaceTags.isEmpty()) {
            launch.withObject("launchOptions").set("networkInterfaceTags", interfaceTags);
        }
        if (common != null && !common.equals(launch)) {
            throw AwsError.unsupported(
                    "The instances of a fleet differ in type, place, price, weight and priority alone; these differ in more");
        }
        common = launch;
        FleetRest.places(override).forEach(overrides::add);
    }

    /** Those of volumes are for whatever volumes a launch makes, and EC2 takes them of one that makes none. */
    private static ObjectNode tags(JsonNode said, String wanted) {
        ObjectNode tags = Call.answer();
        for (JsonNode specification : said.path("TagSpecifications")) {
            String type = specification.path("ResourceType").asText();
            if (!TAGGED.contains(type)) {
                throw AwsError.unsupported("Tags of " + type + " by a fleet are not supported here");
            }
            if (type.equals(wanted)) {
                specification
                        .path("Tags")
                        .forEach(tag -> tags.put(
                                tag.path("Key").asText(), tag.path("Value").asText("")));
            }
        }
        return tags;
    }

    /** @param moreTags of the instances, besides those of the launch */
    void putInto(ObjectNode body, @Nullable ObjectNode moreTags) {
        ObjectNode launch = common;
        if (launch != null) {
            if (moreTags != null) {
                ((ObjectNode) launch.path("tags")).setAll(moreTags);
            }
            body.set("launch", launch);
        }
        body.set("overrides", overrides);
    }
}
