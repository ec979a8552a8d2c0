package io.cumulet.firewall.store;

import io.cumulet.firewall.app.GroupStore.GroupRule;
import io.cumulet.firewall.app.GroupStore.RuleFilter;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules of groups. */
@ApplicationScoped
class RuleRepository implements PanacheRepositoryBase<RuleEntity, String> {

    /** By group, each in the order they were added; a group without rules has no entry. */
    Map<String, List<RuleEntity>> ofGroups(Collection<String> groupIds) {
        return list("groupId in ?1", Sort.by("ordinal"), groupIds).stream()
                .collect(Collectors.groupingBy(rule -> rule.groupId));
    }

    List<GroupRule> list(AccountId account, Region region, RuleFilter filter, @Nullable String afterId, int limit) {
        SqlFilter where = new SqlFilter(account, region, afterId);
        where.in("group_id", filter.groupIds());
        where.in("id", filter.ruleIds());
        where.tags(filter.tags());
        List<GroupRule> page = new ArrayList<>();
        for (Object row : where.query(getEntityManager(), "security_group_rule", limit, RuleEntity.class)
                .getResultList()) {
            RuleEntity rule = (RuleEntity) row;
            page.add(new GroupRule(rule.groupId, rule.direction(), rule.rule()));
        }
        return page;
    }
}
