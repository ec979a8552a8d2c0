package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all groups of an interface let through together. Groups add up, so that the order of rules says nothing. */
public final class EffectiveRules {

    private EffectiveRules() {}

    /** One thing that is let through, and all the rules that say it. */
    public record Effective(Traffic traffic, Peer peer, List<Said> saidBy) {}

    public record Said(String groupId, Rule rule) {}

    private record What(Traffic traffic, Peer peer) {}

    /** In the order of the groups and their rules; what was said before isn't said again. */
    public static List<Effective> of(List<SecurityGroup> groups, Direction direction) {
        Map<What, List<Said>> folded = new LinkedHashMap<>();
        for (SecurityGroup group : groups) {
            for (Rule rule : group.rules(direction)) {
                folded.computeIfAbsent(new What(rule.traffic(), rule.peer()), what -> new ArrayList<>())
                        .add(new Said(group.id(), rule));
            }
        }
        return folded.entrySet().stream()
                .map(entry ->
                        new Effective(entry.getKey().traffic(), entry.getKey().peer(), List.copyOf(entry.getValue())))
                .toList();
    }
}
