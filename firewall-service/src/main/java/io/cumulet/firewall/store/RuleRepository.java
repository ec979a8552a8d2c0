package io.cumulet.firewall.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.app.GroupStore.GroupRule;
import io.cumulet.firewall.app.GroupStore.RuleFilter;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Rules of groups. */
@ApplicationScoped
class RuleRepository implements PanacheRepositoryBase<RuleEntity, String> {

    private static final String SELECT = """
            SELECT id, group_id, account, region, direction, protocol, from_port, to_port, icmp_type, icmp_code,
                peer_cidr, peer_group, peer_prefix_list, description, tags
            FROM security_group_rule""";

    /**
     * The rules of a group, in the order they were added; none if the group (named a second time) was last written by a
     * transaction after which its rules are known.
     */
    static final String OF_GROUP_UNLESS_WRITTEN_BY = SELECT
            + " WHERE group_id = ? AND (SELECT xmin::text FROM security_group WHERE id = ?) <> ? ORDER BY ordinal";

    /** How many parameters an insertion has. */
    static final int COLUMNS = 15;

    private static final String INSERT = """
            INSERT INTO security_group_rule (id, group_id, account, region, direction, protocol, from_port, to_port,
                icmp_type, icmp_code, peer_cidr, peer_group, peer_prefix_list, description, tags)
            SELECT id, group_id, account, region, direction, protocol, from_port, to_port, icmp_type, icmp_code, peer_cidr,
                peer_group, peer_prefix_list, description, tags::jsonb
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
                AS rule (id, group_id, account, region, direction, protocol, from_port, to_port, icmp_type, icmp_code,
                    peer_cidr, peer_group, peer_prefix_list, description, tags, place)
            ORDER BY place""";

    private final DataSource dataSource;
    private final ObjectMapper json;

    RuleRepository(DataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    /** By group, each in the order they were added; a group without rules has no entry. */
    Map<String, List<RuleEntity>> ofGroups(Collection<String> groupIds) {
        Map<String, List<RuleEntity>> ofGroups = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(SELECT + " WHERE group_id = ANY (?) ORDER BY ordinal")) {
            select.setArray(1, SqlArrays.texts(connection, groupIds));
            try (ResultSet row = select.executeQuery()) {
                for (RuleEntity rule : read(row)) {
                    ofGroups.computeIfAbsent(rule.groupId, id -> new ArrayList<>())
                            .add(rule);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read rules", e);
        }
        return ofGroups;
    }

    /** Of a statement of {@link #OF_GROUP_UNLESS_WRITTEN_BY}. */
    List<RuleEntity> read(ResultSet row) throws SQLException {
        List<RuleEntity> read = new ArrayList<>();
        while (row.next()) {
            read.add(RuleEntity.read(row, json));
        }
        return read;
    }

    /** Keeps new rules, in this order. */
    void insert(List<RuleEntity> added) {
        if (!added.isEmpty()) {
            insert(added, "", insert -> {});
        }
    }

    /**
     * Keeps new rules, in this order, and updates something by the same way to the database.
     *
     * @param update what follows the insertion
     * @param parameters sets those of the update, which come after {@link #COLUMNS}
     * @return what the update returns, a text for each row
     */
    List<String> insertAnd(List<RuleEntity> added, String update, Parameters parameters) {
        return insert(added, ";\n" + update, parameters);
    }

    /** Sets parameters of a statement. */
    interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    private List<String> insert(List<RuleEntity> added, String more, Parameters parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT + more)) {
            insert.setArray(1, SqlArrays.column(connection, "text", added, rule -> rule.id));
            insert.setArray(2, SqlArrays.column(connection, "text", added, rule -> rule.groupId));
            insert.setArray(3, SqlArrays.column(connection, "text", added, rule -> rule.account));
            insert.setArray(4, SqlArrays.column(connection, "text", added, rule -> rule.region));
            insert.setArray(5, SqlArrays.column(connection, "text", added, rule -> rule.direction));
            insert.setArray(6, SqlArrays.column(connection, "text", added, rule -> rule.protocol));
            insert.setArray(7, SqlArrays.column(connection, "integer", added, rule -> rule.fromPort));
            insert.setArray(8, SqlArrays.column(connection, "integer", added, rule -> rule.toPort));
            insert.setArray(9, SqlArrays.column(connection, "integer", added, rule -> rule.icmpType));
            insert.setArray(10, SqlArrays.column(connection, "integer", added, rule -> rule.icmpCode));
            insert.setArray(11, SqlArrays.column(connection, "text", added, rule -> rule.peerCidr));
            insert.setArray(12, SqlArrays.column(connection, "text", added, rule -> rule.peerGroup));
            insert.setArray(13, SqlArrays.column(connection, "text", added, rule -> rule.peerPrefixList));
            insert.setArray(14, SqlArrays.column(connection, "text", added, rule -> rule.description));
            insert.setArray(15, SqlArrays.column(connection, "text", added, rule -> tags(rule.tags)));
            parameters.set(insert);
            insert.execute();
            if (!insert.getMoreResults()) {
                return List.of();
            }
            try (ResultSet row = insert.getResultSet()) {
                return texts(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep rules", e);
        }
    }

    static List<String> texts(ResultSet row) throws SQLException {
        List<String> texts = new ArrayList<>();
        while (row.next()) {
            texts.add(row.getString(1));
        }
        return texts;
    }

    private String tags(Map<String, String> tags) {
        try {
            return tags.isEmpty() ? "{}" : json.writeValueAsString(tags);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts can always be written", e);
        }
    }

    /** Keeps what a rule says now. */
    void replace(Rule rule) {
        RuleEntity row = findById(rule.id());
        row.say(rule);
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
