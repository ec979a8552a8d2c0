package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.templates.LaunchTemplates;
import io.cumulet.endpoint.templates.TemplateVersion;
import jakarta.enterprise.context.ApplicationScoped;

/** {@code LaunchTemplateConfigs} of both kinds of fleet. */
@ApplicationScoped
class TemplateConfigs {

    private static final String TYPE = "InstanceType";
    private static final String REQUIREMENTS = "InstanceRequirements";

    private final LaunchTemplates templates;

    TemplateConfigs(LaunchTemplates templates) {
        this.templates = templates;
    }

    /**
     * Adds what templates with their overrides launch.
     *
     * @param price what the max price of an override is called
     * @param usualPrice where an override says none; missing if there is none
     * @return the configurations with ids, names and numbers of versions, and what their templates say of type and place
     */
    ArrayNode addTo(FleetLaunch launch, Call call, JsonNode configs, String price, JsonNode usualPrice) {
        ArrayNode resolved = JsonNodeFactory.instance.arrayNode();
        for (JsonNode config : configs) {
            TemplateVersion version =
                    templates.version(call.account(), call.region(), config.path("LaunchTemplateSpecification"));
            ObjectNode one = resolved.addObject();
            one.putObject("LaunchTemplateSpecification")
                    .put("LaunchTemplateId", version.template().id())
                    .put("LaunchTemplateName", version.template().name())
                    .put("Version", Long.toString(version.number()));
            one.set("Template", kind(version.data()));
            one.set(
                    "Overrides",
                    config.path("Overrides").isArray()
                            ? config.path("Overrides")
                            : JsonNodeFactory.instance.arrayNode());
            if (config.path("Overrides").isEmpty()) {
                launch.add(call, version.data(), usualPrice, MissingNode.getInstance(), MissingNode.getInstance());
            }
            for (JsonNode override : config.path("Overrides")) {
                JsonNode paid = override.has(price) ? override.path(price) : usualPrice;
                launch.add(
                        call,
                        merged(version.data(), override),
                        paid,
                        override.path("WeightedCapacity"),
                        override.path("Priority"));
            }
        }
        return resolved;
    }

    /** What a template says of that in which overrides differ. */
    private static ObjectNode kind(ObjectNode data) {
        ObjectNode kind = JsonNodeFactory.instance.objectNode();
        for (String member : new String[] {TYPE, REQUIREMENTS, "SubnetId"}) {
            FleetRest.put(kind, member, data.path(member));
        }
        FleetRest.put(kind, "AvailabilityZone", data.path("Placement").path("AvailabilityZone"));
        return kind;
    }

    private static ObjectNode merged(ObjectNode data, JsonNode override) {
        if (override.has(TYPE) && override.has(REQUIREMENTS)) {
            throw AwsError.combination("An override has an InstanceType or InstanceRequirements, not both");
        }
        ObjectNode merged = data.deepCopy();
        // One is said instead of the other.
        if (override.has(TYPE) || override.has(REQUIREMENTS)) {
            merged.remove(TYPE);
            merged.remove(REQUIREMENTS);
        }
        if (override.has("SubnetId") || override.has("AvailabilityZone")) {
            merged.remove("SubnetId");
            if (merged.path("Placement") instanceof ObjectNode placement) {
                placement.remove("AvailabilityZone");
                placement.remove("AvailabilityZoneId");
            }
            dropSubnets(merged.path("NetworkInterfaces"));
        }
        for (String member : new String[] {TYPE, REQUIREMENTS, "SubnetId", "ImageId"}) {
            FleetRest.put(merged, member, override.path(member));
        }
        if (override.has("SubnetId")) {
            // Groups of the interface stay the instance's, which is in the subnet then.
            groupsOfInterface(merged);
        }
        if (override.has("Placement")) {
            merged.set("Placement", override.path("Placement"));
        }
        if (override.has("AvailabilityZone")) {
            ObjectNode placement =
                    merged.path("Placement") instanceof ObjectNode given ? given : merged.putObject("Placement");
            placement.set("AvailabilityZone", override.path("AvailabilityZone"));
        }
        return merged;
    }

    private static void dropSubnets(JsonNode interfaces) {
        for (JsonNode one : interfaces) {
            ((ObjectNode) one).remove("SubnetId");
        }
    }

    private static void groupsOfInterface(ObjectNode merged) {
        JsonNode interfaces = merged.path("NetworkInterfaces");
        if (interfaces.size() == 1 && interfaces.path(0).size() <= 2) {
            FleetRest.put(merged, "SecurityGroupIds", interfaces.path(0).path("Groups"));
            merged.remove("NetworkInterfaces");
        }
    }
}
