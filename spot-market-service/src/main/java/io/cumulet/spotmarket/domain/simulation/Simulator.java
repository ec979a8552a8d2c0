package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.simulation.SimulatedRun.EndedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks through a history once, from price change to price change. For one strategy, then it is used up. */
final class Simulator {

    private static final int NOWHERE = -1;

    private final Strategy strategy;
    private final List<SimulatedPool> pools;
    private final List<MarketHistory.Tick> ticks;
    private final Instant until;
    private final HourlyRate[] max;
    private final @Nullable HourlyRate[] price;
    private final List<SimulatedRun> runs = new ArrayList<>();
    /** The first change that hasn't happened yet. */
    private int next;
    /** The only pool it may be in; {@link #NOWHERE} as long as it may choose. */
    private int bound = NOWHERE;

    Simulator(MarketHistory history, Strategy strategy) {
        this.strategy = strategy;
        this.pools = history.pools();
        this.ticks = history.ticks();
        this.until = history.period().until();
        this.max = pools.stream().map(strategy.maxPrice()::in).toArray(HourlyRate[]::new);
        this.price = new HourlyRate[pools.size()];
    }

    Simulation play() {
        long kept = 0;
        Instant launch = launch(strategy.start());
        while (launch != null) {
            int pool = cheapest();
            Duration boot = runs.isEmpty() ? Duration.ZERO : strategy.work().restart();
            Instant workBegins = launch.plus(boot);
            SimulatedRun run = run(pool, launch, workBegins, kept);
            runs.add(run);
            long worked = kept + Math.max(0, run.end().getEpochSecond() - workBegins.getEpochSecond());
            switch (run.endedBy()) {
                case FINISHED -> {
                    return new Simulation(strategy, runs(), run.end(), worked, run.end());
                }
                case HISTORY_END -> {
                    return new Simulation(strategy, runs(), null, worked, until);
                }
                case PRICE -> {
                    kept = strategy.keptSeconds(worked);
                    if (strategy.kind() == Terms.Kind.ONE_TIME) {
                        return new Simulation(strategy, runs(), null, kept, until);
                    }
                    if (strategy.poolChoice() == Strategy.PoolChoice.FIXED) {
                        bound = pool;
                    }
                    launch = launch(run.end());
                }
            }
        }
        return new Simulation(strategy, runs(), null, kept, until);
    }

    private List<SimulatedRun> runs() {
        return List.copyOf(runs);
    }

    /** When it can run, from a moment on; null if never again. Prices are then those of that moment. */
    private @Nullable Instant launch(Instant from) {
        Instant now = from;
        happenUntil(now);
        boolean possible = cheapest() != NOWHERE;
        while (!possible) {
            if (next == ticks.size()) {
                return null;
            }
            now = wholeSecond(ticks.get(next).at());
            int first = next;
            happenUntil(now);
            // Before these changes it could run nowhere, so it now can only where they happened.
            for (int i = first; i < next && !possible; i++) {
                possible = isEligible(ticks.get(i).pool());
            }
        }
        return now.isBefore(until) ? now : null;
    }

    private void happenUntil(Instant now) {
        while (next < ticks.size() && !ticks.get(next).at().isAfter(now)) {
            happenNext();
        }
    }

    private MarketHistory.Tick happenNext() {
        MarketHistory.Tick tick = ticks.get(next++);
        price[tick.pool()] = tick.price();
        return tick;
    }

    private boolean isEligible(int pool) {
        HourlyRate current = price[pool];
        return current != null
                && current.compareTo(max[pool]) <= 0
                && (bound == NOWHERE || bound == pool)
                && strategy.mayRunIn(pools.get(pool).id());
    }

    /** Of two that cost the same, the one whose name comes first. */
    private int cheapest() {
        int cheapest = NOWHERE;
        for (int pool = 0; pool < price.length; pool++) {
            if (isEligible(pool) && (cheapest == NOWHERE || isCheaper(pool, cheapest))) {
                cheapest = pool;
            }
        }
        return cheapest;
    }

    private boolean isCheaper(int pool, int other) {
        int order = Objects.requireNonNull(price[pool]).compareTo(Objects.requireNonNull(price[other]));
        return order < 0
                || order == 0 && pools.get(pool).id().compareTo(pools.get(other).id()) < 0;
    }

    private SimulatedRun run(int pool, Instant start, Instant workBegins, long kept) {
        Duration needed = strategy.work().needed();
        Instant done = needed == null ? null : workBegins.plus(needed).minusSeconds(kept);
        Instant end = done == null || done.isAfter(until) ? until : done;
        EndedBy endedBy = end.equals(done) ? EndedBy.FINISHED : EndedBy.HISTORY_END;
        Instant warned = warned(pool, end);
        if (warned != null) {
            Instant evicted = wholeSecond(warned.plus(SpotRequest.NOTICE));
            if (evicted.isBefore(end) || evicted.equals(end) && endedBy == EndedBy.HISTORY_END) {
                end = evicted;
                endedBy = EndedBy.PRICE;
            }
        }
        return SimulatedRun.of(pools.get(pool), start, end, endedBy, strategy.interruptionPolicy());
    }

    /** When the price of a pool first rises above the max before a moment; null if it doesn't. */
    private @Nullable Instant warned(int pool, Instant before) {
        while (next < ticks.size() && ticks.get(next).at().isBefore(before)) {
            MarketHistory.Tick tick = happenNext();
            if (tick.pool() == pool && tick.price().compareTo(max[pool]) > 0) {
                return tick.at();
            }
        }
        return null;
    }

    /** Bills know whole seconds: one that has begun is over first. */
    private static Instant wholeSecond(Instant moment) {
        return moment.getNano() == 0 ? moment : Instant.ofEpochSecond(moment.getEpochSecond() + 1);
    }
}
