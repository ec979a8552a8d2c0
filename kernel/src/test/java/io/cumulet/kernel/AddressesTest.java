package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void anAddressIsOneHoweverItIsWritten() {
        assertThat(address("FD00:0:0::0005")).isEqualTo(address("fd00::5")).hasToString("fd00::5");
        assertThat(address("255.255.255.255")).hasToString("255.255.255.255");
        assertThat(address("::ffff:10.0.0.1").family()).isEqualTo(IpFamily.IPV6);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
