package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.reachability.EffectiveRules.Effective;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who can reach an interface with a kind of packet. */
public final class Sources {

    private final Vicinity vicinity;

    public Sources(Vicinity vicinity) {
        this.vicinity = vicinity;
    }

    /**
     * Somebody who is let in.
     *
     * @param blocks what the peer stands for, of the family asked for: its own block, or the prefix list's; none for a group
     * @param saidBy the rules that let it in
     */
    public record Source(Peer peer, List<Cidr> blocks, List<EffectiveRules.Said> saidBy) {}

    /**
     * A member of a group that is let in.
     *
     * @param egressRule the rule of its own that lets it out to there; null if none does, so that it can't reach it
     */
    public record Reacher(
            Member member, IpAddress address, @Nullable Rule egressRule) {}

    /** Who the groups of an interface let in to one of its addresses, by peer. */
    public List<Source> of(Member destination, IpAddress address, Probe probe) {
        // Who sends it is asked of the peer alone; what kind of packet it is doesn't depend on it.
        Packet packet = probe.packet(address, address);
        Map<Peer, List<EffectiveRules.Said>> byPeer = new LinkedHashMap<>();
        for (Effective effective : EffectiveRules.of(vicinity.groupsOf(destination), Direction.INGRESS)) {
            if (effective.traffic().matches(packet)) {
                byPeer.computeIfAbsent(effective.peer(), peer -> new ArrayList<>())
                        .addAll(effective.saidBy());
            }
        }
        List<Source> sources = new ArrayList<>();
        byPeer.forEach((peer, saidBy) -> {
            List<Cidr> blocks = blocks(peer, address.family());
            if (!blocks.isEmpty() || peer instanceof Peer.OfGroup) {
                sources.add(new Source(peer, blocks, saidBy));
            }
        });
        return sources;
    }

    private List<Cidr> blocks(Peer peer, IpFamily family) {
        return switch (peer) {
            case Peer.OfBlock(Cidr cidr) -> cidr.family() == family ? List.of(cidr) : List.of();
            case Peer.OfGroup group -> List.of();
            case Peer.OfPrefixList(String id) ->
                vicinity.prefixLists().blocks(id).stream()
                        .filter(block -> block.family() == family)
                        .toList();
        };
    }

    /** Each address of a member of the family asked for, and whether its own groups let it out to there. */
    public List<Reacher> reachers(Member member, Member destination, IpAddress address, Probe probe) {
        return member.addresses().stream()
                .filter(own -> own.family() == address.family())
                .map(own -> new Reacher(
                        member,
                        own,
                        vicinity.firstThatAllows(member, Direction.EGRESS, probe.packet(own, address), destination)))
                .toList();
    }
}
