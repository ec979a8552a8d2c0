package io.cumulet.spotmarket.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.advice.InterruptionFrequency;
import io.cumulet.spotmarket.domain.advice.PlacementScore;
import io.cumulet.spotmarket.domain.advice.PlacementScore.Candidate;
import io.cumulet.spotmarket.domain.advice.PlacementScore.CapacityUnit;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what pools are like: how often they interrupt, what they save, and how much they could take. */
@ApplicationScoped
public class PoolAdvice {

    private static final Duration TRAILING_MONTH = Duration.ofDays(30);
    private static final Duration LAST_DAYS = Duration.ofDays(7);
    private static final BigDecimal TWICE = BigDecimal.valueOf(2);

    private final PoolFacts pools;
    private final Tariffs tariffs;
    private final StackClock clock;

    public PoolAdvice(PoolFacts pools, Tariffs tariffs, StackClock clock) {
        this.pools = pools;
        this.tariffs = tariffs;
        this.clock = clock;
    }

    /**
     * A pool in the last 30 days, or since it is there.
     *
     * @param frequency null if nothing ran
     * @param onDemand the On-Demand price in force now
     */
    public record Advised(
            PoolFacts.Facts facts,
            @Nullable InterruptionFrequency frequency,
            HourlyRate onDemand,
            int vcpus,
            int memoryMib) {

        /** Of On-Demand's price, the average over the time: whole percent, half to even. */
        public BigDecimal savingsPercent() {
            return onDemand.usd()
                    .subtract(facts.averagePrice())
                    .movePointRight(2)
                    .divide(onDemand.usd(), 0, RoundingMode.HALF_EVEN);
        }
    }

    /** A page of the region's pools; see {@link PoolFacts#page}. */
    @Transactional
    public List<Advised> page(Region region, PoolFacts.Filter filter, @Nullable String after, int size) {
        Instant now = clock.instant();
        List<PoolId> ids = pools.page(region, filter, after, size);
        List<Advised> page = new ArrayList<>();
        for (PoolFacts.Facts facts : pools.of(ids, new Interval(now.minus(TRAILING_MONTH), now))) {
            InstanceTypeFacts type =
                    InstanceTypes.find(facts.id().type().value()).orElseThrow();
            HourlyRate onDemand = tariffs.onDemand(facts.id(), now)
                    .orElseThrow(() -> new IllegalStateException("A pool that isn't on offer: " + facts.id()));
            page.add(new Advised(
                    facts,
                    InterruptionFrequency.of(facts.interrupted(), facts.runs()),
                    onDemand,
                    type.vcpus(),
                    type.memoryMib()));
        }
        return page;
    }

    /**
     * What is to be placed.
     *
     * @param types any of them will do
     * @param regions where it may be; empty for all regions in which the market has pools of these types
     * @param singleZone whether it has to be in one zone
     */
    public record Placement(
            Set<InstanceType> types,
            OperatingSystem os,
            long target,
            CapacityUnit unit,
            Set<Region> regions,
            boolean singleZone) {}

    /** @param zone null for the whole region */
    public record Scored(Region region, RegionFacts.@Nullable ZoneFacts zone, PlacementScore score) {

        /** The best first, then by name. */
        static final Comparator<Scored> ORDER =
                Comparator.comparing((Scored scored) -> -scored.score.score()).thenComparing(Scored::name);

        public String name() {
            return zone == null ? region.value() : zone.zone().value();
        }
    }

    /** Scores each region, or each of their zones; the best first. Places without a pool of these types have no room. */
    @Transactional
    public List<Scored> score(Placement placement) {
        Instant now = clock.instant();
        List<PoolId> ids = new ArrayList<>();
        for (RegionFacts region : Regions.all()) {
            if (placement.regions.isEmpty() || placement.regions.contains(region.region())) {
                for (RegionFacts.ZoneFacts zone : region.zones()) {
                    placement.types.forEach(type -> ids.add(new PoolId(zone.zone(), type, placement.os)));
                }
            }
        }
        List<Candidate> candidates = pools.of(ids, new Interval(now.minus(LAST_DAYS), now)).stream()
                .map(PoolAdvice::candidate)
                .toList();
        Map<String, Long> waiting = waitingVcpus(candidates);
        Set<Region> regions = placement.regions.isEmpty()
                ? candidates.stream()
                        .map(candidate -> candidate.id().zone().region())
                        .collect(Collectors.toCollection(TreeSet::new))
                : placement.regions;
        List<Scored> scored = new ArrayList<>();
        for (Region region : regions) {
            List<Candidate> inRegion = candidates.stream()
                    .filter(candidate -> candidate.id().zone().region().equals(region))
                    .toList();
            if (!placement.singleZone) {
                scored.add(new Scored(region, null, score(placement, inRegion, waiting)));
                continue;
            }
            for (RegionFacts.ZoneFacts zone : Regions.find(region).orElseThrow().zones()) {
                scored.add(new Scored(region, zone, score(placement, in(zone.zone(), inRegion), waiting)));
            }
        }
        scored.sort(Scored.ORDER);
        return scored;
    }

    private static PlacementScore score(Placement placement, List<Candidate> in, Map<String, Long> waiting) {
        return PlacementScore.of(in, waiting, placement.unit, placement.target);
    }

    private static List<Candidate> in(AvailabilityZone zone, List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.id().zone().equals(zone))
                .toList();
    }

    private static Candidate candidate(PoolFacts.Facts facts) {
        InstanceTypeFacts type = InstanceTypes.find(facts.id().type().value()).orElseThrow();
        boolean steady = facts.highest().usd().compareTo(facts.lowest().usd().multiply(TWICE)) <= 0;
        return new Candidate(
                facts.id(), type.vcpus(), type.memoryMib(), facts.fits(), facts.runs(), facts.interrupted(), steady);
    }

    private Map<String, Long> waitingVcpus(List<Candidate> candidates) {
        Set<String> families =
                candidates.stream().map(candidate -> candidate.id().familyKey()).collect(Collectors.toSet());
        Map<String, Long> vcpus = new HashMap<>();
        pools.waiting(families).forEach((pool, bids) -> {
            int each = InstanceTypes.find(pool.type().value()).orElseThrow().vcpus();
            vcpus.merge(pool.familyKey(), bids * each, Long::sum);
        });
        return vcpus;
    }
}
