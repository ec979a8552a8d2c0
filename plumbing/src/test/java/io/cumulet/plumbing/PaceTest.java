package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace(Duration.ofMillis(40), Duration.ofMillis(160));
    private long lastEnded;

    @Test
    void roundsThatFollowEachOtherWaitTwiceAsLongEachTimeUpToTheLongest() throws InterruptedException {
        round();
        assertThat(round()).isGreaterThanOrEqualTo(40);
        assertThat(round()).isGreaterThanOrEqualTo(80);
        assertThat(round()).isGreaterThanOrEqualTo(160);
        assertThat(round()).isGreaterThanOrEqualTo(160);
    }

    @Test
    void afterAQuietWhileTheNextPauseIsTheShortest() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            round();
        }
        TimeUnit.MILLISECONDS.sleep(200);
        round();
        assertThat(round()).isBetween(40L, 159L);
    }

    @Test
    void whoHurriesWaitsForTheShortestPauseAlone() throws InterruptedException {
        round();
        round();
        round();
        pace.hurry();
        assertThat(round()).isBetween(40L, 159L);
    }

    /** How long after the end of the round before a round begins, in milliseconds. */
    private long round() throws InterruptedException {
        pace.await();
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastEnded);
        lastEnded = System.nanoTime();
        pace.ended();
        return waited;
    }
}
