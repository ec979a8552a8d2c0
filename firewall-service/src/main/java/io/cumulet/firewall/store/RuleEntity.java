package io.cumulet.firewall.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code security_group_rule}. */
@Entity
@Table(name = "security_group_rule")
class RuleEntity {

    @Id
    String id;

    /** The order in which rules were added, given by the database. */
    @Column(insertable = false, updatable = false)
    Long ordinal;

    @Column(name = "group_id")
    String groupId;

    String account;

    String region;

    String direction;

    String protocol;

    @Column(name = "from_port")
    Integer fromPort;

    @Column(name = "to_port")
    Integer toPort;

    @Column(name = "icmp_type")
    Integer icmpType;

    @Column(name = "icmp_code")
    Integer icmpCode;

    @Column(name = "peer_cidr")
    String peerCidr;

    @Column(name = "peer_group")
    String peerGroup;

    @Column(name = "peer_prefix_list")
    String peerPrefixList;

    String description;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> tags;

    static RuleEntity of(SecurityGroup group, Direction direction, Rule rule) {
        RuleEntity row = new RuleEntity();
        row.id = rule.id();
        row.groupId = group.id();
        row.account = group.account().value();
        row.region = group.region().value();
        row.direction = direction.code();
        row.say(rule);
        return row;
    }

    static RuleEntity read(ResultSet row, ObjectMapper json) throws SQLException {
        RuleEntity rule = new RuleEntity();
        rule.id = row.getString(1);
        rule.groupId = row.getString(2);
        rule.account = row.getString(3);
        rule.region = row.getString(4);
        rule.direction = row.getString(5);
        rule.protocol = row.getString(6);
        rule.fromPort = row.getObject(7, Integer.class);
        rule.toPort = row.getObject(8, Integer.class);
        rule.icmpType = row.getObject(9, Integer.class);
        rule.icmpCode = row.getObject(10, Integer.class);
        rule.peerCidr = row.getString(11);
        rule.peerGroup = row.getString(12);
        rule.peerPrefixList = row.getString(13);
        rule.description = row.getString(14);
        rule.tags = GroupEntity.tags(row.getString(15), json);
        return rule;
    }

    /** Takes over all that a rule says; only its id, group and direction stay. */
    void say(Rule rule) {
        protocol = rule.traffic().protocol();
        description = rule.description();
        tags = rule.tags();
        fromPort = null;
        toPort = null;
        icmpType = null;
        icmpCode = null;
        peerCidr = null;
        peerGroup = null;
        peerPrefixList = null;
        switch (rule.traffic()) {
            case Traffic.Ports(var transport, int from, int to) -> {
                fromPort = from;
                toPort = to;
            }
            case Traffic.Icmp(var family, int type, int code) -> {
                icmpType = type;
                icmpCode = code;
            }
            case Traffic.All all -> {}
            case Traffic.Number number -> {}
        }
        switch (rule.peer()) {
            case Peer.OfBlock(var cidr) -> peerCidr = cidr.toString();
            case Peer.OfGroup(String peerId) -> peerGroup = peerId;
            case Peer.OfPrefixList(String listId) -> peerPrefixList = listId;
        }
    }

    Rule rule() {
        return new Rule(id, traffic(), peer(), description, tags);
    }

    Direction direction() {
        return direction.equals(Direction.INGRESS.code()) ? Direction.INGRESS : Direction.EGRESS;
    }

    private Peer peer() {
        if (peerGroup != null) {
            return new Peer.OfGroup(peerGroup);
        }
        return peerPrefixList != null
                ? new Peer.OfPrefixList(peerPrefixList)
                : new Peer.OfBlock(Cidr.parse(peerCidr).orElseThrow());
    }

    private Traffic traffic() {
        return switch (protocol) {
            case "all" -> new Traffic.All();
            case "tcp" -> new Traffic.Ports(Transport.TCP, fromPort, toPort);
            case "udp" -> new Traffic.Ports(Transport.UDP, fromPort, toPort);
            case "icmp" -> new Traffic.Icmp(IpFamily.IPV4, icmpType, icmpCode);
            case "icmpv6" -> new Traffic.Icmp(IpFamily.IPV6, icmpType, icmpCode);
            default -> new Traffic.Number(Integer.parseInt(protocol));
        };
    }
}
