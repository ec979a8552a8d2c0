package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.domain.advice.Finding;
import io.cumulet.firewall.domain.advice.GroupAdvice;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks an account's groups over. */
@ApplicationScoped
public class GroupAdvisor {

    private static final int PAGE = 50;
    private static final int MEMBERS = 1_000;

    private final GroupStore groups;
    private final MemberStore all;
    private final AccountView accounts;
    private final DefaultGroups defaults;

    public GroupAdvisor(GroupStore groups, MemberStore members, AccountView accounts, DefaultGroups defaults) {
        this.groups = groups;
        this.all = members;
        this.accounts = accounts;
        this.defaults = defaults;
    }

    /**
     * Which findings.
     *
     * @param kinds any of these; all if empty
     * @param groupIds of any of these groups; of all if empty
     */
    public record FindingFilter(Set<Finding.Kind> kinds, Set<String> groupIds) {

        Set<Finding.Kind> wanted() {
            return kinds.isEmpty() ? EnumSet.allOf(Finding.Kind.class) : kinds;
        }

        boolean wantsUnused() {
            return wanted().contains(Finding.Kind.UNUSED_GROUP) || wanted().contains(Finding.Kind.UNUSED_DEFAULT_GROUP);
        }

        boolean wants(String groupId) {
            return groupIds.isEmpty() || groupIds.contains(groupId);
        }
    }

    /**
     * In the order of {@link Finding#key()}, those after the given one. Groups are read page by page, each in a transaction
     * of its own, and looked over in none: that takes milliseconds for a full group, and an account may have thousands.
     */
    public List<Finding> findings(
            AccountId account, Region region, FindingFilter filter, @Nullable String afterKey, int limit) {
        defaults.ensure(account, region);
        Map<String, GroupAdvice.Members> members = members(account, region);
        Set<String> named =
                filter.wantsUnused() ? Transactions.read(() -> groups.namedByOthers(account, region)) : Set.of();
        // What stands before the page isn't worked out again: a finding's key begins with its group's id.
        String firstGroup = afterKey == null ? "" : afterKey.substring(0, Math.max(0, afterKey.indexOf('/')));
        List<Finding> found = new ArrayList<>();
        GroupFilter which = new GroupFilter(List.copyOf(filter.groupIds()), List.of(), List.of(), Map.of());
        String after = firstGroup.isEmpty() ? null : firstGroup;
        Page page = Transactions.read(() -> first(account, region, filter, firstGroup));
        while (true) {
            GroupAdvice advice = new GroupAdvice(page.prefixLists(), members, named);
            for (SecurityGroup group : page.groups()) {
                if (found.size() >= limit) {
                    break;
                }
                advice.of(group, filter.wanted()).stream()
                        .filter(finding -> afterKey == null || finding.key().compareTo(afterKey) > 0)
                        .forEach(found::add);
            }
            if (found.size() >= limit || page.last()) {
                return found.subList(0, Math.min(limit, found.size()));
            }
            after = page.groups().isEmpty() ? after : page.groups().getLast().id();
            String behind = after;
            page = Transactions.read(() -> page(account, region, groups.list(account, region, which, behind, PAGE)));
        }
    }

    /** Groups, and the prefix lists that their rules name. */
    private record Page(List<SecurityGroup> groups, ListedBlocks prefixLists, boolean last) {}

    /** The group that the page before ended in, of which there may be more to say; a page of none if it is the first. */
    private Page first(AccountId account, Region region, FindingFilter filter, String groupId) {
        Optional<SecurityGroup> group =
                groupId.isEmpty() || !filter.wants(groupId) ? Optional.empty() : groups.find(account, region, groupId);
        List<SecurityGroup> one = group.map(List::of).orElse(List.of());
        return new Page(one, accounts.prefixLists(account, region, one), false);
    }

    private Page page(AccountId account, Region region, List<SecurityGroup> read) {
        return new Page(read, accounts.prefixLists(account, region, read), read.size() < PAGE);
    }

    private Map<String, GroupAdvice.Members> members(AccountId account, Region region) {
        Map<String, GroupAdvice.Members> members = new HashMap<>();
        String after = "";
        List<Member> page;
        do {
            String behind = after;
            page = Transactions.read(() -> all.all(account, region, behind, MEMBERS));
            for (Member member : page) {
                var families =
                        member.addresses().stream().map(IpAddress::family).collect(Collectors.toUnmodifiableSet());
                member.groupIds()
                        .forEach(groupId -> members.computeIfAbsent(groupId, id -> new GroupAdvice.Members())
                                .add(families));
            }
            after = page.isEmpty() ? after : page.getLast().interfaceId();
        } while (page.size() == MEMBERS);
        return members;
    }
}
