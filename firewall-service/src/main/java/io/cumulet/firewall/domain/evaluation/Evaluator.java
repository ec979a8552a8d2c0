package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.evaluation.Verdict.Allowed;
import io.cumulet.firewall.domain.evaluation.Verdict.Blocked;
import io.cumulet.firewall.domain.evaluation.World.GroupRules;
import io.cumulet.firewall.domain.evaluation.World.Member;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.CidrSet;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges packets in one world. An instance's groups add up: what any of them allows is allowed.
 *
 * <pre>
 *   source an instance? ──yes──► any egress rule for (packet, destination)? ──no──► blocked by egress
 *          │ no                                 │ yes
 *          └──────────────┬─────────────────────┘
 *   destination an instance? ──yes──► any ingress rule for (packet, source)? ──no──► blocked by ingress
 *          │ no                                 │ yes
 *          └──────────────┴──────► allowed
 * </pre>
 *
 * Immutable, so safe for many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html">Security groups</a>
 */
public final class Evaluator {

    private final Map<IpAddress, Judged> byAddress = new HashMap<>();
    private final Map<String, CidrSet> prefixLists = new HashMap<>();

    /** An instance with the rules of all its groups. */
    private record Judged(Member member, List<Rule> ingress, List<Rule> egress) {}

    public Evaluator(World world) {
        world.prefixLists().forEach((id, blocks) -> prefixLists.put(id, new CidrSet(blocks)));
        for (Member member : world.instances()) {
            List<Rule> ingress = new ArrayList<>();
            List<Rule> egress = new ArrayList<>();
            for (String groupId : member.groups()) {
                GroupRules group = world.groups().get(groupId);
                if (group != null) {
                    ingress.addAll(group.ingress());
                    egress.addAll(group.egress());
                }
            }
            Judged judged = new Judged(member, ingress, egress);
            for (IpAddress address : member.addresses()) {
                if (byAddress.put(address, judged) != null) {
                    throw new IllegalArgumentException("Two instances have the address " + address);
                }
            }
        }
    }

    public Verdict judge(Packet packet) {
        Judged source = byAddress.get(packet.source());
        Judged destination = byAddress.get(packet.destination());
        String egressRule = null;
        if (source != null) {
            egressRule = firstThatAllows(source.egress(), packet, packet.destination(), destination);
            if (egressRule == null) {
                return new Blocked(Direction.EGRESS);
            }
        }
        String ingressRule = null;
        if (destination != null) {
            ingressRule = firstThatAllows(destination.ingress(), packet, packet.source(), source);
            if (ingressRule == null) {
                return new Blocked(Direction.INGRESS);
            }
        }
        return new Allowed(egressRule, ingressRule);
    }

    private @Nullable String firstThatAllows(
            List<Rule> rules, Packet packet, IpAddress peerAddress, @Nullable Judged peer) {
        for (Rule rule : rules) {
            if (rule.traffic().matches(packet) && isPeer(rule.peer(), peerAddress, peer)) {
                return rule.id();
            }
        }
        return null;
    }

    private boolean isPeer(Peer wanted, IpAddress address, @Nullable Judged peer) {
        return switch (wanted) {
            case Peer.OfBlock(var cidr) -> cidr.contains(address);
            case Peer.OfGroup(var groupId) ->
                peer != null && peer.member().groups().contains(groupId);
            case Peer.OfPrefixList(var id) -> {
                CidrSet blocks = prefixLists.get(id);
                yield blocks != null && blocks.contains(address);
            }
        };
    }
}
