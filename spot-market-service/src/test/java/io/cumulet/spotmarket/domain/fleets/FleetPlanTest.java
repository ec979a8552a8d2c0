package io.cumulet.spotmarket.domain.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.fleets.FleetUnit.Stage;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a fleet does next, in pools that are given. */
class FleetPlanTest {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final PoolId A = PoolId.parse("us-east-1a/m5.large/linux");
    private static final PoolId B = PoolId.parse("us-east-1b/m5.large/linux");
    private static final PoolId C = PoolId.parse("us-east-1c/c5.large/linux");

    @Test
    void lowestPriceSpreadsOverTheCheapestPoolsAndGoesOnToTheNextWhenTheyAreFull() {
        List<FleetPool> pools = List.of(pool(A, "0.03", 10), pool(B, "0.01", 2), pool(C, "0.02", 3));

        assertThat(plan(fleet(AllocationStrategy.LOWEST_PRICE, "2"), pools).makes())
                .containsExactly(B, B);
        assertThat(plan(fleet(AllocationStrategy.LOWEST_PRICE, "6"), pools).makes())
                .containsExactly(B, B, C, C, C, A);
        FleetTerms overTwo = terms(FleetType.MAINTAIN, AllocationStrategy.LOWEST_PRICE, 2, null, null);
        assertThat(plan(fleet(overTwo, "4"), pools).makes()).containsExactly(B, C, B, A);
    }

    @Test
    void aPriceIsComparedByUnitOfWeight() {
        List<FleetPool> pools = List.of(
                pool(A, "0.03", 10), new FleetPool(C, new BigDecimal("4"), rate("1"), rate("0.1"), 10, null, null));

        assertThat(plan(fleet(AllocationStrategy.LOWEST_PRICE, "5"), pools).makes())
                .containsExactly(C, C);
    }

    @Test
    void capacityOptimizedTakesThePoolWithTheMostRoomEachTime() {
        List<FleetPool> pools = List.of(pool(A, "0.01", 1), pool(B, "0.02", 5), pool(C, "0.03", 4));

        assertThat(plan(fleet(AllocationStrategy.CAPACITY_OPTIMIZED, "3"), pools)
                        .makes())
                .containsExactly(B, B, C);
    }

    @Test
    void priceCapacityOptimizedTakesTheCheapestOfThosePoolsThatHaveAmpleRoom() {
        List<FleetPool> pools = List.of(pool(A, "0.01", 4), pool(B, "0.03", 10), pool(C, "0.02", 5));

        // A has less than half of B's room at first; C is cheaper than B until it has.
        assertThat(plan(fleet(AllocationStrategy.PRICE_CAPACITY_OPTIMIZED, "3"), pools)
                        .makes())
                .containsExactly(C, B, B);
    }

    @Test
    void diversifiedFillsThePoolInWhichItHasTheLeast() {
        List<FleetPool> pools = List.of(pool(A, "0.01", 9), pool(B, "0.02", 9), pool(C, "0.03", 9));
        List<FleetUnit> units = List.of(unit("sir-1", A, Stage.RUNNING), unit("sir-2", A, Stage.RUNNING));

        FleetPlan plan = FleetPlan.of(fleet(AllocationStrategy.DIVERSIFIED, "6"), pools, units, NOW);

        assertThat(plan.makes()).containsExactly(B, C, B, C);
    }

    @Test
    void amongEqualsTheSmallerPriorityIsFirst() {
        List<FleetPool> pools = List.of(
                pool(A, "0.01", 9),
                new FleetPool(B, BigDecimal.ONE, rate("1"), rate("0.01"), 9, new BigDecimal("2"), null),
                new FleetPool(C, BigDecimal.ONE, rate("1"), rate("0.01"), 9, new BigDecimal("1.5"), null));

        assertThat(plan(fleet(AllocationStrategy.LOWEST_PRICE, "1"), pools).makes())
                .containsExactly(C);
    }

