package io.cumulet.spotmarket.app;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import io.cumulet.spotmarket.domain.simulation.MarketHistory;
import io.cumulet.spotmarket.domain.simulation.SimulatedPool;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gets the histories on which strategies are tried. */
@ApplicationScoped
public class Simulations {

    /** The most pools of one history. */
    public static final int MOST_POOLS = 100;

    private static final Duration USUAL = Duration.ofDays(30);
    /** Ten years: what is run is counted hour by hour. */
    private static final Duration LONGEST = Duration.ofDays(3653);

    private final RecordedPrices recorded;
    private final List<Traces> traces;
    private final Tariffs tariffs;
    private final StackClock clock;

    public Simulations(RecordedPrices recorded, @All List<Traces> traces, Tariffs tariffs, StackClock clock) {
        this.recorded = recorded;
        this.traces = traces;
        this.tariffs = tariffs;
        this.clock = clock;
    }

    /** Where prices come from. */
    public sealed interface Source {

        /** What this market's pools cost. */
        record Recorded() implements Source {}

        /** A history that was brought in. */
        record Trace(String traceId) implements Source {}

        /**
         * Prices that come with the question.
         *
         * @param until when the last was told, which may repeat the one before: so long the history is
         */
        record Given(Map<PoolId, PriceSeries> series, Instant until) implements Source {}
    }

    /** @param onDemand null for the price on this stack's list */
    public record WantedPool(PoolId id, @Nullable HourlyRate onDemand) {}

    /**
     * A history.
     *
     * @param wanted the pools; may be empty if prices are given, for all of those
     * @param from null for 30 days ago, or for the first price of a history that is given or was brought in
     * @param until null for now, for the last change of a trace, or for the last price that is given
     */
    @Transactional
    public Outcome<MarketHistory> history(
            Source source, List<WantedPool> wanted, @Nullable Instant from, @Nullable Instant until) {
        List<WantedPool> pools = wanted.isEmpty() && source instanceof Source.Given given
                ? given.series.keySet().stream()
                        .map(id -> new WantedPool(id, null))
                        .toList()
                : wanted;
        if (pools.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "history.pools", "Say which pools");
        }
        if (pools.size() > MOST_POOLS) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "history.pools", "At most " + MOST_POOLS + " pools");
        }
        return switch (source) {
            case Source.Recorded() -> recorded(pools, from, until);
            case Source.Trace(String traceId) -> {
                Map<PoolId, PriceSeries> series = new HashMap<>();
                pools.forEach(pool -> find(traceId, pool.id()).ifPresent(prices -> series.put(pool.id(), prices)));
                yield imported(pools, series, "trace " + traceId, from, until);
            }
            case Source.Given(Map<PoolId, PriceSeries> series, Instant last) ->
                imported(pools, series, "spotPriceHistory", from, until == null ? last : until);
        };
    }

    private Optional<PriceSeries> find(String traceId, PoolId pool) {
        return traces.stream()
                .flatMap(all -> all.series(traceId, pool).stream())
                .findFirst();
    }

    private Outcome<MarketHistory> recorded(List<WantedPool> pools, @Nullable Instant from, @Nullable Instant until) {
        Instant now = clock.instant();
        Instant end = until == null ? now : until;
        if (end.isAfter(now)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "history.until", "It lies in the future: " + until);
        }
        return period(from == null ? end.minus(USUAL) : from, end)
                .flatMap(period -> history(
                        pools,
                        recorded.series(pools.stream().map(WantedPool::id).toList(), period),
                        "the market's history from " + period.from() + " to " + period.until(),
                        period));
    }

    private Outcome<MarketHistory> imported(
            List<WantedPool> pools,
            Map<PoolId, PriceSeries> series,
            String name,
            @Nullable Instant from,
            @Nullable Instant until) {
        List<PriceSeries.Change> changes = pools.stream()
                .flatMap(pool -> Optional.ofNullable(series.get(pool.id())).stream())
                .flatMap(prices -> prices.changes().stream())
                .toList();
        Instant first = changes.stream()
                .map(PriceSeries.Change::at)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
        Instant last = changes.stream()
                .map(PriceSeries.Change::at)
                .max(Instant::compareTo)
                .orElse(Instant.MAX);
        if (changes.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "history.pools", "No price of them is in " + name);
        }
        return period(from == null ? first : from, until == null ? last : until)
                .flatMap(period -> history(pools, series, name, period));
    }

    /** In whole seconds, inside of what is asked for. */
    private static Outcome<Interval> period(Instant from, Instant until) {
        Instant begin = from.truncatedTo(ChronoUnit.SECONDS);
        begin = begin.equals(from) ? begin : begin.plusSeconds(1);
        Instant end = until.truncatedTo(ChronoUnit.SECONDS);
        if (!begin.isBefore(end)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "history.until",
                    "The history ends at " + end + ", before or when it begins, at " + begin);
        }
        if (Duration.between(begin, end).compareTo(LONGEST) > 0) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "history.until",
                    "A history is at most " + LONGEST.toDays() + " days long; this one goes from " + begin + " to "
                            + end);
        }
        return Outcome.done(new Interval(begin, end));
    }

    private Outcome<MarketHistory> history(
            List<WantedPool> pools, Map<PoolId, PriceSeries> series, String name, Interval period) {
        List<SimulatedPool> simulated = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            WantedPool pool = pools.get(i);
            String field = "history.pools[" + i + "]";
            PriceSeries prices = series.get(pool.id());
            if (prices == null || prices.isEmpty()) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, field, "No price of " + pool.id() + " is in " + name);
            }
            Optional<HourlyRate> onDemand =
                    Optional.ofNullable(pool.onDemand()).or(() -> tariffs.onDemand(pool.id(), period.from()));
            if (onDemand.isEmpty()) {
                return Outcome.refused(
                        ErrorCode.UNSUPPORTED,
                        field + ".onDemandPrice",
                        "No On-Demand price of " + pool.id() + " is known here; give the one to compare with");
            }
            simulated.add(new SimulatedPool(pool.id(), prices, onDemand.get()));
        }
        return Outcome.done(new MarketHistory(simulated, period));
    }
}
