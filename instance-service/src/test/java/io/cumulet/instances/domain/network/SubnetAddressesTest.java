package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetAddressesTest {

    private static final Subnet SECOND =
            Subnet.defaultOf(new AccountId("123456789012"), new AvailabilityZone("us-east-1b"), 1, Instant.EPOCH);

    @Test
    void eachZoneHasItsTwentiethOfTheDefaultVpcWithoutTheFiveAddressesOfEc2() {
        assertThat(SECOND.cidr()).hasToString("172.31.16.0/20");
        assertThat(SECOND.address(4)).hasToString("172.31.16.4");
        assertThat(SECOND.address(4094)).hasToString("172.31.31.254");
        assertThat(SECOND.offset(SECOND.address(4094))).isEqualTo(4094);
        assertThat(SECOND.usable()).isEqualTo(4091);
    }

    @Test
    void aFullSubnetHasNoMore() {
        SubnetAddresses addresses = new SubnetAddresses(SECOND.size());
        List<Integer> all = addresses.free(5000);
        assertThat(all).hasSize(4091).doesNotHaveDuplicates();
        all.forEach(addresses::take);
        assertThat(addresses.free(1)).isEmpty();
        addresses.release(77);
        assertThat(addresses.free(2)).containsExactly(77);
    }

    @Test
    void anAddressThatWasGivenBackRestsBeforeItIsUsedAgain() {
        SubnetAddresses addresses = new SubnetAddresses(SECOND.size());
        addresses.take(4);
        addresses.release(4);
        assertThat(addresses.free(1)).containsExactly(5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noAddressIsEverHeldTwice(long seed) {
        Random random = new Random(seed);
        SubnetAddresses addresses = new SubnetAddresses(SECOND.size());
        Set<Integer> held = new HashSet<>();
        for (int step = 0; step < 5000; step++) {
            if (held.isEmpty() || random.nextInt(5) > 1) {
                for (int offset : addresses.free(1 + random.nextInt(5))) {
                    addresses.take(offset);
                    assertThat(held.add(offset)).isTrue();
                }
            } else {
                Integer gone = held.iterator().next();
                held.remove(gone);
                addresses.release(gone);
            }
            assertThat(addresses.freeCount()).isEqualTo(SECOND.usable() - held.size());
        }
    }
}
