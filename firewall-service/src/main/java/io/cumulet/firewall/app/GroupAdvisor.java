package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.advice.Finding;
import io.cumulet.firewall.domain.advice.GroupAdvice;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks an account's groups over. */
@ApplicationScoped
public class GroupAdvisor {

    private final AccountView accounts;
    private final DefaultGroups defaults;

    public GroupAdvisor(AccountView accounts, DefaultGroups defaults) {
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

        boolean wants(Finding finding) {
            return kinds.isEmpty() || kinds.contains(finding.kind());
        }

        boolean wants(SecurityGroup group) {
            return groupIds.isEmpty() || groupIds.contains(group.id());
        }
    }

    /** In the order of {@link Finding#key()}, those after the given one. */
    public List<Finding> findings(
            AccountId account, Region region, FindingFilter filter, @Nullable String afterKey, int limit) {
        defaults.ensure(account, region);
        return Transactions.read(() -> read(account, region, filter, afterKey, limit));
    }

    private List<Finding> read(
            AccountId account, Region region, FindingFilter filter, @Nullable String afterKey, int limit) {
        List<SecurityGroup> all = new ArrayList<>(accounts.groups(account, region));
        all.sort(Comparator.comparing(SecurityGroup::id));
        GroupAdvice advice = new GroupAdvice(
                accounts.prefixLists(account, region, all), members(account, region), namedByOthers(all));
        // What stands before the page isn't worked out again: a finding's key begins with its group's id.
        String firstGroup = afterKey == null ? "" : afterKey.substring(0, Math.max(0, afterKey.indexOf('/')));
        List<Finding> found = new ArrayList<>();
        for (SecurityGroup group : all) {
            if (found.size() >= limit) {
                break;
            }
            if (filter.wants(group) && group.id().compareTo(firstGroup) >= 0) {
                advice.of(group).stream()
                        .filter(filter::wants)
                        .filter(finding -> afterKey == null || finding.key().compareTo(afterKey) > 0)
                        .forEach(found::add);
            }
        }
        return found.subList(0, Math.min(limit, found.size()));
    }

    private Map<String, GroupAdvice.Members> members(AccountId account, Region region) {
        Map<String, GroupAdvice.Members> members = new HashMap<>();
        accounts.eachMember(account, region, member -> {
            var families = member.addresses().stream().map(IpAddress::family).collect(Collectors.toUnmodifiableSet());
            member.groupIds()
                    .forEach(groupId -> members.computeIfAbsent(groupId, id -> new GroupAdvice.Members())
                            .add(families));
        });
        return members;
    }

    private static Set<String> namedByOthers(Collection<SecurityGroup> groups) {
        Set<String> named = new HashSet<>();
        for (SecurityGroup group : groups) {
            for (Direction direction : Direction.values()) {
                for (Rule rule : group.rules(direction)) {
                    if (rule.peer() instanceof Peer.OfGroup(String peerId) && !peerId.equals(group.id())) {
                        named.add(peerId);
                    }
                }
            }
        }
        return named;
    }
}
