package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups and prefix lists that matter to a question within one VPC. Immutable. */
public final class Vicinity {

    private final Map<String, SecurityGroup> groups = new HashMap<>();
    private final ListedBlocks prefixLists;

    public Vicinity(Collection<SecurityGroup> groups, ListedBlocks prefixLists) {
        groups.forEach(group -> this.groups.put(group.id(), group));
        this.prefixLists = prefixLists;
    }

    public ListedBlocks prefixLists() {
        return prefixLists;
    }

    /** The groups of an interface, in its order. One that isn't known any more allows nothing. */
    public List<SecurityGroup> groupsOf(Member member) {
        List<SecurityGroup> own = new ArrayList<>();
        for (String id : member.groupIds()) {
            SecurityGroup group = groups.get(id);
            if (group != null) {
                own.add(group);
            }
        }
        return own;
    }

    /**
     * Whether a rule lets a packet through.
     *
     * @param peer who is on the other side; null if it is nobody of the VPC
     */
    public boolean allows(Rule rule, Direction direction, Packet packet, @Nullable Member peer) {
        return rule.traffic().matches(packet) && isPeer(rule, direction, packet, peer);
    }

    boolean isPeer(Rule rule, Direction direction, Packet packet, @Nullable Member peer) {
        return rule.peer().includes(other(direction, packet), peer == null ? List.of() : peer.groupIds(), prefixLists);
    }

    /** The address that the rules of a direction are about. */
    static IpAddress other(Direction direction, Packet packet) {
        return switch (direction) {
            case INGRESS -> packet.source();
            case EGRESS -> packet.destination();
        };
    }

    /** A rule of an interface that lets a packet through; null if none does. */
    public @Nullable Rule firstThatAllows(Member own, Direction direction, Packet packet, @Nullable Member peer) {
        for (SecurityGroup group : groupsOf(own)) {
            for (Rule rule : group.rules(direction)) {
                if (allows(rule, direction, packet, peer)) {
                    return rule;
                }
            }
        }
        return null;
    }
}
