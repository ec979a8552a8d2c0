package io.cumulet.spotmarket.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A history passes at the speed of its replay. */
class ReplayClockTest {

    private static final Instant FROM = Instant.parse("2015-05-01T00:00:00Z");
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void anHourOfTheHistoryPassesInAMinuteAtSpeedSixty() {
        PricingPolicy.Trace replay = replay(60);

        assertThat(ReplayClock.momentAt(replay, AT)).isEqualTo(FROM);
        assertThat(ReplayClock.momentAt(replay, AT.plusSeconds(60))).isEqualTo(FROM.plus(Duration.ofHours(1)));
        assertThat(ReplayClock.dueAt(replay, FROM.plus(Duration.ofHours(1)))).isEqualTo(AT.plusSeconds(60));
    }

    @Test
    void whatLiesBeforeTheBeginningIsDueAtOnce() {
        assertThat(ReplayClock.dueAt(replay(60), FROM.minusSeconds(1))).isEqualTo(AT);
        assertThat(ReplayClock.momentAt(replay(60), AT.minusSeconds(1))).isEqualTo(FROM);
    }

    @Test
    void afterVeryLongTheHistoryStandsStill() {
        assertThat(ReplayClock.momentAt(replay(10_000_000), AT.plus(Duration.ofDays(365 * 100))))
                .isEqualTo("9999-12-31T23:59:59Z");
    }

    @Test
    void aChangeHasHappenedWhenItsTimerFiresAndNotOneSecondBefore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            PricingPolicy.Trace replay = new PricingPolicy.Trace(
                    "t", FROM, AT.plusNanos(1000L * random.nextInt(1_000_000)), 1 + random.nextInt(100_000));
            Instant change = FROM.plusMillis(random.nextLong(1, 10_000_000_000L));
            String what = "seed " + seed + ": " + change + " at speed " + replay.speed();
            Instant due = ReplayClock.dueAt(replay, change);

            assertThat(due).as(what).isEqualTo(due.truncatedTo(ChronoUnit.SECONDS));
            assertThat(ReplayClock.momentAt(replay, due)).as(what).isAfterOrEqualTo(change);
            assertThat(ReplayClock.momentAt(replay, due.minusSeconds(1)))
                    .as(what)
                    .isBefore(change);
        }
    }

    private static PricingPolicy.Trace replay(int speed) {
        return new PricingPolicy.Trace("t", FROM, AT, speed);
    }
}