    @Test
    void whatFindsNoRoomWaitsInTheBestPoolAndMovesOnceThereIsRoomElsewhere() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "2");

        FleetPlan first = plan(fleet, List.of(pool(A, "0.01", 1), pool(B, "0.02", 0)));
        assertThat(first.makes()).containsExactly(A, A);
        assertThat(first.isUnmet()).isTrue();

        List<FleetUnit> units = List.of(unit("sir-1", A, Stage.RUNNING), unit("sir-2", A, Stage.WAITING));
        FleetPlan still = FleetPlan.of(fleet, List.of(pool(A, "0.01", 0), pool(B, "0.02", 0)), units, NOW);
        assertThat(still.isQuiet()).isTrue();
        assertThat(still.isUnmet()).isTrue();

        FleetPlan moved = FleetPlan.of(fleet, List.of(pool(A, "0.01", 0), pool(B, "0.02", 3)), units, NOW);
        assertThat(moved.makes()).containsExactly(B);
        assertThat(moved.cancels()).containsExactly("sir-2");
    }

    @Test
    void whereThePriceIsTooHighNothingIsLaunched() {
        FleetPool dear = new FleetPool(A, BigDecimal.ONE, rate("0.05"), rate("0.06"), 9, null, null);

        FleetPlan plan = plan(fleet(AllocationStrategy.CAPACITY_OPTIMIZED, "2"), List.of(dear, pool(B, "0.02", 1)));

        assertThat(plan.makes()).containsExactly(B, B);
    }

    @Test
    void nothingIsLaunchedAboveTheMaxTotalPrice() {
        FleetTerms limited = terms(FleetType.MAINTAIN, AllocationStrategy.LOWEST_PRICE, 1, "0.80", null);
        List<FleetPool> pools = List.of(pool(A, "0.10", 20));

        FleetPlan plan = plan(fleet(limited, "10"), pools);

        assertThat(plan.makes()).hasSize(8);
        assertThat(plan.isUnmet()).isTrue();
        // What leaves costs until it is gone.
        List<FleetUnit> leaving = List.of(unit("sir-1", A, Stage.LEAVING), unit("sir-2", A, Stage.RUNNING));
        assertThat(FleetPlan.of(fleet(limited, "10"), pools, leaving, NOW).makes())
                .hasSize(6);
    }

    @Test
    void maintainReplacesWhatLeavesAndRequestDoesNot() {
        List<FleetPool> pools = List.of(pool(A, "0.01", 5));
        List<FleetUnit> units = List.of(unit("sir-1", A, Stage.RUNNING), unit("sir-2", A, Stage.LEAVING));

        assertThat(FleetPlan.of(fleet(AllocationStrategy.LOWEST_PRICE, "2"), pools, units, NOW)
                        .makes())
                .containsExactly(A);

        Fleet asksOnce = fleet(terms(FleetType.REQUEST, AllocationStrategy.LOWEST_PRICE, 1, null, null), "2");
        FleetPlan asked = plan(asksOnce, pools);
        assertThat(asked.makes()).containsExactly(A, A);
        FleetPlan after = FleetPlan.of(asksOnce.planned(asked, List.of(), NOW), pools, units, NOW);
        assertThat(after.isQuiet()).isTrue();
        assertThat(after.isUnmet()).isFalse();
    }

    @Test
    void belowALowerTargetWhatWaitsGoesFirstThenTheDearestInstance() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "4");
        List<FleetPool> pools = List.of(pool(A, "0.01", 0), pool(B, "0.05", 0));
        List<FleetUnit> units = List.of(
                unit("sir-1", A, Stage.RUNNING),
                unit("sir-2", B, Stage.RUNNING),
                unit("sir-3", B, Stage.COMING),
                unit("sir-4", A, Stage.WAITING));

        FleetPlan plan = FleetPlan.of(fleet.modified(BigDecimal.ONE, false), pools, units, NOW);

        assertThat(plan.cancels()).containsExactly("sir-4");
        assertThat(plan.giveUps()).containsExactly("sir-2");
        assertThat(plan.farewells()).containsOnlyKeys("sir-3", "sir-4");
        assertThat(plan.makes()).isEmpty();

        FleetPlan kept = FleetPlan.of(fleet.modified(BigDecimal.ONE, true), pools, units, NOW);
        assertThat(kept.cancels()).containsExactly("sir-4");
        assertThat(kept.giveUps()).isEmpty();
        assertThat(kept.farewells()).containsOnlyKeys("sir-4");
    }

    @Test
    void anInstanceThatComesTooLateIsGivenUpOnceItRuns() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "1").modified(BigDecimal.ZERO, false);
        List<FleetUnit> coming = List.of(unit("sir-1", A, Stage.COMING));
        FleetPlan plan = FleetPlan.of(fleet, List.of(pool(A, "0.01", 0)), coming, NOW);
        assertThat(plan.giveUps()).isEmpty();

        List<FleetUnit> running = List.of(unit("sir-1", A, Stage.RUNNING));
        FleetPlan then = FleetPlan.of(
                fleet.planned(plan, coming, NOW), List.of(pool(A, "0.01", 0)), running, NOW.plusSeconds(9));
        assertThat(then.giveUps()).containsExactly("sir-1");
        assertThat(then.farewells()).isEmpty();
    }

    @Test
    void whatWasGivenRoomWhileItWasToBeCancelledIsGivenUpOnceItRuns() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "1").modified(BigDecimal.ZERO, false);
        List<FleetPool> pools = List.of(pool(A, "0.01", 0));
        List<FleetUnit> waiting = List.of(unit("sir-1", A, Stage.WAITING));
        FleetPlan plan = FleetPlan.of(fleet, pools, waiting, NOW);
        assertThat(plan.cancels()).containsExactly("sir-1");

        // The plan found it changed under the lock and left it alone.
        List<FleetUnit> coming = List.of(unit("sir-1", A, Stage.COMING));
        Fleet active = fleet.planned(plan, waiting, NOW);
        FleetPlan still = FleetPlan.of(active, pools, coming, NOW);
        assertThat(still.isQuiet()).isTrue();
        List<FleetUnit> running = List.of(unit("sir-1", A, Stage.RUNNING));
        assertThat(FleetPlan.of(active.planned(still, coming, NOW), pools, running, NOW)
                        .giveUps())
                .containsExactly("sir-1");
    }

    @Test
    void anInstanceAtRiskIsReplacedAndGivenUpAfterTheDelayOnceTheNewOneRuns() {
        FleetTerms.Rebalance rebalance = new FleetTerms.Rebalance(true, Duration.ofSeconds(120));
        Fleet fleet = fleet(terms(FleetType.MAINTAIN, AllocationStrategy.LOWEST_PRICE, 1, null, rebalance), "1");
        List<FleetPool> pools = List.of(pool(A, "0.01", 0), pool(B, "0.02", 3));
        FleetUnit old = new FleetUnit("sir-1", A, Stage.RUNNING, true, false, NOW);

        FleetPlan launch = FleetPlan.of(fleet, pools, List.of(old), NOW);
        assertThat(launch.makes()).containsExactly(B);
        assertThat(launch.giveUps()).isEmpty();

        FleetPlan comes = FleetPlan.of(fleet, pools, List.of(old, unit("sir-2", B, Stage.COMING)), NOW);
        assertThat(comes.isQuiet()).isTrue();
        assertThat(comes.farewells()).isEmpty();

        List<FleetUnit> both = List.of(old, unit("sir-2", B, Stage.RUNNING));
        FleetPlan runs = FleetPlan.of(fleet, pools, both, NOW);
        assertThat(runs.isQuiet()).isTrue();
        assertThat(runs.farewells()).containsEntry("sir-1", NOW.plusSeconds(120));

        Fleet next = fleet.planned(runs, both, NOW);
        assertThat(FleetPlan.of(next, pools, both, NOW.plusSeconds(119)).farewells())
                .containsEntry("sir-1", NOW.plusSeconds(120));
        assertThat(FleetPlan.of(next, pools, both, NOW.plusSeconds(120)).giveUps())
                .containsExactly("sir-1");

        FleetTerms.Rebalance keeps = new FleetTerms.Rebalance(false, Duration.ZERO);
        Fleet launches = fleet(terms(FleetType.MAINTAIN, AllocationStrategy.LOWEST_PRICE, 1, null, keeps), "1");
        assertThat(FleetPlan.of(launches, pools, both, NOW).farewells()).isEmpty();
        assertThat(FleetPlan.of(launches, pools, List.of(old), NOW).makes()).containsExactly(B);
    }

    @Test
    void anInstantFleetTakesWhatThereIsAndSaysWhyNotMore() {
        Fleet fleet = fleet(terms(FleetType.INSTANT, AllocationStrategy.LOWEST_PRICE, 1, null, null), "5");
        FleetPool dear = new FleetPool(C, BigDecimal.ONE, rate("0.05"), rate("0.06"), 9, null, null);

        FleetPlan plan = plan(fleet, List.of(pool(A, "0.01", 2), pool(B, "0.02", 1), dear));

        assertThat(plan.makes()).containsExactly(A, A, B);
        assertThat(plan.errors())
                .extracting(FleetError::availabilityZone, FleetError::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("us-east-1a", "InsufficientInstanceCapacity"),
                        org.assertj.core.groups.Tuple.tuple("us-east-1b", "InsufficientInstanceCapacity"),
                        org.assertj.core.groups.Tuple.tuple("us-east-1c", "SpotMaxPriceTooLow"));
    }

    @Test
    void inOneZoneAnInstantFleetTakesTheZoneThatComesClosestAndNothingBelowItsMinimum() {
        FleetTerms oneZone = instantInOneZone(null);
        List<FleetPool> pools = List.of(pool(A, "0.01", 2), pool(B, "0.02", 4));
        assertThat(plan(fleet(oneZone, "4"), pools).makes()).containsExactly(B, B, B, B);
        assertThat(plan(fleet(oneZone, "2"), pools).makes()).containsExactly(A, A);

        FleetPlan tooLittle = plan(fleet(instantInOneZone(new BigDecimal("5")), "6"), pools);
        assertThat(tooLittle.makes()).isEmpty();
        assertThat(tooLittle.errors()).isNotEmpty();
    }

    @Test
    void aDeletedFleetCancelsWhatWaitsAndGivesUpWhatRunsIfItIsTold() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "3");
        List<FleetUnit> units = List.of(
                unit("sir-1", A, Stage.RUNNING), unit("sir-2", A, Stage.WAITING), unit("sir-3", A, Stage.COMING));

        FleetPlan goesOn = FleetPlan.of(fleet.deleted(false), List.of(), units, NOW);
        assertThat(goesOn.cancels()).containsExactly("sir-2");
        assertThat(goesOn.giveUps()).isEmpty();
        assertThat(fleet.deleted(false).planned(goesOn, units, NOW).state()).isEqualTo(FleetState.DELETED_RUNNING);

        FleetPlan ends = FleetPlan.of(fleet.deleted(true), List.of(), units, NOW);
        assertThat(ends.cancels()).containsExactly("sir-2");
        assertThat(ends.giveUps()).containsExactly("sir-1");
        Fleet ending = fleet.deleted(true).planned(ends, units, NOW);
        assertThat(ending.state()).isEqualTo(FleetState.DELETED_TERMINATING);
        assertThat(ending.activity()).isEqualTo(ActivityStatus.PENDING_TERMINATION);
        FleetPlan over = FleetPlan.of(ending, List.of(), List.of(), NOW);
        assertThat(ending.planned(over, List.of(), NOW).state()).isEqualTo(FleetState.DELETED);
    }

    @Test
    void launchesThatFailAgainAndAgainAreTriedLessAndLessOften() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "1");
        List<FleetPool> pools = List.of(pool(A, "0.01", 5));

        Fleet once = fleet.failuresCounted(1, NOW);
        assertThat(plan(once, pools).makes()).containsExactly(A);
        Fleet twice = once.failuresCounted(2, NOW);
        FleetPlan held = plan(twice, pools);
        assertThat(held.makes()).isEmpty();
        assertThat(twice.planned(held, List.of(), NOW).activity()).isEqualTo(ActivityStatus.ERROR);
        assertThat(twice.nextRetry(NOW)).isEqualTo(NOW.plusSeconds(5));
        assertThat(FleetPlan.of(twice, pools, List.of(), NOW.plusSeconds(5)).makes())
                .containsExactly(A);
        assertThat(twice.failuresCounted(3, NOW).nextRetry(NOW)).isEqualTo(NOW.plusSeconds(10));
        assertThat(twice.failuresCounted(2, NOW)).isEqualTo(twice);
    }

    @Test
    void aHoldNeverLastsLongerThanFiveMinutes() {
        Fleet fleet = fleet(AllocationStrategy.LOWEST_PRICE, "1");
        for (int failures = 1; failures <= 30; failures++) {
            fleet = fleet.failuresCounted(failures, NOW);
        }

        List<FleetPool> pools = List.of(pool(A, "0.01", 5));
        assertThat(FleetPlan.of(fleet, pools, List.of(), NOW.plusSeconds(299)).makes())
                .isEmpty();
        assertThat(FleetPlan.of(fleet, pools, List.of(), NOW.plusSeconds(300)).makes())
                .containsExactly(A);
    }

    @Test
    void replacementsThatAreAtRiskThemselvesAreNotReplacedUntilWhatTheyReplaceIsGone() {
        for (FleetTerms.Rebalance rebalance : List.of(
                new FleetTerms.Rebalance(false, Duration.ZERO),
                new FleetTerms.Rebalance(true, Duration.ofSeconds(120)))) {
            Fleet fleet = fleet(terms(FleetType.MAINTAIN, AllocationStrategy.LOWEST_PRICE, 1, null, rebalance), "10");
            List<FleetPool> pools = List.of(pool(A, "0.95", 1000));
            List<FleetUnit> units = new ArrayList<>();
            for (int step = 0; step < 10; step++) {
                Instant now = NOW.plusSeconds(200 * step);
                FleetPlan plan = FleetPlan.of(fleet, pools, units, now);
                fleet = fleet.planned(plan, units, now);
                for (PoolId made : plan.makes()) {
                    units.add(new FleetUnit("sir-%03d".formatted(units.size()), made, Stage.RUNNING, true, false, now));
                }
                assertThat(plan.giveUps()).isEmpty();
            }
            assertThat(units).as("%s", rebalance).hasSize(20);

            for (int i = 0; i < 10; i++) {
                units.set(i, unit(units.get(i).requestId(), A, Stage.LEAVING));
            }
            assertThat(FleetPlan.of(fleet, pools, units, NOW.plusSeconds(3000)).makes())
                    .hasSize(10);
        }
    }

    static FleetPlan plan(Fleet fleet, List<FleetPool> pools) {
        return FleetPlan.of(fleet, pools, List.of(), NOW);
    }

    static FleetUnit unit(String requestId, PoolId pool, Stage stage) {
        return new FleetUnit(requestId, pool, stage, false, false, NOW);
    }

    static FleetPool pool(PoolId id, String price, int free) {
        return new FleetPool(id, BigDecimal.ONE, rate("1"), rate(price), free, null, null);
    }

    static HourlyRate rate(String usd) {
        return HourlyRate.of(usd);
    }

    private static Fleet fleet(AllocationStrategy strategy, String target) {
        return fleet(terms(FleetType.MAINTAIN, strategy, 1, null, null), target);
    }

    static Fleet fleet(FleetTerms terms, String target) {
        Fleet made = Fleet.submitted(
                "fleet-00000000000000001",
                new AccountId("123456789012"),
                Region.DEFAULT,
                terms,
                new BigDecimal(target),
                BigDecimal.ZERO,
                false,
                NOW);
        // Active, as after a first plan that found nothing to do.
        return new Fleet(
                made.id(),
                made.account(),
                made.region(),
                terms,
                NOW,
                FleetState.ACTIVE,
                made.target(),
                false,
                made.activity(),
                made.fulfilled(),
                OnDemandPart.NONE,
                made.memory(),
                1);
    }

    private static FleetTerms instantInOneZone(@Nullable BigDecimal least) {
        FleetTerms plain = terms(FleetType.INSTANT, AllocationStrategy.LOWEST_PRICE, 1, null, null);
        return new FleetTerms(
                plain.type(),
                plain.strategy(),
                1,
                null,
                least,
                false,
                true,
                null,
                false,
                null,
                null,
                plain.os(),
                plain.launch(),
                plain.overrides(),
                Map.of());
    }

    static FleetTerms terms(
            FleetType type,
            AllocationStrategy strategy,
            int poolsToUse,
            @Nullable String maxTotalPrice,
            FleetTerms.@Nullable Rebalance rebalance) {
        return terms(type, strategy, poolsToUse, maxTotalPrice, rebalance, List.of());
    }

    static FleetTerms terms(
            FleetType type,
            AllocationStrategy strategy,
            int poolsToUse,
            @Nullable String maxTotalPrice,
            FleetTerms.@Nullable Rebalance rebalance,
            List<FleetPool> pools) {
        List<FleetTerms.LaunchOverride> overrides = new ArrayList<>();
        pools.forEach(pool -> overrides.add(new FleetTerms.LaunchOverride(
                pool.id().type(), pool.id().zone(), null, pool.maxPrice(), pool.weight(), null)));
        return new FleetTerms(
                type,
                strategy,
                poolsToUse,
                maxTotalPrice == null ? null : rate(maxTotalPrice),
                null,
                false,
                false,
                rebalance,
                false,
                null,
                null,
                OperatingSystem.LINUX,
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                overrides,
                Map.of());
    }
}
