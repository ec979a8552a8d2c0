package io.cumulet.catalog;

import io.cumulet.catalog.RegionFacts.ZoneFacts;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The regions whose zones we know. Thread-safe. */
public final class Regions {

    private Regions() {}

    private static final class Table {
        static final Map<Region, RegionFacts> BY_REGION = read();
    }

    public static Optional<RegionFacts> find(Region region) {
        return Optional.ofNullable(Table.BY_REGION.get(region));
    }

    /** All of them, ordered by name. */
    public static Collection<RegionFacts> all() {
        return Table.BY_REGION.values();
    }

    public static boolean exists(Region region) {
        return Table.BY_REGION.containsKey(region);
    }

    public static boolean exists(AvailabilityZone zone) {
        return find(zone.region())
                .map(facts -> facts.zones().stream().anyMatch(z -> z.zone().equals(zone)))
                .orElse(false);
    }

    private static Map<Region, RegionFacts> read() {
        Map<Region, RegionFacts> regions = new TreeMap<>();
        for (Csv.Row row : Csv.read("regions.csv")) {
            List<String> names = row.list("zones");
            List<String> ids = row.list("zoneIds");
            List<ZoneFacts> zones = new ArrayList<>();
            Region region = new Region(row.text("region"));
            for (int i = 0; i < names.size(); i++) {
                String id = ids.isEmpty() ? shortName(region) + "-az" + (i + 1) : ids.get(i);
                zones.add(new ZoneFacts(new AvailabilityZone(names.get(i)), id));
            }
            regions.put(region, new RegionFacts(region, row.text("name"), row.text("partition"), List.copyOf(zones)));
        }
        return Collections.unmodifiableMap(regions);
    }

    /**
     * How ids of a region's zones begin, such as {@code apse3} of {@code ap-southeast-3}. Which zone has which id is another
     * matter in each account, so where no source says it, they are numbered as they are named.
     *
     * @see <a href="https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html">Availability Zone IDs</a>
     */
    private static String shortName(Region region) {
        StringBuilder name = new StringBuilder();
        for (String part : region.value().split("-")) {
            name.append(
                    switch (part) {
                        case "gov" -> "g";
                        case "north", "south", "east", "west", "central" -> part.substring(0, 1);
                        case "northeast" -> "ne";
                        case "northwest" -> "nw";
                        case "southeast" -> "se";
                        case "southwest" -> "sw";
                        default -> part;
                    });
        }
        return name.toString();
    }
}
