package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.kernel.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaunchAddressesTest {

    private static final long FIRST = number("240.0.1.0");
    private static final long ANOTHER = number("240.0.3.0");

    @Test
    void whatIsGivenBackIsGivenAgainLast() {
        LaunchAddresses addresses = new LaunchAddresses(List.of(FIRST), List.of());
        IpAddress first = take(addresses);
        assertThat(first).hasToString("240.0.1.0");
        addresses.release(first);
        for (int i = 1; i < LaunchAddresses.BLOCK; i++) {
            assertThat(take(addresses)).isNotEqualTo(first);
        }
        assertThat(take(addresses)).isEqualTo(first);
        assertThat(addresses.next()).isEmpty();
    }

    @Test
    void theNextOneIsFreeUntilItIsTaken() {
        LaunchAddresses addresses = new LaunchAddresses(List.of(FIRST), List.of(FIRST, FIRST + 1));
        assertThat(addresses.free()).isEqualTo(LaunchAddresses.BLOCK - 2);
        IpAddress next = addresses.next().orElseThrow();
        assertThat(addresses.next()).contains(next);
        addresses.take(next);
        assertThat(addresses.next()).isPresent().isNotEqualTo(next);
        assertThatThrownBy(() -> addresses.take(next)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> addresses.release(LaunchAddresses.address(ANOTHER)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noAddressIsEverGivenTwice() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LaunchAddresses addresses = new LaunchAddresses(List.of(FIRST, ANOTHER), List.of());
        Set<IpAddress> given = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            if (given.isEmpty() || random.nextInt(100) < 60) {
                addresses.next().ifPresent(next -> {
                    addresses.take(next);
                    assertThat(given.add(next)).as("seed %s: %s", seed, next).isTrue();
                });
            } else {
                IpAddress back = given.iterator().next();
                given.remove(back);
                addresses.release(back);
            }
            assertThat(addresses.free()).as("seed %s", seed).isEqualTo(2 * LaunchAddresses.BLOCK - given.size());
        }
    }

    private static IpAddress take(LaunchAddresses addresses) {
        IpAddress next = addresses.next().orElseThrow();
        addresses.take(next);
        return next;
    }

    private static long number(String address) {
        return IpAddress.parse(address).orElseThrow().low();
    }
}
