package io.cumulet.firewall.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.app.GroupStore;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.AfterCommit;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Groups in PostgreSQL. */
@ApplicationScoped
class GroupRepository implements GroupStore, PanacheRepositoryBase<GroupEntity, String> {

    private static final String OWN_AMONG = "account = ?1 and region = ?2 and id in ?3";

    // The transaction that wrote the row last tells whether it is still as somebody remembers it.
    private static final String SELECT = """
            SELECT id, account, region, vpc_id, name, description, version, created_at, tags, deleting, xmin::text AS writer
            FROM security_group WHERE account = ? AND region = ? AND\s""";

    // Weaker than for a deletion: whoever only names the group isn't in its way.
    // The second statement sees what was committed before the lock was there.
    private static final String LOCK =
            SELECT + "id = ? FOR NO KEY UPDATE;\n" + RuleRepository.OF_GROUP_UNLESS_WRITTEN_BY;

    private static final String KEEP_VERSION =
            "UPDATE security_group SET version = ? WHERE id = ? AND version = ? RETURNING xmin::text";

    private final RuleRepository rules;
    private final RecentGroups recent;
    private final AfterCommit afterCommit;
    private final ObjectMapper json;
    private final DataSource dataSource;

    GroupRepository(
            RuleRepository rules,
            RecentGroups recent,
            AfterCommit afterCommit,
            ObjectMapper json,
            DataSource dataSource) {
        this.rules = rules;
        this.recent = recent;
        this.afterCommit = afterCommit;
        this.json = json;
        this.dataSource = dataSource;
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
    public void lockOwner(AccountId account, Region region) {
        getEntityManager()
                .createNativeQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(:owner, 0))")
                .setParameter("owner", "groups of " + account.value() + " in " + region.value())
                .getResultList();
    }

