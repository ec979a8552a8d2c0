package io.cumulet.instances.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TakeBackTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** By vCPUs. */
    private static final Map<Integer, String> TYPES = Map.of(2, "m4.large", 4, "m4.xlarge", 8, "m4.2xlarge");

    @Test
    void whatFitsIntoFreeRoomTakesNothingBackButIsKeptFromSpot() {
        TakeBack takeBack =
                decide(free(4, 8), List.of(unit("i-1", "h-0", 2, "0.05", 0, false)), List.of(demand("1", 2, 3)));
        assertThat(takeBack.reclaimed()).isEmpty();
        assertThat(takeBack.left()).isEqualTo(free(0, 6));
        assertThat(takeBack.met()).hasSize(1);
    }

    @Test
    void theOneThatLeavesAnywayMakesRoomFirstThenTheLowestBidThenTheLatest() {
        SpotUnit leaving = unit("i-1", "h-0", 2, "0.09", 0, true);
        SpotUnit low = unit("i-2", "h-0", 4, "0.03", 0, false);
        SpotUnit late = unit("i-3", "h-0", 8, "0.05", 9, false);
        SpotUnit early = unit("i-4", "h-0", 2, "0.05", 1, false);
        List<SpotUnit> units = List.of(early, late, low, leaving);
        assertThat(reclaimed(units, 2)).isEqualTo(Map.of("m4.large/linux", 1));
        assertThat(reclaimed(units, 4)).isEqualTo(Map.of("m4.large/linux", 1, "m4.xlarge/linux", 1));
        assertThat(reclaimed(units, 8))
                .isEqualTo(Map.of("m4.large/linux", 1, "m4.xlarge/linux", 1, "m4.2xlarge/linux", 1));
        assertThat(reclaimed(units, 16))
                .isEqualTo(Map.of("m4.large/linux", 2, "m4.xlarge/linux", 1, "m4.2xlarge/linux", 1));
    }

    @Test
    void roomThatASpotUnitStillHoldsIsNobodysYet() {
        TakeBack takeBack =
                decide(free(0), List.of(unit("i-1", "h-0", 8, "0.05", 0, false)), List.of(demand("1", 2, 1)));
        assertThat(takeBack.reclaimed()).isEqualTo(Map.of("m4.2xlarge/linux", 1));
        assertThat(takeBack.left()).isEqualTo(free(0));
    }

    @Test
    void whatWouldNotFitWithoutAllSpotEitherTakesNothingBackAndKeepsNothing() {
        TakeBack takeBack = decide(
                free(2),
                List.of(unit("i-1", "h-0", 2, "0.05", 0, false)),
                List.of(demand("1", 8, 1), demand("2", 2, 1)));
        assertThat(takeBack.met()).extracting(CapacityDemand::count).containsExactly(1);
        assertThat(takeBack.reclaimed()).isEmpty();
        assertThat(takeBack.left()).isEqualTo(free(0));
    }

    @Test
    void spotOnAHostThatTakesNoMoreHelpsNobody() {
        TakeBack takeBack =
                decide(free(0), List.of(unit("i-1", "h-draining", 2, "0.05", 0, false)), List.of(demand("1", 2, 1)));
        assertThat(takeBack.met()).isEmpty();
        assertThat(takeBack.reclaimed()).isEmpty();
    }

    @Test
    void onDemandThatLeavesAnywayMakesRoomBeforeAnySpotDoesAndIsNotCounted() {
        List<TakeBack.Room> leaving =
                List.of(new TakeBack.Room("h-0", capacity(2)), new TakeBack.Room("h-draining", capacity(8)));
        List<SpotUnit> units = List.of(unit("i-1", "h-0", 2, "0.05", 0, true), unit("i-2", "h-0", 2, "0.05", 0, false));
        TakeBack one = TakeBack.decide(free(0), leaving, units, List.of(demand("1", 2, 1)));
        assertThat(one.met()).hasSize(1);
        assertThat(one.reclaimed()).isEmpty();
        TakeBack two = TakeBack.decide(free(0), leaving, units, List.of(demand("1", 2, 2)));
        assertThat(two.reclaimed()).isEqualTo(Map.of("m4.large/linux", 1));
        TakeBack four = TakeBack.decide(free(0), leaving, units, List.of(demand("1", 2, 4)));
        assertThat(four.met()).isEmpty();
        assertThat(four.reclaimed()).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noMoreIsTakenBackThanDemandsNeedAndThenTheyFit(long seed) {
        Random random = new Random(seed);
        int hosts = 1 + random.nextInt(4);
        SequencedMap<String, Capacity> free = free(
                IntStream.range(0, hosts).map(host -> random.nextInt(3) * 2).toArray());
        List<SpotUnit> units = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            units.add(unit(
                    "i-" + i,
                    "h-" + random.nextInt(hosts),
                    vcpus(random),
                    "0.0" + (1 + random.nextInt(4)),
                    random.nextInt(3),
                    random.nextInt(4) == 0));
        }
        List<CapacityDemand> demands = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            demands.add(demand(Integer.toString(i), vcpus(random), 1 + random.nextInt(3)));
        }
        TakeBack takeBack = decide(free, units, demands);

        List<SpotUnit> inOrder = units.stream().sorted(SpotUnit.FIRST_TO_GO).toList();
        int released = takeBack.reclaimed().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(pools(inOrder.subList(0, released)))
                .as("seed %d: the first in order", seed)
                .isEqualTo(takeBack.reclaimed());
        List<CapacityDemand> met = List.copyOf(takeBack.met());
        if (released > 0) {
            TakeBack oneLess = decide(free, inOrder.subList(0, released - 1), met);
            assertThat(oneLess.met()).as("seed %d: one less would do", seed).hasSizeLessThan(met.size());
        }
        // The rooms are free: the demands fit into them without any more, and as much is left as was promised.
        SequencedMap<String, Capacity> later = new LinkedHashMap<>(free);
        inOrder.subList(0, released).forEach(unit -> later.merge(unit.hostId(), unit.amount(), Capacity::plus));
        assertThat(vcpus(later) - met.stream().mapToInt(TakeBackTest::vcpus).sum())
                .as("seed %d: never more than there is", seed)
                .isGreaterThanOrEqualTo(vcpus(takeBack.left()));
        takeBack.left()
                .forEach((host, left) -> assertThat(free.get(host).holds(left))
                        .as("seed %d: only what is free now", seed)
                        .isTrue());
        // One after the other, as they were placed: so that they fit needs no luck.
        if (met.size() == 1) {
            assertThat(decide(later, List.of(), met).met())
                    .as("seed %d: fits afterwards", seed)
                    .isEqualTo(takeBack.met());
        }
        TakeBack shuffled = decide(free, shuffled(units, random), shuffled(demands, random));
        assertThat(shuffled)
                .as("seed %d: whatever the order it is told in", seed)
                .isEqualTo(takeBack);
    }

    private static TakeBack decide(
            SequencedMap<String, Capacity> free, List<SpotUnit> units, List<CapacityDemand> demands) {
        return TakeBack.decide(free, List.of(), units, demands);
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }

    private static int vcpus(Random random) {
        return List.of(2, 4, 8).get(random.nextInt(3));
    }

    private static int vcpus(Map<String, Capacity> free) {
        return free.values().stream().mapToInt(Capacity::vcpus).sum();
    }

    private static int vcpus(CapacityDemand demand) {
        return demand.need().vcpus() * demand.count();
    }

    private static Map<String, Integer> reclaimed(List<SpotUnit> units, int vcpus) {
        return decide(free(0), units, List.of(demand("1", 2, vcpus / 2))).reclaimed();
    }

    private static Map<String, Integer> pools(List<SpotUnit> units) {
        Map<String, Integer> pools = new LinkedHashMap<>();
        units.forEach(unit -> pools.merge(unit.pool(), 1, Integer::sum));
        return pools;
    }

    private static SequencedMap<String, Capacity> free(int... vcpus) {
        SequencedMap<String, Capacity> free = new LinkedHashMap<>();
        for (int i = 0; i < vcpus.length; i++) {
            free.put("h-" + i, capacity(vcpus[i]));
        }
        return free;
    }

    private static Capacity capacity(int vcpus) {
        return new Capacity(vcpus, vcpus * 4096L, 0, 0);
    }

    private static SpotUnit unit(String id, String host, int vcpus, String maxPrice, int minute, boolean leaving) {
        return new SpotUnit(
                id,
                TYPES.get(vcpus) + "/linux",
                host,
                capacity(vcpus),
                HourlyRate.of(maxPrice),
                NOW.plusSeconds(60L * minute),
                leaving);
    }

    private static CapacityDemand demand(String account, int vcpus, int count) {
        return new CapacityDemand(
                new CapacityDemand.Key(
                        new AccountId(String.format("%012d", Long.parseLong(account))),
                        new InstanceType(TYPES.get(vcpus))),
                capacity(vcpus),
                count,
                NOW,
                NOW.plusSeconds(600),
                CapacityDemand.State.WAITING);
    }
}
