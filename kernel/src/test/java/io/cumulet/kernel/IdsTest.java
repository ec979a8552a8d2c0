package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void newIdsHaveTheFormOfEc2() {
        assertThat(ResourceKind.INSTANCE.newId()).matches("i-[0-9a-f]{17}");
        assertThat(ResourceKind.INSTANCE.isId("i-1234")).isFalse();
        assertThat(ResourceKind.INSTANCE.isId("i-1234567890abcdef0")).isTrue();
    }

    /** Each is greater than the one before, however fast they come and whatever the clock does. */
    @Test
    void idsAreInTheOrderInWhichTheyWereGiven() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T08:00:00Z"));
        IdSequence sequence = new IdSequence(now::get);
        long last = 0;
        for (int i = 0; i < 100_000; i++) {
            if (i % 1_000 == 0) {
                now.set(now.get().plusMillis(i % 3_000 == 0 ? -50 : 20));
            }
            long next = sequence.next();
            assertThat(next).isGreaterThan(last);
            last = next;
        }
        now.set(now.get().plusSeconds(1));
        IdSequence other = new IdSequence(now::get);
        Set<Long> ofBoth = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            ofBoth.add(sequence.next());
            ofBoth.add(other.next());
        }
        // Each begins anywhere in the millisecond and goes on in small steps; they don't all end in one corner.
        assertThat(ofBoth).hasSizeGreaterThan(150);
        assertThat(Collections.max(ofBoth) - Collections.min(ofBoth)).isLessThan(1L << 24);
        String first = ResourceKind.VPC.newId();
        assertThat(ResourceKind.VPC.newId()).isGreaterThan(first);
    }

    @Test
    void theDefaultNetworkIsTheSameForWhoeverAsksAndDiffersByAccountAndRegion() {
        AccountId account = new AccountId("123456789012");
        Region region = Region.DEFAULT;
        assertThat(DefaultNetwork.vpcId(account, region)).isEqualTo(DefaultNetwork.vpcId(account, region));
        assertThat(DefaultNetwork.vpcId(account, region))
                .isNotEqualTo(DefaultNetwork.vpcId(new AccountId("210987654321"), region))
                .isNotEqualTo(DefaultNetwork.vpcId(account, new Region("eu-west-1")))
                .matches("vpc-[0-9a-f]{17}");
    }

    @Test
    void namesCheckThemselves() {
        assertThat(new AvailabilityZone("us-east-1a").region()).isEqualTo(Region.DEFAULT);
        assertThat(AvailabilityZone.isValid("us-east-1")).isFalse();
        assertThatThrownBy(() -> new AccountId("12345678901")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InstanceType("m4large")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(Instant.EPOCH, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
