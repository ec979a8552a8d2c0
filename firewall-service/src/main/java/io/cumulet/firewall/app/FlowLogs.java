package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.flowlogs.FlowAnalysis;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Holding flow logs against an account's rules. */
@ApplicationScoped
public class FlowLogs {

    private final AccountView accounts;
    private final DefaultGroups defaults;

    public FlowLogs(AccountView accounts, DefaultGroups defaults) {
        this.accounts = accounts;
        this.defaults = defaults;
    }

    /** Rules, groups and interfaces as they are now, ready for a log. No transaction stays open while it is read. */
    public FlowAnalysis begin(AccountId account, Region region) {
        defaults.ensure(account, region);
        return Transactions.read(() -> {
            List<SecurityGroup> groups = new ArrayList<>(accounts.groups(account, region));
            groups.sort(Comparator.comparing(SecurityGroup::id));
            List<Member> members = new ArrayList<>();
            accounts.eachMember(account, region, members::add);
            return new FlowAnalysis(members, groups, accounts.prefixLists(account, region, groups));
        });
    }
}
