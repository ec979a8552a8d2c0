package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is to be evaluated: packets, and the world they travel in if the request brings one. */
final class EvaluationReader {

    private static final Set<String> EVALUATION = Set.of("groups", "instances", "prefixLists", "packets", "vpcId");
    private static final List<String> WORLD = List.of("groups", "instances", "prefixLists");
    private static final Set<String> GROUP = Set.of("id", "ingress", "egress");
    private static final Set<String> RULE = RuleReader.fieldsAnd("id");
    private static final Set<String> INSTANCE = Set.of("id", "addresses", "groups");
    private static final Set<String> PREFIX_LIST = Set.of("id", "cidrs");
    private static final Set<String> PACKET =
            Set.of("source", "destination", "protocol", "destinationPort", "icmpType", "icmpCode");

    private EvaluationReader() {}

    /**
     * What is asked.
     *
     * @param world null for the caller's own stored instances
     * @param vpcId where those are; null if it isn't said
     */
    record Evaluation(@Nullable World world, @Nullable String vpcId, List<Packet> packets) {}

    /** @throws io.cumulet.kernel.RefusedException naming the place, such as {@code groups[0].ingress[1].peer.cidr} */
    static Evaluation read(@Nullable JsonNode body) {
        JsonPlace json = JsonPlace.body(body, EVALUATION);
        World world = WORLD.stream().anyMatch(json::has) ? world(json) : null;
        if (world != null && json.has("vpcId")) {
            throw json.required("vpcId")
                    .refused(ErrorCode.INVALID_PARAMETER_COMBINATION, "A world of its own has no VPCs");
        }
        List<Packet> packets = new ArrayList<>();
        for (JsonPlace packet : json.required("packets").elements()) {
            packets.add(packet(packet));
        }
        return new Evaluation(world, json.optionalText("vpcId"), packets);
    }

    private static List<JsonPlace> list(JsonPlace json, String field) {
        return json.optional(field).map(JsonPlace::elements).orElse(List.of());
    }

    private static World world(JsonPlace json) {
        Map<String, List<Cidr>> prefixLists = new LinkedHashMap<>();
        for (JsonPlace list : list(json, "prefixLists")) {
            list.object(PREFIX_LIST);
            List<Cidr> blocks = new ArrayList<>();
            for (JsonPlace block : list.required("cidrs").elements()) {
                blocks.add(RuleReader.cidr(block));
            }
            addOnce(prefixLists, list.required("id"), blocks);
        }
        Set<String> groupIds = new HashSet<>();
        for (JsonPlace group : list(json, "groups")) {
            groupIds.add(group.object(GROUP).required("id").name());
        }
        Map<String, World.GroupRules> groups = new LinkedHashMap<>();
        for (JsonPlace group : list(json, "groups")) {
            addOnce(
                    groups,
                    group.required("id"),
                    new World.GroupRules(
                            rules(group.required("ingress"), groupIds, prefixLists.keySet()),
                            rules(group.required("egress"), groupIds, prefixLists.keySet())));
        }
        Map<String, World.Member> instances = new LinkedHashMap<>();
        Set<IpAddress> taken = new HashSet<>();
        for (JsonPlace instance : list(json, "instances")) {
            instance.object(INSTANCE);
            addOnce(instances, instance.required("id"), member(instance, groupIds, taken));
        }
        return new World(groups, List.copyOf(instances.values()), prefixLists);
    }

    private static <T> void addOnce(Map<String, T> all, JsonPlace id, T value) {
        if (all.putIfAbsent(id.name(), value) != null) {
            throw id.invalid("the id '" + id.name() + "' is there twice");
        }
    }

    private static List<Rule> rules(JsonPlace json, Set<String> groupIds, Set<String> prefixListIds) {
        List<Rule> rules = new ArrayList<>();
        for (JsonPlace place : json.elements()) {
            place.object(RULE);
            Rule rule = RuleReader.rule(place, place.required("id").name());
            switch (rule.peer()) {
                case Peer.OfBlock block -> {}
                case Peer.OfGroup(String id) -> known(place.required("peer").required("group"), id, groupIds, "group");
                case Peer.OfPrefixList(String id) ->
                    known(place.required("peer").required("prefixList"), id, prefixListIds, "prefix list");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static World.Member member(JsonPlace json, Set<String> groupIds, Set<IpAddress> taken) {
        List<IpAddress> addresses = new ArrayList<>();
        for (JsonPlace place : json.required("addresses").elements()) {
            IpAddress address = address(place);
            if (!taken.add(address)) {
                throw place.invalid("the address " + address + " is there twice");
            }
            addresses.add(address);
        }
        Set<String> groups = new LinkedHashSet<>();
        for (JsonPlace place : json.required("groups").elements()) {
            known(place, place.name(), groupIds, "group");
            if (!groups.add(place.name())) {
                throw place.invalid("the group '" + place.name() + "' is there twice");
            }
        }
        return new World.Member(json.required("id").name(), addresses, groups);
    }

    private static void known(JsonPlace place, String id, Set<String> ids, String what) {
        if (!ids.contains(id)) {
            throw place.invalid("there is no " + what + " '" + id + "'");
        }
    }

    private static IpAddress address(JsonPlace json) {
        return IpAddress.parse(json.text())
                .orElseThrow(() -> json.invalid("an IPv4 or IPv6 address is expected here; not '" + json.text() + "'"));
    }

    private static Packet packet(JsonPlace json) {
        json.object(PACKET);
        IpAddress source = address(json.required("source"));
        JsonPlace destinationPlace = json.required("destination");
        IpAddress destination = address(destinationPlace);
        if (source.family() != destination.family()) {
            throw destinationPlace.invalid("a packet has two addresses of one family");
        }
        JsonPlace protocol = json.required("protocol");
        return switch (protocol.text()) {
            case "tcp" -> Packet.toPort(source, destination, Transport.TCP, port(json));
            case "udp" -> Packet.toPort(source, destination, Transport.UDP, port(json));
            case "icmp" -> icmp(json, source, destination, IpFamily.IPV4);
            case "icmpv6" -> icmp(json, source, destination, IpFamily.IPV6);
            default -> {
                int number = RuleReader.number(protocol.text())
                        .orElseThrow(() -> protocol.refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "A packet's protocol is tcp, udp, icmp, icmpv6, or a number from 0 to 255 as a string; not '"
                                        + protocol.text() + "'"));
                RuleReader.refuseAny(json, List.of("destinationPort", "icmpType", "icmpCode"));
                yield Packet.ofProtocol(source, destination, number);
            }
        };
    }

    private static int port(JsonPlace json) {
        RuleReader.refuseAny(json, List.of("icmpType", "icmpCode"));
        return json.required("destinationPort").wholeNumber(0, Traffic.HIGHEST_PORT);
    }

    private static Packet icmp(JsonPlace json, IpAddress source, IpAddress destination, IpFamily family) {
        RuleReader.refuseAny(json, List.of("destinationPort"));
        return Packet.icmp(
                source,
                destination,
                Traffic.Icmp.number(family),
                json.required("icmpType").wholeNumber(0, Traffic.HIGHEST_NUMBER),
                json.required("icmpCode").wholeNumber(0, Traffic.HIGHEST_NUMBER));
    }
}
