package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetAddressesTest {

    private static final Subnet SECOND =
            Subnet.defaultOf(new AccountId("123456789012"), new AvailabilityZone("us-east-1b"), 1);

    @Test
    void eachZoneHasItsTwentiethOfTheDefaultVpcWithoutTheFiveAddressesOfEc2() {
        assertThat(SECOND.cidr()).isEqualTo("172.31.16.0/20");
        assertThat(SECOND.address(4)).isEqualTo("172.31.16.4");
        assertThat(SECOND.address(4094)).isEqualTo("172.31.31.254");
        assertThat(Subnet.offset("172.31.31.254")).isEqualTo(4094);
        assertThat(Subnet.USABLE).isEqualTo(4091);
        assertThat(Subnet.RESERVED).isEqualTo(5);
    }

    @Test
    void aFullSubnetHasNoMore() {
        SubnetAddresses addresses = new SubnetAddresses();
        List<Integer> all = addresses.free(5000);
        assertThat(all).hasSize(4091).doesNotHaveDuplicates();
        all.forEach(addresses::take);
        assertThat(addresses.free(1)).isEmpty();
        addresses.release(77);
        assertThat(addresses.free(2)).containsExactly(77);
    }

    @Test
    void anAddressThatWasGivenBackRestsBeforeItIsUsedAgain() {
        SubnetAddresses addresses = new SubnetAddresses();
        addresses.take(4);
        addresses.release(4);
        assertThat(addresses.free(1)).containsExactly(5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noAddressIsEverHeldTwice(long seed) {
        Random random = new Random(seed);
        SubnetAddresses addresses = new SubnetAddresses();
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
            assertThat(addresses.freeCount()).isEqualTo(Subnet.USABLE - held.size());
        }
    }
}
