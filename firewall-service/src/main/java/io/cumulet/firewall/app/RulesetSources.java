package io.cumulet.firewall.app;

import io.cumulet.firewall.app.RulesetStore.Place;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.rulesets.Elements;
import io.cumulet.firewall.domain.rulesets.HostRuleset;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.firewall.domain.rulesets.Sources;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what rulesets are made from. */
@ApplicationScoped
public class RulesetSources {

    private final Groups groups;
    private final MemberStore members;
    private final PrefixListBlocks lists;

    /** All that is asked of the store of groups. */
    interface Groups {
        List<SecurityGroup> all(AccountId account, Region region, Collection<String> groupIds);
    }

    @Inject
    public RulesetSources(GroupStore groups, MemberStore members, PrefixListBlocks lists) {
        this(groups::all, members, lists);
    }

    RulesetSources(Groups groups, MemberStore members, PrefixListBlocks lists) {
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

    /** Besides rules, the addresses and blocks that rules of these groups name. */
    Sources named(Map<Place, ? extends Collection<String>> groupIds, Map<String, SourceGroup> rules) {
        Map<String, Elements> addresses = new HashMap<>();
        Map<String, Elements> blocks = new HashMap<>();
        groupIds.forEach((place, ids) -> {
            List<SourceGroup> own =
                    ids.stream().filter(rules::containsKey).map(rules::get).toList();
            addresses.putAll(addresses(place, SourceGroup.peers(own)));
            blocks.putAll(blocks(place, SourceGroup.prefixLists(own)));
        });
        return new Sources(rules, addresses, blocks);
    }

    /** The addresses of these groups' members. */
    Map<String, Elements> addresses(Place place, Set<String> groupIds) {
        if (groupIds.isEmpty()) {
            return Map.of();
        }
        Map<String, Set<IpAddress>> byGroup =
                HostRuleset.byGroup(members.ofGroups(place.account(), place.region(), groupIds));
        Map<String, Elements> addresses = new HashMap<>();
        groupIds.forEach(id -> addresses.put(id, Elements.ofAddresses(byGroup.getOrDefault(id, Set.of()))));
        return addresses;
    }

    /** What these prefix lists hold. */
    Map<String, Elements> blocks(Place place, Set<String> prefixListIds) {
        if (prefixListIds.isEmpty()) {
            return Map.of();
        }
        Map<String, Elements> blocks = new HashMap<>();
        lists.blocks(place.account(), place.region(), prefixListIds)
                .forEach((id, list) -> blocks.put(id, Elements.ofBlocks(list)));
        return blocks;
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
