package io.cumulet.firewall.store;

import io.cumulet.firewall.app.FirewallReset;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AccountRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What accounts have, in PostgreSQL. */
@ApplicationScoped
class SqlOwners implements FirewallReset.Owners {

    private final AccountRows rows;

    SqlOwners(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public SortedMap<Region, List<String>> groups(AccountId account) {
        return byRegion("SELECT region || ' ' || id FROM security_group WHERE account = ? ORDER BY id", account);
    }

    @Override
    public SortedMap<Region, List<String>> prefixLists(AccountId account) {
        return byRegion("SELECT region || ' ' || id FROM prefix_list WHERE account = ? ORDER BY id", account);
    }

    private SortedMap<Region, List<String>> byRegion(String query, AccountId account) {
        SortedMap<Region, List<String>> ids = new TreeMap<>(Comparator.comparing(Region::value));
        for (String row : rows.ids(query, account)) {
            int space = row.indexOf(' ');
            ids.computeIfAbsent(new Region(row.substring(0, space)), region -> new ArrayList<>())
                    .add(row.substring(space + 1));
        }
        return ids;
    }
}
