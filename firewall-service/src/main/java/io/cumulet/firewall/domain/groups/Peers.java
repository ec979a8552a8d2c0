package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.IpFamily;
import java.util.Map;
import java.util.Set;

/**
 * What a group's rules may name.
 *
 * @param groups ids of groups in its account, region and VPC, among those that rules name
 * @param lists its account's prefix lists in its region, among those that rules name, also rules that are there already
 */
public record Peers(Set<String> groups, Map<String, ListSize> lists) {

    public static final Peers NONE = new Peers(Set.of(), Map.of());

    /** @param maxEntries as how many rules a rule counts that names the list */
    public record ListSize(IpFamily family, int maxEntries) {}
}
