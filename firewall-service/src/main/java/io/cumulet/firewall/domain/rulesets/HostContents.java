package io.cumulet.firewall.domain.rulesets;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a host's table is about.
 *
 * @param groups that a member on the host has
 * @param peers groups that a rule of these names
 * @param prefixLists that a rule of these names
 */
public record HostContents(Set<String> groups, Set<String> peers, Set<String> prefixLists) {

    public static final HostContents NOTHING = new HostContents(Set.of(), Set.of(), Set.of());

    public HostContents {
        groups = new TreeSet<>(groups);
        peers = new TreeSet<>(peers);
        prefixLists = new TreeSet<>(prefixLists);
    }

    static HostContents of(Collection<SourceGroup> groups) {
        Set<String> ids = new TreeSet<>();
        groups.forEach(group -> ids.add(group.groupId()));
        return new HostContents(ids, SourceGroup.peers(groups), SourceGroup.prefixLists(groups));
    }

    /**
     * What it is about once groups came and went. What a leaving group alone named goes with it.
     *
     * @param rules of all these groups; and, if any leaves, of those that stay and could name the same
     */
    public HostContents with(Set<String> coming, Set<String> leaving, Map<String, SourceGroup> rules) {
        Set<String> after = new TreeSet<>(groups);
        after.addAll(coming);
        after.removeAll(leaving);
        return naming(after, of(leaving, rules), of(after, rules));
    }

    /**
     * What it is about once a group has other rules.
     *
     * @param rules of all groups here that could name the same as the rules before, with those after the change
     */
    public HostContents with(SourceGroup before, Map<String, SourceGroup> rules) {
        return naming(groups, Set.of(before), of(groups, rules));
    }

    private HostContents naming(Set<String> after, Collection<SourceGroup> left, Collection<SourceGroup> here) {
        return new HostContents(
                after,
                changed(peers, SourceGroup.peers(left), SourceGroup.peers(here)),
                changed(prefixLists, SourceGroup.prefixLists(left), SourceGroup.prefixLists(here)));
    }

    private static Set<String> changed(Set<String> had, Set<String> left, Set<String> named) {
        Set<String> has = new TreeSet<>(had);
        has.removeAll(left);
        has.addAll(named);
        return has;
    }

    private static Collection<SourceGroup> of(Set<String> ids, Map<String, SourceGroup> rules) {
        return ids.stream().filter(rules::containsKey).map(rules::get).toList();
    }
}
