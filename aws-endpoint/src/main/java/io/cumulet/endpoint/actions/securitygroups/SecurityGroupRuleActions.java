package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.kernel.Wildcards;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Rules of security groups. */
@ApplicationScoped
public class SecurityGroupRuleActions implements ActionSet {

    private static final String INGRESS = "/ingress-rules";
    private static final String EGRESS = "/egress-rules";
    private static final String RULE_ID = "ruleId";
    private static final List<String> OLD =
            List.of("IpProtocol", "FromPort", "ToPort", "CidrIp", "SourceSecurityGroupName");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("AuthorizeSecurityGroupIngress", call -> authorize(call, INGRESS));
        actions.ec2("AuthorizeSecurityGroupEgress", call -> authorize(call, EGRESS));
        actions.ec2("RevokeSecurityGroupIngress", call -> revoke(call, INGRESS));
        actions.ec2("RevokeSecurityGroupEgress", call -> revoke(call, EGRESS));
        actions.ec2("DescribeSecurityGroupRules", SecurityGroupRuleActions::describe);
        actions.ec2("ModifySecurityGroupRules", SecurityGroupRuleActions::modify);
        actions.ec2("UpdateSecurityGroupRuleDescriptionsIngress", call -> updateDescriptions(call, INGRESS));
        actions.ec2("UpdateSecurityGroupRuleDescriptionsEgress", call -> updateDescriptions(call, EGRESS));
    }

    private static ObjectNode authorize(Call call, String direction) {
        refuseOldEgress(call, direction);
        String groupId = Groups.idOf(call);
        ArrayNode rules = Permissions.of(call, Groups.names(call));
        ObjectNode tags = TagSpecifications.of(call, "security-group-rule");
        if (tags != null) {
            rules.forEach(rule -> ((ObjectNode) rule).set("tags", tags));
        }
        ObjectNode answer = call.done();
        ArrayNode made = answer.putArray("SecurityGroupRules");
        for (JsonNode rule : call.firewall()
                .post(Groups.path(groupId) + direction, rules(rules))
                .path("rules")) {
            made.add(RuleViews.rule(call, rule, groupId, direction.equals(EGRESS)));
        }
        return answer;
    }

    private static ObjectNode revoke(Call call, String direction) {
        refuseOldEgress(call, direction);
        String groupId = Groups.idOf(call);
        ArrayNode rules = Call.answer().arrayNode();
        for (String ruleId : call.texts("SecurityGroupRuleIds")) {
            rules.addObject().put(RULE_ID, ruleId);
        }
        if (rules.isEmpty()) {
            rules = Permissions.of(call, Groups.names(call));
            rules.forEach(rule -> ((ObjectNode) rule).remove("description"));
        } else if (call.has("IpPermissions") || OLD.stream().anyMatch(call::has)) {
            throw AwsError.combination(
                    "The parameter 'securityGroupRuleIds' may not be used in combination with permissions");
        }
        ObjectNode answer = call.done();
        ArrayNode revoked = answer.putArray("RevokedSecurityGroupRules");
        for (JsonNode rule : call.firewall()
                .post(Groups.path(groupId) + direction + "/revocations", rules(rules))
                .path("rules")) {
            revoked.add(RuleViews.revoked(rule, groupId, direction.equals(EGRESS)));
        }
        return answer;
    }

    /** EC2 documents these parameters of egress as not supported. */
    private static void refuseOldEgress(Call call, String direction) {
        if (direction.equals(EGRESS)) {
            OLD.stream().filter(call::has).findFirst().ifPresent(old -> {
                throw AwsError.unsupported("The parameter " + Call.lowerCamel(old)
                        + " is not supported for egress; use ipPermissions instead");
            });
        }
    }

    private static ObjectNode rules(ArrayNode rules) {
        ObjectNode body = Call.answer();
        body.set("rules", rules);
        return body;
    }

    private static ObjectNode describe(Call call) {
        Filters filters = Filters.of(call);
        filters.wanted().getOrDefault("group-id", List.of()).forEach(SecurityGroupRuleActions::mustBeGroup);
        Query query = Query.none().andEach(RULE_ID, call.texts("SecurityGroupRuleIds"));
        for (Map.Entry<String, String> pushed :
                Map.of("group-id", "groupId", "security-group-rule-id", RULE_ID).entrySet()) {
            List<String> values = filters.takePlain(pushed.getKey());
            // With ids it is the listing that says which of them isn't there.
            if (values != null && !call.has("SecurityGroupRuleIds")) {
                query.andEach(pushed.getValue(), values);
            }
        }
        List<ObjectNode> rules = call.firewall().list("/v1/security-group-rules", "securityGroupRules", query).stream()
                .map(rule -> RuleViews.rule(
                        call,
                        rule,
                        rule.path("groupId").asText(),
                        rule.path("direction").asText().equals("egress")))
                .toList();
        return Listing.of(call, "SecurityGroupRules", "SecurityGroupRuleId")
                .ids(
                        IdForm.SECURITY_GROUP_RULE,
                        "SecurityGroupRuleIds",
                        "InvalidSecurityGroupRuleId.NotFound",
                        "The security group rule ID '%s' does not exist")
                .answer(rules);
    }

    /** Of all filters that name groups, EC2 looks at this one's values alone. */
    private static void mustBeGroup(String id) {
        if (Wildcards.isPlain(id) && !ResourceKind.SECURITY_GROUP.isId(id)) {
            throw AwsError.of("InvalidGroupId.Malformed", "The security group ID '" + id + "' is malformed");
        }
    }

    private static ObjectNode modify(Call call) {
        ArrayNode rules = Call.answer().arrayNode();
        for (JsonNode update : call.get("SecurityGroupRules")) {
            JsonNode wanted = update.path("SecurityGroupRule");
            ObjectNode rule = rules.addObject()
                    .put(RULE_ID, update.path("SecurityGroupRuleId").asText());
            rule.setAll(Permissions.explicit(
                    wanted.path("IpProtocol").asText(null), wanted.path("FromPort"), wanted.path("ToPort")));
            rule.set("peer", peer(wanted));
            if (wanted.hasNonNull("Description")) {
                rule.put("description", wanted.path("Description").asText());
            }
        }
        String groupId = IdForm.SECURITY_GROUP.checked(call.requiredText("GroupId"));
        call.firewall().post(Groups.path(groupId) + "/rules/modifications", rules(rules));
        return call.done();
    }

    private static ObjectNode peer(JsonNode wanted) {
        ObjectNode peer = Call.answer();
        if (wanted.hasNonNull("CidrIpv4")) {
            peer.put("cidr", Permissions.block(wanted.path("CidrIpv4").asText(), IpFamily.IPV4));
        }
        if (wanted.hasNonNull("CidrIpv6")) {
            one(peer).put("cidr", Permissions.block(wanted.path("CidrIpv6").asText(), IpFamily.IPV6));
        }
        if (wanted.hasNonNull("PrefixListId")) {
            one(peer).put("prefixList", wanted.path("PrefixListId").asText());
        }
        if (wanted.hasNonNull("ReferencedGroupId")) {
            one(peer).put("group", wanted.path("ReferencedGroupId").asText());
        }
        if (peer.isEmpty()) {
            throw AwsError.of(
                    "MissingParameter",
                    "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId");
        }
        return peer;
    }

    private static ObjectNode one(ObjectNode peer) {
        if (!peer.isEmpty()) {
            throw AwsError.combination(
                    "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified");
        }
        return peer;
    }

    private static ObjectNode updateDescriptions(Call call, String direction) {
        String groupId = Groups.idOf(call);
        ArrayNode rules = Call.answer().arrayNode();
        for (JsonNode described : call.get("SecurityGroupRuleDescriptions")) {
            rules.addObject()
                    .put(RULE_ID, described.path("SecurityGroupRuleId").asText())
                    .put("description", described.path("Description").asText(null));
        }
        if (rules.isEmpty()) {
            rules = Permissions.of(call, Groups.names(call));
        } else if (call.has("IpPermissions")) {
            throw AwsError.combination(
                    "The parameter 'securityGroupRuleDescriptions' may not be used in combination with 'ipPermissions'");
        }
        call.firewall().post(Groups.path(groupId) + direction + "/descriptions", rules(rules));
        return call.done();
    }
}
