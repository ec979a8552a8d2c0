package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The market's fleets, which EC2 has under two names with an API for each. An id of the other name isn't there. */
enum FleetRest {
    FLEET("fleet", "InvalidFleetId", "The fleet ID '%s' does not exist"),
    SPOT_FLEET("sfr", "InvalidSpotFleetRequestId", "The spot fleet request ID '%s' does not exist");

    static final String PATH = "/v1/fleets";
    static final String MEMBER = "fleets";

    private final String prefix;
    private final String code;
    private final String message;

    FleetRest(String prefix, String code, String message) {
        this.prefix = prefix;
        this.code = code;
        this.message = message;
    }

    String prefix() {
        return prefix;
    }

    String notFoundCode() {
        return code + ".NotFound";
    }

    String notFoundMessage() {
        return message;
    }

    static String path(String id) {
        return PATH + "/" + RestService.segment(id);
    }

    boolean isId(String id) {
        return id.startsWith(prefix + "-");
    }

    /** @throws AwsError {@code InvalidFleetId.Malformed} or its like */
    void mustBeId(String id) {
        if (!isId(id)) {
            throw AwsError.of(code + ".Malformed", "Invalid id: \"" + id + "\" (expecting \"" + prefix + "-...\")");
        }
    }

    /** @throws AwsError {@code InvalidFleetId.NotFound} or its like */
    JsonNode get(Call call, String id) {
        mustBeId(id);
        Optional<JsonNode> found = call.spotMarket().find(path(id));
        return found.orElseThrow(() -> new AwsError(notFoundCode(), 400, message.formatted(id), true));
    }

    List<JsonNode> list(Call call) {
        return call.spotMarket().list(PATH, MEMBER, Query.none()).stream()
                .filter(fleet -> isId(fleet.path("fleetId").asText()))
                .toList();
    }

    List<JsonNode> instances(Call call, String id) {
        return call.spotMarket().list(path(id) + "/instances", "instances");
    }

    /** An instance as {@code ActiveInstance}. */
    static ObjectNode active(JsonNode instance) {
        ObjectNode active = Call.answer()
                .put("InstanceId", instance.path("instanceId").asText())
                .put("InstanceType", instance.path("instanceType").asText())
                .put("InstanceHealth", "healthy");
        return instance.hasNonNull("spotRequestId")
                ? active.put(
                        "SpotInstanceRequestId", instance.path("spotRequestId").asText())
                : active;
    }

    /** A happening's {@code EventInformation}. */
    static ObjectNode information(JsonNode happening) {
        ObjectNode information =
                Call.answer().put("EventSubType", happening.path("eventSubType").asText());
        if (!happening.path("description").asText().isEmpty()) {
            information.put("EventDescription", happening.path("description").asText());
        }
        if (happening.hasNonNull("instanceId")) {
            information.put("InstanceId", happening.path("instanceId").asText());
        }
        return information;
    }

    /** A body's field, if it is said. */
    static void put(ObjectNode body, String field, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            body.set(field, value);
        }
    }

    /** The zones or subnets of one override: EC2 takes several with commas. */
    static List<ObjectNode> places(ObjectNode override) {
        String field = override.has("subnetId") ? "subnetId" : "availabilityZone";
        return Arrays.stream(override.path(field).asText("").split("\\s*,\\s*", -1))
                .map(place -> {
                    ObjectNode one = override.deepCopy();
                    return place.isEmpty() ? one : one.put(field, place);
                })
                .toList();
    }
}
