package io.cumulet.firewall.app;

import io.cumulet.firewall.app.RulesetStore.Place;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.HostRuleset;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.firewall.domain.rulesets.Sources;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what rulesets are made from. */
@ApplicationScoped
public class RulesetSources {

    private final GroupStore groups;
    private final MemberStore members;
    private final PrefixListBlocks lists;

    public RulesetSources(GroupStore groups, MemberStore members, PrefixListBlocks lists) {
        this.groups = groups;
        this.members = members;
        this.lists = lists;
    }

    /** The rules of those of the groups that exist. */
    Map<String, SourceGroup> rules(Map<Place, ? extends Collection<String>> groupIds) {
        Map<String, SourceGroup> rules = new HashMap<>();
        groupIds.forEach((place, ids) -> groups.all(place.account(), place.region(), ids)
                .forEach(group -> rules.put(group.id(), new SourceGroup(group.id(), group.ingress(), group.egress()))));
        return rules;
    }

    /** Besides rules, the addresses and blocks that these rules name. */
    Sources named(Map<Place, ? extends Collection<String>> groupIds, Map<String, SourceGroup> rules) {
        Map<String, Set<IpAddress>> addresses = new HashMap<>();
        Map<String, List<Cidr>> blocks = new HashMap<>();
        groupIds.forEach((place, ids) -> {
            List<SourceGroup> own =
                    ids.stream().filter(rules::containsKey).map(rules::get).toList();
            Set<String> peers = SourceGroup.peers(own);
            if (!peers.isEmpty()) {
                addresses.putAll(HostRuleset.byGroup(members.ofGroups(place.account(), place.region(), peers)));
            }
            Set<String> named = SourceGroup.prefixLists(own);
            if (!named.isEmpty()) {
                blocks.putAll(lists.blocks(place.account(), place.region(), named));
            }
        });
        return new Sources(rules, addresses, blocks);
    }

    /** All that tables of these members need. */
    Sources of(Collection<Member> all) {
        Map<Place, Set<String>> ids = new HashMap<>();
        all.forEach(member ->
                ids.computeIfAbsent(place(member), one -> new HashSet<>()).addAll(member.groupIds()));
        return named(ids, rules(ids));
    }

    static Place place(Member member) {
        return new Place(member.account(), member.region());
    }
}
