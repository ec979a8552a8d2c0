package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "10.1.2.3/32, 10.1.2.3/32",
        "255.255.255.255/0, 0.0.0.0/0",
        "255.255.255.255/1, 128.0.0.0/1",
        "FD00:0::1/64, fd00::/64",
        "fd00::1:0:0:0:1/65, fd00:0:0:1::/65",
        "::1/128, ::1/128",
        "2001:db8::5/0, ::/0",
        "::ffff:10.0.0.1/96, ::ffff:0:0/96"
    })
    void hostBitsAreCutOff(String text, String block) {
        assertThat(Cidr.parse(text).orElseThrow()).hasToString(block);
        assertThat(Cidr.parse(block)).isEqualTo(Cidr.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "10/8",
                "010.0.0.0/8",
                "0x0a.0.0.0/8",
                "256.0.0.0/8",
                "10.0.0.*/8",
                "10.0.0.1-5/32",
                "10.0.0.0/255.0.0.0",
                " 10.0.0.0/8",
                "10.0.0.0/8 ",
                "::/129",
                "fe80::1%eth0/64",
                "g::/8",
                "1::2::3/64",
                "fd00:/64",
                "*/8",
                "::ffff:010.0.0.1/96",
                "localhost/8"
            })
    void whatIsNoBlockIsNotRead(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @Test
    void aBlockHoldsItsEndsAndNotTheirNeighbours() {
        Cidr block = Cidr.parse("10.0.0.4/30").orElseThrow();
        assertThat(List.of("10.0.0.4", "10.0.0.7")).allMatch(text -> block.contains(address(text)));
        assertThat(List.of("10.0.0.3", "10.0.0.8", "::ffff:10.0.0.4", "::a00:4"))
                .noneMatch(text -> block.contains(address(text)));
        Cidr six = Cidr.parse("fd00:0:0:8000::/65").orElseThrow();
        assertThat(six.contains(address("fd00::8000:7fff:ffff:ffff:ffff"))).isTrue();
        assertThat(six.contains(address("fd00::8000:8000:0:0:0"))).isFalse();
        CidrSet set = new CidrSet(List.of(block, six));
        assertThat(set.contains(address("10.0.0.5"))).isTrue();
        assertThat(set.contains(address("fd00::8000:0:0:0:1"))).isTrue();
        assertThat(set.contains(address("10.0.0.8"))).isFalse();
    }

    @Test
    void aSetOfBlocksHoldsWhatAnyOfThemHolds() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Cidr> blocks = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                IpAddress address = drawn(random);
                int length = Math.max(0, address.family().addressBits() - random.nextInt(12));
                blocks.add(new Cidr(Cidr.masked(address, length), length));
            }
            CidrSet set = new CidrSet(blocks);
            for (int i = 0; i < 200; i++) {
                IpAddress address = drawn(random);
                assertThat(set.contains(address))
                        .as("seed %d, %s in %s", seed, address, blocks)
                        .isEqualTo(blocks.stream().anyMatch(block -> block.contains(address)));
            }
            assertThat(set.apart())
                    .as("seed " + seed)
                    .allSatisfy(one -> assertThat(set.apart().stream()
                                    .filter(other -> other != one)
                                    .noneMatch(one::overlaps))
                            .isTrue());
        }
    }

    /** The matching is ours, for it is quicker; what a block holds is the library's to say. */
    @Test
    void aBlockHoldsWhatTheLibrarySays() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            IpAddress first = drawn(random);
            int length = Math.max(0, first.family().addressBits() - random.nextInt(14));
            Cidr block = new Cidr(Cidr.masked(first, length), length);
            IpAddress address = drawn(random);
            IPAddress judge = new IPAddressString(block.toString()).getAddress();
            assertThat(block.contains(address))
                    .as("%s in %s", address, block)
                    .isEqualTo(judge.contains(new IPAddressString(address.toString()).getAddress()));
        }
    }

    /** Near each other, on both sides of where a sign would turn. */
    private static IpAddress drawn(Random random) {
        int near = random.nextInt(4_096) - 2_048;
        return random.nextBoolean()
                ? new IpAddress(IpFamily.IPV4, 0, (0x8000_0000L + near) & 0xffff_ffffL)
                : new IpAddress(IpFamily.IPV6, random.nextInt(2) - 1, Long.MIN_VALUE + near);
    }

    @Test
    void anAddressIsOneHoweverItIsWritten() {
        assertThat(address("FD00:0:0::0005")).isEqualTo(address("fd00::5")).hasToString("fd00::5");
        assertThat(address("255.255.255.255")).hasToString("255.255.255.255");
        assertThat(address("::ffff:10.0.0.1").family()).isEqualTo(IpFamily.IPV6);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
