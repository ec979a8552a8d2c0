package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The firewall's rules as EC2 shows them: grouped into permissions, or one by one. */
final class RuleViews {

    private static final int ANY = -1;

    private RuleViews() {}

    /** Rules with the same protocol and ports are one permission, in the order of their first rules. */
    static ArrayNode permissions(JsonNode rules, String owner) {
        Map<List<String>, ObjectNode> permissions = new LinkedHashMap<>();
        for (JsonNode rule : rules) {
            ObjectNode permission = permissions.computeIfAbsent(
                    List.of(rule.path("protocol").asText(), from(rule).asText(), to(rule).asText()),
                    unseen -> permission(rule));
            JsonNode peer = rule.path("peer");
            String cidr = peer.path("cidr").asText();
            ObjectNode shown;
            if (peer.hasNonNull("group")) {
                shown = permission.withArray("UserIdGroupPairs").addObject();
                shown.put("GroupId", peer.path("group").asText()).put("UserId", owner);
            } else if (peer.hasNonNull("prefixList")) {
                shown = permission.withArray("PrefixListIds").addObject();
                shown.put("PrefixListId", peer.path("prefixList").asText());
            } else if (cidr.indexOf(':') >= 0) {
                shown = permission.withArray("Ipv6Ranges").addObject();
                shown.put("CidrIpv6", cidr);
            } else {
                shown = permission.withArray("IpRanges").addObject();
                shown.put("CidrIp", cidr);
            }
            if (rule.hasNonNull("description")) {
                shown.put("Description", rule.path("description").asText());
            }
        }
        ArrayNode list = Call.answer().arrayNode();
        list.addAll(new ArrayList<>(permissions.values()));
        return list;
    }

    private static ObjectNode permission(JsonNode rule) {
        ObjectNode permission = Call.answer().put("IpProtocol", protocol(rule));
        if (from(rule).isNumber()) {
            permission.put("FromPort", from(rule).asInt()).put("ToPort", to(rule).asInt());
        }
        for (String list : List.of("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")) {
            permission.putArray(list);
        }
        return permission;
    }

    /** One rule of a group; where the protocol has no ports they are -1. */
    static ObjectNode rule(Call call, JsonNode rule, String groupId, boolean isEgress) {
        String owner = call.account().value();
        ObjectNode shown = plain(rule, groupId, isEgress)
                .put(
                        "SecurityGroupRuleArn",
                        Groups.arn(
                                call, "security-group-rule", rule.path("ruleId").asText()))
                .put("GroupOwnerId", owner);
        if (rule.path("peer").hasNonNull("group")) {
            shown.putObject("ReferencedGroupInfo")
                    .put("GroupId", rule.path("peer").path("group").asText())
                    .put("UserId", owner);
        }
        shown.set("Tags", Names.tagList(rule.path("tags")));
        return shown;
    }

    /** One that was taken away. */
    static ObjectNode revoked(JsonNode rule, String groupId, boolean isEgress) {
        ObjectNode shown = plain(rule, groupId, isEgress);
        if (rule.path("peer").hasNonNull("group")) {
            shown.put("ReferencedGroupId", rule.path("peer").path("group").asText());
        }
        return shown;
    }

    /** What both say. */
    private static ObjectNode plain(JsonNode rule, String groupId, boolean isEgress) {
        ObjectNode shown = Call.answer()
                .put("SecurityGroupRuleId", rule.path("ruleId").asText())
                .put("GroupId", groupId)
                .put("IsEgress", isEgress)
                .put("IpProtocol", protocol(rule))
                .put("FromPort", from(rule).asInt(ANY))
                .put("ToPort", to(rule).asInt(ANY));
        JsonNode peer = rule.path("peer");
        if (peer.hasNonNull("prefixList")) {
            shown.put("PrefixListId", peer.path("prefixList").asText());
        } else if (peer.hasNonNull("cidr")) {
            String cidr = peer.path("cidr").asText();
            shown.put(cidr.indexOf(':') >= 0 ? "CidrIpv6" : "CidrIpv4", cidr);
        }
        if (rule.hasNonNull("description")) {
            shown.put("Description", rule.path("description").asText());
        }
        return shown;
    }

    private static String protocol(JsonNode rule) {
        String protocol = rule.path("protocol").asText();
        return protocol.equals("all") ? "-1" : protocol;
    }

    private static JsonNode from(JsonNode rule) {
        return rule.has("icmpType") ? rule.path("icmpType") : rule.path("fromPort");
    }

    private static JsonNode to(JsonNode rule) {
        return rule.has("icmpCode") ? rule.path("icmpCode") : rule.path("toPort");
    }
}
