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

    private final JsonNode recorded;
    private final String configs;
    private final String resolved;
    private final Function<JsonNode, Set<String>> typesWith;
    private final boolean areSeveralOfAttributes;

    /**
     * Answers for a fleet.
     *
     * @param recorded how the fleet was asked for
     * @param configs the member with its configurations
     * @param resolved the member with the versions of templates that they meant
     */
    static Origins of(Call call, JsonNode recorded, String configs, String resolved) {
        Map<JsonNode, Set<String>> known = new HashMap<>();
        return new Origins(
                recorded,
                configs,
                resolved,
                override -> known.computeIfAbsent(
                        override.path(REQUIREMENTS), unused -> new HashSet<>(Requirements.types(call, override))));
    }

    /** @param typesWith the types that have what an override asks for */
    Origins(JsonNode recorded, String configs, String resolved, Function<JsonNode, Set<String>> typesWith) {
        this.recorded = recorded;
        this.configs = configs;
        this.resolved = resolved;
        this.typesWith = typesWith;
        int ofAttributes = 0;
        for (JsonNode config : recorded.path(configs)) {
            for (JsonNode override : config.path(OVERRIDES)) {
                ofAttributes += override.has(REQUIREMENTS) ? 1 : 0;
            }
        }
        this.areSeveralOfAttributes = ofAttributes > 1;
    }

    /** The template and the override that a pool is for. */
    ObjectNode of(String type, String zone) {
        ObjectNode origin = Call.answer();
        JsonNode its = null;
        int position = 0;
        for (JsonNode config : recorded.path(configs)) {
            JsonNode meant = recorded.path(resolved).path(position++);
            JsonNode template = meant.isMissingNode() ? config.path(SPECIFICATION) : meant;
            if (!origin.has(SPECIFICATION)) {
                origin.set(SPECIFICATION, template);
            }
            JsonNode found = its == null ? override(config, type, zone) : null;
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
        origin.set(OVERRIDES, overrides);
        return origin;
    }

    private @Nullable JsonNode override(JsonNode config, String type, String zone) {
        for (JsonNode override : config.path(OVERRIDES)) {
            boolean isOfType = override.has(REQUIREMENTS) && areSeveralOfAttributes
                    ? typesWith.apply(override).contains(type)
                    : override.path(TYPE).asText(type).equals(type);
            if (isOfType && override.path("AvailabilityZone").asText(zone).contains(zone)) {
                return override;
            }
        }
        return null;
    }
}
