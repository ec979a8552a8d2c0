package io.cumulet.firewall.domain.flowlogs;

import io.cumulet.firewall.domain.flowlogs.FlowReport.Changed;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a flow log against the rules as they are, record by record. A log has both ways of a connection as records of their
 * own, and the way back passes whatever the rules say. Which is which a record tells by, in this order:
 *
 * <ol>
 *   <li>it is rejected: no reply ever is;
 *   <li>TCP flags, if the log has them: SYN asks, SYN and ACK answers;
 *   <li>ports, if one alone is ephemeral (32768 and up, as Linux and Windows give them): that end asked;
 *   <li>the record of the other way, which such records wait for: if the rules let only one of the two be a request, that
 *       is it; else what began earlier, else what goes to the lower port, else what the log has first. Without a record of the
 *       other way it is a request, unless the rules would only let the other way be one.
 * </ol>
 *
 * At most {@value #MOST_WAITING} records wait at once, the oldest is decided for a newer one; all else is counted as it comes,
 * so that memory doesn't grow with the log. For one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html">Flow log examples</a>
 */
public final class FlowAnalysis {

    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int SYN = 2;
    private static final int SYN_ACK = 18;
    private static final int MOST_WAITING = 100_000;
    private static final int MOST_CHANGED = 1_000;
    private static final int MOST_UNKNOWN = 100;

    private final Map<String, Own> byInterface = new HashMap<>();
    private final Map<Place, Member> byAddress = new HashMap<>();
    private final Map<String, Map<Direction, List<RuleUse>>> byGroup = new LinkedHashMap<>();
    private final ListedBlocks prefixLists;

    private final Map<Conversation, Waiting> waiting = new LinkedHashMap<>();
    private final Map<Changed, long[]> changed = new LinkedHashMap<>();
    private final Set<String> unknownInterfaces = new LinkedHashSet<>();
    private final Set<String> groupsSeen = new HashSet<>();

    private long records;
    private long replies;
    private long acceptedAsNow;
    private long rejectedAsNow;
    private long nowBlocked;
    private long nowAllowed;
    private long undecided;
    private long unclear;
    private long unknown;

    /** Addresses are unique within a VPC. */
    private record Place(String vpcId, IpAddress address) {}

    private record Own(Member member, Map<Direction, List<RuleUse>> rules) {}

    /** Both ways of a connection, as seen from an interface. */
    private record Conversation(
            String interfaceId, IpAddress own, int ownPort, IpAddress peer, int peerPort, int protocol) {}

    /** What is known of one way, of however many records. */
    private record OneWay(FlowRecord first, long order, long flows, long bytes, long startSeconds) {

        OneWay plus(OneWay other) {
            return new OneWay(
                    first, order, flows + other.flows, bytes + other.bytes, Math.min(startSeconds, other.startSeconds));
        }
    }

    private static final class Waiting {
        private final Own own;
        private final Map<Direction, OneWay> ways = new EnumMap<>(Direction.class);

        Waiting(Own own) {
            this.own = own;
        }
    }

    /**
     * @param members all that the account has, of whatever VPC
     * @param groups all that the account has
     */
    public FlowAnalysis(Collection<Member> members, Collection<SecurityGroup> groups, ListedBlocks prefixLists) {
        this.prefixLists = prefixLists;
        for (SecurityGroup group : groups) {
            Map<Direction, List<RuleUse>> uses = new EnumMap<>(Direction.class);
            for (Direction direction : Direction.values()) {
                uses.put(
                        direction,
                        group.rules(direction).stream()
                                .map(rule -> new RuleUse(group.id(), direction, rule))
                                .toList());
            }
            byGroup.put(group.id(), uses);
        }
        for (Member member : members) {
            Map<Direction, List<RuleUse>> rules = new EnumMap<>(Direction.class);
            for (Direction direction : Direction.values()) {
                List<RuleUse> uses = new ArrayList<>();
                for (String groupId : member.groupIds()) {
                    uses.addAll(byGroup.getOrDefault(groupId, Map.of()).getOrDefault(direction, List.of()));
                }
                rules.put(direction, uses);
            }
            byInterface.put(member.interfaceId(), new Own(member, rules));
            for (IpAddress address : member.addresses()) {
                byAddress.put(new Place(member.vpcId(), address), member);
            }
        }
    }

    public void add(FlowRecord flow) {
        records++;
        Own own = byInterface.get(flow.interfaceId());
        if (own == null) {
            unknown++;
            if (unknownInterfaces.size() < MOST_UNKNOWN) {
                unknownInterfaces.add(flow.interfaceId());
            }
            return;
        }
        Direction direction = direction(own.member(), flow);
        if (direction == null) {
            unclear++;
            return;
        }
        groupsSeen.addAll(own.member().groupIds());
        if (!flow.accepted()) {
            judge(own, direction, one(flow));
            return;
        }
        switch (role(flow)) {
            case REQUEST -> judge(own, direction, one(flow));
            case REPLY -> replies++;
            case UNCLEAR -> await(own, direction, one(flow));
        }
    }

    /** Decides what still waits, and tells. Nothing is added afterwards. */
    public FlowReport finish() {
        waiting.values().forEach(this::decide);
        waiting.clear();
        List<RuleUse> rules = new ArrayList<>();
        List<String> notSeen = new ArrayList<>();
        byGroup.forEach((groupId, uses) -> {
            if (groupsSeen.contains(groupId)) {
                uses.values().forEach(rules::addAll);
            } else {
                notSeen.add(groupId);
            }
        });
        List<Changed> otherwise = new ArrayList<>();
        changed.forEach((what, counts) -> otherwise.add(new Changed(
                what.interfaceId(),
                what.direction(),
                what.peer(),
                what.protocol(),
                what.destinationPort(),
                what.logAccepted(),
                what.ruleId(),
                counts[0],
                counts[1])));
        return new FlowReport(
                records,
                replies,
                acceptedAsNow,
                rejectedAsNow,
                nowBlocked,
                nowAllowed,
                undecided,
                unclear,
                unknown,
                Set.copyOf(unknownInterfaces),
                otherwise,
                rules,
                notSeen);
    }

    private OneWay one(FlowRecord flow) {
        return new OneWay(flow, records, 1, flow.bytes(), flow.startSeconds());
    }

    private static @Nullable Direction direction(Member own, FlowRecord flow) {
        if (own.addresses().contains(flow.destination())) {
            return Direction.INGRESS;
        }
        return own.addresses().contains(flow.source()) ? Direction.EGRESS : flow.direction();
    }

    private enum Role {
        REQUEST,
        REPLY,
        UNCLEAR
    }

    private static Role role(FlowRecord flow) {
        if (!hasPorts(flow.protocol())) {
            return Role.UNCLEAR;
        }
        if (flow.protocol() == Transport.TCP.number() && flow.tcpFlags() >= 0 && (flow.tcpFlags() & SYN) != 0) {
            return (flow.tcpFlags() & SYN_ACK) == SYN_ACK ? Role.REPLY : Role.REQUEST;
        }
        boolean fromEphemeral = flow.sourcePort() >= FIRST_EPHEMERAL_PORT;
        boolean toEphemeral = flow.destinationPort() >= FIRST_EPHEMERAL_PORT;
        if (fromEphemeral == toEphemeral) {
            return Role.UNCLEAR;
        }
        return fromEphemeral ? Role.REQUEST : Role.REPLY;
    }

    private static boolean hasPorts(int protocol) {
        return protocol == Transport.TCP.number() || protocol == Transport.UDP.number();
    }

    private void await(Own own, Direction direction, OneWay way) {
        FlowRecord flow = way.first();
        Conversation conversation = switch (direction) {
            case INGRESS ->
                new Conversation(
                        flow.interfaceId(),
                        flow.destination(),
                        flow.destinationPort(),
                        flow.source(),
                        flow.sourcePort(),
                        flow.protocol());
            case EGRESS ->
                new Conversation(
                        flow.interfaceId(),
                        flow.source(),
                        flow.sourcePort(),
                        flow.destination(),
                        flow.destinationPort(),
                        flow.protocol());
        };
        if (waiting.size() >= MOST_WAITING && !waiting.containsKey(conversation)) {
            Conversation eldest = waiting.keySet().iterator().next();
            Waiting decided = waiting.remove(eldest);
            if (decided != null) {
                decide(decided);
            }
        }
        waiting.computeIfAbsent(conversation, key -> new Waiting(own)).ways.merge(direction, way, OneWay::plus);
    }

    private void decide(Waiting both) {
        OneWay in = both.ways.get(Direction.INGRESS);
        OneWay out = both.ways.get(Direction.EGRESS);
        if (in != null && out != null) {
            if (isRequest(both.own, in, out)) {
                judge(both.own, Direction.INGRESS, in);
                replies += out.flows();
            } else {
                judge(both.own, Direction.EGRESS, out);
                replies += in.flows();
            }
        } else if (in != null) {
            decideAlone(both.own, Direction.INGRESS, in);
        } else if (out != null) {
            decideAlone(both.own, Direction.EGRESS, out);
        }
    }

    private boolean isRequest(Own own, OneWay in, OneWay out) {
        boolean inAllowed = mayPass(own, Direction.INGRESS, in.first());
        boolean outAllowed = mayPass(own, Direction.EGRESS, out.first());
        if (inAllowed != outAllowed) {
            return inAllowed;
        }
        return Comparator.comparingLong(OneWay::startSeconds)
                        .thenComparingInt(way -> way.first().destinationPort())
                        .thenComparingLong(OneWay::order)
                        .compare(in, out)
                < 0;
    }

    private void decideAlone(Own own, Direction direction, OneWay way) {
        FlowRecord back = reversed(way.first());
        if (!mayPass(own, direction, way.first()) && mayPass(own, opposite(direction), back)) {
            replies += way.flows();
        } else {
            judge(own, direction, way);
        }
    }

    private static Direction opposite(Direction direction) {
        return switch (direction) {
            case INGRESS -> Direction.EGRESS;
            case EGRESS -> Direction.INGRESS;
        };
    }

    private static FlowRecord reversed(FlowRecord flow) {
        return new FlowRecord(
                flow.interfaceId(),
                flow.destination(),
                flow.source(),
                flow.destinationPort(),
                flow.sourcePort(),
                flow.protocol(),
                flow.packets(),
                flow.bytes(),
                flow.startSeconds(),
                flow.accepted(),
                null,
                flow.tcpFlags());
    }

    private boolean mayPass(Own own, Direction direction, FlowRecord flow) {
        Asked asked = ask(own, direction, flow);
        return !asked.allowing().isEmpty() || !asked.possible().isEmpty();
    }

    /** The rules that allow a flow, and those of which the log doesn't tell enough to say. */
    private record Asked(IpAddress peer, List<RuleUse> allowing, List<RuleUse> possible) {}

    private Asked ask(Own own, Direction direction, FlowRecord flow) {
        Packet packet = packet(flow);
        IpAddress peerAddress = switch (direction) {
            case INGRESS -> flow.source();
            case EGRESS -> flow.destination();
        };
        Member peer = byAddress.get(new Place(own.member().vpcId(), peerAddress));
        List<String> peerGroups = peer == null ? List.of() : peer.groupIds();
        List<RuleUse> allowing = new ArrayList<>(2);
        List<RuleUse> possible = new ArrayList<>(0);
        for (RuleUse use : own.rules().getOrDefault(direction, List.of())) {
            Rule rule = use.rule();
            boolean matches = rule.traffic().matches(packet);
            if ((matches || mayMatch(rule.traffic(), packet))
                    && rule.peer().includes(peerAddress, peerGroups, prefixLists)) {
                (matches ? allowing : possible).add(use);
            }
        }
        return new Asked(peerAddress, allowing, possible);
    }

    /** A flow log has no ICMP types: a rule for one of them may have let it through. */
    private static boolean mayMatch(Traffic traffic, Packet packet) {
        return traffic instanceof Traffic.Icmp icmp
                && new Traffic.Icmp(icmp.family(), Traffic.ANY, Traffic.ANY).matches(packet);
    }

    private static Packet packet(FlowRecord flow) {
        return new Packet(
                flow.source(),
                flow.destination(),
                flow.protocol(),
                hasPorts(flow.protocol()) ? flow.destinationPort() : Packet.UNKNOWN,
                Packet.UNKNOWN,
                Packet.UNKNOWN);
    }

    private void judge(Own own, Direction direction, OneWay way) {
        FlowRecord flow = way.first();
        Asked asked = ask(own, direction, flow);
        boolean allowed = !asked.allowing().isEmpty();
        if (flow.accepted()) {
            asked.allowing()
                    .forEach(use ->
                            use.count(way.flows(), way.bytes(), asked.allowing().size() == 1));
            asked.possible().forEach(use -> use.countPossible(way.flows()));
        }
        if (!allowed && !asked.possible().isEmpty()) {
            undecided += way.flows();
        } else if (allowed != flow.accepted()) {
            changed(direction, way, asked);
        } else if (allowed) {
            acceptedAsNow += way.flows();
        } else {
            rejectedAsNow += way.flows();
        }
    }

    private void changed(Direction direction, OneWay way, Asked asked) {
        FlowRecord flow = way.first();
        if (flow.accepted()) {
            nowBlocked += way.flows();
        } else {
            nowAllowed += way.flows();
        }
        Changed what = new Changed(
                flow.interfaceId(),
                direction,
                asked.peer(),
                flow.protocol(),
                hasPorts(flow.protocol()) ? flow.destinationPort() : null,
                flow.accepted(),
                asked.allowing().isEmpty()
                        ? null
                        : asked.allowing().getFirst().rule().id(),
                0,
                0);
        if (changed.size() < MOST_CHANGED || changed.containsKey(what)) {
            long[] counts = changed.computeIfAbsent(what, key -> new long[2]);
            counts[0] += way.flows();
            counts[1] += way.bytes();
        }
    }
}
