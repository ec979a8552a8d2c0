package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
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
import java.util.Collection;
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
        return Transactions.decide(() -> world(account, region, vpcId, packets)).map(world -> judge(world, packets));
    }

    /** Only what can matter to these packets: the interfaces they come from or go to, and those interfaces' groups. */
    private Outcome<World> world(AccountId account, Region region, @Nullable String vpcId, List<Packet> packets) {
        Set<String> addresses = new HashSet<>();
        for (Packet packet : packets) {
            addresses.add(packet.source().toString());
            addresses.add(packet.destination().toString());
        }
        List<Member> found = members.withAddresses(account, region, addresses).stream()
                .filter(member -> vpcId == null || member.vpcId().equals(vpcId))
                .toList();
        Optional<Refusal> doubt = doubt(found, packets);
        if (doubt.isPresent()) {
            return Outcome.refused(doubt.get());
        }
        List<World.Member> here = new ArrayList<>();
        Set<String> groupIds = new LinkedHashSet<>();
        Set<IpAddress> owned = new HashSet<>();
        for (Member member : found) {
            // What changes hands is, for a moment, with two: the first was told of last.
            List<IpAddress> own = member.addresses().stream().filter(owned::add).toList();
            here.add(new World.Member(member.instanceId(), own, new LinkedHashSet<>(member.groupIds())));
            groupIds.addAll(member.groupIds());
        }
        Map<String, World.GroupRules> rules = new HashMap<>();
        for (SecurityGroup group : groups.all(account, region, groupIds)) {
            rules.put(group.id(), new World.GroupRules(group.ingress(), group.egress()));
        }
        Set<String> named = prefixLists(rules.values());
        return Outcome.done(new World(rules, here, named.isEmpty() ? Map.of() : lists.blocks(account, region, named)));
    }

    private static Set<String> prefixLists(Collection<World.GroupRules> groups) {
        Set<String> named = new HashSet<>();
        for (World.GroupRules group : groups) {
            for (List<Rule> rules : List.of(group.ingress(), group.egress())) {
                for (Rule rule : rules) {
                    if (rule.peer() instanceof Peer.OfPrefixList(String id)) {
                        named.add(id);
                    }
                }
            }
        }
        return named;
    }

    /** An address that could be either of two. */
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
        }
        return Optional.empty();
    }
}
