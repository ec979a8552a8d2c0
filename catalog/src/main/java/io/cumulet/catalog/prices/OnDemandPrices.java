package io.cumulet.catalog.prices;

import io.cumulet.catalog.prices.PriceLists.ListedPrice;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The dated on-demand prices that come with Cumulet: Linux, Windows, RHEL and SUSE in us-east-1, eu-west-1 and
 * ap-southeast-2. Sources and licences stand in the file's head. Immutable; safe for many threads.
 *
 * <p>A price holds from its list's date until a later list has another. Nobody knows what came before the first list:
 * there the first known price holds.
 */
public final class OnDemandPrices {

    private static final String RESOURCE = "on-demand.csv";

    private final Map<Key, List<OnDemandPrice>> byKey;
    private final NavigableSet<Instant> changes;

    private record Key(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {}

    private OnDemandPrices(Map<Key, List<OnDemandPrice>> byKey, NavigableSet<Instant> changes) {
        this.byKey = byKey;
        this.changes = changes;
    }

    /** The prices that come with this version, read once. */
    public static OnDemandPrices shipped() {
        return Shipped.PRICES;
    }

    /**
     * The price in force at a moment; empty if the kind of instance is on no list. Lists with a licence have next to no prices
     * of dedicated instances: where there is none, it is derived as that of default tenancy, and its tenancy says so.
     */
    public Optional<OnDemandPrice> inForce(
            Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, Instant at) {
        List<OnDemandPrice> history = byKey.get(new Key(region, type, os, tenancy));
        if (history == null && tenancy == Tenancy.DEDICATED) {
            return inForce(region, type, os, Tenancy.DEFAULT, at);
        }
        return history == null ? Optional.empty() : Optional.of(inForce(history, at));
    }

    /** Whether a kind of instance can be had in a region at all: whether it has a price there, with shared tenancy. */
    public boolean isOffered(Region region, InstanceType type, OperatingSystem os) {
        return byKey.containsKey(new Key(region, type, os, Tenancy.DEFAULT));
    }

    /** The prices in force at a moment of all kinds that a filter lets through, by region, type, system and tenancy. */
    public List<OnDemandPrice> listAt(Instant at, Predicate<OnDemandPrice> filter) {
        return byKey.values().stream()
                .map(history -> inForce(history, at))
                .filter(filter)
                .toList();
    }

    /** Every price a kind of instance ever had, oldest first. */
    public List<OnDemandPrice> history(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return byKey.getOrDefault(new Key(region, type, os, tenancy), List.of());
    }

    /** The moments at which prices may change, each the start of a UTC day. The first list's is not among them. */
    public NavigableSet<Instant> changes() {
        return changes;
    }

    private static OnDemandPrice inForce(List<OnDemandPrice> history, Instant at) {
        return PriceLists.inForce(history, OnDemandPrice::asOf, at);
    }

    /** Collects the rows of a table. */
    private static final class Rows implements PriceLists.RowReader {

        private final Map<Key, List<OnDemandPrice>> byKey = new LinkedHashMap<>(16_384);
        // Names repeat thousands of times; checking each once keeps the start short.
        private final Map<String, Region> regions = new HashMap<>();
        private final Map<String, InstanceType> types = new HashMap<>();

        @Override
        public void read(String[] what, List<ListedPrice> prices) {
            Key key = new Key(
                    regions.computeIfAbsent(what[0], Region::new),
                    types.computeIfAbsent(what[1], InstanceType::new),
                    OperatingSystem.ofCode(what[2]).orElseThrow(),
                    Tenancy.ofCode(what[3]).orElseThrow());
            byKey.put(
                    key,
                    prices.stream()
                            .map(price -> new OnDemandPrice(
                                    key.region(),
                                    key.type(),
                                    key.os(),
                                    key.tenancy(),
                                    HourlyRate.of(price.text()),
                                    price.list().asOf(),
                                    price.list().source()))
                            .toList());
        }

        OnDemandPrices prices(NavigableSet<Instant> changes) {
            return new OnDemandPrices(byKey, changes);
        }
    }

    static OnDemandPrices read(BufferedReader csv) throws IOException {
        Rows rows = new Rows();
        return rows.prices(PriceLists.read(csv, rows));
    }

    private static final class Shipped {

        private static final OnDemandPrices PRICES = load();

        private static OnDemandPrices load() {
            Rows rows = new Rows();
            return rows.prices(PriceLists.read(RESOURCE, rows));
        }
    }
}
