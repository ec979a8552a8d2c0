package io.cumulet.firewall.domain.rulesets;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a table is made from; what isn't in it is taken for empty.
 *
 * @param groups rules by group
 * @param addresses of members, by group
 * @param prefixLists blocks by prefix list
 */
public record Sources(
        Map<String, SourceGroup> groups,
        Map<String, ? extends Collection<IpAddress>> addresses,
        Map<String, List<Cidr>> prefixLists) {

    SourceGroup group(String id) {
        SourceGroup rules = groups.get(id);
        return rules == null ? SourceGroup.none(id) : rules;
    }
}
