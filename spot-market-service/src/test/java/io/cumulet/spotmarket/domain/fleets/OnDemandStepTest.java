package io.cumulet.spotmarket.domain.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.InstanceType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnDemandStepTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Integer> ORDER = List.of(1, 0);

    @Test
    void launchesOfTheFirstThatMayHaveRoomAsManyAsReachTheTarget() {
        Fleet fleet = fleet(FleetType.REQUEST, "5", false);

        assertThat(step(fleet, Set.of(), List.of())).isEqualTo(new OnDemandStep.Launch(1, 3));
        assertThat(step(fleet, Set.of(1), units(1))).isEqualTo(new OnDemandStep.Launch(0, 4));
        assertThat(step(fleet, Set.of(0, 1), units(1))).isEqualTo(new OnDemandStep.Rest(false));
        assertThat(step(fleet, Set.of(), units(2, 2, 2))).isEqualTo(new OnDemandStep.Rest(false));
    }

    @Test
    void maintainTriesAgainLaterAndOthersOnlyOnce() {
        Fleet maintained = fleet(FleetType.MAINTAIN, "1", false);
        Fleet asked = fleet(FleetType.REQUEST, "1", false);
        Fleet done = asked.withOnDemand(asked.onDemand().askedForAll());

        assertThat(step(maintained, Set.of(0, 1), List.of())).isEqualTo(new OnDemandStep.Rest(true));
        assertThat(step(done, Set.of(), List.of())).isEqualTo(new OnDemandStep.Rest(false));
    }

    @Test
    void endsTheYoungestThatATargetDoesNotNeedUnlessTheyAreKept() {
        Fleet fleet = fleet(FleetType.MAINTAIN, "3", false);

        assertThat(step(fleet, Set.of(), units(2, 2, 2))).isEqualTo(new OnDemandStep.Terminate(List.of("i-2")));
        assertThat(step(fleet(FleetType.MAINTAIN, "3", true), Set.of(), units(2, 2, 2)))
                .isEqualTo(new OnDemandStep.Rest(false));
    }

    @Test
    void aFleetThatIsDeletedWithItsInstancesEndsThemAndOneWithoutLeavesThem() {
        Fleet fleet = fleet(FleetType.MAINTAIN, "3", true);

        assertThat(step(fleet.deleted(true), Set.of(), units(2, 2)))
                .isEqualTo(new OnDemandStep.Terminate(List.of("i-0", "i-1")));
        assertThat(step(fleet.deleted(false), Set.of(), units(2, 2))).isEqualTo(new OnDemandStep.Rest(false));
    }

    @Test
    void theLowestPriceOrTheSmallestPriorityComesFirst() {
        List<FleetTerms.LaunchOverride> overrides = List.of(override(null), override("7"), override("3"));
        Map<Integer, BigDecimal> prices = Map.of(0, new BigDecimal("0.2"), 1, new BigDecimal("0.1"), 2, BigDecimal.ONE);

        assertThat(OnDemandStrategy.LOWEST_PRICE.order(overrides, prices)).containsExactly(1, 0, 2);
        assertThat(OnDemandStrategy.PRIORITIZED.order(overrides, prices)).containsExactly(2, 1, 0);
    }

    private static OnDemandStep step(Fleet fleet, Set<Integer> inVain, List<OnDemandUnit> units) {
        return OnDemandStep.of(fleet, true, ORDER, inVain, units, 1000);
    }

    private static List<OnDemandUnit> units(int... weights) {
        List<OnDemandUnit> units = new ArrayList<>();
        for (int weight : weights) {
            units.add(new OnDemandUnit("i-" + units.size(), BigDecimal.valueOf(weight), NOW.plusSeconds(units.size())));
        }
        return units;
    }

    private static FleetTerms.LaunchOverride override(String priority) {
        return new FleetTerms.LaunchOverride(
                new InstanceType("m4.large"),
                null,
                null,
                null,
                BigDecimal.ONE,
                priority == null ? null : new BigDecimal(priority));
    }

    private static Fleet fleet(FleetType type, String target, boolean keepsExcess) {
        FleetTerms plain = FleetPlanTest.terms(type, AllocationStrategy.LOWEST_PRICE, 1, null, null);
        FleetTerms terms = new FleetTerms(
                plain.type(),
                plain.strategy(),
                1,
                null,
                null,
                false,
                false,
                null,
                false,
                null,
                null,
                plain.os(),
                plain.launch(),
                List.of(
                        override(null),
                        new FleetTerms.LaunchOverride(
                                new InstanceType("m4.xlarge"), null, null, null, BigDecimal.TWO, null)),
                Map.of());
        return Fleet.submitted(
                "fleet-00000000000000001",
                FleetPlanTest.fleet(plain, "1").account(),
                FleetPlanTest.fleet(plain, "1").region(),
                terms,
                BigDecimal.ZERO,
                new BigDecimal(target),
                keepsExcess,
                NOW);
    }
}
