package io.cumulet.catalog.prices;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
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
    private static final int FIRST_PRICE_COLUMN = 4;

    private final Map<Key, List<OnDemandPrice>> byKey;
    private final NavigableSet<Instant> changes;

    private record Key(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {}

    private record PriceList(LocalDate asOf, String source) {}

    private OnDemandPrices(Map<Key, List<OnDemandPrice>> byKey, Collection<PriceList> lists) {
        this.byKey = byKey;
        NavigableSet<Instant> starts = new TreeSet<>();
        for (PriceList list : lists) {
            starts.add(list.asOf().atStartOfDay().toInstant(ZoneOffset.UTC));
        }
        starts.pollFirst();
        this.changes = Collections.unmodifiableNavigableSet(starts);
    }

    /** The prices that come with this version, read once. */
    public static OnDemandPrices shipped() {
        return Shipped.PRICES;
    }

    /** The price in force at a moment; empty if the kind of instance is on no list. */
    public Optional<OnDemandPrice> inForce(
            Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, Instant at) {
        List<OnDemandPrice> history = byKey.get(new Key(region, type, os, tenancy));
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
        LocalDate day = at.atOffset(ZoneOffset.UTC).toLocalDate();
        OnDemandPrice found = history.getFirst();
        for (OnDemandPrice price : history) {
            if (price.asOf().isAfter(day)) {
                break;
            }
            found = price;
        }
        return found;
    }

    static OnDemandPrices read(BufferedReader csv) throws IOException {
        Map<String, PriceList> lists = new LinkedHashMap<>();
        List<PriceList> columns = new ArrayList<>();
        Map<Key, List<OnDemandPrice>> byKey = new LinkedHashMap<>(16_384);
        // Names repeat thousands of times; checking each once keeps the start short.
        Map<String, Region> regions = new HashMap<>();
        Map<String, InstanceType> types = new HashMap<>();
        for (String line = csv.readLine(); line != null; line = csv.readLine()) {
            if (line.startsWith("# list ")) {
                String[] words = line.split(" ", 5);
                lists.put(words[2], new PriceList(LocalDate.parse(words[3]), words[4]));
            } else if (line.startsWith("region,")) {
                for (String name : line.split(",")) {
                    columns.add(lists.getOrDefault(name, new PriceList(LocalDate.MIN, name)));
                }
            } else if (!line.startsWith("#")) {
                addRow(line.split(","), columns, byKey, regions, types);
            }
        }
        return new OnDemandPrices(byKey, lists.values());
    }

    private static void addRow(
            String[] cells,
            List<PriceList> columns,
            Map<Key, List<OnDemandPrice>> byKey,
            Map<String, Region> regions,
            Map<String, InstanceType> types) {
        Key key = new Key(
                regions.computeIfAbsent(cells[0], Region::new),
                types.computeIfAbsent(cells[1], InstanceType::new),
                OperatingSystem.ofCode(cells[2]).orElseThrow(),
                Tenancy.ofCode(cells[3]).orElseThrow());
        List<OnDemandPrice> history = new ArrayList<>(2);
        for (int column = FIRST_PRICE_COLUMN; column < cells.length; column++) {
            if (!cells[column].isEmpty()) {
                PriceList list = columns.get(column);
                HourlyRate hourly = HourlyRate.of(cells[column]);
                history.add(new OnDemandPrice(
                        key.region(), key.type(), key.os(), key.tenancy(), hourly, list.asOf(), list.source()));
            }
        }
        byKey.put(key, List.copyOf(history));
    }

    private static final class Shipped {

        private static final OnDemandPrices PRICES = load();

        private static OnDemandPrices load() {
            try (InputStream in = OnDemandPrices.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("The price list is missing from the jar: " + RESOURCE);
                }
                return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
