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

    /** As one request brings at most; what it says of all groups together is counted, so that few may be large. */
    private static final int PACKETS = 10_000;

    private static final int GROUPS = 1_000;
    private static final int RULES = 120_000;
    private static final int INSTANCES = 10_000;
    private static final int GROUPS_OF_AN_INSTANCE = 16;
    private static final int ADDRESSES = 50_000;
    private static final int PREFIX_LISTS = 1_000;
    private static final int BLOCKS = 100_000;

    private EvaluationReader() {}

    /** Counts what stands in many places. */
    private static final class Allowance {

        private final int most;
        private final String what;
        private int left;

        Allowance(int most, String what) {
            this.most = most;
            this.what = what;
            this.left = most;
        }

        List<JsonPlace> elements(JsonPlace list) {
            List<JsonPlace> elements = list.elements(most);
            left -= elements.size();
            if (left < 0) {
                throw list.invalid("a request brings at most " + most + " " + what + " in all");
            }
            return elements;
        }
    }

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
        for (JsonPlace packet : json.required("packets").elements(PACKETS)) {
            packets.add(packet(packet));
        }
        return new Evaluation(world, json.optionalText("vpcId"), packets);
    }

    private static List<JsonPlace> list(JsonPlace json, String field, int most) {
        return json.optional(field).map(list -> list.elements(most)).orElse(List.of());
    }

    private static World world(JsonPlace json) {
        Map<String, List<Cidr>> prefixLists = new LinkedHashMap<>();
        Allowance allBlocks = new Allowance(BLOCKS, "blocks of prefix lists");
        for (JsonPlace list : list(json, "prefixLists", PREFIX_LISTS)) {
            list.object(PREFIX_LIST);
            List<Cidr> blocks = new ArrayList<>();
            for (JsonPlace block : allBlocks.elements(list.required("cidrs"))) {
                blocks.add(RuleReader.cidr(block));
            }
            addOnce(prefixLists, list.required("id"), blocks);
        }
        Set<String> groupIds = new HashSet<>();
        List<JsonPlace> allGroups = list(json, "groups", GROUPS);
        for (JsonPlace group : allGroups) {
            groupIds.add(group.object(GROUP).required("id").name());
        }
        Map<String, World.GroupRules> groups = new LinkedHashMap<>();
        Allowance allRules = new Allowance(RULES, "rules");
        for (JsonPlace group : allGroups) {
            addOnce(
                    groups,
                    group.required("id"),
                    new World.GroupRules(
                            rules(allRules.elements(group.required("ingress")), groupIds, prefixLists.keySet()),
                            rules(allRules.elements(group.required("egress")), groupIds, prefixLists.keySet())));
        }
        Map<String, World.Member> instances = new LinkedHashMap<>();
        Set<IpAddress> taken = new HashSet<>();
        Allowance allAddresses = new Allowance(ADDRESSES, "addresses of instances");
        for (JsonPlace instance : list(json, "instances", INSTANCES)) {
            instance.object(INSTANCE);
            addOnce(instances, instance.required("id"), member(instance, allAddresses, groupIds, taken));
        }
        return new World(groups, List.copyOf(instances.values()), prefixLists);
    }

    private static <T> void addOnce(Map<String, T> all, JsonPlace id, T value) {
        if (all.putIfAbsent(id.name(), value) != null) {
            throw id.invalid("the id '" + id.name() + "' is there twice");
        }
    }

    private static List<Rule> rules(List<JsonPlace> places, Set<String> groupIds, Set<String> prefixListIds) {
        List<Rule> rules = new ArrayList<>();
        for (JsonPlace place : places) {
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

    private static World.Member member(
            JsonPlace json, Allowance allAddresses, Set<String> groupIds, Set<IpAddress> taken) {
        List<IpAddress> addresses = new ArrayList<>();
        for (JsonPlace place : allAddresses.elements(json.required("addresses"))) {
            IpAddress address = address(place);
            if (!taken.add(address)) {
                throw place.invalid("the address " + address + " is there twice");
            }
            addresses.add(address);
        }
        Set<String> groups = new LinkedHashSet<>();
        for (JsonPlace place : json.required("groups").elements(GROUPS_OF_AN_INSTANCE)) {
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
