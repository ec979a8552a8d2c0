package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * EC2's permissions as the firewall's rules. A permission is a protocol with ports and any number of peers; a rule has one.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html">IpPermission</a>
 */
final class Permissions {

    private static final int HIGHEST_PORT = 65_535;
    private static final int ANY = -1;

    private Permissions() {}

    /**
     * The rules that a call names, as {@code IpPermissions} or in the old way.
     *
     * @param groupIdOf the id of the group of a name
     * @throws AwsError if there are none, or one can't be
     */
    static ArrayNode of(Call call, UnaryOperator<String> groupIdOf) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        boolean isOld = call.has("IpProtocol") || call.has("CidrIp") || call.has("SourceSecurityGroupName");
        if (call.get("IpPermissions").isEmpty()) {
            if (!isOld) {
                throw AwsError.missing("ipPermissions");
            }
            addOld(rules, call, groupIdOf);
            return rules;
        }
        if (isOld) {
            throw AwsError.combination("The parameter 'ipPermissions' may not be used in combination with '"
                    + (call.has("IpProtocol")
                            ? "ipProtocol"
                            : call.has("CidrIp") ? "cidrIp" : "sourceSecurityGroupName")
                    + "'");
        }
        call.get("IpPermissions").forEach(permission -> add(rules, permission, groupIdOf));
        return rules;
    }

    private static void add(ArrayNode rules, JsonNode permission, UnaryOperator<String> groupIdOf) {
        ObjectNode traffic = traffic(
                permission.path("IpProtocol").asText(null), permission.path("FromPort"), permission.path("ToPort"));
        int before = rules.size();
        for (JsonNode range : permission.path("IpRanges")) {
            add(rules, traffic, "cidr", block(range.path("CidrIp").asText(), IpFamily.IPV4), range);
        }
        for (JsonNode range : permission.path("Ipv6Ranges")) {
            add(rules, traffic, "cidr", block(range.path("CidrIpv6").asText(), IpFamily.IPV6), range);
        }
        for (JsonNode list : permission.path("PrefixListIds")) {
            add(rules, traffic, "prefixList", list.path("PrefixListId").asText(), list);
        }
        for (JsonNode pair : permission.path("UserIdGroupPairs")) {
            add(rules, traffic, "group", group(pair, groupIdOf), pair);
        }
        if (rules.size() == before) {
            throw AwsError.missing("ipRanges, ipv6Ranges, prefixListIds or groups");
        }
    }

    private static String group(JsonNode pair, UnaryOperator<String> groupIdOf) {
        if (pair.hasNonNull("VpcPeeringConnectionId")) {
            throw AwsError.of(
                    "InvalidVpcPeeringConnectionID.NotFound",
                    "The vpcPeeringConnection ID '"
                            + pair.path("VpcPeeringConnectionId").asText() + "' does not exist");
        }
        if (pair.hasNonNull("GroupId")) {
            return IdForm.SECURITY_GROUP.checked(pair.path("GroupId").asText());
        }
        if (pair.hasNonNull("GroupName")) {
            return groupIdOf.apply(pair.path("GroupName").asText());
        }
        throw AwsError.missing("groups.groupId");
    }

    private static void add(ArrayNode rules, ObjectNode traffic, String kind, String peer, JsonNode described) {
        ObjectNode rule = rules.addObject();
        rule.setAll(traffic);
        rule.putObject("peer").put(kind, peer);
        if (described.hasNonNull("Description")) {
            rule.put("description", described.path("Description").asText());
        }
    }

    /** One protocol and one block, or all protocols and the group of a name. */
    private static void addOld(ArrayNode rules, Call call, UnaryOperator<String> groupIdOf) {
        String name = call.text("SourceSecurityGroupName");
        if (name != null) {
            if (call.has("CidrIp")) {
                throw AwsError.combination(
                        "The parameter 'sourceSecurityGroupName' may not be used in combination with 'cidrIp'");
            }
            String owner = call.text("SourceSecurityGroupOwnerId");
            if (owner != null && !owner.equals(call.account().value())) {
                throw AwsError.of(Groups.NOT_FOUND, "The security group '" + name + "' does not exist");
            }
            String groupId = groupIdOf.apply(name);
            if (call.has("IpProtocol")) {
                addOld(rules, call, "group", groupId);
            } else {
                JsonNode first = JsonNodeFactory.instance.numberNode(0);
                JsonNode last = JsonNodeFactory.instance.numberNode(HIGHEST_PORT);
                JsonNode any = JsonNodeFactory.instance.numberNode(ANY);
                add(rules, traffic("tcp", first, last), "group", groupId, Call.answer());
                add(rules, traffic("udp", first, last), "group", groupId, Call.answer());
                add(rules, traffic("icmp", any, any), "group", groupId, Call.answer());
            }
            return;
        }
        addOld(rules, call, "cidr", block(call.requiredText("CidrIp"), IpFamily.IPV4));
    }

    private static void addOld(ArrayNode rules, Call call, String kind, String peer) {
        add(
                rules,
                traffic(call.text("IpProtocol"), call.get("FromPort"), call.get("ToPort")),
                kind,
                peer,
                Call.answer());
    }

    /**
     * What a rule lets through; ports of protocols that have none are passed over, as EC2 does.
     *
     * @throws AwsError {@code InvalidParameterValue} for what isn't a protocol or a range of ports
     */
    static ObjectNode traffic(@Nullable String protocol, JsonNode from, JsonNode to) {
        if (protocol == null) {
            throw AwsError.missing("ipProtocol");
        }
        ObjectNode traffic = Call.answer();
        return switch (protocol.toLowerCase(Locale.ROOT)) {
            case "-1", "all" -> traffic.put("protocol", "all");
            case "tcp", "6" -> ports(traffic.put("protocol", "tcp"), from, to);
            case "udp", "17" -> ports(traffic.put("protocol", "udp"), from, to);
            case "icmp", "1" -> icmp(traffic.put("protocol", "icmp"), from, to);
            case "icmpv6", "58" -> icmp(traffic.put("protocol", "icmpv6"), from, to);
            default -> {
                if (!protocol.matches("[0-9]{1,3}") || Integer.parseInt(protocol) > 255) {
                    throw AwsError.of(
                            "InvalidParameterValue",
                            "Invalid value '" + protocol + "' for IP protocol. Unknown protocol.");
                }
                yield traffic.put("protocol", Integer.toString(Integer.parseInt(protocol)));
            }
        };
    }

    /**
     * What a rule is to let through that is changed as a whole.
     *
     * @throws AwsError as {@link #traffic}; a protocol has to be named
     */
    static ObjectNode explicit(@Nullable String protocol, JsonNode from, JsonNode to) {
        if (protocol == null) {
            throw AwsError.of(
                    "InvalidParameterValue",
                    "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.");
        }
        return traffic(protocol, from, to);
    }

    private static ObjectNode ports(ObjectNode traffic, JsonNode from, JsonNode to) {
        if (!from.isNumber() || !to.isNumber()) {
            throw AwsError.of(
                    "InvalidParameterValue",
                    "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.");
        }
        for (JsonNode port : new JsonNode[] {from, to}) {
            if (port.asInt() < 0 || port.asInt() > HIGHEST_PORT) {
                throw AwsError.of("InvalidParameterValue", "TCP/UDP port (" + port.asInt() + ") out of range");
            }
        }
        if (from.asInt() > to.asInt()) {
            throw AwsError.of(
                    "InvalidParameterValue", "Invalid TCP/UDP port range (" + from.asInt() + ":" + to.asInt() + ")");
        }
        return traffic.put("fromPort", from.asInt()).put("toPort", to.asInt());
    }

    private static ObjectNode icmp(ObjectNode traffic, JsonNode type, JsonNode code) {
        return traffic.put("icmpType", number(type, "type")).put("icmpCode", number(code, "code"));
    }

    private static int number(JsonNode given, String what) {
        int number = given.isNumber() ? given.asInt() : ANY;
        if (number < ANY || number > 255) {
            throw AwsError.of("InvalidParameterValue", "ICMP " + what + " (" + number + ") out of range");
        }
        return number;
    }

    /** Host bits are cut off, as EC2 does. */
    static String block(String text, IpFamily family) {
        return Cidr.parse(text)
                .filter(cidr -> cidr.family() == family)
                .orElseThrow(() -> AwsError.of("InvalidParameterValue", "CIDR block " + text + " is malformed"))
                .toString();
    }
}
