package io.cumulet.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    /** System.nanoTime() may begin anywhere, and run over. */
    private static final long BEGIN = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(300);

    @Test
    void aBucketIsEmptyAfterItsTokensAndRefillsSteadily() {
        TokenBucket bucket = new TokenBucket(5, 2, BEGIN);
        assertThat(taken(bucket, BEGIN, 10)).isEqualTo(5);
        assertThat(taken(bucket, at(499), 10)).isZero();
        assertThat(taken(bucket, at(500), 10)).isEqualTo(1);
        assertThat(taken(bucket, at(2_000), 10)).isEqualTo(3);
        assertThat(taken(bucket, at(60_000), 10)).isEqualTo(5);
    }

    private static long at(int millis) {
        return BEGIN + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static int taken(TokenBucket bucket, long now, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.take(now) ? 1 : 0;
        }
        return taken;
    }
}
