package io.cumulet.catalog;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Dedicated Hosts cost and hold. Few of their prices are in a list with a licence: the others are derived, as 1.1 times the
 * On-Demand price of the family's largest size, which is what AWS asks where a price is known. Thread-safe.
 */
public final class DedicatedHosts {

    /**
     * A host of a family in a region.
     *
     * @param hourly USD for each hour in which it is allocated
     * @param vcpus what instances on it may have together
     * @param derivedFrom the size whose price it was derived from; empty if the price is a published one
     */
    public record Host(Region region, String family, HourlyRate hourly, int vcpus, String derivedFrom) {}

    private DedicatedHosts() {}

    private static final class Table {
        static final Map<String, Host> HOSTS = read();
    }

    /** The host of a family in a region; empty if no price is known. */
    public static Optional<Host> find(Region region, String family) {
        return Optional.ofNullable(Table.HOSTS.get(key(region, family)));
    }

    private static String key(Region region, String family) {
        return region.value() + "/" + family;
    }

    private static Map<String, Host> read() {
        Map<String, Host> hosts = new HashMap<>();
        for (Csv.Row row : Csv.read("prices/dedicated-hosts.csv")) {
            Host host = new Host(
                    new Region(row.text("region")),
                    row.text("family"),
                    HourlyRate.of(row.text("hourly")),
                    row.number("vcpus"),
                    row.text("derivedFrom"));
            hosts.put(key(host.region(), host.family()), host);
        }
        return Map.copyOf(hosts);
    }
}
