package io.cumulet.spotmarket.domain.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.fleets.FleetUnit.Stage;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a fleet takes and gives up is what somebody finds who compares all there is anew for each unit. Named by its seed. */
class FleetChoiceTest {

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachUnitGoesWhereTheStrategySays(long seed) {
        Random random = new Random(seed);
        List<FleetPool> pools = pools(random);
        FleetTerms terms = terms(random, pools, random.nextBoolean() ? "0." + (1 + random.nextInt(9)) : null);
        BigDecimal target = BigDecimal.valueOf(1 + random.nextInt(60));

        List<PoolId> makes = FleetPlanTest.plan(FleetPlanTest.fleet(terms, target.toString()), pools)
                .makes();

        assertThat(makes).as("seed " + seed).isEqualTo(new Plain(terms, pools).filled(target));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachUnitThatIsGivenUpIsTheOneTheStrategyCanSpareBest(long seed) {
        Random random = new Random(seed);
        List<FleetPool> pools = pools(random);
        FleetTerms terms = terms(random, pools, null);
        List<FleetUnit> units = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            PoolId pool = random.nextInt(10) == 0
                    ? PoolId.parse("us-east-1e/r5.large/linux")
                    : pools.get(random.nextInt(pools.size())).id();
            units.add(new FleetUnit(
                    "sir-%03d".formatted(i),
                    pool,
                    Stage.RUNNING,
                    false,
                    false,
                    FleetPlanTest.NOW.plusSeconds(random.nextInt(3))));
        }
        BigDecimal target = BigDecimal.valueOf(random.nextInt(count));

        FleetPlan plan = FleetPlan.of(
                FleetPlanTest.fleet(terms, "1000").modified(target, false), pools, units, FleetPlanTest.NOW);

        assertThat(plan.giveUps()).as("seed " + seed).isEqualTo(new Plain(terms, pools).trimmed(units, target));
    }

    private static List<FleetPool> pools(Random random) {
        List<FleetPool> pools = new ArrayList<>();
        int count = 1 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            pools.add(new FleetPool(
                    PoolId.parse("us-east-1" + "abcd".charAt(random.nextInt(4)) + "/m5." + (i + 2) + "xlarge/linux"),
                    new BigDecimal(List.of("1", "2", "0.5", "3.25").get(random.nextInt(4))),
                    HourlyRate.of("0.08"),
                    HourlyRate.of("0.0" + (1 + random.nextInt(9))),
                    random.nextInt(12),
                    random.nextInt(3) == 0 ? BigDecimal.valueOf(random.nextInt(3)) : null,
                    null));
        }
        return pools;
    }

    private static FleetTerms terms(Random random, List<FleetPool> pools, String maxTotalPrice) {
        AllocationStrategy[] strategies = AllocationStrategy.values();
        return FleetPlanTest.terms(
                FleetType.MAINTAIN,
                strategies[random.nextInt(strategies.length)],
                1 + random.nextInt(4),
                maxTotalPrice,
                null,
                pools);
    }

    /** Chooses as {@link AllocationStrategy} tells, and no faster than that. */
    private static final class Plain {

        private static final Comparator<FleetPool> BY_NAME = Comparator.comparing(
                        FleetPool::priority, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(FleetPool::comparePricePerUnit)
                .thenComparing(FleetPool::id);
        private static final Comparator<FleetPool> CHEAPEST =
                ((Comparator<FleetPool>) FleetPool::comparePricePerUnit).thenComparing(BY_NAME);

        private final FleetTerms terms;
        private final List<FleetPool> pools;
        private final Map<PoolId, Integer> free = new HashMap<>();
        private final Map<PoolId, BigDecimal> capacity = new HashMap<>();
        private BigDecimal spent = BigDecimal.ZERO;
        private BigDecimal all = BigDecimal.ZERO;

        Plain(FleetTerms terms, List<FleetPool> pools) {
            this.terms = terms;
            this.pools = pools;
            pools.forEach(pool -> {
                free.put(pool.id(), pool.free());
                capacity.put(pool.id(), BigDecimal.ZERO);
            });
        }

        List<PoolId> filled(BigDecimal target) {
            List<PoolId> put = new ArrayList<>();
            fill(put, target, pool -> free.get(pool.id()) > 0 && pool.isAffordable());
            fill(put, target, FleetPool::isAffordable);
            fill(put, target, pool -> true);
            return put;
        }

        private void fill(List<PoolId> put, BigDecimal target, Predicate<FleetPool> open) {
            while (all.compareTo(target) < 0) {
                List<FleetPool> candidates =
                        pools.stream().filter(open).filter(this::canBePaid).toList();
                if (candidates.isEmpty()) {
                    return;
                }
                FleetPool next = next(candidates);
                put.add(next.id());
                free.merge(next.id(), -1, Integer::sum);
                capacity.merge(next.id(), next.weight(), BigDecimal::add);
                spent = spent.add(next.price().usd());
                all = all.add(next.weight());
            }
        }

        private boolean canBePaid(FleetPool pool) {
            HourlyRate limit = terms.maxTotalPrice();
            return limit == null || spent.add(pool.price().usd()).compareTo(limit.usd()) <= 0;
        }

        private FleetPool next(List<FleetPool> candidates) {
            Comparator<FleetPool> roomiest = Comparator.<FleetPool>comparingInt(pool -> -free.get(pool.id()))
                    .thenComparing(BY_NAME);
            Comparator<FleetPool> emptiest = Comparator.<FleetPool, BigDecimal>comparing(
                            pool -> capacity.get(pool.id()))
                    .thenComparing(BY_NAME);
            return switch (terms.strategy()) {
                case LOWEST_PRICE ->
                    candidates.stream()
                            .sorted(CHEAPEST)
                            .limit(terms.poolsToUse())
                            .min(emptiest)
                            .orElseThrow();
                case CAPACITY_OPTIMIZED -> candidates.stream().min(roomiest).orElseThrow();
                case PRICE_CAPACITY_OPTIMIZED, CAPACITY_OPTIMIZED_PRIORITIZED -> {
                    int most = candidates.stream()
                            .mapToInt(pool -> free.get(pool.id()))
                            .max()
                            .orElseThrow();
                    yield candidates.stream()
                            .filter(pool -> free.get(pool.id()) == most || 2L * free.get(pool.id()) >= most)
                            .min(terms.strategy() == AllocationStrategy.PRICE_CAPACITY_OPTIMIZED ? CHEAPEST : BY_NAME)
                            .orElseThrow();
                }
                case DIVERSIFIED -> candidates.stream().min(emptiest).orElseThrow();
            };
        }

        List<String> trimmed(List<FleetUnit> units, BigDecimal target) {
            Placement placement = new Placement(terms, pools);
            units.forEach(unit -> placement.counts(unit.pool(), terms.weightOf(unit.pool()), false));
            List<FleetUnit> left = new ArrayList<>(units);
            List<String> gone = new ArrayList<>();
            while (true) {
                FleetUnit next = left.stream()
                        .filter(unit -> placement
                                        .capacity()
                                        .subtract(terms.weightOf(unit.pool()))
                                        .compareTo(target)
                                >= 0)
                        .min(placement.giveUpOrder())
                        .orElse(null);
                if (next == null) {
                    return gone;
                }
                left.remove(next);
                placement.goes(next.pool(), terms.weightOf(next.pool()));
                gone.add(next.requestId());
            }
        }
    }
}
