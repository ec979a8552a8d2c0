package io.cumulet.spotmarket.domain.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.fleets.FleetUnit.Stage;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of a fleet whatever happens to its pools and instances: seeded random days. Each run is named by its seed. */
class FleetLawsTest {

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aFleetHasWhatItWantsAndNeverMoreThanOneUnitMore(long seed) {
        World world = new World(seed, false);
        for (int step = 0; step < 40; step++) {
            String what = "seed " + seed + ", step " + step + ": " + world.somethingHappens();
            world.plan();
            world.mustBeOnTarget(what);
            world.clear();
            world.mustHaveNothingToDo(what);
        }
        world.calmsDown();
        world.mustRunOnTarget("seed " + seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverIsAtRiskAFleetHasAtMostTwiceItsTarget(long seed) {
        World world = new World(seed, false);
        for (int step = 0; step < 40; step++) {
            String what = "seed " + seed + ", step " + step + ": " + world.somethingButTheTargetChanges();
            world.plan();
            world.mustNotHaveGrownBeyondTwiceItsTarget(what);
            world.clear();
            world.everythingIsAtRisk();
            world.mustNotHaveGrownBeyondTwiceItsTarget(what);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatAFleetLaunchesKeepsItBelowItsMaxTotalPrice(long seed) {
        World world = new World(seed, true);
        for (int step = 0; step < 40; step++) {
            String what = "seed " + seed + ", step " + step + ": " + world.somethingHappens();
            FleetPlan plan = world.plan();
            world.mustBeWithinItsMeans(what, plan);
            world.clear();
            world.mustHaveNothingToDo(what);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void diversifiedPoolsDifferByAtMostOneUnit(long seed) {
        Random random = new Random(seed);
        List<FleetPool> pools = World.pools(random, 2 + random.nextInt(5), 1_000);
        FleetTerms terms =
                FleetPlanTest.terms(FleetType.MAINTAIN, AllocationStrategy.DIVERSIFIED, 1, null, null, pools);
        Fleet fleet = FleetPlanTest.fleet(terms, Integer.toString(1 + random.nextInt(200)));

        Map<PoolId, BigDecimal> capacity = new HashMap<>();
        pools.forEach(pool -> capacity.put(pool.id(), BigDecimal.ZERO));
        FleetPlanTest.plan(fleet, pools)
                .makes()
                .forEach(pool -> capacity.merge(pool, terms.weightOf(pool), BigDecimal::add));

        BigDecimal most = capacity.values().stream().max(BigDecimal::compareTo).orElseThrow();
        BigDecimal least = capacity.values().stream().min(BigDecimal::compareTo).orElseThrow();
        assertThat(most.subtract(least)).as("seed " + seed).isLessThanOrEqualTo(World.largest(pools));
    }

    /** Pools, a fleet and its units; each step something happens to them. */
    private static final class World {

        private static final List<String> NAMES = List.of(
                "us-east-1a/m5.large/linux",
                "us-east-1b/m5.large/linux",
                "us-east-1c/m5.xlarge/linux",
                "us-east-1a/c5.large/linux",
                "us-east-1b/c5.xlarge/linux",
                "us-east-1d/r5.large/linux");

        private final Random random;
        private final Map<PoolId, FleetPool> pools = new LinkedHashMap<>();
        private final Map<PoolId, Integer> rooms = new HashMap<>();
        private final Map<String, FleetUnit> units = new LinkedHashMap<>();
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private Fleet fleet;
        private int made;

        World(long seed, boolean limited) {
            random = new Random(seed);
            pools(random, 1 + random.nextInt(NAMES.size()), 0).forEach(pool -> {
                pools.put(pool.id(), pool);
                rooms.put(pool.id(), random.nextInt(8));
            });
            AllocationStrategy[] strategies = AllocationStrategy.values();
            FleetTerms.Rebalance rebalance = switch (random.nextInt(3)) {
                case 0 -> new FleetTerms.Rebalance(true, Duration.ofSeconds(120));
                case 1 -> new FleetTerms.Rebalance(false, Duration.ZERO);
                default -> null;
            };
            fleet = FleetPlanTest.fleet(
                    FleetPlanTest.terms(
                            FleetType.MAINTAIN,
                            strategies[random.nextInt(strategies.length)],
                            1 + random.nextInt(3),
                            limited ? "0." + (10 + random.nextInt(90)) : null,
                            rebalance,
                            List.copyOf(pools.values())),
                    Integer.toString(random.nextInt(12)));
        }

        static List<FleetPool> pools(Random random, int count, int free) {
            List<FleetPool> pools = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                pools.add(new FleetPool(
                        PoolId.parse(NAMES.get(i)),
                        new BigDecimal(List.of("1", "2", "0.5", "3.25").get(random.nextInt(4))),
                        HourlyRate.of("0.1"),
                        price(random),
                        free,
                        null,
                        null));
            }
            return pools;
        }

        private static HourlyRate price(Random random) {
            return HourlyRate.of("0.0" + (1 + random.nextInt(9)));
        }

        static BigDecimal largest(List<FleetPool> pools) {
            return pools.stream()
                    .map(FleetPool::weight)
                    .max(BigDecimal::compareTo)
                    .orElseThrow();
        }

        String somethingHappens() {
            return happens(random.nextInt(7));
        }

        /** What is above a lower target leaves only once it runs. */
        String somethingButTheTargetChanges() {
            int which = random.nextInt(6);
            return happens(which < 2 ? which : which + 1);
        }

        private String happens(int which) {
            now = now.plusSeconds(random.nextInt(90));
            PoolId pool = List.copyOf(pools.keySet()).get(random.nextInt(pools.size()));
            return switch (which) {
                case 0 -> {
                    rooms.put(pool, random.nextInt(8));
                    yield "other room in " + pool;
                }
                case 1 -> {
                    HourlyRate price = random.nextInt(8) == 0 ? HourlyRate.of("0.2") : price(random);
                    FleetPool old = pools.get(pool);
                    pools.put(pool, new FleetPool(pool, old.weight(), old.maxPrice(), price, 0, old.priority(), null));
                    yield "price " + price + " in " + pool;
                }
                case 2 -> {
                    fleet = fleet.modified(BigDecimal.valueOf(random.nextInt(12)), false);
                    yield "target " + fleet.target();
                }
                case 3 -> moved(Stage.RUNNING, Stage.LEAVING, "taken back");
                case 4 -> {
                    List<FleetUnit> running = of(Stage.RUNNING);
                    if (!running.isEmpty()) {
                        FleetUnit unit = running.get(random.nextInt(running.size()));
                        units.put(unit.requestId(), with(unit, unit.stage(), true));
                    }
                    yield "at risk";
                }
                case 5 -> {
                    of(Stage.LEAVING).forEach(unit -> units.remove(unit.requestId()));
                    yield "what left is gone";
                }
                default -> {
                    of(Stage.COMING).forEach(unit -> units.put(unit.requestId(), with(unit, Stage.RUNNING, false)));
                    yield "what was coming runs";
                }
            };
        }

        private String moved(Stage from, Stage to, String what) {
            List<FleetUnit> candidates = of(from);
            if (!candidates.isEmpty()) {
                FleetUnit unit = candidates.get(random.nextInt(candidates.size()));
                units.put(unit.requestId(), with(unit, to, unit.atRisk()));
            }
            return what;
        }

        private List<FleetUnit> of(Stage stage) {
            return units.values().stream().filter(unit -> unit.stage() == stage).toList();
        }

        private static FleetUnit with(FleetUnit unit, Stage stage, boolean atRisk) {
            return new FleetUnit(unit.requestId(), unit.pool(), stage, atRisk, false, unit.createdAt());
        }

        private int free(PoolId pool) {
            long taken = units.values().stream()
                    .filter(unit -> unit.pool().equals(pool) && unit.stage() != Stage.WAITING)
                    .count();
            return (int) Math.max(0, rooms.get(pool) - taken);
        }

        private List<FleetPool> offers() {
            return pools.values().stream()
                    .map(pool -> new FleetPool(
                            pool.id(), pool.weight(), pool.maxPrice(), pool.price(), free(pool.id()), null, null))
                    .toList();
        }

        FleetPlan plan() {
            List<FleetUnit> before = List.copyOf(units.values());
            FleetPlan plan = FleetPlan.of(fleet, offers(), before, now);
            plan.cancels().forEach(units::remove);
            plan.giveUps().forEach(id -> units.put(id, with(units.get(id), Stage.LEAVING, false)));
            for (PoolId pool : plan.makes()) {
                String id = "sir-%05d".formatted(made++);
                units.put(id, new FleetUnit(id, pool, Stage.WAITING, false, false, now));
            }
            fleet = fleet.planned(plan, before, now);
            return plan;
        }

        /** The market gives room to those that have waited longest. */
        void clear() {
            for (FleetUnit unit : of(Stage.WAITING)) {
                FleetPool pool = pools.get(unit.pool());
                if (free(unit.pool()) > 0 && pool.isAffordable()) {
                    units.put(unit.requestId(), with(unit, Stage.COMING, false));
                }
            }
        }

        private BigDecimal counted(Stage... stages) {
            Set<String> replaced = replaced();
            return fleet.sum(units.values().stream()
                    .filter(unit -> List.of(stages).contains(unit.stage()))
                    .filter(unit -> !fleet.memory().farewells().containsKey(unit.requestId()))
                    .filter(unit -> !replaced.contains(unit.requestId()))
                    .toList());
        }

        /** Those at risk that don't count: from the oldest on as many as make up the target. */
        private Set<String> replaced() {
            Set<String> replaced = new HashSet<>();
            if (fleet.terms().rebalance() == null) {
                return replaced;
            }
            BigDecimal sum = fleet.sum(of(Stage.RUNNING).stream()
                    .filter(unit -> unit.atRisk() && fleet.memory().farewells().containsKey(unit.requestId()))
                    .toList());
            List<FleetUnit> oldestFirst = of(Stage.RUNNING).stream()
                    .filter(unit -> unit.atRisk() && !fleet.memory().farewells().containsKey(unit.requestId()))
                    .sorted(Comparator.comparing(FleetUnit::createdAt).thenComparing(FleetUnit::requestId))
                    .toList();
            for (FleetUnit unit : oldestFirst) {
                if (sum.compareTo(fleet.target()) < 0) {
                    sum = sum.add(fleet.terms().weightOf(unit.pool()));
                    replaced.add(unit.requestId());
                }
            }
            return replaced;
        }

        /** Twice the target and a unit more on either side, however many are at risk. */
        void mustNotHaveGrownBeyondTwiceItsTarget(String what) {
            BigDecimal all = fleet.sum(units.values().stream()
                    .filter(unit -> unit.stage() != Stage.LEAVING)
                    .toList());
            BigDecimal unit = largest(List.copyOf(pools.values()));
            BigDecimal most = fleet.target().add(unit).multiply(BigDecimal.TWO);
            assertThat(all).as(what).isLessThan(most);
        }

        /** What comes runs at once, and is at risk from the start. */
        void everythingIsAtRisk() {
            for (Stage stage : List.of(Stage.COMING, Stage.RUNNING)) {
                of(stage).forEach(unit -> units.put(unit.requestId(), with(unit, Stage.RUNNING, true)));
            }
        }

        void mustBeOnTarget(String what) {
            BigDecimal counted = counted(Stage.WAITING, Stage.COMING, Stage.RUNNING);
            BigDecimal most = fleet.target().add(largest(List.copyOf(pools.values())));
            assertThat(counted).as(what).isGreaterThanOrEqualTo(fleet.target()).isLessThan(most);
        }

        void mustBeWithinItsMeans(String what, FleetPlan plan) {
            if (plan.makes().isEmpty()) {
                return;
            }
            BigDecimal hourly = units.values().stream()
                    .map(unit -> pools.get(unit.pool()).price().usd())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(hourly)
                    .as(what)
                    .isLessThanOrEqualTo(fleet.terms().maxTotalPrice().usd());
        }

        void mustHaveNothingToDo(String what) {
            FleetPlan again = FleetPlan.of(fleet, offers(), List.copyOf(units.values()), now);
            assertThat(again.isQuiet()).as("%s, then %s", what, again).isTrue();
        }

        /** There is room and money enough, and nothing is taken back any more. */
        void calmsDown() {
            pools.replaceAll((id, pool) ->
                    new FleetPool(id, pool.weight(), pool.maxPrice(), HourlyRate.of("0.01"), 0, pool.priority(), null));
            rooms.replaceAll((id, room) -> 1_000);
            for (int i = 0; i < 12; i++) {
                plan();
                clear();
                of(Stage.COMING).forEach(unit -> units.put(unit.requestId(), with(unit, Stage.RUNNING, false)));
                now = now.plusSeconds(120);
                of(Stage.LEAVING).forEach(unit -> units.remove(unit.requestId()));
            }
        }

        void mustRunOnTarget(String what) {
            BigDecimal running = counted(Stage.RUNNING);
            BigDecimal most = fleet.target().add(largest(List.copyOf(pools.values())));
            assertThat(running).as(what).isGreaterThanOrEqualTo(fleet.target()).isLessThan(most);
            assertThat(units.values().stream().map(FleetUnit::stage).collect(Collectors.toSet()))
                    .as(what)
                    .isSubsetOf(Stage.RUNNING);
            assertThat(fleet.activity()).as(what).isEqualTo(ActivityStatus.FULFILLED);
        }
    }
}
