package io.cumulet.spotmarket.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A smoothed price goes to its target in steps that are a share of itself. */
class SmoothingTest {

    @Test
    void stepsFallOnMultiplesOfTheirInterval() {
        Duration interval = Duration.ofSeconds(300);
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");

        assertThat(Smoothing.nextStep(noon, interval)).isEqualTo("2026-03-01T12:05:00Z");
        assertThat(Smoothing.nextStep(noon.plusNanos(1000), interval)).isEqualTo("2026-03-01T12:05:00Z");
        assertThat(Smoothing.nextStep(noon.minusNanos(1000), interval)).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(Smoothing.nextStep(Instant.ofEpochSecond(13), Duration.ofSeconds(7)))
                .isEqualTo(Instant.ofEpochSecond(14));
    }

    @Test
    void eachStepIsAShareOfThePriceThatStands() {
        assertThat(step("0.0100", "0.0200", 5)).isEqualTo("0.0105");
        assertThat(step("0.0105", "0.0200", 5)).isEqualTo("0.011025");
        assertThat(step("0.0200", "0.0100", 10)).isEqualTo("0.018");
    }

    @Test
    void theLastStepIsWhatIsLeft() {
        assertThat(step("0.0195", "0.0200", 5)).isEqualTo("0.0200");
        assertThat(step("0.0200", "0.0200", 5)).isEqualTo("0.0200");
        assertThat(step("0.01", "1", 100)).isEqualTo("0.02");
    }

    @Test
    void aStepIsCutToSixDigitsUnlessNothingWouldBeLeftOfIt() {
        // 5 % of 0.011025 is 0.00055125.
        assertThat(step("0.011025", "0.0200", 5)).isEqualTo("0.011576");
        // 1 % of 0.00005 is 0.0000005.
        assertThat(step("0.00005", "1", 1)).isEqualTo("0.0000505");
    }

    @Test
    void ofNothingThereIsNoShareSoItIsOneOfTheTarget() {
        assertThat(step("0", "0.02", 25)).isEqualTo("0.005");
        assertThat(step("0.02", "0", 100)).isEqualTo("0");
        assertThat(step("0.000000000001", "1", 1)).isEqualTo("0.000000000002");
    }

    @Test
    void aPriceNeverPassesItsTargetNeverTurnsAndReachesIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            HourlyRate price = rate(random);
            HourlyRate target = rate(random);
            int percent = 1 + random.nextInt(100);
            String what =
                    "seed " + seed + ", round " + round + ": " + price + " to " + target + " by " + percent + " %";
            int way = Integer.signum(target.compareTo(price));
            int steps = 0;
            while (price.compareTo(target) != 0) {
                HourlyRate next = Smoothing.step(price, target, percent);
                BigDecimal moved = next.usd().subtract(price.usd());
                assertThat(moved.signum()).as(what).isEqualTo(way);
                assertThat(Integer.signum(target.compareTo(next))).as(what).isIn(0, way);
                assertThat(moved.abs().movePointRight(2))
                        .as(what)
                        .isLessThanOrEqualTo(price.usd().multiply(BigDecimal.valueOf(percent)));
                assertThat(HourlyRate.isValid(next.toString())).as(what).isTrue();
                price = next;
                assertThat(++steps).as(what).isLessThan(10_000);
            }
        }
    }

    /** 0.0001 to some dollars, with up to twelve decimals. */
    private static HourlyRate rate(Random random) {
        int digits = 4 + random.nextInt(9);
        long least = BigDecimal.TEN.pow(digits - 4).longValueExact();
        return new HourlyRate(BigDecimal.valueOf(least + random.nextLong(least * 50_000), digits));
    }

    private static String step(String price, String target, int percent) {
        return Smoothing.step(HourlyRate.of(price), HourlyRate.of(target), percent)
                .toString();
    }
}
