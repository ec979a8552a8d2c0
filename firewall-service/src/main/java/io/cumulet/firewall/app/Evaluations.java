package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Judging packets among an account's own instances. */
@ApplicationScoped
public class Evaluations {

    private final GroupStore groups;
    private final MemberStore members;
    private final PrefixListBlocks lists;
    private final DefaultGroups defaults;

    public Evaluations(GroupStore groups, MemberStore members, PrefixListBlocks lists, DefaultGroups defaults) {
        this.groups = groups;
        this.members = members;
        this.lists = lists;
        this.defaults = defaults;
    }

    /** A verdict for each packet, in order. */
    public List<Verdict> judge(World world, List<Packet> packets) {
        Evaluator evaluator = new Evaluator(world);
        return packets.stream().map(evaluator::judge).toList();
    }

    /**
     * A verdict for each packet, in order, among the instances that the firewall knows of the account and region.
     *
     * @param vpcId where the packets are; an address of another VPC is an outside one. Null if their addresses tell: then one
     *     that is in two VPCs is refused
     */
    public Outcome<List<Verdict>> judge(
            AccountId account, Region region, @Nullable String vpcId, List<Packet> packets) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> surroundings(account, region, vpcId, packets))
                .flatMap(around -> judge(around, packets));
    }

    /** As it is among private addresses, who is behind elastic ones, and who has private ones. */
    private record Surroundings(World world, Map<IpAddress, Member> elastic, Map<IpAddress, Member> owners) {}

    private static Outcome<List<Verdict>> judge(Surroundings around, List<Packet> packets) {
        Evaluator inside = new Evaluator(around.world());
        Map<IpAddress, Evaluator> gates = new HashMap<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            Packet packet = packets.get(i);
            Member sender = around.elastic().get(packet.source());
            Packet out = sender == null
                    ? packet
                    : packet.from(sender.address(packet.family()).orElse(packet.source()));
            Member behind = around.elastic().get(packet.destination());
            if (behind == null) {
                verdicts.add(inside.judge(out));
                continue;
            }
            // Over the internet: each side sees the other's elastic address, and the groups of neither.
            Member owner = around.owners().get(packet.source());
            IpAddress from = owner == null
                    ? packet.source()
                    : owner.publicAddresses().stream().findFirst().orElse(null);
            if (from == null) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "packets[" + i + "].destination",
                        packet.destination() + " is an elastic address, and " + packet.source()
                                + " has none to reach it from; ask for the private address behind it");
            }
            Evaluator gate = gates.computeIfAbsent(
                    packet.destination(),
                    address -> new Evaluator(new World(
                            around.world().groups(),
                            List.of(member(behind, List.of(address))),
                            around.world().prefixLists())));
            verdicts.add(both(inside.judge(out), gate.judge(packet.from(from))));
        }
        return Outcome.done(verdicts);
    }

    private static Verdict both(Verdict out, Verdict in) {
        return out instanceof Verdict.Allowed(var egressRule, var none)
                        && in instanceof Verdict.Allowed(var unasked, var ingressRule)
                ? new Verdict.Allowed(egressRule, ingressRule)
                : out instanceof Verdict.Blocked ? out : in;
    }

    private static World.Member member(Member member, List<IpAddress> addresses) {
        return new World.Member(member.instanceId(), addresses, new LinkedHashSet<>(member.groupIds()));
    }

    /** Only what can matter to these packets: the interfaces they come from or go to, and those interfaces' groups. */
    private Outcome<Surroundings> surroundings(
            AccountId account, Region region, @Nullable String vpcId, List<Packet> packets) {
        Set<String> addresses = new HashSet<>();
        Set<IpAddress> sources = new HashSet<>();
        for (Packet packet : packets) {
            addresses.add(packet.source().toString());
            addresses.add(packet.destination().toString());
            sources.add(packet.source());
        }
        Map<IpAddress, Member> elastic = new HashMap<>();
        List<Member> inside = new ArrayList<>();
        List<Member> relevant = members.withAddresses(account, region, addresses);
        for (Member member : relevant) {
            // An elastic address is the same from everywhere; a private one counts in its VPC alone.
            member.publicAddresses().stream()
                    .filter(address -> addresses.contains(address.toString()))
                    .forEach(address -> elastic.putIfAbsent(address, member));
            boolean named = (vpcId == null || member.vpcId().equals(vpcId))
                    && member.addresses().stream().anyMatch(address -> addresses.contains(address.toString()));
            if (named || member.publicAddresses().stream().anyMatch(sources::contains)) {
                inside.add(member);
            }
        }
        Optional<Refusal> doubt = doubt(inside, packets);
        if (doubt.isPresent()) {
            return Outcome.refused(doubt.get());
        }
        List<World.Member> here = new ArrayList<>();
        Map<IpAddress, Member> owners = new HashMap<>();
        for (Member member : inside) {
            // What changes hands is, for a moment, with two: the first was told of last.
            here.add(member(
                    member,
                    member.addresses().stream()
                            .filter(address -> owners.putIfAbsent(address, member) == null)
                            .toList()));
        }
        Set<String> groupIds = new LinkedHashSet<>();
        relevant.forEach(member -> groupIds.addAll(member.groupIds()));
        Map<String, World.GroupRules> rules = new HashMap<>();
        Set<String> listIds = new HashSet<>();
        for (SecurityGroup group : groups.all(account, region, groupIds)) {
            rules.put(group.id(), new World.GroupRules(group.ingress(), group.egress()));
            for (Direction direction : Direction.values()) {
                for (Rule rule : group.rules(direction)) {
                    if (rule.peer() instanceof Peer.OfPrefixList(String listId)) {
                        listIds.add(listId);
                    }
                }
            }
        }
        return Outcome.done(
                new Surroundings(new World(rules, here, lists.blocks(account, region, listIds)), elastic, owners));
    }

    /** An address that could be either of two, or two that are of two VPCs: nothing passes between those. */
    private static Optional<Refusal> doubt(List<Member> found, List<Packet> packets) {
        Map<IpAddress, Set<String>> vpcs = new HashMap<>();
        for (Member member : found) {
            member.addresses()
                    .forEach(address -> vpcs.computeIfAbsent(address, unused -> new TreeSet<>())
                            .add(member.vpcId()));
        }
        for (int i = 0; i < packets.size(); i++) {
            Packet packet = packets.get(i);
            for (IpAddress address : List.of(packet.source(), packet.destination())) {
                Set<String> candidates = vpcs.getOrDefault(address, Set.of());
                if (candidates.size() > 1) {
                    return Optional.of(Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "packets[" + i + "]." + (address.equals(packet.source()) ? "source" : "destination"),
                            "The address " + address + " is in " + String.join(" and in ", candidates)
                                    + "; say which with vpcId"));
                }
            }
            Set<String> both = new TreeSet<>(vpcs.getOrDefault(packet.source(), Set.of()));
            both.addAll(vpcs.getOrDefault(packet.destination(), Set.of()));
            if (both.size() > 1) {
                return Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "packets[" + i + "].destination",
                        packet.source() + " and " + packet.destination() + " are in " + String.join(" and ", both)
                                + ", between which there is no peering; say in which the packet is with vpcId"));
            }
        }
        return Optional.empty();
    }
}
