package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.app.GroupRules;
import io.cumulet.firewall.domain.groups.RuleSpec;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a rule says. Fields that don't belong to its protocol are refused, not ignored. */
final class RuleReader {

    static final Set<String> FIELDS = Set.of("protocol", "fromPort", "toPort", "icmpType", "icmpCode", "peer");

    private static final Set<String> WORDS = Set.of("description", "tags");
    private static final Set<String> PEER = Set.of("cidr", "group", "prefixList");
    private static final List<String> PORT_FIELDS = List.of("fromPort", "toPort");
    private static final List<String> ICMP_FIELDS = List.of("icmpType", "icmpCode");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

    private RuleReader() {}

    /** The fields of a rule and one or more besides. */
    static Set<String> fieldsAnd(String... more) {
        Set<String> fields = new HashSet<>(FIELDS);
        fields.addAll(List.of(more));
        return Set.copyOf(fields);
    }

    /** A rule whose fields were checked to be known; description and tags are read where they are allowed. */
    static Rule rule(JsonPlace json, String id) {
        return new Rule(
                id,
                traffic(json),
                peer(json.required("peer")),
                json.optionalText("description"),
                json.optional("tags").map(JsonPlace::texts).orElse(Map.of()));
    }

    /** A rule named by its id alone, or by all that it says. */
    static RuleSpec spec(JsonPlace json) {
        if (json.has("ruleId")) {
            for (String field : FIELDS) {
                json.optional(field).ifPresent(place -> {
                    throw place.refused(ErrorCode.INVALID_PARAMETER_COMBINATION, "A ruleId names the rule alone");
                });
            }
            return new RuleSpec.ById(json.required("ruleId").name());
        }
        return new RuleSpec.ByContent(traffic(json), peer(json.required("peer")));
    }

    /** Another description, other tags. */
    static GroupRules.Words words(@Nullable JsonNode body) {
        JsonPlace json = JsonPlace.body(body, WORDS);
        return new GroupRules.Words(
                json.mentions("description"),
                json.optionalText("description"),
                json.optional("tags").map(JsonPlace::changes).orElse(Map.of()));
    }

    private static Traffic traffic(JsonPlace json) {
        JsonPlace protocol = json.required("protocol");
        return switch (protocol.text()) {
            case "tcp" -> ports(json, Transport.TCP);
            case "udp" -> ports(json, Transport.UDP);
            case "icmp" -> icmp(json, IpFamily.IPV4);
            case "icmpv6" -> icmp(json, IpFamily.IPV6);
            case "all" -> {
                refuseAny(json, PORT_FIELDS);
                refuseAny(json, ICMP_FIELDS);
                yield new Traffic.All();
            }
            default -> {
                int number = number(protocol.text())
                        .orElseThrow(() -> protocol.refused(
                                ErrorCode.INVALID_PERMISSION_MALFORMED,
                                "A protocol is tcp, udp, icmp, icmpv6, all, or a number from 0 to 255 as a string; not '"
                                        + protocol.text() + "'"));
                refuseAny(json, PORT_FIELDS);
                refuseAny(json, ICMP_FIELDS);
                yield new Traffic.Number(number);
            }
        };
    }

    private static Traffic ports(JsonPlace json, Transport transport) {
        refuseAny(json, ICMP_FIELDS);
        int from = json.required("fromPort").wholeNumber(0, Traffic.HIGHEST_PORT);
        JsonPlace last = json.required("toPort");
        int to = last.wholeNumber(0, Traffic.HIGHEST_PORT);
        if (from > to) {
            throw last.refused(
                    ErrorCode.INVALID_PERMISSION_MALFORMED,
                    "A range of ports ends where it begins or after: " + from + "–" + to);
        }
        return new Traffic.Ports(transport, from, to);
    }

    private static Traffic icmp(JsonPlace json, IpFamily family) {
        refuseAny(json, PORT_FIELDS);
        return new Traffic.Icmp(
                family,
                json.required("icmpType").wholeNumber(Traffic.ANY, Traffic.HIGHEST_NUMBER),
                json.required("icmpCode").wholeNumber(Traffic.ANY, Traffic.HIGHEST_NUMBER));
    }

    private static Peer peer(JsonPlace json) {
        json.object(PEER);
        if (PEER.stream().filter(json::has).count() != 1) {
            throw json.refused(
                    ErrorCode.INVALID_PERMISSION_MALFORMED, "A peer is exactly one of cidr, group and prefixList");
        }
        if (json.has("group")) {
            return new Peer.OfGroup(json.required("group").name());
        }
        if (json.has("prefixList")) {
            return new Peer.OfPrefixList(json.required("prefixList").name());
        }
        return new Peer.OfBlock(cidr(json.required("cidr")));
    }

    static Cidr cidr(JsonPlace json) {
        return Cidr.parse(json.text())
                .orElseThrow(() -> json.refused(
                        ErrorCode.INVALID_PERMISSION_MALFORMED,
                        "A block is an address, a slash and a prefix length, such as 10.0.0.0/8; not '" + json.text()
                                + "'"));
    }

    /** A protocol number as a string. */
    static OptionalInt number(String text) {
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) > Traffic.HIGHEST_NUMBER) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    static void refuseAny(JsonPlace json, List<String> fields) {
        for (String field : fields) {
            json.optional(field).ifPresent(place -> {
                throw place.refused(ErrorCode.INVALID_PARAMETER_COMBINATION, "This protocol has no " + field);
            });
        }
    }
}
