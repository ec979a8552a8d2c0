package io.cumulet.catalog.prices;

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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads a table whose last columns are dated price lists. A line {@code # list v2017 2017-11-12 source} names one; the
 * cells of a column that isn't named so tell what the price is of.
 */
final class PriceLists {

    /**
     * One dated list.
     *
     * @param asOf in force from that day, 00:00 UTC
     * @param source where it comes from, with its commit and licence
     */
    record PriceList(LocalDate asOf, String source) {}

    /** A cell that isn't empty of a row, in the column of a list. */
    record ListedPrice(PriceList list, String text) {}

    /** Takes a row: what the prices are of, and the prices, oldest first; of equal dates the later column. */
    interface RowReader {
        void read(String[] what, List<ListedPrice> prices);
    }

    private PriceLists() {}

    /** Whether the jar has such a table. */
    static boolean isThere(String resource) {
        return PriceLists.class.getResource(resource) != null;
    }

    /** Reads a table from the jar; returns the moments at which prices may change, the first list's not among them. */
    static NavigableSet<Instant> read(String resource, RowReader rows) {
        try (InputStream in = PriceLists.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The price list is missing from the jar: " + resource);
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16), rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NavigableSet<Instant> read(BufferedReader csv, RowReader rows) throws IOException {
        Map<String, PriceList> lists = new LinkedHashMap<>();
        List<PriceList> columns = new ArrayList<>();
        int firstList = 0;
        for (String line = csv.readLine(); line != null; line = csv.readLine()) {
            if (line.startsWith("# list ")) {
                String[] words = line.split(" ", 5);
                lists.put(words[2], new PriceList(LocalDate.parse(words[3]), words[4]));
            } else if (line.startsWith("region,")) {
                for (String name : line.split(",")) {
                    PriceList list = lists.get(name);
                    if (list == null) {
                        firstList++;
                    } else {
                        columns.add(list);
                    }
                }
            } else if (!line.startsWith("#")) {
                String[] cells = line.split(",");
                rows.read(cells, prices(cells, firstList, columns));
            }
        }
        NavigableSet<Instant> starts = new TreeSet<>();
        for (PriceList list : lists.values()) {
            starts.add(list.asOf().atStartOfDay().toInstant(ZoneOffset.UTC));
        }
        starts.pollFirst();
        return Collections.unmodifiableNavigableSet(starts);
    }

    private static List<ListedPrice> prices(String[] cells, int firstList, List<PriceList> columns) {
        List<ListedPrice> prices = new ArrayList<>(2);
        for (int cell = firstList; cell < cells.length; cell++) {
            if (!cells[cell].isEmpty()) {
                prices.add(new ListedPrice(columns.get(cell - firstList), cells[cell]));
            }
        }
        return prices;
    }

    /** What was in force at a moment; nobody knows what came before the first list, so there the first holds. */
    static <T> T inForce(List<T> history, Function<T, LocalDate> asOf, Instant at) {
        LocalDate day = at.atOffset(ZoneOffset.UTC).toLocalDate();
        T found = history.getFirst();
        for (T price : history) {
            if (asOf.apply(price).isAfter(day)) {
                break;
            }
            found = price;
        }
        return found;
    }
}
