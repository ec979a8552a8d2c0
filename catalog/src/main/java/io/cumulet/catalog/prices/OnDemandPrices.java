package io.cumulet.catalog.prices;

import io.cumulet.catalog.prices.PriceLists.ListedPrice;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The dated on-demand prices that come with Cumulet: Linux, Windows, RHEL and SUSE, a file for each region, read when it is
 * first asked for. Sources and licences stand in the files' heads. Safe for many threads.
 *
 * <p>A price holds from its list's date until a later list has another. Nobody knows what came before the first list:
 * there the first known price holds.
 */
public final class OnDemandPrices {

    private static final OnDemandPrices SHIPPED = new OnDemandPrices();

    private final Map<Region, Prices> byRegion = new ConcurrentHashMap<>();

    private record Key(InstanceType type, OperatingSystem os, Tenancy tenancy) {}

    /** @param byKey in the order of type, system and tenancy */
    private record Prices(Map<Key, List<OnDemandPrice>> byKey, NavigableSet<Instant> changes) {}

    private OnDemandPrices() {}

    /** The prices that come with this version. */
    public static OnDemandPrices shipped() {
        return SHIPPED;
    }

    /**
     * The price in force at a moment; empty if the kind of instance is on no list. Lists with a licence have next to no prices
     * of dedicated instances: where there is none, it is derived as that of default tenancy, and its tenancy says so.
     */
    public Optional<OnDemandPrice> inForce(
            Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, Instant at) {
        List<OnDemandPrice> history = history(region, type, os, tenancy);
        if (history.isEmpty() && tenancy == Tenancy.DEDICATED) {
            return inForce(region, type, os, Tenancy.DEFAULT, at);
        }
        return history.isEmpty() ? Optional.empty() : Optional.of(inForce(history, at));
    }

    /** Whether a kind of instance can be had in a region at all: whether it has a price there, with shared tenancy. */
    public boolean isOffered(Region region, InstanceType type, OperatingSystem os) {
        return !history(region, type, os, Tenancy.DEFAULT).isEmpty();
    }

    /** The prices in force at a moment of all kinds that a filter lets through, by type, system and tenancy. */
    public List<OnDemandPrice> listAt(Region region, Instant at, Predicate<OnDemandPrice> filter) {
        return of(region).byKey().values().stream()
                .map(history -> inForce(history, at))
                .filter(filter)
                .toList();
    }

    /** Every price a kind of instance ever had, oldest first. */
    public List<OnDemandPrice> history(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return of(region).byKey().getOrDefault(new Key(type, os, tenancy), List.of());
    }

    /** The moments at which prices may change, each the start of a UTC day. The first list's is not among them. */
    public NavigableSet<Instant> changes() {
        // Each file has the heads of all lists.
        return of(Region.DEFAULT).changes();
    }

    private Prices of(Region region) {
        Prices known = byRegion.get(region);
        return known != null ? known : byRegion.computeIfAbsent(region, OnDemandPrices::read);
    }

    private static Prices read(Region region) {
        String file = "on-demand/" + region + ".csv";
        Rows rows = new Rows(region);
        return PriceLists.isThere(file)
                ? new Prices(rows.byKey, PriceLists.read(file, rows))
                : new Prices(Map.of(), Collections.emptyNavigableSet());
    }

    private static OnDemandPrice inForce(List<OnDemandPrice> history, Instant at) {
        return PriceLists.inForce(history, OnDemandPrice::asOf, at);
    }

    /** Collects the rows of a region's table. */
    private static final class Rows implements PriceLists.RowReader {

        private final Region region;
        private final Map<Key, List<OnDemandPrice>> byKey = new LinkedHashMap<>(4_096);
        // Names repeat; checking each once keeps the start short.
        private final Map<String, InstanceType> types = new HashMap<>();

        Rows(Region region) {
            this.region = region;
        }

        @Override
        public void read(String[] what, List<ListedPrice> prices) {
            Key key = new Key(
                    types.computeIfAbsent(what[1], InstanceType::new),
                    OperatingSystem.ofCode(what[2]).orElseThrow(),
                    Tenancy.ofCode(what[3]).orElseThrow());
            byKey.put(
                    key,
                    prices.stream()
                            .map(price -> new OnDemandPrice(
                                    region,
                                    key.type(),
                                    key.os(),
                                    key.tenancy(),
                                    HourlyRate.of(price.text()),
                                    price.list().asOf(),
                                    price.list().source()))
                            .toList());
        }
    }
}
