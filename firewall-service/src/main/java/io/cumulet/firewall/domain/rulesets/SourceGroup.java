package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A group's rules; none for a group that is gone. */
public record SourceGroup(String groupId, List<Rule> ingress, List<Rule> egress) {

    public SourceGroup {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    public static SourceGroup none(String groupId) {
        return new SourceGroup(groupId, List.of(), List.of());
    }

    List<Rule> rules(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    /** The groups that rules of these name. */
    public static Set<String> peers(Collection<SourceGroup> groups) {
        Set<String> ids = new TreeSet<>();
        for (Peer peer : allPeers(groups)) {
            if (peer instanceof Peer.OfGroup(String id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The prefix lists that rules of these name. */
    public static Set<String> prefixLists(Collection<SourceGroup> groups) {
        Set<String> ids = new TreeSet<>();
        for (Peer peer : allPeers(groups)) {
            if (peer instanceof Peer.OfPrefixList(String id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    private static List<Peer> allPeers(Collection<SourceGroup> groups) {
        List<Peer> peers = new ArrayList<>();
        for (SourceGroup group : groups) {
            for (Direction direction : Direction.values()) {
                group.rules(direction).forEach(rule -> peers.add(rule.peer()));
            }
        }
        return peers;
    }
}
