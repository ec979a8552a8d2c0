package io.cumulet.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.endpoint.config.ThrottlingConfig;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    /** System.nanoTime() may begin anywhere, and run over. */
    private static final long BEGIN = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(300);

    private static final AccountId ONE = new AccountId("111111111111");
    private static final AccountId OTHER = new AccountId("222222222222");
    private static final int TRIES = 10;

    @Test
    void aBucketIsEmptyAfterItsTokensAndRefillsSteadily() {
        TokenBucket bucket = new TokenBucket(5, 2, BEGIN);
        assertThat(taken(bucket, BEGIN, 10)).isEqualTo(5);
        assertThat(taken(bucket, at(499), 10)).isZero();
        assertThat(taken(bucket, at(500), 10)).isEqualTo(1);
        assertThat(taken(bucket, at(2_000), 10)).isEqualTo(3);
        assertThat(taken(bucket, at(60_000), 10)).isEqualTo(5);
    }

    @Test
    void eachAccountHasABucketForEachKindOfAction() {
        Throttle throttle = new Throttle(new Buckets(true), () -> BEGIN);
        assertThat(admitted(throttle, ONE, "DescribeInstances")).isEqualTo(3);
        assertThat(admitted(throttle, ONE, "GetConsoleOutput")).isZero();
        assertThat(admitted(throttle, ONE, "StopInstances")).isEqualTo(2);
        assertThat(admitted(throttle, ONE, "RunInstances")).isEqualTo(1);
        assertThat(admitted(throttle, OTHER, "ListThings")).isEqualTo(3);
        assertThatThrownBy(() -> throttle.admit(ONE, "RunInstances", AccessErrors.EC2))
                .isInstanceOfSatisfying(AwsError.class, refused -> {
                    assertThat(refused.code()).isEqualTo("RequestLimitExceeded");
                    assertThat(refused.status()).isEqualTo(503);
                });
        assertThatThrownBy(() -> throttle.admit(ONE, "RunInstances", AccessErrors.JSON))
                .isInstanceOfSatisfying(
                        AwsError.class, refused -> assertThat(refused.code()).isEqualTo("ThrottlingException"));
    }

    @Test
    void nobodyIsThrottledUnlessItIsSwitchedOn() {
        assertThat(admitted(new Throttle(new Buckets(false), () -> BEGIN), ONE, "RunInstances"))
                .isEqualTo(TRIES);
    }

    private static int admitted(Throttle throttle, AccountId account, String action) {
        int admitted = 0;
        for (int i = 0; i < TRIES; i++) {
            try {
                throttle.admit(account, action, AccessErrors.EC2);
                admitted++;
            } catch (AwsError e) {
                assertThat(e.code()).isEqualTo("RequestLimitExceeded");
            }
        }
        return admitted;
    }

    /** Small ones. */
    private record Buckets(boolean enabled) implements ThrottlingConfig {

        private record Size(int bucketSize, int refillPerSecond)
                implements ThrottlingConfig.Describe, ThrottlingConfig.Mutate, ThrottlingConfig.Run {}

        @Override
        public Describe describe() {
            return new Size(3, 1);
        }

        @Override
        public Mutate mutate() {
            return new Size(2, 1);
        }

        @Override
        public Run run() {
            return new Size(1, 1);
        }
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
