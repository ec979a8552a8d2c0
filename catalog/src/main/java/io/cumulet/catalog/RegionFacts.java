package io.cumulet.catalog;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;

/**
 * A region and its Availability Zones.
 *
 * @param name what people call it, such as {@code Europe (Ireland)}
 * @param partition {@code aws}, {@code aws-cn}, …
 * @param zones in the order of their letters
 */
public record RegionFacts(Region region, String name, String partition, List<ZoneFacts> zones) {

    /** What is known of a zone; empty if the region has none of that name. */
    public Optional<ZoneFacts> zone(AvailabilityZone zone) {
        return zones.stream().filter(facts -> facts.zone().equals(zone)).findFirst();
    }

    /** @param zoneId the same place for every account, such as {@code use1-az6} */
    public record ZoneFacts(AvailabilityZone zone, String zoneId) {}
}
