package io.cumulet.instances.store;

import io.cumulet.instances.app.NetworkAclStore;
import io.cumulet.instances.domain.network.AclEntry;
import io.cumulet.instances.domain.network.NetworkAcl;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Network ACLs in PostgreSQL. */
@ApplicationScoped
public class SqlNetworkAcls implements NetworkAclStore {

    private static final String SELECT = """
            SELECT a.network_acl_id, account, region, vpc_id, is_default, tags, created_at,
                ARRAY(SELECT subnet_id FROM subnet s
                    WHERE s.vpc_id = a.vpc_id AND s.deleted_at IS NULL
                        AND (s.network_acl_id = a.network_acl_id OR s.network_acl_id IS NULL AND a.is_default)
                    ORDER BY 1) AS subnets,
                egress, rule_number, protocol, allow, block, from_port, to_port, icmp_type, icmp_code
            FROM network_acl a LEFT JOIN network_acl_entry USING (network_acl_id) WHERE\s""";

    private final TextSql sql;

    public SqlNetworkAcls(DataSource dataSource) {
        this.sql = new TextSql(dataSource, "network ACLs");
    }

    /** An ACL as one of its rows has it: with one entry, or with none. */
    private static NetworkAcl read(ResultSet row) throws SQLException {
        return new NetworkAcl(
                row.getString("network_acl_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("vpc_id"),
                row.getBoolean("is_default"),
                row.getString("block") == null ? List.of() : List.of(entry(row)),
                List.of((String[]) row.getArray("subnets").getArray()),
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    private static AclEntry entry(ResultSet row) throws SQLException {
        return new AclEntry(
                row.getBoolean("egress"),
                row.getInt("rule_number"),
                row.getInt("protocol"),
                row.getBoolean("allow"),
                Cidr.parse(row.getString("block")).orElseThrow(),
                row.getObject("from_port", Integer.class),
                row.getObject("to_port", Integer.class),
                row.getObject("icmp_type", Integer.class),
                row.getObject("icmp_code", Integer.class));
    }

    private List<NetworkAcl> acls(String which, String... values) {
        Map<String, NetworkAcl> byId = new LinkedHashMap<>();
        sql.query(SELECT + which + " ORDER BY a.network_acl_id", SqlNetworkAcls::read, values)
                .forEach(acl -> byId.merge(acl.id(), acl, SqlNetworkAcls::joined));
        return List.copyOf(byId.values());
    }

    private static NetworkAcl joined(NetworkAcl one, NetworkAcl other) {
        List<AclEntry> entries = new ArrayList<>(one.entries());
        entries.addAll(other.entries());
        return new NetworkAcl(
                one.id(),
                one.account(),
                one.region(),
                one.vpcId(),
                one.isDefault(),
                entries,
                one.subnetIds(),
                one.tags(),
                one.createdAt());
    }

    @Override
    public Optional<NetworkAcl> find(AccountId account, Region region, String id) {
        return acls("account = ? AND region = ? AND a.network_acl_id = ?", account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public List<NetworkAcl> list(AccountId account, Region region) {
        return acls("account = ? AND region = ?", account.value(), region.value());
    }

    @Override
    public List<NetworkAcl> ofVpc(String vpcId) {
        return acls("vpc_id = ?", vpcId);
    }

    @Override
    public void insert(NetworkAcl acl) {
        sql.run(
                """
                INSERT INTO network_acl (network_acl_id, account, region, vpc_id, is_default, tags, created_at)
                VALUES (?, ?, ?, ?, ?::boolean, ?::jsonb, ?::timestamptz)""",
                acl.id(),
                acl.account().value(),
                acl.region().value(),
                acl.vpcId(),
                Boolean.toString(acl.isDefault()),
                InstanceRows.json(acl.tags()),
                acl.createdAt().toString());
        acl.entries().forEach(entry -> insertEntry(acl.id(), entry));
    }

    @Override
    public void tag(String id, Map<String, String> tags) {
        sql.run("UPDATE network_acl SET tags = ?::jsonb WHERE network_acl_id = ?", InstanceRows.json(tags), id);
    }

    @Override
    public void delete(String id) {
        sql.run("DELETE FROM network_acl WHERE network_acl_id = ?", id);
    }

    @Override
    public void insertEntry(String id, AclEntry entry) {
        sql.run(
                """
                INSERT INTO network_acl_entry (network_acl_id, egress, rule_number, protocol, allow, block, from_port,
                    to_port, icmp_type, icmp_code)
                VALUES (?, ?::boolean, ?::integer, ?::integer, ?::boolean, ?, ?::integer, ?::integer, ?::integer,
                    ?::integer)""",
                id,
                Boolean.toString(entry.egress()),
                Integer.toString(entry.ruleNumber()),
                Integer.toString(entry.protocol()),
                Boolean.toString(entry.allow()),
                entry.block().toString(),
                text(entry.fromPort()),
                text(entry.toPort()),
                text(entry.icmpType()),
                text(entry.icmpCode()));
    }

    private static @Nullable String text(@Nullable Integer number) {
        return number == null ? null : number.toString();
    }

    @Override
    public void deleteEntry(String id, boolean egress, int ruleNumber) {
        sql.run(
                "DELETE FROM network_acl_entry WHERE network_acl_id = ? AND egress = ?::boolean AND rule_number = ?::integer",
                id,
                Boolean.toString(egress),
                Integer.toString(ruleNumber));
    }

    @Override
    public void ofSubnet(String subnetId, @Nullable String aclId) {
        sql.run("UPDATE subnet SET network_acl_id = ? WHERE subnet_id = ?", aclId, subnetId);
    }
}
