package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AccountReset;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Ends an account's groups and prefix lists; the group of a default VPC is made anew, if anything of it isn't as it was made.
 * Who was in a group goes with the events of instances, as always.
 */
@ApplicationScoped
public class FirewallReset implements AccountReset {

    private final Owners owners;
    private final GroupStore groups;
    private final PrefixListStore lists;
    private final VpcStore vpcs;
    private final DefaultGroups defaults;
    private final GroupEnds ends;
    private final PrefixListEvents listEvents;
    private final Rulesets rulesets;

    public FirewallReset(
            Owners owners,
            GroupStore groups,
            PrefixListStore lists,
            VpcStore vpcs,
            DefaultGroups defaults,
            GroupEnds ends,
            PrefixListEvents listEvents,
            Rulesets rulesets) {
        this.owners = owners;
        this.groups = groups;
        this.lists = lists;
        this.vpcs = vpcs;
        this.defaults = defaults;
        this.ends = ends;
        this.listEvents = listEvents;
        this.rulesets = rulesets;
    }

    /** What accounts have. In the running transaction. */
    public interface Owners {

        /** Ids of groups, in their order. */
        SortedMap<Region, List<String>> groups(AccountId account);

        /** Ids of prefix lists, in their order. */
        SortedMap<Region, List<String>> prefixLists(AccountId account);
    }

    @Override
    public void reset(AccountId account, Instant at) {
        owners.groups(account).forEach((region, ids) -> endGroups(account, region, ids));
        owners.prefixLists(account)
                .forEach((region, ids) ->
                        ids.forEach(id -> lists.lock(account, region, id).ifPresent(list -> {
                            PrefixList last = list.deleted();
                            lists.delete(last);
                            listEvents.deleted(last, at);
                        })));
    }

    private void endGroups(AccountId account, Region region, List<String> ids) {
        groups.lockOwner(account, region);
        String defaultVpc = DefaultNetwork.vpcId(account, region);
        List<SecurityGroup> going = new ArrayList<>();
        for (String id : ids) {
            groups.lockToDelete(account, region, id)
                    .map(GroupStore.Doomed::group)
                    .filter(group -> !group.vpcId().equals(defaultVpc) || !isAsMade(group))
                    .ifPresent(going::add);
        }
        rulesets.willChange(going);
        going.forEach(ends::end);
        if (vpcs.find(account, region, defaultVpc).filter(Vpc::gone).isEmpty()) {
            // What is known of the VPC is from before its reset: it may still tell of an IPv6 block.
            defaults.make(new Vpc(defaultVpc, account, region, 0, false, false));
        }
    }

    private static boolean isAsMade(SecurityGroup group) {
        return group.isDefault()
                && group.equals(
                        SecurityGroup.defaultOf(group.account(), group.region(), group.vpcId(), group.createdAt())
                                .after(group.version() - 1));
    }
}
