package io.cumulet.firewall.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code security_group}; its rules are rows of their own. */
@Entity
@Table(name = "security_group")
class GroupEntity {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    @Id
    String id;

    String account;

    String region;

    @Column(name = "vpc_id")
    String vpcId;

    String name;

    String description;

    long version;

    @Column(name = "created_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> tags;

    boolean deleting;

    /** The transaction that wrote the row; only of a row that {@link #read} has read. */
    @Transient
    String writer;

    static GroupEntity read(ResultSet row, ObjectMapper json) throws SQLException {
        GroupEntity group = new GroupEntity();
        group.id = row.getString("id");
        group.account = row.getString("account");
        group.region = row.getString("region");
        group.vpcId = row.getString("vpc_id");
        group.name = row.getString("name");
        group.description = row.getString("description");
        group.version = row.getLong("version");
        group.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        group.tags = tags(row.getString("tags"), json);
        group.deleting = row.getBoolean("deleting");
        group.writer = row.getString("writer");
        return group;
    }

    static Map<String, String> tags(String text, ObjectMapper json) {
        if (text.equals("{}")) {
            return Map.of();
        }
        try {
            return json.readValue(text, TAGS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was kept can be read: " + text, e);
        }
    }

    SecurityGroup group(List<RuleEntity> rules) {
        return new SecurityGroup(
                id,
                new AccountId(account),
                new Region(region),
                vpcId,
                name,
                description,
                version,
                createdAt,
                rules(rules, rule -> rule.direction() == Direction.INGRESS),
                rules(rules, rule -> rule.direction() == Direction.EGRESS),
                tags);
    }

    private static List<Rule> rules(List<RuleEntity> rules, Predicate<RuleEntity> which) {
        return rules.stream().filter(which).map(RuleEntity::rule).toList();
    }
}
