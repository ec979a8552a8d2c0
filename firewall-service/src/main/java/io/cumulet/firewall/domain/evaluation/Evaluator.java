package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.evaluation.Verdict.Allowed;
import io.cumulet.firewall.domain.evaluation.Verdict.Blocked;
import io.cumulet.firewall.domain.evaluation.World.GroupRules;
import io.cumulet.firewall.domain.evaluation.World.Member;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges packets in one world, which it compiles once. A member's groups add up: what any of them allows is allowed.
 *
 * <pre>
 *   source a member? ──yes──► any egress rule for (packet, destination)? ──no──► blocked by egress
 *          │ no                                 │ yes
 *          └──────────────┬─────────────────────┘
 *   destination a member? ──yes──► any ingress rule for (packet, source)? ──no──► blocked by ingress
 *          │ no                                 │ yes
 *          └──────────────┴──────► allowed
 * </pre>
 *
 * Immutable, so safe for many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html">Security groups</a>
 */
public final class Evaluator {

    private static final Verdict BLOCKED_BY_EGRESS = new Blocked(Direction.EGRESS);
    private static final Verdict BLOCKED_BY_INGRESS = new Blocked(Direction.INGRESS);

    private final Map<IpAddress, Side> byAddress = new HashMap<>();

    /**
     * A member with the tables of its groups that have any rules.
     *
     * @param groups numbers of all its groups
     */
    private record Side(Member member, int[] groups, RuleTable[] ingress, RuleTable[] egress) {}

    /** @throws IllegalArgumentException if two members have the same address */
    public Evaluator(World world) {
        RuleTable.Names names = new RuleTable.Names(world.prefixLists());
        Map<String, RuleTable> ingress = new HashMap<>();
        Map<String, RuleTable> egress = new HashMap<>();
        for (Member member : world.instances()) {
            List<RuleTable> in = new ArrayList<>();
            List<RuleTable> out = new ArrayList<>();
            // Groups that nobody has are never asked, so they aren't compiled.
            for (String groupId : member.groups()) {
                GroupRules group = world.groups().get(groupId);
                if (group != null) {
                    in.add(ingress.computeIfAbsent(groupId, id -> new RuleTable(group.ingress(), names)));
                    out.add(egress.computeIfAbsent(groupId, id -> new RuleTable(group.egress(), names)));
                }
            }
            Side side = new Side(
                    member,
                    member.groups().stream().mapToInt(names::group).toArray(),
                    in.toArray(RuleTable[]::new),
                    out.toArray(RuleTable[]::new));
            for (IpAddress address : member.addresses()) {
                if (byAddress.put(address, side) != null) {
                    throw new IllegalArgumentException("Two members have the address " + address);
                }
            }
        }
    }

    public Verdict judge(Packet packet) {
        Side source = byAddress.get(packet.source());
        Side destination = byAddress.get(packet.destination());
        String egressRule = null;
        if (source != null) {
            egressRule = firstThatAllows(source.egress(), packet, packet.destination(), destination);
            if (egressRule == null) {
                return BLOCKED_BY_EGRESS;
            }
        }
        String ingressRule = null;
        if (destination != null) {
            ingressRule = firstThatAllows(destination.ingress(), packet, packet.source(), source);
            if (ingressRule == null) {
                return BLOCKED_BY_INGRESS;
            }
        }
        return new Allowed(egressRule, ingressRule);
    }

    private static @Nullable String firstThatAllows(
            RuleTable[] tables, Packet packet, IpAddress peerAddress, @Nullable Side peer) {
        int[] peerGroups = peer == null ? RuleTable.NO_GROUPS : peer.groups();
        for (RuleTable table : tables) {
            String rule = table.allowing(packet, peerAddress, peerGroups);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    /**
     * Whom a verdict asked, egress first; nobody if neither address is a member's. The second is told of even if the first
     * refuses, so that a person who reads it needn't ask twice.
     */
    public List<Asked> asked(Packet packet) {
        List<Asked> asked = new ArrayList<>();
        Side source = byAddress.get(packet.source());
        Side destination = byAddress.get(packet.destination());
        if (source != null) {
            asked.add(asked(Direction.EGRESS, source, packet, packet.destination(), destination));
        }
        if (destination != null) {
            asked.add(asked(Direction.INGRESS, destination, packet, packet.source(), source));
        }
        return asked;
    }

    private static Asked asked(
            Direction direction, Side side, Packet packet, IpAddress peerAddress, @Nullable Side peer) {
        RuleTable[] tables = direction == Direction.EGRESS ? side.egress() : side.ingress();
        return new Asked(
                direction,
                side.member().instanceId(),
                side.member().groups(),
                firstThatAllows(tables, packet, peerAddress, peer));
    }

    /**
     * One side of a verdict.
     *
     * @param groups whose rules were asked
     * @param rule one that allows it; null if none does
     */
    public record Asked(
            Direction direction,
            String instanceId,
            Set<String> groups,
            @Nullable String rule) {

        public Asked {
            groups = new LinkedHashSet<>(groups);
        }
    }
}
