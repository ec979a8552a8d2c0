package io.cumulet.endpoint.actions.instancetypes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.Architecture;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code InstanceRequirements} in REST's words: what the catalog decides, and what prices do. What neither knows is refused by
 * name.
 */
public final class Requirements {

    /** The catalog knows networks' bandwidth in words, and no accelerators but GPUs. */
    private static final List<String> NOT_COMPARED = List.of("NetworkBandwidthGbps", "AcceleratorTypes");

    private static final List<String> PRICES = List.of(
            "SpotMaxPricePercentageOverLowestPrice",
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
            "OnDemandMaxPricePercentageOverLowestPrice");

    private static final ArrayNode ALL_ARCHITECTURES = JsonNodeFactory.instance.arrayNode();

    static {
        for (Architecture architecture : Architecture.values()) {
            ALL_ARCHITECTURES.add(architecture.code());
        }
    }

    private Requirements() {}

    /** Without what prices decide. */
    public static ObjectNode attributes(JsonNode asked) {
        NOT_COMPARED.stream().filter(asked::has).forEach(member -> {
            throw AwsError.unsupported("InstanceRequirements." + member + " is not supported here");
        });
        ObjectNode attributes = Call.answer();
        asked.properties().forEach(entry -> {
            if (!PRICES.contains(entry.getKey())) {
                attributes.set(Call.lowerCamel(entry.getKey()), Names.toRest(entry.getValue()));
            }
        });
        return attributes;
    }

    /** What prices decide; null if nothing is said of it. */
    public static @Nullable ObjectNode priceProtection(JsonNode asked) {
        ObjectNode protection = Call.answer();
        PRICES.stream()
                .filter(asked::has)
                .forEach(member -> protection.set(Call.lowerCamel(member), asked.path(member)));
        return protection.isEmpty() ? null : protection;
    }

    /**
     * The types on offer in the caller's region that have what is asked for, by name; prices don't matter.
     *
     * @param asked {@code ArchitectureTypes}, {@code VirtualizationTypes} and {@code InstanceRequirements}
     */
    public static List<String> types(Call call, JsonNode asked) {
        ObjectNode body = Call.answer();
        JsonNode architectures = asked.path("ArchitectureTypes");
        body.set("architectureTypes", architectures.isEmpty() ? ALL_ARCHITECTURES : architectures);
        body.set("instanceRequirements", attributes(asked.path("InstanceRequirements")));
        JsonNode virtualization = asked.path("VirtualizationTypes");
        // All types are of hardware virtualization.
        boolean isHvm = virtualization.isMissingNode()
                || virtualization.valueStream().anyMatch(type -> type.asText().equals("hvm"));
        return isHvm
                ? call.instances()
                        .post("/v1/instance-type-matches", body)
                        .path("instanceTypes")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList()
                : List.of();
    }
}
