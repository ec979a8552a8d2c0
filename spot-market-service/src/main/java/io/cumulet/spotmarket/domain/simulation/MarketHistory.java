package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Prices of several pools, put into one order of time once for all strategies that are tried on them. Immutable. */
public final class MarketHistory {

    private final List<SimulatedPool> pools;
    private final Interval period;
    private final List<Tick> ticks;

    /** A pool's new price. */
    record Tick(Instant at, int pool, HourlyRate price) {}

    /** @param period whole seconds; prices before it count if they are still in force when it begins */
    public MarketHistory(List<SimulatedPool> pools, Interval period) {
        this.pools = List.copyOf(pools);
        this.period = period;
        List<Tick> all = new ArrayList<>();
        for (int i = 0; i < this.pools.size(); i++) {
            for (PriceSeries.Change change : this.pools.get(i).prices().changes()) {
                if (change.at().isBefore(period.until())) {
                    all.add(new Tick(change.at(), i, change.price()));
                }
            }
        }
        // Sorting keeps the order of the pools inside of a moment.
        all.sort(Comparator.comparing(Tick::at));
        this.ticks = List.copyOf(all);
    }

    public List<SimulatedPool> pools() {
        return pools;
    }

    public Interval period() {
        return period;
    }

    /** All changes of prices until the end, in the order of time. */
    List<Tick> ticks() {
        return ticks;
    }
}
