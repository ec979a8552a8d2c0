package io.cumulet.instances.store;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.network.VpcSettings;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** VPCs and subnets as rows. */
final class NetworkRows {

    static final String VPC_COLUMNS = """
            vpc_id, account, region, cidr_blocks, ipv6_cidr_block, is_default, instance_tenancy, enable_dns_support, \
            enable_dns_hostnames, enable_usage_metrics, dhcp_options_id, tags, version, created_at""";

    static final String SUBNET_COLUMNS = """
            subnet_id, account, az, vpc_id, cidr_block, ipv6_cidr_block, is_default, assign_ipv6, \
            map_public_ip, dns64, hostname_type, resource_name_a, resource_name_aaaa, tags, version, created_at""";

    private NetworkRows() {}

    static Vpc vpc(ResultSet row) throws SQLException {
        List<Cidr> cidrs = new ArrayList<>();
        for (String block : (String[]) row.getArray("cidr_blocks").getArray()) {
            cidrs.add(Cidr.parse(block).orElseThrow());
        }
        return new Vpc(
                row.getString("vpc_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                cidrs,
                cidr(row.getString("ipv6_cidr_block")),
                row.getBoolean("is_default"),
                new VpcSettings(
                        row.getString("instance_tenancy"),
                        row.getBoolean("enable_dns_support"),
                        row.getBoolean("enable_dns_hostnames"),
                        row.getBoolean("enable_usage_metrics"),
                        row.getString("dhcp_options_id")),
                InstanceRows.tags(row.getString("tags")),
                row.getLong("version"),
                InstanceRows.instant(row, "created_at"));
    }

    static Subnet subnet(ResultSet row) throws SQLException {
        return new Subnet(
                row.getString("subnet_id"),
                new AccountId(row.getString("account")),
                new AvailabilityZone(row.getString("az")),
                row.getString("vpc_id"),
                Cidr.parse(row.getString("cidr_block")).orElseThrow(),
                cidr(row.getString("ipv6_cidr_block")),
                row.getBoolean("is_default"),
                row.getBoolean("assign_ipv6"),
                new SubnetSettings(
                        row.getBoolean("map_public_ip"),
                        row.getBoolean("dns64"),
                        row.getString("hostname_type"),
                        row.getBoolean("resource_name_a"),
                        row.getBoolean("resource_name_aaaa")),
                InstanceRows.tags(row.getString("tags")),
                row.getLong("version"),
                InstanceRows.instant(row, "created_at"));
    }

    private static @Nullable Cidr cidr(@Nullable String block) {
        return block == null ? null : Cidr.parse(block).orElseThrow();
    }
}
