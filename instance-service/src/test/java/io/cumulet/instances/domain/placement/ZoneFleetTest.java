package io.cumulet.instances.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.kernel.AvailabilityZone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZoneFleetTest {

    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    private static final Capacity LARGE = new Capacity(2, 8192, 0, 0);

    @Test
    void theFirstHostThatFitsIsFilledFirst() {
        ZoneFleet fleet = new ZoneFleet();
        fleet.add(host("h-1", "m4", new Capacity(4, 100_000, 0, 0), Host.State.AVAILABLE), Capacity.NONE);
        fleet.add(host("h-2", "m4", new Capacity(8, 100_000, 0, 0), Host.State.AVAILABLE), Capacity.NONE);
        assertThat(fleet.firstFit(new Wish("m4", LARGE), 3))
                .containsExactly(new ZoneFleet.Place("h-1", 2), new ZoneFleet.Place("h-2", 1));
    }

    @Test
    void theScarcestDimensionDecides() {
        ZoneFleet fleet = new ZoneFleet();
        fleet.add(host("h-1", "m4", new Capacity(100, 3 * 8192, 0, 0), Host.State.AVAILABLE), Capacity.NONE);
        assertThat(fleet.fits("m4", LARGE)).isEqualTo(3);
        assertThat(fleet.fits("m4", new Capacity(2, 1, 1, 0))).isZero();
        assertThat(fleet.couldEverHold("m4", new Capacity(2, 1, 1, 0))).isFalse();
    }

    @Test
    void otherFamiliesAndDrainingHostsAreLeftAlone() {
        ZoneFleet fleet = new ZoneFleet();
        fleet.add(host("h-1", "c4", new Capacity(100, 100_000, 0, 0), Host.State.AVAILABLE), Capacity.NONE);
        fleet.add(host("h-2", "m4", new Capacity(100, 100_000, 0, 0), Host.State.DRAINING), Capacity.NONE);
        assertThat(fleet.firstFit(new Wish("m4", LARGE), 1)).isEmpty();
        assertThat(fleet.fits("m4", LARGE)).isZero();
    }

    @Test
    void whatWasNotTakenCannotBeGivenBack() {
        ZoneFleet fleet = new ZoneFleet();
        fleet.add(host("h-1", "m4", new Capacity(4, 100_000, 0, 0), Host.State.AVAILABLE), Capacity.NONE);
        assertThatThrownBy(() -> fleet.release("h-1", LARGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fleet.take("h-1", new Capacity(5, 1, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noSequenceOfPlacingAndReleasingOverfillsAHostInAnyDimension(long seed) {
        Random random = new Random(seed);
        ZoneFleet fleet = new ZoneFleet();
        Map<String, Capacity> capacities = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            Capacity capacity = new Capacity(
                    4 + random.nextInt(60),
                    1024 * (4 + random.nextInt(200)),
                    random.nextInt(2) * 900,
                    random.nextInt(3));
            capacities.put("h-" + i, capacity);
            fleet.add(host("h-" + i, "m4", capacity, Host.State.AVAILABLE), Capacity.NONE);
        }
        record Held(String hostId, Capacity amount) {}
        List<Held> held = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            if (held.isEmpty() || random.nextInt(3) > 0) {
                Capacity need = new Capacity(
                        1 + random.nextInt(8),
                        512 * (1 + random.nextInt(64)),
                        random.nextInt(2) * 100,
                        random.nextInt(2));
                int wanted = 1 + random.nextInt(10);
                int fits = fleet.fits("m4", need);
                int placed = 0;
                for (ZoneFleet.Place place : fleet.firstFit(new Wish("m4", need), wanted)) {
                    for (int i = 0; i < place.count(); i++) {
                        fleet.take(place.hostId(), need);
                        held.add(new Held(place.hostId(), need));
                        placed++;
                    }
                }
                assertThat(placed).isEqualTo(Math.min(fits, wanted));
            } else {
                Held gone = held.remove(random.nextInt(held.size()));
                fleet.release(gone.hostId(), gone.amount());
            }
            capacities.forEach((id, capacity) -> {
                Capacity sum = held.stream()
                        .filter(one -> one.hostId().equals(id))
                        .map(Held::amount)
                        .reduce(Capacity.NONE, Capacity::plus);
                assertThat(capacity.holds(sum)).isTrue();
                assertThat(fleet.used(id)).isEqualTo(sum);
            });
        }
    }

    private static Host host(String id, String family, Capacity capacity, Host.State state) {
        return new Host(id, ZONE, family, 2, 24, capacity, state, 1);
    }
}
