package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.instances.domain.network.AclEntry.IcmpTypeCode;
import io.cumulet.instances.domain.network.AclEntry.PortRange;
import io.cumulet.instances.domain.network.AclEntry.Wish;
import io.cumulet.kernel.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclEntryTest {

    private static String codeOf(Wish wish) {
        return switch (AclEntry.checked(wish)) {
            case Outcome.Refused<AclEntry> refused ->
                refused.refusal().code().code() + " " + refused.refusal().field();
            case Outcome.Done<AclEntry> done -> "done";
        };
    }

    private static Wish wish(int number, String protocol, String block, @Nullable PortRange ports) {
        return new Wish(true, number, protocol, "deny", block, null, ports, null);
    }

    @ParameterizedTest
    @CsvSource({
        "1, -1, 10.0.0.0/8, done",
        "32766, 50, 10.0.0.0/8, done",
        "0, -1, 10.0.0.0/8, InvalidParameterValue ruleNumber",
        "32767, -1, 10.0.0.0/8, InvalidParameterValue ruleNumber",
        "100, -2, 10.0.0.0/8, InvalidParameterValue protocol",
        "100, 256, 10.0.0.0/8, InvalidParameterValue protocol",
        "100, tpc, 10.0.0.0/8, InvalidParameterValue protocol",
        "100, -1, 10.0.0.0, InvalidParameterValue cidrBlock",
        "100, -1, fd00::/8, InvalidParameterValue cidrBlock",
        "100, tcp, 10.0.0.0/8, MissingParameter portRange",
        "100, 1, 10.0.0.0/8, MissingParameter icmpTypeCode"
    })
    void anEntryIsRefusedAtTheFieldThatIsWrong(int number, String protocol, String block, String expected) {
        assertThat(codeOf(wish(number, protocol, block, null))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "22, 22, done",
        "0, 65535, done",
        "23, 22, InvalidParameterValue portRange",
        "0, 65536, InvalidParameterValue portRange",
        "-1, 22, InvalidParameterValue portRange"
    })
    void portsAreARange(int from, int to, String expected) {
        assertThat(codeOf(wish(100, "17", "10.0.0.0/8", new PortRange(from, to))))
                .isEqualTo(expected);
    }

    @Test
    void whatDoesNotBelongToTheProtocolIsNotKept() {
        AclEntry ping = AclEntry.checked(new Wish(
                        false, 7, "icmp", "allow", null, "2001:db8::/32", new PortRange(0, 0), new IcmpTypeCode(8, -1)))
                .orThrow();
        assertThat(ping).isEqualTo(new AclEntry(false, 7, 1, true, ping.block(), null, null, 8, -1));
        assertThat(ping.block()).hasToString("2001:db8::/32");
    }
}
