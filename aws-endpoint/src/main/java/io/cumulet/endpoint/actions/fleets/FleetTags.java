package io.cumulet.endpoint.actions.fleets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.tags.TaggedKind;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Tags of fleets, by either name. */
class FleetTags {

    @Produces
    @Singleton
    TaggedKind fleets() {
        return new Kind(FleetRest.FLEET, "fleet");
    }

    @Produces
    @Singleton
    TaggedKind spotFleets() {
        return new Kind(FleetRest.SPOT_FLEET, "spot-fleet-request");
    }

    private record Kind(FleetRest fleets, String resourceType) implements TaggedKind {

        private static final String TAGS = "tags";

        @Override
        public String prefix() {
            return fleets.prefix();
        }

        @Override
        public JsonNode tags(Call call, String id) {
            return fleets.get(call, id).path(TAGS);
        }

        @Override
        public void change(Call call, String id, ObjectNode changes) {
            fleets.get(call, id);
            ObjectNode body = Call.answer();
            body.set(TAGS, changes);
            call.spotMarket().patch(FleetRest.path(id), body);
        }

        @Override
        public List<Tagged> all(Call call) {
            return fleets.list(call).stream()
                    .map(fleet -> new Tagged(fleet.path("fleetId").asText(), fleet.path(TAGS)))
                    .toList();
        }
    }
}
