package io.cumulet.spotmarket.domain.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.spotmarket.domain.advice.PlacementScore.Candidate;
import io.cumulet.spotmarket.domain.advice.PlacementScore.CapacityUnit;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementScoreTest {

    private static final String LARGE = "us-east-1a/m5.large/linux";
    private static final String XLARGE = "us-east-1a/m5.xlarge/linux";
    private static final String OTHER = "us-east-1b/c5.large/linux";

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "5, 4", "9, 6", "10, 6", "11, 6", "12, 7", "19, 10", "20, 10", "1000, 10"})
    void roomForTwiceTheTargetIsTheBestAndNoneTheWorst(int fits, int score) {
        assertThat(units(10, calm(LARGE, fits)).score()).isEqualTo(score);
    }

    @Test
    void poolsOfOneFamilyShareHostsThoseOfOthersAddUp() {
        assertThat(units(10, calm(LARGE, 6), calm(XLARGE, 3)).room()).isEqualTo(6);
        assertThat(units(10, calm(LARGE, 6), calm(OTHER, 4)).room()).isEqualTo(10);
    }

    @Test
    void whatOthersWaitForIsTakenOffFirst() {
        Map<String, Long> waiting = Map.of("us-east-1a/m5", 5L);

        PlacementScore score = PlacementScore.of(
                List.of(calm(LARGE, 6), calm(XLARGE, 3), calm(OTHER, 1)), waiting, CapacityUnit.UNITS, 4);

        assertThat(score.room()).as("6 of 2 vCPUs less 3, and another").isEqualTo(4);
        assertThat(PlacementScore.of(List.of(calm(LARGE, 1)), waiting, CapacityUnit.UNITS, 4))
                .isEqualTo(new PlacementScore(1, 0, null, true));
    }

    @Test
    void capacityIsCountedAsTheTargetIs() {
        assertThat(PlacementScore.of(List.of(calm(LARGE, 6)), Map.of(), CapacityUnit.VCPU, 12)
                        .room())
                .isEqualTo(12);
        assertThat(PlacementScore.of(List.of(calm(LARGE, 6)), Map.of(), CapacityUnit.MEMORY_MIB, 12)
                        .room())
                .isEqualTo(6 * 8192);
    }

    @Test
    void interruptionsAndPricesThatSwingCostPoints() {
        assertThat(units(1, ran(LARGE, 100, 4, true)).score()).isEqualTo(10);
        assertThat(units(1, ran(LARGE, 100, 12, true)).score()).isEqualTo(8);
        assertThat(units(1, ran(LARGE, 100, 50, true)).score()).isEqualTo(6);
        assertThat(units(1, ran(LARGE, 100, 50, false)).score()).isEqualTo(5);
        assertThat(units(1, ran(LARGE, 100, 50, false), ran(OTHER, 100, 0, true))
                        .score())
                .as("a quarter of the runs, and one pool is steady")
                .isEqualTo(6);
        assertThat(units(1000, ran(LARGE, 100, 50, false)).score()).isEqualTo(1);
    }

    @Test
    void whereThereAreNoPoolsThereIsNoRoom() {
        assertThat(units(1)).isEqualTo(new PlacementScore(1, 0, null, true));
    }

    private static PlacementScore units(long target, Candidate... pools) {
        return PlacementScore.of(List.of(pools), Map.of(), CapacityUnit.UNITS, target);
    }

    private static Candidate calm(String pool, int fits) {
        return candidate(pool, fits, 0, 0, true);
    }

    private static Candidate ran(String pool, long runs, long interrupted, boolean steady) {
        return candidate(pool, 50, runs, interrupted, steady);
    }

    private static Candidate candidate(String pool, int fits, long runs, long interrupted, boolean steady) {
        int vcpus = pool.equals(XLARGE) ? 4 : 2;
        return new Candidate(PoolId.parse(pool), vcpus, vcpus * 4096, fits, runs, interrupted, steady);
    }
}
