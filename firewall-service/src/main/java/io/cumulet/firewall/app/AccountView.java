package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All that an account has in a region, for questions about the whole of it. Part of the running transaction. */
@ApplicationScoped
class AccountView {

    private static final int PAGE = 1_000;
    private static final GroupFilter EVERY = new GroupFilter(List.of(), List.of(), List.of(), Map.of());

    private final GroupStore groups;
    private final MemberStore members;
    private final PrefixListBlocks prefixLists;

    AccountView(GroupStore groups, MemberStore members, PrefixListBlocks prefixLists) {
        this.groups = groups;
        this.members = members;
        this.prefixLists = prefixLists;
    }

    List<SecurityGroup> groups(AccountId account, Region region) {
        List<SecurityGroup> all = new ArrayList<>();
        List<SecurityGroup> page;
        do {
            String after = all.isEmpty() ? null : all.getLast().id();
            page = groups.list(account, region, EVERY, after, PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    void eachMember(AccountId account, Region region, Consumer<Member> each) {
        String after = "";
        List<Member> page;
        do {
            page = members.all(account, region, after, PAGE);
            page.forEach(each);
            after = page.isEmpty() ? after : page.getLast().interfaceId();
        } while (page.size() == PAGE);
    }

    /** The prefix lists that rules of these groups name. */
    ListedBlocks prefixLists(AccountId account, Region region, Collection<SecurityGroup> naming) {
        Set<String> named = new HashSet<>();
        for (SecurityGroup group : naming) {
            for (Direction direction : Direction.values()) {
                for (Rule rule : group.rules(direction)) {
                    if (rule.peer() instanceof Peer.OfPrefixList(String id)) {
                        named.add(id);
                    }
                }
            }
        }
        return named.isEmpty() ? ListedBlocks.NONE : new ListedBlocks(prefixLists.blocks(account, region, named));
    }
}
