package io.cumulet.endpoint.actions.securitygroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class RuleViewsTest {

    @Test
    void aRevokedRuleSaysWhatItWasWithoutOwnersAndTags() throws Exception {
        ObjectNode rule = RuleViews.revoked(new ObjectMapper().readTree("""
                {"ruleId": "sgr-1", "protocol": "tcp", "fromPort": 22, "toPort": 22, "description": "ssh",
                 "peer": {"cidr": "10.0.0.0/8"}, "tags": {"a": "b"}}
                """), "sg-1", false);
        assertThat(rule.toString())
                .isEqualTo(
                        "{\"SecurityGroupRuleId\":\"sgr-1\",\"GroupId\":\"sg-1\",\"IsEgress\":false,\"IpProtocol\":\"tcp\","
                                + "\"FromPort\":22,\"ToPort\":22,\"CidrIpv4\":\"10.0.0.0/8\",\"Description\":\"ssh\"}");
    }

    @Test
    void theGroupThatARevokedRuleNamedIsShownByItsId() throws Exception {
        ObjectNode rule = RuleViews.revoked(new ObjectMapper().readTree("""
                {"ruleId": "sgr-2", "protocol": "all", "peer": {"group": "sg-2"}}
                """), "sg-1", true);
        assertThat(rule.path("ReferencedGroupId").asText()).isEqualTo("sg-2");
        assertThat(rule.path("IpProtocol").asText()).isEqualTo("-1");
        assertThat(rule.path("FromPort").asInt()).isEqualTo(-1);
        assertThat(rule.path("IsEgress").asBoolean()).isTrue();
    }
}
