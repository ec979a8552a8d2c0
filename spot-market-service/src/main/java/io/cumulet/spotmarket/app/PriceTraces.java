package io.cumulet.spotmarket.app;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.config.PricingConfig;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import io.cumulet.spotmarket.domain.pricing.ProductDescription;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes in, shows and removes recorded price histories. */
@ApplicationScoped
public class PriceTraces {

    private final Traces traces;
    private final Replays replays;
    private final Tariffs tariffs;
    private final PricingConfig config;
    private final StackClock clock;

    public PriceTraces(Traces traces, Replays replays, Tariffs tariffs, PricingConfig config, StackClock clock) {
        this.traces = traces;
        this.replays = replays;
        this.tariffs = tariffs;
        this.config = config;
        this.clock = clock;
    }

    /** A history and how many pools replay it. */
    public record Shown(Traces.Trace trace, int replaying) {}

    /** A history that is being read; see {@link Reading}. */
    public Reading read() {
        return new Reading(tariffs, config.mostTracePrices(), clock.instant());
    }

    /** Keeps what was read. Refused if nothing of it is of a pool there is. */
    @Transactional
    public Outcome<Shown> add(@Nullable String name, Reading reading) {
        Map<PoolId, PriceSeries> series = reading.series();
        if (series.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "SpotPriceHistory",
                    "It has no price of an instance type that is on offer in a zone here");
        }
        long changes = 0;
        Instant from = Instant.MAX;
        Instant until = Instant.MIN;
        for (PriceSeries pool : series.values()) {
            List<PriceSeries.Change> all = pool.changes();
            changes += all.size();
            from = all.getFirst().at().isBefore(from) ? all.getFirst().at() : from;
            until = all.getLast().at().isAfter(until) ? all.getLast().at() : until;
        }
        Traces.Trace trace = new Traces.Trace(
                UUID.randomUUID().toString(),
                name,
                clock.instant(),
                series.size(),
                changes,
                from,
                until,
                reading.skipped());
        traces.add(trace, series);
        return Outcome.done(new Shown(trace, 0));
    }

    @Transactional
    public Outcome<Shown> find(String traceId) {
        return traces.find(traceId).map(this::shown).map(Outcome::done).orElseGet(() -> notFound(traceId));
    }

    /** A page of all histories; see {@link Traces#page}. */
    @Transactional
    public List<Shown> page(@Nullable String after, int size) {
        return traces.page(after, size).stream().map(this::shown).toList();
    }

    private Shown shown(Traces.Trace trace) {
        return new Shown(trace, replays.count(trace.id()));
    }

    /** Removes a history; refused while pools replay it. */
    @Transactional
    public Outcome<Shown> remove(String traceId) {
        replays.hold();
        return find(traceId).flatMap(shown -> {
            if (shown.replaying() > 0) {
                return Outcome.refused(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "id",
                        shown.replaying() + " pools replay this history; end that first");
            }
            traces.remove(traceId);
            return Outcome.done(shown);
        });
    }

    static <T> Outcome<T> notFound(String traceId) {
        return Outcome.refused(
                ErrorCode.SPOT_PRICE_TRACE_NOT_FOUND, "traceId", "There is no spot price trace " + traceId);
    }

    /**
     * Collects the rows of a history. Rows of zones and instance types that there are not here, and of what has no On-Demand
     * price here, are counted and left out: a recorded history tells of more than we have. Until 2017 EC2 had pools for
     * EC2-Classic beside those of VPCs; our networks are VPCs, so where a file has both the VPC's hold. Not thread-safe.
     */
    public static final class Reading {

        private final Tariffs tariffs;
        private final int most;
        private final Instant now;
        /** Of those there are: what a file may name besides has no end. */
        private final Map<String, PoolId> pools = new HashMap<>();

        private final Map<PoolId, List<PriceSeries.Change>> vpc = new TreeMap<>();
        private final Map<PoolId, List<PriceSeries.Change>> classic = new TreeMap<>();
        /** Few prices stand in very many rows. */
        private final Map<String, HourlyRate> rates = new HashMap<>();

        private long rows;
        private long unknown;
        private long unpriced;

        private Reading(Tariffs tariffs, int most, Instant now) {
            this.tariffs = tariffs;
            this.most = most;
            this.now = now;
        }

        /** Whether there is room for one more row. */
        public boolean isFull() {
            return rows >= most;
        }

        /** How many rows there may be. */
        public int most() {
            return most;
        }

        /** @param price a valid text of an {@link HourlyRate} */
        public void add(String zone, String type, ProductDescription product, Instant at, String price) {
            rows++;
            String key = zone + "/" + type + "/" + product.os();
            PoolId pool = pools.get(key);
            if (pool == null) {
                Optional<PoolId> known = pool(zone, type, product);
                if (known.isEmpty()) {
                    unknown++;
                    return;
                }
                pool = known.get();
                pools.put(key, pool);
            }
            if (tariffs.onDemand(pool, now).isEmpty()) {
                unpriced++;
                return;
            }
            (product.isOfVpc() ? vpc : classic)
                    .computeIfAbsent(pool, unused -> new ArrayList<>())
                    .add(new PriceSeries.Change(
                            at.truncatedTo(ChronoUnit.MICROS), rates.computeIfAbsent(price, HourlyRate::of)));
        }

        private static Optional<PoolId> pool(String zone, String type, ProductDescription product) {
            return AvailabilityZone.isValid(zone)
                            && Regions.exists(new AvailabilityZone(zone))
                            && InstanceTypes.find(type).isPresent()
                    ? Optional.of(new PoolId(new AvailabilityZone(zone), new InstanceType(type), product.os()))
                    : Optional.empty();
        }

        Map<PoolId, PriceSeries> series() {
            Map<PoolId, PriceSeries> series = new TreeMap<>();
            classic.forEach((pool, changes) -> series.put(pool, PriceSeries.of(changes)));
            vpc.forEach((pool, changes) -> series.put(pool, PriceSeries.of(changes)));
            return series;
        }

        Traces.Skipped skipped() {
            long ofClassic = classic.entrySet().stream()
                    .filter(pool -> vpc.containsKey(pool.getKey()))
                    .mapToLong(pool -> pool.getValue().size())
                    .sum();
            return new Traces.Skipped(unknown, unpriced, ofClassic);
        }
    }
}
