package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.instances.domain.network.AddressPool.Stretch;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPoolTest {

    private static final AddressPool POOL = pool("192.0.2.0/30", "198.51.100.8/29", "203.0.113.7/32");

    @Test
    void aSearchFromAnyAddressMeetsEachOfThePoolOnce() {
        for (String start : List.of("192.0.2.0", "192.0.2.3", "198.51.100.8", "198.51.100.11", "203.0.113.7")) {
            Set<IpAddress> met = new HashSet<>();
            List<Stretch> stretches = POOL.from(ip(start));
            assertThat(stretches.getFirst().first()).isEqualTo(ip(start));
            for (Stretch stretch : stretches) {
                for (IpAddress one = stretch.first();
                        one.low() <= stretch.last().low();
                        one = one.plus(1)) {
                    assertThat(met.add(one)).as("%s from %s", one, start).isTrue();
                    assertThat(POOL.contains(one)).as("%s from %s", one, start).isTrue();
                }
            }
            assertThat(met).as(start).hasSize(13);
        }
    }

    @Test
    void anyAddressOfThePoolCanBeDrawn() {
        Set<IpAddress> drawn = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            IpAddress one = POOL.random(random);
            assertThat(POOL.contains(one)).isTrue();
            drawn.add(one);
        }
        assertThat(drawn).hasSize(13);
    }

    @Test
    void blocksDoNotOverlapAndAreOfIpv4() {
        assertThatThrownBy(() -> pool("192.0.2.0/24", "192.0.2.128/25")).hasMessageContaining("overlap");
        assertThatThrownBy(() -> pool("fd00::/64")).hasMessageContaining("IPv4");
    }

    private static AddressPool pool(String... blocks) {
        return new AddressPool(List.of(blocks).stream()
                .map(block -> Cidr.parse(block).orElseThrow())
                .toList());
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
