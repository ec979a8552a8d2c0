package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.instancetypes.Requirements;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Of which template and override a fleet's pools are, as the fleet was asked for. For one call: what types have is asked once. */
final class Origins {

    private static final String SPECIFICATION = "LaunchTemplateSpecification";
    private static final String OVERRIDES = "Overrides";
    private static final String TYPE = "InstanceType";
    private static final String REQUIREMENTS = "InstanceRequirements";
    private static final String SUBNET = "SubnetId";

    private final JsonNode recorded;
    private final String configs;
    private final String resolved;
    private final JsonNode kinds;
    private final Function<JsonNode, Set<String>> typesWith;
    private final boolean areSeveral;

    /**
     * Answers for a fleet.
     *
     * @param fleet as the market shows it
     * @param configs the member with its configurations, of how it was asked for
     * @param resolved the member with the versions of templates that they meant
     */
    static Origins of(Call call, JsonNode fleet, String configs, String resolved) {
        Map<JsonNode, Set<String>> known = new HashMap<>();
        return new Origins(
                fleet,
                configs,
                resolved,
                override -> known.computeIfAbsent(
                        override.path(REQUIREMENTS), unused -> new HashSet<>(Requirements.types(call, override))));
    }

    /** @param typesWith the types that have what an override asks for */
    Origins(JsonNode fleet, String configs, String resolved, Function<JsonNode, Set<String>> typesWith) {
        this.recorded = fleet.path("requestedAs");
        this.configs = configs;
        this.resolved = resolved;
        this.kinds = fleet.path("overrides");
        this.typesWith = typesWith;
        int overrides = 0;
        for (JsonNode config : recorded.path(configs)) {
            overrides += config.path(OVERRIDES).size();
        }
        this.areSeveral = overrides > 1;
    }

    /** The template and the override that a pool is for. */
    ObjectNode of(String type, String zone) {
        ObjectNode origin = Call.answer();
        String subnet = subnet(type, zone);
        JsonNode its = null;
        int position = 0;
        for (JsonNode config : recorded.path(configs)) {
            JsonNode meant = recorded.path(resolved).path(position++);
            JsonNode template = meant.isMissingNode() ? config.path(SPECIFICATION) : meant;
            if (!origin.has(SPECIFICATION)) {
                origin.set(SPECIFICATION, template);
            }
            JsonNode found = its == null ? override(config, type, zone, subnet) : null;
            if (found != null) {
                origin.set(SPECIFICATION, template);
                its = found;
            }
        }
        ObjectNode overrides = its instanceof ObjectNode found ? found.deepCopy() : Call.answer();
        overrides.put(TYPE, type);
        overrides.remove(REQUIREMENTS);
        if (!zone.isEmpty()) {
            overrides.put("AvailabilityZone", zone);
        }
        if (overrides.has(SUBNET)) {
            overrides.put(SUBNET, subnet);
        }
        origin.set(OVERRIDES, overrides);
        return origin;
    }

    /** Of the instances of a type in a zone; empty if they are in the default one. */
    private String subnet(String type, String zone) {
        for (JsonNode kind : kinds) {
            if (kind.path("instanceType").asText().equals(type)
                    && kind.path("availabilityZone").asText().equals(zone)
                    && kind.hasNonNull("subnetId")) {
                return kind.path("subnetId").asText();
            }
        }
        return "";
    }

    private @Nullable JsonNode override(JsonNode config, String type, String zone, String subnet) {
        for (JsonNode override : config.path(OVERRIDES)) {
            boolean isOfType = override.has(REQUIREMENTS) && areSeveral
                    ? typesWith.apply(override).contains(type)
                    : override.path(TYPE).asText(type).equals(type);
            // One that names subnets is where they are; the market has found out in which zones.
            boolean isThere = override.has(SUBNET)
                    ? !subnet.isEmpty() && override.path(SUBNET).asText().contains(subnet)
                    : override.path("AvailabilityZone").asText(zone).contains(zone);
            if (isOfType && isThere) {
                return override;
            }
        }
        return null;
    }
}
