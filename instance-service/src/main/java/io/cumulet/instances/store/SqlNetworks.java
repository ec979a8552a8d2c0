package io.cumulet.instances.store;

import io.cumulet.instances.app.NetworkStore;
import io.cumulet.instances.app.ZoneStore;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.network.VpcSettings;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** VPCs and subnets in PostgreSQL. */
@ApplicationScoped
public class SqlNetworks implements NetworkStore {

    private static final String OWN_VPC = "deleted_at IS NULL AND account = ? AND region = ? AND vpc_id = ?";

    private static final String INSERT_VPC = """
            INSERT INTO vpc (vpc_id, account, region, cidr_blocks, ipv6_cidr_block, is_default, instance_tenancy,
                enable_dns_support, enable_dns_hostnames, enable_usage_metrics, dhcp_options_id, tags, version, created_at)
            VALUES (?, ?, ?, string_to_array(?, ','), ?, ?::boolean, ?, ?::boolean, ?::boolean, ?::boolean, ?, ?::jsonb,
                ?::bigint, ?::timestamptz)""";

    /** One of PostgreSQL's advisory locks, among those of this service's database. */
    private static final long IPV6_POOL_LOCK = 0x6970_7636_706f_6f6cL;

    private final DataSource dataSource;
    private final TextSql sql;
    private final ZoneStore zones;

    public SqlNetworks(DataSource dataSource, ZoneStore zones) {
        this.dataSource = dataSource;
        this.sql = new TextSql(dataSource, "VPCs and subnets");
        this.zones = zones;
    }

    @Override
    public boolean hadDefault(AccountId account, Region region) {
        return sql.is("SELECT EXISTS (SELECT 1 FROM vpc WHERE vpc_id = ?)", DefaultNetwork.vpcId(account, region));
    }

    @Override
    public boolean insertDefault(Vpc vpc, List<Subnet> subnets) {
        if (sql.query(INSERT_VPC + " ON CONFLICT DO NOTHING RETURNING true", row -> true, values(vpc))
                .isEmpty()) {
            return false;
        }
        try (Connection connection = dataSource.getConnection()) {
            SqlScript script = new SqlScript();
            insert(script, subnets);
            script.run(connection);
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not make a default VPC", e);
        }
    }

    /** Goes from owner to owner along the index, so that it reads a row of each and not all interfaces. */
    @Override
    public List<Place> interfacesWithoutVpc() {
        return sql.query("""
                WITH RECURSIVE owner AS (
                    (SELECT account, region FROM network_interface ORDER BY account, region LIMIT 1)
                    UNION ALL
                    SELECT next.account, next.region
                    FROM owner CROSS JOIN LATERAL (
                        SELECT account, region FROM network_interface
                        WHERE (account, region) > (owner.account, owner.region) ORDER BY account, region LIMIT 1) AS next)
                SELECT account, region FROM owner
                WHERE NOT EXISTS (SELECT 1 FROM vpc
                    WHERE vpc.account = owner.account AND vpc.region = owner.region AND vpc.is_default)""", row -> new Place(new AccountId(row.getString(1)), new Region(row.getString(2))));
    }

    private static void insert(SqlScript script, Collection<Subnet> subnets) {
        if (!subnets.isEmpty()) {
            script.statement("""
                            INSERT INTO subnet (subnet_id, account, region, az, vpc_id, cidr_block, ipv6_cidr_block,
                                is_default, assign_ipv6, map_public_ip, tags, version, created_at)
                            SELECT s.id, s.account, s.region, s.az, s.vpc, s.cidr, s.ipv6, s.is_default, s.assign_ipv6,
                                s.map_public_ip, s.tags::jsonb, s.version, s.created_at
                            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                AS s (id, account, region, az, vpc, cidr, ipv6, is_default, assign_ipv6, map_public_ip,
                                      tags, version, created_at)""")
                    .column("text", subnets, Subnet::id)
                    .column("text", subnets, subnet -> subnet.account().value())
                    .column("text", subnets, subnet -> subnet.zone().region().value())
                    .column("text", subnets, subnet -> subnet.zone().value())
                    .column("text", subnets, Subnet::vpcId)
                    .column("text", subnets, subnet -> subnet.cidr().toString())
                    .column("text", subnets, subnet -> text(subnet.ipv6Cidr()))
                    .column("boolean", subnets, Subnet::isDefault)
                    .column("boolean", subnets, Subnet::assignIpv6)
                    .column("boolean", subnets, subnet -> subnet.settings().mapPublicIp())
                    .column("text", subnets, subnet -> InstanceRows.json(subnet.tags()))
                    .column("bigint", subnets, Subnet::version)
                    .column("timestamptz", subnets, Subnet::createdAt);
        }
    }

