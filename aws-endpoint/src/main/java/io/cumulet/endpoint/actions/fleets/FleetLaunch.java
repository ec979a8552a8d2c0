package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.spot.LaunchSpecification;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet launches, in the market's words: one launch that all instances have in common, and overrides. EC2's fleets say
 * a whole launch for each kind of instance; kinds that differ in more than type, place, price and weight are refused.
 */
final class FleetLaunch {

    /** What a kind of instance says for itself. */
    private static final List<String> OF_OVERRIDE = List.of("instanceType", "availabilityZone", "subnetId");

    private final ArrayNode overrides = JsonNodeFactory.instance.arrayNode();
    private @Nullable ObjectNode common;

    /**
     * Adds a kind of instance.
     *
     * @param said a launch by the names of the model's members, with all that holds for this kind
     * @param price USD per hour for a unit of weight; missing if nothing is said
     */
    void add(Call call, JsonNode said, JsonNode price, JsonNode weight, JsonNode priority) {
        ObjectNode launch = LaunchSpecification.of(call, said).asSpot();
        ObjectNode override = Call.answer();
        for (String field : OF_OVERRIDE) {
            FleetRest.put(override, field, launch.path(field));
            launch.remove(field);
        }
        FleetRest.put(override, "maxPrice", price);
        FleetRest.put(override, "weightedCapacity", weight);
        FleetRest.put(override, "priority", priority);
        launch.set("tags", tags(said));
        if (common != null && !common.equals(launch)) {
            throw AwsError.unsupported(
                    "The instances of a fleet differ in type, place, price, weight and priority alone; these differ in more");
        }
        common = launch;
        FleetRest.places(override).forEach(overrides::add);
    }

    /** The tags that instances get. */
    private static ObjectNode tags(JsonNode said) {
        ObjectNode tags = Call.answer();
        for (JsonNode specification : said.path("TagSpecifications")) {
            String type = specification.path("ResourceType").asText();
            if (!type.equals("instance")) {
                throw AwsError.unsupported("Tags of " + type + " by a fleet are not supported here, only of instances");
            }
            specification
                    .path("Tags")
                    .forEach(tag ->
                            tags.put(tag.path("Key").asText(), tag.path("Value").asText("")));
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
