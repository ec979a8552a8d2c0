package io.cumulet.endpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import org.junit.jupiter.api.Test;

class XmlWriterTest {

    @Test
    void membersHaveTheirNamesOnTheWireAndListsTheirItems() {
        ObjectNode answer = Call.answer();
        ObjectNode vpc =
                answer.putArray("Vpcs").addObject().put("VpcId", "vpc-1").put("IsDefault", false);
        vpc.putArray("Tags").addObject().put("Key", "a<b").put("Value", "\"x\" & y\u0001");
        vpc.putArray("Ipv6CidrBlockAssociationSet");
        assertThat(written("DescribeVpcs", answer))
                .endsWith(
                        "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15\"><requestId>r</requestId>"
                                + "<vpcSet><item><vpcId>vpc-1</vpcId><isDefault>false</isDefault><tagSet><item><key>a&lt;b</key>"
                                + "<value>&quot;x&quot; &amp; y</value></item></tagSet><ipv6CidrBlockAssociationSet/></item></vpcSet>"
                                + "</DescribeVpcsResponse>");
    }

    @Test
    void timesHaveMilliseconds() {
        ObjectNode answer = Call.answer();
        answer.putArray("Reservations")
                .addObject()
                .putArray("Instances")
                .addObject()
                .put("LaunchTime", "2026-12-01T08:00:00Z");
        assertThat(written("DescribeInstances", answer)).contains("<launchTime>2026-12-01T08:00:00.000Z</launchTime>");
    }

    @Test
    void anAnswerOfStsIsWrapped() {
        assertThat(XmlWriter.answer(
                        Api.STS.model(),
                        Api.STS.model().operations().get("GetCallerIdentity"),
                        Call.answer().put("Account", "123456789012"),
                        "r"))
                .endsWith("<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>"
                        + "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
    }

    @Test
    void aMemberThatTheModelDoesNotHaveIsAFault() {
        assertThatThrownBy(() -> written("DescribeVpcs", Call.answer().put("Vpc", "x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DescribeVpcsResult.Vpc");
    }

    private static String written(String action, ObjectNode answer) {
        return XmlWriter.answer(Api.EC2.model(), Api.EC2.model().operations().get(action), answer, "r");
    }
}
