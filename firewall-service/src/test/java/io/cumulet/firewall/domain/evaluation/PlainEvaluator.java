package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The firewall as it reads: every rule of every group, one after the other, nothing compiled. */
public final class PlainEvaluator {

    private final World world;

    public PlainEvaluator(World world) {
        this.world = world;
    }

    /** @param rules all that would do, by direction; of a direction that isn't asked none */
    public record Answer(Optional<Direction> blockedBy, List<String> egressRules, List<String> ingressRules) {}

    public Answer judge(Packet packet) {
        Optional<World.Member> source = memberAt(packet.source());
        Optional<World.Member> destination = memberAt(packet.destination());
        List<String> egress = source.map(member -> allowing(member, Direction.EGRESS, packet, packet.destination()))
                .orElse(List.of());
        List<String> ingress = destination
                .map(member -> allowing(member, Direction.INGRESS, packet, packet.source()))
                .orElse(List.of());
        if (source.isPresent() && egress.isEmpty()) {
            return new Answer(Optional.of(Direction.EGRESS), List.of(), List.of());
        }
        if (destination.isPresent() && ingress.isEmpty()) {
            return new Answer(Optional.of(Direction.INGRESS), List.of(), List.of());
        }
        return new Answer(Optional.empty(), egress, ingress);
    }

    private Optional<World.Member> memberAt(IpAddress address) {
        return world.instances().stream()
                .filter(member -> member.addresses().contains(address))
                .findFirst();
    }

    private List<String> allowing(World.Member member, Direction direction, Packet packet, IpAddress peer) {
        List<String> ids = new ArrayList<>();
        for (String groupId : member.groups()) {
            World.GroupRules group = world.groups().get(groupId);
            if (group == null) {
                continue;
            }
            for (Rule rule : direction == Direction.INGRESS ? group.ingress() : group.egress()) {
                if (rule.traffic().matches(packet) && isPeer(rule.peer(), peer)) {
                    ids.add(rule.id());
                }
            }
        }
        return ids;
    }

    private boolean isPeer(Peer peer, IpAddress address) {
        return switch (peer) {
            case Peer.OfBlock(Cidr cidr) -> cidr.contains(address);
            case Peer.OfGroup(String id) ->
                memberAt(address).filter(member -> member.groups().contains(id)).isPresent();
            case Peer.OfPrefixList(String id) ->
                world.prefixLists().getOrDefault(id, List.of()).stream().anyMatch(block -> block.contains(address));
        };
    }
}
