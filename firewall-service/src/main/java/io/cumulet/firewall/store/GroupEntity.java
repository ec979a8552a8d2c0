package io.cumulet.firewall.store;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code security_group}; its rules are rows of their own. */
@Entity
@Table(name = "security_group")
class GroupEntity {

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
