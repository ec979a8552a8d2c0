package io.cumulet.endpoint.actions.securitygroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.IpFamily;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** EC2's permissions and the firewall's rules. */
class PermissionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void protocolsAreKnownByNameAndNumberAndPortsThatTheyDontHaveArePassedOver() {
        assertThat(traffic("-1", 80, 80)).isEqualTo("{\"protocol\":\"all\"}");
        assertThat(traffic("6", 80, 81)).isEqualTo("{\"protocol\":\"tcp\",\"fromPort\":80,\"toPort\":81}");
        assertThat(traffic("UDP", 53, 53)).isEqualTo("{\"protocol\":\"udp\",\"fromPort\":53,\"toPort\":53}");
        assertThat(traffic("1", 8, -1)).isEqualTo("{\"protocol\":\"icmp\",\"icmpType\":8,\"icmpCode\":-1}");
        assertThat(traffic("icmpv6", null, null))
                .isEqualTo("{\"protocol\":\"icmpv6\",\"icmpType\":-1,\"icmpCode\":-1}");
        assertThat(traffic("50", 1, 2)).isEqualTo("{\"protocol\":\"50\"}");
    }

    @Test
    void whatIsNoProtocolPortOrBlockIsRefusedInEc2sWords() {
        assertThat(refusal(() -> traffic("tpc", 80, 80)))
                .isEqualTo("InvalidParameterValue: Invalid value 'tpc' for IP protocol. Unknown protocol.");
        assertThat(refusal(() -> traffic("256", 80, 80))).startsWith("InvalidParameterValue");
        assertThat(refusal(() -> traffic(null, 80, 80))).startsWith("MissingParameter");
        assertThat(refusal(() -> traffic("tcp", null, 80))).contains("Must specify both from and to ports");
        assertThat(refusal(() -> traffic("tcp", 0, 65_536)))
                .isEqualTo("InvalidParameterValue: TCP/UDP port (65536) out of range");
        assertThat(refusal(() -> traffic("tcp", 81, 80)))
                .isEqualTo("InvalidParameterValue: Invalid TCP/UDP port range (81:80)");
        assertThat(refusal(() -> traffic("icmp", 256, 0))).contains("ICMP type (256)");
        assertThat(refusal(() -> Permissions.block("10.0.0.0/33", IpFamily.IPV4)))
                .isEqualTo("InvalidParameterValue: CIDR block 10.0.0.0/33 is malformed");
        assertThat(refusal(() -> Permissions.block("::/0", IpFamily.IPV4))).contains("malformed");
        assertThat(refusal(() -> Permissions.block("10.0.0.1", IpFamily.IPV4))).contains("malformed");
        assertThat(Permissions.block("10.1.2.3/8", IpFamily.IPV4)).isEqualTo("10.0.0.0/8");
    }

    @Test
    void rulesOfOneProtocolAndRangeAreOnePermission() throws IOException {
        JsonNode rules = JSON.readTree("""
                [{"protocol": "tcp", "fromPort": 80, "toPort": 80, "peer": {"cidr": "10.0.0.0/8"}, "description": "office"},
                 {"protocol": "all", "peer": {"group": "sg-1"}},
                 {"protocol": "tcp", "fromPort": 80, "toPort": 80, "peer": {"cidr": "::/0"}},
                 {"protocol": "tcp", "fromPort": 80, "toPort": 81, "peer": {"prefixList": "pl-1"}}]""");
        assertThat(RuleViews.permissions(rules, "111122223333")).isEqualTo(JSON.readTree("""
                [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
                  "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                  "PrefixListIds": [], "UserIdGroupPairs": []},
                 {"IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [],
                  "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111122223333"}]},
                 {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "IpRanges": [], "Ipv6Ranges": [],
                  "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []}]"""));
    }

    private static String traffic(String protocol, Integer from, Integer to) {
        return Permissions.traffic(protocol, node(from), node(to)).toString();
    }

    private static JsonNode node(Integer number) {
        return number == null ? MissingNode.getInstance() : IntNode.valueOf(number);
    }

    private static String refusal(Runnable reading) {
        AwsError refused = catchThrowableOfType(AwsError.class, reading::run);
        return refused.code() + ": " + refused.getMessage();
    }
}
