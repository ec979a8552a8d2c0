package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.RegionFacts.ZoneFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import org.jspecify.annotations.Nullable;

/** Names and ids of Availability Zones: newer clients say and read either. */
public final class Zones {

    private Zones() {}

    /** The id of a zone by its name, such as {@code use1-az6}; null if there is none of that name. */
    public static @Nullable String id(String name) {
        if (!AvailabilityZone.isValid(name)) {
            return null;
        }
        AvailabilityZone zone = new AvailabilityZone(name);
        return Regions.find(zone.region())
                .flatMap(facts -> facts.zone(zone))
                .map(ZoneFacts::zoneId)
                .orElse(null);
    }

    /**
     * The name of the zone that parameters give by name or by id; null if they give none.
     *
     * @throws AwsError if they give both, or an id that the region doesn't have
     */
    public static @Nullable String named(Region region, JsonNode given) {
        if (!given.hasNonNull("AvailabilityZoneId")) {
            return given.path("AvailabilityZone").asText(null);
        }
        String id = given.path("AvailabilityZoneId").asText();
        if (given.hasNonNull("AvailabilityZone")) {
            throw AwsError.combination("You can specify either availabilityZone or availabilityZoneId, but not both.");
        }
        return Regions.find(region).map(RegionFacts::zones).stream()
                .flatMap(zones -> zones.stream())
                .filter(zone -> zone.zoneId().equals(id))
                .map(zone -> zone.zone().value())
                .findFirst()
                .orElseThrow(() -> AwsError.invalidValue("availabilityZoneId", id, "There is no such zone."));
    }

    /** Puts the zone's name and id, as far as it has one. */
    public static ObjectNode put(ObjectNode to, String name) {
        to.put("AvailabilityZone", name);
        String id = id(name);
        return id == null ? to : to.put("AvailabilityZoneId", id);
    }
}
