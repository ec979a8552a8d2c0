package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.instancetypes.Requirements;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Of which template and override a fleet's pools are, as the fleet was asked for. For one call: what types have is asked once. */
final class Origins {

    /** The member of how a fleet was asked for with what each configuration's template says of type and place. */
    static final String TEMPLATES = "TemplateKinds";

    private static final String SPECIFICATION = "LaunchTemplateSpecification";
    private static final String OVERRIDES = "Overrides";
    private static final String TYPE = "InstanceType";
    private static final String REQUIREMENTS = "InstanceRequirements";
    private static final String SUBNET = "SubnetId";
    private static final String ZONE = "AvailabilityZone";

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
            overrides += Math.max(1, config.path(OVERRIDES).size());
        }
        this.areSeveral = overrides > 1;
    }

    /** The template and the override that a pool is for: one that names its type before one of attributes. */
    ObjectNode of(String type, String zone) {
        String subnet = subnet(type, zone);
        ObjectNode origin = find(type, zone, subnet, false)
                .or(() -> find(type, zone, subnet, true))
                .orElseGet(() -> origin(0, Call.answer()));
        ObjectNode overrides = origin.withObject(OVERRIDES);
        overrides.put(TYPE, type);
        overrides.remove(REQUIREMENTS);
        if (!zone.isEmpty()) {
            overrides.put(ZONE, zone);
        }
        if (overrides.has(SUBNET) && !subnet.isEmpty()) {
            overrides.put(SUBNET, subnet);
        }
        return origin;
    }

    private Optional<ObjectNode> find(String type, String zone, String subnet, boolean byAttributes) {
        for (int position = 0; position < recorded.path(configs).size(); position++) {
            JsonNode found = override(position, type, zone, subnet, byAttributes);
            if (found != null) {
                return Optional.of(origin(position, found));
            }
        }
        return Optional.empty();
    }

    private ObjectNode origin(int position, JsonNode override) {
        JsonNode meant = recorded.path(resolved).path(position);
        ObjectNode origin = Call.answer();
        origin.set(
                SPECIFICATION,
                meant.isMissingNode() ? recorded.path(configs).path(position).path(SPECIFICATION) : meant);
        origin.set(OVERRIDES, override.deepCopy());
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

    private @Nullable JsonNode override(int position, String type, String zone, String subnet, boolean byAttributes) {
        JsonNode said = recorded.path(configs).path(position).path(OVERRIDES);
        // What holds where overrides say nothing, and alone where there are none.
        JsonNode template = recorded.path(TEMPLATES).path(position);
        for (JsonNode override : said.isEmpty() ? List.<JsonNode>of(Call.answer()) : said) {
            JsonNode what = override.has(TYPE) || override.has(REQUIREMENTS) ? override : template;
            JsonNode where = override.has(SUBNET) || override.has(ZONE) ? override : template;
            if (what.has(REQUIREMENTS) != byAttributes) {
                continue;
            }
            boolean isOfType = what.has(REQUIREMENTS) && areSeveral
                    ? typesWith.apply(what).contains(type)
                    : what.path(TYPE).asText(type).equals(type);
            // One that names subnets is where they are; the market has found out in which zones.
            boolean isThere = where.has(SUBNET) && !zone.isEmpty()
                    ? !subnet.isEmpty() && where.path(SUBNET).asText().contains(subnet)
                    : where.path(ZONE).asText(zone).contains(zone);
            if (isOfType && isThere) {
                return override;
            }
        }
        return null;
    }
}
