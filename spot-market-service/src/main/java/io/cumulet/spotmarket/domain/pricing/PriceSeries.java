package io.cumulet.spotmarket.domain.pricing;

import io.cumulet.kernel.HourlyRate;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The prices of one pool over time: each is in force from its moment until the next. Immutable. */
public final class PriceSeries {

    private final NavigableMap<Instant, HourlyRate> prices;

    private PriceSeries(NavigableMap<Instant, HourlyRate> prices) {
        this.prices = prices;
    }

    /** A price from a moment on. */
    public record Change(Instant at, HourlyRate price) {}

    /** @param changes in any order; of two at one moment the later in the list holds, and what repeats the price before is left out */
    public static PriceSeries of(List<Change> changes) {
        NavigableMap<Instant, HourlyRate> all = new TreeMap<>();
        changes.forEach(change -> all.put(change.at(), change.price()));
        NavigableMap<Instant, HourlyRate> distinct = new TreeMap<>();
        all.forEach((at, price) -> {
            if (distinct.isEmpty() || distinct.lastEntry().getValue().compareTo(price) != 0) {
                distinct.put(at, price);
            }
        });
        return new PriceSeries(distinct);
    }

    public boolean isEmpty() {
        return prices.isEmpty();
    }

    /** The price in force; empty before the first. */
    public Optional<HourlyRate> at(Instant moment) {
        return Optional.ofNullable(prices.floorEntry(moment)).map(entry -> entry.getValue());
    }

    /** The first change after a moment. */
    public Optional<Change> after(Instant moment) {
        return Optional.ofNullable(prices.higherEntry(moment))
                .map(entry -> new Change(entry.getKey(), entry.getValue()));
    }

    /** All changes in their order. */
    public List<Change> changes() {
        return prices.entrySet().stream()
                .map(entry -> new Change(entry.getKey(), entry.getValue()))
                .toList();
    }
}
