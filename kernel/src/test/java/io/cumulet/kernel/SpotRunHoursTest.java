package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.SpotRunHours.End;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpotRunHoursTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:05Z");

    @Test
    void hoursAreCountedFromTheStartOfTheRun() {
        SpotRunHours hours = of(7_300, End.OWNER, OperatingSystem.LINUX);

        assertThat(hours.count()).isEqualTo(3);
        assertThat(hours.begin(2)).isEqualTo(START.getEpochSecond() + 7_200);
        assertThat(seconds(hours)).containsExactly(3_600, 3_600, 100);
        assertThat(hours.isFree(2)).isFalse();
    }

    @Test
    void theInterruptedHourIsFree() {
        SpotRunHours hours = of(4_000, End.INTERRUPTION, OperatingSystem.LINUX);

        assertThat(hours.isFree(0)).isFalse();
        assertThat(hours.isFree(1)).isTrue();
        assertThat(seconds(hours)).containsExactly(3_600, 400);
        assertThat(of(3_600, End.INTERRUPTION, OperatingSystem.LINUX).isFree(0)).isFalse();
    }

    @Test
    void byTheNewerRuleOnlyTheFirstHourIsFreeOrAnyThatIsChargedWhole() {
        assertThat(later(OperatingSystem.LINUX).isFree(1)).isFalse();
        assertThat(later(OperatingSystem.RHEL).isFree(1)).isTrue();
        assertThat(new SpotRunHours(
                                START,
                                400,
                                End.INTERRUPTION,
                                OperatingSystem.LINUX.granularity(),
                                SpotInterruptionPolicy.FIRST_HOUR_FREE)
                        .isFree(0))
                .isTrue();
    }

    @Test
    void aMinuteIsTheLeastUnlessTheMarketEndedTheRun() {
        assertThat(seconds(of(20, End.OWNER, OperatingSystem.LINUX))).containsExactly(60);
        assertThat(seconds(of(20, End.INTERRUPTION, OperatingSystem.LINUX))).containsExactly(20);
        assertThat(seconds(of(20, End.NONE, OperatingSystem.LINUX))).containsExactly(20);
        assertThat(of(0, End.NONE, OperatingSystem.LINUX).count()).isZero();
        assertThat(of(-5, End.NONE, OperatingSystem.LINUX).count()).isZero();
    }

    @Test
    void systemsThatAreChargedByTheHourPayBegunHours() {
        assertThat(seconds(of(3_601, End.OWNER, OperatingSystem.SUSE))).containsExactly(3_600, 3_600);
        assertThat(seconds(of(3_601, End.INTERRUPTION, OperatingSystem.SUSE))).containsExactly(3_600, 1);
    }

    private static SpotRunHours of(long seconds, End end, OperatingSystem os) {
        return SpotRunHours.of(
                START, START.plusSeconds(seconds), end, os, SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
    }

    private static SpotRunHours later(OperatingSystem os) {
        return SpotRunHours.of(
                START, START.plusSeconds(4_000), End.INTERRUPTION, os, SpotInterruptionPolicy.FIRST_HOUR_FREE);
    }

    private static long[] seconds(SpotRunHours hours) {
        return LongStream.range(0, hours.count()).map(hours::seconds).toArray();
    }
}