    @Override
    public long count(AccountId account, Region region) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT count(*) FROM security_group WHERE account = ? AND region = ?")) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not count groups", e);
        }
    }

    @Override
    public Optional<SecurityGroup> lock(AccountId account, Region region, String groupId) {
        Optional<RecentGroups.Written> known = recent.find(groupId);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(LOCK)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            select.setString(3, groupId);
            select.setString(4, groupId);
            select.setString(5, groupId);
            select.setString(6, known.map(RecentGroups.Written::writer).orElse(""));
            select.execute();
            List<GroupEntity> groups;
            try (ResultSet row = select.getResultSet()) {
                groups = read(row);
            }
            if (!groups.isEmpty()
                    && known.isPresent()
                    && groups.getFirst().writer.equals(known.get().writer())) {
                return Optional.of(known.get().group());
            }
            select.getMoreResults();
            try (ResultSet row = select.getResultSet()) {
                List<RuleEntity> own = groups.isEmpty() ? List.of() : rules.read(row);
                return groups.stream().map(group -> group.group(own)).findFirst();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock a group", e);
        }
    }

    private List<GroupEntity> read(ResultSet row) throws SQLException {
        List<GroupEntity> groups = new ArrayList<>();
        while (row.next()) {
            groups.add(GroupEntity.read(row, json));
        }
        return groups;
    }

    @Override
    public Optional<Doomed> lockToDelete(AccountId account, Region region, String groupId) {
        return locked(account, region, "id = ?", groupId, "FOR UPDATE").stream()
                .findFirst()
                .map(row -> new Doomed(withRules(List.of(row)).getFirst(), row.deleting));
    }

    @Override
    public List<SecurityGroup> lockOfVpc(AccountId account, Region region, String vpcId) {
        return withRules(locked(account, region, "vpc_id = ?", vpcId, "FOR UPDATE"));
    }

    /** As the newest transactions have left them, and without the session: a rule more has to cost little. */
    private List<GroupEntity> locked(AccountId account, Region region, String which, String key, String lock) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + which + " ORDER BY id " + lock)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            select.setString(3, key);
            try (ResultSet row = select.executeQuery()) {
                return read(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock a group", e);
        }
    }

    @Override
    public Map<String, String> keepPeers(AccountId account, Region region, Collection<String> groupIds) {
        Map<String, String> vpcs = new LinkedHashMap<>();
        if (groupIds.isEmpty()) {
            return vpcs;
        }
        List<?> kept = getEntityManager()
                .createNativeQuery("""
                        SELECT id, vpc_id FROM security_group
                        WHERE account = :account AND region = :region AND id IN (:ids) AND NOT deleting
                        ORDER BY id FOR KEY SHARE""")
                .setParameter("account", account.value())
                .setParameter("region", region.value())
                .setParameter("ids", groupIds)
                .getResultList();
        for (Object row : kept) {
            Object[] columns = (Object[]) row;
            vpcs.put((String) columns[0], (String) columns[1]);
        }
        return vpcs;
    }

    @Override
    public Set<String> namedByOthers(AccountId account, Region region) {
        Set<String> named = new HashSet<>();
        for (Object id : getEntityManager()
                .createNativeQuery("""
                        SELECT DISTINCT peer_group FROM security_group_rule
                        WHERE account = :account AND region = :region AND peer_group <> group_id""")
                .setParameter("account", account.value())
                .setParameter("region", region.value())
                .getResultList()) {
            named.add((String) id);
        }
        return named;
    }

    @Override
    public List<GroupRule> listRules(
            AccountId account, Region region, RuleFilter filter, @Nullable String afterId, int limit) {
        return rules.list(account, region, filter, afterId, limit);
    }

    @Override
    public List<SecurityGroup> list(
            AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit) {
        SqlFilter where = new SqlFilter(account, region, afterId);
        where.in("id", filter.groupIds());
        where.in("name", filter.names());
        where.in("vpc_id", filter.vpcIds());
        where.tags(filter.tags());
        return withRules(rows(where.query(getEntityManager(), "security_group", limit, GroupEntity.class)));
    }

    private static List<GroupEntity> rows(Query query) {
        List<GroupEntity> rows = new ArrayList<>();
        for (Object row : query.getResultList()) {
            rows.add((GroupEntity) row);
        }
        return rows;
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
            rules.insert(rows(group, direction, group.rules(direction)));
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
    public long lastVersion(String defaultGroupId) {
        List<?> found = getEntityManager()
                .createNativeQuery("SELECT version FROM deleted_default_group WHERE id = :id")
                .setParameter("id", defaultGroupId)
                .getResultList();
        return found.isEmpty() ? 0 : ((Number) found.getFirst()).longValue();
    }

    @Override
    public void addRules(SecurityGroup after, Direction direction, List<Rule> added) {
        kept(
                after,
                rules.insertAnd(
                        rows(after, direction, added),
                        KEEP_VERSION,
                        statement -> setVersion(statement, RuleRepository.COLUMNS, after)));
    }

    private static List<RuleEntity> rows(SecurityGroup group, Direction direction, List<Rule> rules) {
        return rules.stream().map(rule -> RuleEntity.of(group, direction, rule)).toList();
    }

    private static void setVersion(PreparedStatement update, int after, SecurityGroup group) throws SQLException {
        update.setLong(after + 1, group.version());
        update.setString(after + 2, group.id());
        update.setLong(after + 3, group.version() - 1);
    }

    /** @param writers who has kept the group's version: this transaction */
    private void kept(SecurityGroup after, List<String> writers) {
        if (writers.size() != 1) {
            throw new IllegalStateException("A group is changed by who holds its lock: " + after.id());
        }
        afterCommit.run(() -> recent.put(writers.getFirst(), after));
    }

    @Override
    public void removeRules(SecurityGroup after, List<Rule> removed) {
        rules.delete(
                "groupId = ?1 and id in ?2",
                after.id(),
                removed.stream().map(Rule::id).toList());
        keepVersion(after);
    }

    @Override
    public void replaceRules(SecurityGroup after, List<Rule> changed) {
        changed.forEach(rules::replace);
        getEntityManager().flush();
        keepVersion(after);
    }

    @Override
    public void keepTags(SecurityGroup after) {
        getEntityManager()
                .createNativeQuery("UPDATE security_group SET tags = CAST(:tags AS jsonb) WHERE id = :id")
                .setParameter("tags", text(after.tags()))
                .setParameter("id", after.id())
                .executeUpdate();
        keepVersion(after);
    }

    @Override
    public void keepVersion(SecurityGroup after) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(KEEP_VERSION)) {
            setVersion(update, 0, after);
            try (ResultSet row = update.executeQuery()) {
                kept(after, RuleRepository.texts(row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a group's version", e);
        }
    }

    @Override
    public void setDeleting(SecurityGroup group, boolean deleting) {
        getEntityManager()
                .createNativeQuery("""
                        UPDATE security_group SET deleting = :deleting,
                            deleting_since = CASE WHEN :deleting THEN now() END
                        WHERE id = :id""")
                .setParameter("deleting", deleting)
                .setParameter("id", group.id())
                .executeUpdate();
    }

    @Override
    public List<Left> leftDeletions(Duration after, int limit) {
        List<?> found = getEntityManager()
                .createNativeQuery("""
                        SELECT account, region, id FROM security_group
                        WHERE deleting AND deleting_since <= now() - :seconds * interval '1 second'
                        ORDER BY deleting_since LIMIT :most""")
                .setParameter("seconds", after.toSeconds())
                .setParameter("most", limit)
                .getResultList();
        return found.stream()
                .map(Object[].class::cast)
                .map(row -> new Left(new AccountId((String) row[0]), new Region((String) row[1]), (String) row[2]))
                .toList();
    }

    @Override
    public void delete(SecurityGroup last) {
        if (last.isDefault()) {
            getEntityManager()
                    .createNativeQuery("""
                            INSERT INTO deleted_default_group (id, version) VALUES (:id, :version)
                            ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version""")
                    .setParameter("id", last.id())
                    .setParameter("version", last.version())
                    .executeUpdate();
        }
        // Its rules go with it, by the foreign key. A default group may be made anew in the same transaction, with the
        // same
        // ids: the session must not remember the old ones.
        delete("id = ?1", last.id());
        getEntityManager().flush();
        getEntityManager().clear();
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

    @Override
    public List<SecurityGroup> namingList(AccountId account, Region region, String prefixListId) {
        return all(
                account,
                region,
                rules
                        .list(
                                "peerPrefixList = ?1 and account = ?2 and region = ?3",
                                prefixListId,
                                account.value(),
                                region.value())
                        .stream()
                        .map(rule -> rule.groupId)
                        .distinct()
                        .toList());
    }
}
