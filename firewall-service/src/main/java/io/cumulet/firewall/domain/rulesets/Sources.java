package io.cumulet.firewall.domain.rulesets;

import java.util.Map;

/**
 * What a table is made from; what isn't in it is taken for empty.
 *
 * @param groups rules by group
 * @param addresses of members, by group
 * @param prefixLists blocks by prefix list
 */
public record Sources(
        Map<String, SourceGroup> groups, Map<String, Elements> addresses, Map<String, Elements> prefixLists) {

    SourceGroup group(String id) {
        SourceGroup rules = groups.get(id);
        return rules == null ? SourceGroup.none(id) : rules;
    }
}
