package io.cumulet.firewall.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rules of groups. */
@ApplicationScoped
class RuleRepository implements PanacheRepositoryBase<RuleEntity, String> {

    /** By group, each in the order they were added; a group without rules has no entry. */
    Map<String, List<RuleEntity>> ofGroups(Collection<String> groupIds) {
        return list("groupId in ?1", Sort.by("ordinal"), groupIds).stream()
                .collect(Collectors.groupingBy(rule -> rule.groupId));
    }
}