    private static String blocks(Vpc vpc) {
        return vpc.cidrs().stream().map(Cidr::toString).collect(Collectors.joining(","));
    }

    private static @Nullable String text(@Nullable Cidr block) {
        return block == null ? null : block.toString();
    }

    @Override
    public List<Vpc> vpcs(AccountId account, Region region) {
        return vpcs(
                "deleted_at IS NULL AND account = ? AND region = ? ORDER BY vpc_id", account.value(), region.value());
    }

    @Override
    public Optional<Vpc> vpc(AccountId account, Region region, String vpcId) {
        return vpcs(OWN_VPC, account.value(), region.value(), vpcId).stream().findFirst();
    }

    @Override
    public Optional<Vpc> lockVpc(AccountId account, Region region, String vpcId) {
        return vpcs(OWN_VPC + " FOR UPDATE", account.value(), region.value(), vpcId).stream()
                .findFirst();
    }

    @Override
    public DefaultVpc lockDefaultVpc(AccountId account, Region region) {
        String id = DefaultNetwork.vpcId(account, region);
        return sql
                .query(
                        "SELECT " + NetworkRows.VPC_COLUMNS
                                + ", deleted_at IS NOT NULL AS deleted FROM vpc WHERE vpc_id = ? FOR UPDATE",
                        row -> new DefaultVpc(NetworkRows.vpc(row), row.getBoolean("deleted")),
                        id)
                .stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The default VPC " + id + " was never made"));
    }

    @Override
    public void keep(Vpc vpc) {
        sql.run(INSERT_VPC + """
                 ON CONFLICT (vpc_id) DO UPDATE SET cidr_blocks = EXCLUDED.cidr_blocks,
                    ipv6_cidr_block = EXCLUDED.ipv6_cidr_block, instance_tenancy = EXCLUDED.instance_tenancy,
                    enable_dns_support = EXCLUDED.enable_dns_support,
                    enable_dns_hostnames = EXCLUDED.enable_dns_hostnames,
                    enable_usage_metrics = EXCLUDED.enable_usage_metrics, dhcp_options_id = EXCLUDED.dhcp_options_id,
                    tags = EXCLUDED.tags, version = EXCLUDED.version, created_at = EXCLUDED.created_at,
                    deleted_at = NULL""", values(vpc));
    }

    private static @Nullable String[] values(Vpc vpc) {
        VpcSettings settings = vpc.settings();
        return new @Nullable String[] {
            vpc.id(),
            vpc.account().value(),
            vpc.region().value(),
            blocks(vpc),
            text(vpc.ipv6Cidr()),
            Boolean.toString(vpc.isDefault()),
            settings.instanceTenancy(),
            Boolean.toString(settings.enableDnsSupport()),
            Boolean.toString(settings.enableDnsHostnames()),
            Boolean.toString(settings.enableNetworkAddressUsageMetrics()),
            settings.dhcpOptionsId(),
            InstanceRows.json(vpc.tags()),
            Long.toString(vpc.version()),
            vpc.createdAt().toString()
        };
    }

    @Override
    public void remove(Vpc last, Instant now) {
        if (last.isDefault()) {
            sql.run("""
                    UPDATE vpc SET deleted_at = ?::timestamptz, version = ?::bigint, ipv6_cidr_block = NULL, tags = '{}',
                        dhcp_options_id = NULL
                    WHERE vpc_id = ?""", now.toString(), Long.toString(last.version()), last.id());
        } else {
            sql.run("DELETE FROM vpc WHERE vpc_id = ?", last.id());
        }
    }

    @Override
    public List<Subnet> subnets(AccountId account, Region region) {
        return subnets("account = ? AND region = ? ORDER BY subnet_id", account.value(), region.value());
    }

