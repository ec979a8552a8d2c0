package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace(Duration.ofMillis(40), Duration.ofMillis(160));

    @Test
    void roundsThatFollowEachOtherWaitTwiceAsLongEachTimeUpToTheLongest() throws InterruptedException {
        assertThat(round()).isLessThan(39);
        assertThat(round()).isGreaterThanOrEqualTo(39);
        assertThat(round()).isGreaterThanOrEqualTo(79);
        assertThat(round()).isGreaterThanOrEqualTo(159);
        assertThat(round()).isGreaterThanOrEqualTo(159);
    }

    @Test
    void afterAQuietWhileNobodyWaitsAndTheNextPauseIsTheShortest() throws InterruptedException {
        round();
        round();
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(round()).isLessThan(39);
        assertThat(round()).isGreaterThanOrEqualTo(39);
    }

    @Test
    void whoHurriesWaitsForTheShortestPauseAlone() throws InterruptedException {
        round();
        round();
        round();
        pace.hurry();
        assertThat(round()).isGreaterThanOrEqualTo(39);
    }

    /** How long a round has waited, in milliseconds. */
    private long round() throws InterruptedException {
        long begun = System.nanoTime();
        pace.await();
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        pace.ended();
        return waited;
    }
}
