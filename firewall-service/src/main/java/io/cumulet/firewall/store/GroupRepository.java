package io.cumulet.firewall.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.app.GroupStore;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Groups in PostgreSQL. */
@ApplicationScoped
class GroupRepository implements GroupStore, PanacheRepositoryBase<GroupEntity, String> {

    private static final String OWN_AMONG = "account = ?1 and region = ?2 and id in ?3";

    private final RuleRepository rules;
    private final ObjectMapper json;

    GroupRepository(RuleRepository rules, ObjectMapper json) {
        this.rules = rules;
        this.json = json;
    }

    @Override
    public Optional<SecurityGroup> find(AccountId account, Region region, String groupId) {
        return all(account, region, List.of(groupId)).stream().findFirst();
    }

    @Override
    public List<SecurityGroup> all(AccountId account, Region region, Collection<String> groupIds) {
        return groupIds.isEmpty()
                ? List.of()
                : withRules(list(OWN_AMONG, Sort.by("id"), account.value(), region.value(), groupIds));
    }

    @Override
    public Map<String, SecurityGroup> lock(AccountId account, Region region, Collection<String> groupIds) {
        List<GroupEntity> locked = find(OWN_AMONG, Sort.by("id"), account.value(), region.value(), groupIds)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
        Map<String, SecurityGroup> groups = new LinkedHashMap<>();
        withRules(locked).forEach(group -> groups.put(group.id(), group));
        return groups;
    }

    @Override
    public List<SecurityGroup> list(
            AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit) {
        StringBuilder where = new StringBuilder("WHERE account = :account AND region = :region AND id > :after");
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("account", account.value());
        values.put("region", region.value());
        values.put("after", afterId == null ? "" : afterId);
        in("id", "ids", filter.groupIds(), where, values);
        in("name", "names", filter.names(), where, values);
        in("vpc_id", "vpcs", filter.vpcIds(), where, values);
        filter.tags().forEach((key, wanted) -> {
            String parameter = "tag" + values.size();
            values.put(parameter, key);
            in("tags ->> :" + parameter, parameter + "values", wanted, where, values);
        });
        Query query = getEntityManager()
                .createNativeQuery(
                        "SELECT * FROM security_group " + where + " ORDER BY id LIMIT " + limit, GroupEntity.class);
        values.forEach(query::setParameter);
        List<GroupEntity> page = new ArrayList<>();
        for (Object row : query.getResultList()) {
            page.add((GroupEntity) row);
        }
        return withRules(page);
    }

    /** Only names of ours become text of the query; what callers wrote is always a parameter. */
    private static void in(
            String expression, String parameter, List<String> wanted, StringBuilder where, Map<String, Object> values) {
        if (!wanted.isEmpty()) {
            where.append(" AND ")
                    .append(expression)
                    .append(" IN (:")
                    .append(parameter)
                    .append(')');
            values.put(parameter, wanted);
        }
    }

    private List<SecurityGroup> withRules(List<GroupEntity> groups) {
        if (groups.isEmpty()) {
            return List.of();
        }
        Map<String, List<RuleEntity>> ofGroups =
                rules.ofGroups(groups.stream().map(group -> group.id).toList());
        return groups.stream()
                .map(group -> group.group(ofGroups.getOrDefault(group.id, List.of())))
                .toList();
    }

    @Override
    public boolean insert(SecurityGroup group) {
        // By hand, since a violated constraint would break the transaction, and the caller's refusal with it.
        int inserted = getEntityManager()
                .createNativeQuery("""
                        INSERT INTO security_group
                            (id, account, region, vpc_id, name, description, version, created_at, tags)
                        VALUES (:id, :account, :region, :vpcId, :name, :description, :version, :createdAt,
                            CAST(:tags AS jsonb))
                        ON CONFLICT DO NOTHING""")
                .setParameter("id", group.id())
                .setParameter("account", group.account().value())
                .setParameter("region", group.region().value())
                .setParameter("vpcId", group.vpcId())
                .setParameter("name", group.name())
                .setParameter("description", group.description())
                .setParameter("version", group.version())
                .setParameter("createdAt", group.createdAt())
                .setParameter("tags", text(group.tags()))
                .executeUpdate();
        if (inserted == 0) {
            return false;
        }
        for (Direction direction : Direction.values()) {
            persist(group, direction, group.rules(direction));
        }
        return true;
    }

    private String text(Map<String, String> tags) {
        try {
            return json.writeValueAsString(tags);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts can always be written", e);
        }
    }

    @Override
    public void addRules(SecurityGroup after, Direction direction, List<Rule> added) {
        persist(after, direction, added);
        keepVersion(after);
    }

    private void persist(SecurityGroup group, Direction direction, List<Rule> added) {
        added.forEach(rule -> rules.persist(RuleEntity.of(group, direction, rule)));
    }

    @Override
    public void removeRule(SecurityGroup after, String ruleId) {
        rules.delete("id = ?1 and groupId = ?2", ruleId, after.id());
        keepVersion(after);
    }

    private void keepVersion(SecurityGroup after) {
        int kept =
                update("version = ?1 where id = ?2 and version = ?3", after.version(), after.id(), after.version() - 1);
        if (kept != 1) {
            throw new IllegalStateException("A group is changed by who holds its lock: " + after.id());
        }
    }

    @Override
    public void delete(SecurityGroup group) {
        // Its rules go with it, by the foreign key.
        delete("id = ?1", group.id());
    }

    @Override
    public Optional<String> referencedBy(SecurityGroup group) {
        return rules.find(
                        "peerGroup = ?1 and groupId <> ?1 and account = ?2 and region = ?3",
                        group.id(),
                        group.account().value(),
                        group.region().value())
                .firstResultOptional()
                .map(rule -> rule.groupId);
    }
}
