package io.cumulet.catalog;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import java.util.HashMap;
import java.util.Map;

/** Which zones offered which type, as AWS said. A fact to show; where our own hosts stand decides what can be launched. Thread-safe. */
public final class Offerings {

    private Offerings() {}

    private static final class Table {
        /** Zone letters by type and region: {@code m4.large@us-east-1 -> abcdf}. */
        static final Map<String, String> ZONE_LETTERS = read();
    }

    public static boolean isOffered(InstanceType type, Region region) {
        return !letters(type, region).isEmpty();
    }

    public static boolean isOffered(InstanceType type, AvailabilityZone zone) {
        return letters(type, zone.region()).indexOf(zone.letter()) >= 0;
    }

    private static String letters(InstanceType type, Region region) {
        return Table.ZONE_LETTERS.getOrDefault(type.value() + "@" + region.value(), "");
    }

    private static Map<String, String> read() {
        Map<String, String> letters = new HashMap<>(32_768);
        for (Csv.Row row : Csv.read("offerings.csv")) {
            String zoneLetters = row.text("zoneLetters");
            String atRegion = "@" + row.text("region");
            for (String family : row.text("types").split(" ")) {
                int colon = family.indexOf(':');
                for (String size : family.substring(colon + 1).split("\\|")) {
                    letters.put(family.substring(0, colon) + "." + size + atRegion, zoneLetters);
                }
            }
        }
        return letters;
    }
}