    @Override
    public Optional<Subnet> subnet(AccountId account, Region region, String subnetId) {
        return subnets("account = ? AND region = ? AND subnet_id = ?", account.value(), region.value(), subnetId)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Subnet> lockSubnet(AccountId account, Region region, String subnetId) {
        return subnets(
                        "account = ? AND region = ? AND subnet_id = ? FOR UPDATE",
                        account.value(),
                        region.value(),
                        subnetId)
                .stream()
                .findFirst();
    }

    @Override
    public List<Subnet> subnetsOf(String vpcId) {
        return subnets("vpc_id = ? ORDER BY subnet_id", vpcId);
    }

    @Override
    public Map<String, Long> lastVersions(Collection<String> subnetIds) {
        Map<String, Long> versions = new HashMap<>();
        sql.query(
                "SELECT subnet_id, version FROM subnet WHERE subnet_id = ANY (string_to_array(?, ','))",
                row -> versions.put(row.getString(1), row.getLong(2)),
                String.join(",", subnetIds));
        return versions;
    }

    @Override
    public void keep(Subnet subnet) {
        SubnetSettings settings = subnet.settings();
        sql.run(
                """
                INSERT INTO subnet (subnet_id, account, region, az, vpc_id, cidr_block, ipv6_cidr_block, is_default,
                    assign_ipv6, map_public_ip, dns64, hostname_type, resource_name_a, resource_name_aaaa, tags, version,
                    created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::boolean, ?::boolean, ?::boolean, ?::boolean, ?, ?::boolean, ?::boolean,
                    ?::jsonb, ?::bigint, ?::timestamptz)
                ON CONFLICT (subnet_id) DO UPDATE SET cidr_block = EXCLUDED.cidr_block,
                    ipv6_cidr_block = EXCLUDED.ipv6_cidr_block, assign_ipv6 = EXCLUDED.assign_ipv6,
                    map_public_ip = EXCLUDED.map_public_ip, dns64 = EXCLUDED.dns64,
                    hostname_type = EXCLUDED.hostname_type, resource_name_a = EXCLUDED.resource_name_a,
                    resource_name_aaaa = EXCLUDED.resource_name_aaaa,
                    tags = EXCLUDED.tags, version = EXCLUDED.version, created_at = EXCLUDED.created_at,
                    deleted_at = NULL""",
                subnet.id(),
                subnet.account().value(),
                subnet.zone().region().value(),
                subnet.zone().value(),
                subnet.vpcId(),
                subnet.cidr().toString(),
                text(subnet.ipv6Cidr()),
                Boolean.toString(subnet.isDefault()),
                Boolean.toString(subnet.assignIpv6()),
                Boolean.toString(settings.mapPublicIp()),
                Boolean.toString(settings.dns64()),
                settings.hostnameType(),
                Boolean.toString(settings.resourceNameARecord()),
                Boolean.toString(settings.resourceNameAaaaRecord()),
                InstanceRows.json(subnet.tags()),
                Long.toString(subnet.version()),
                subnet.createdAt().toString());
    }

    @Override
    public void remove(Subnet last, Instant now) {
        if (last.isDefault()) {
            sql.run("""
                    UPDATE subnet SET deleted_at = ?::timestamptz, version = ?::bigint, ipv6_cidr_block = NULL, tags = '{}',
                        route_table_id = NULL, network_acl_id = NULL
                    WHERE subnet_id = ?""", now.toString(), Long.toString(last.version()), last.id());
        } else {
            sql.run("DELETE FROM subnet WHERE subnet_id = ?", last.id());
        }
    }

    @Override
    public boolean hasAddresses(String subnetId) {
        return sql.is("SELECT EXISTS (SELECT 1 FROM private_address WHERE subnet_id = ?)", subnetId)
                || hasIpv6Addresses(subnetId);
    }

    @Override
    public boolean hasIpv6Addresses(String subnetId) {
        return sql.is("SELECT EXISTS (SELECT 1 FROM ipv6_address WHERE subnet_id = ?)", subnetId);
    }

    @Override
    public void lock(AvailabilityZone zone) {
        zones.lock(zone);
    }

    @Override
    public void lockIpv6Pool() {
        sql.query("SELECT pg_advisory_xact_lock(?::bigint)", row -> true, Long.toString(IPV6_POOL_LOCK));
    }

    @Override
    public boolean isTaken(Cidr ipv6BlockOfVpc) {
        return sql.is("SELECT EXISTS (SELECT 1 FROM vpc WHERE ipv6_cidr_block = ?)", ipv6BlockOfVpc.toString());
    }

    @Override
    public Set<Cidr> takenIpv6Blocks() {
        return new HashSet<>(sql.query(
                "SELECT ipv6_cidr_block FROM vpc WHERE ipv6_cidr_block IS NOT NULL",
                row -> Cidr.parse(row.getString(1)).orElseThrow()));
    }

    private List<Vpc> vpcs(String which, String... values) {
        return sql.query("SELECT " + NetworkRows.VPC_COLUMNS + " FROM vpc WHERE " + which, NetworkRows::vpc, values);
    }

    private List<Subnet> subnets(String which, String... values) {
        return sql.query(
                "SELECT " + NetworkRows.SUBNET_COLUMNS + " FROM subnet WHERE deleted_at IS NULL AND " + which,
                NetworkRows::subnet,
                values);
    }
}
