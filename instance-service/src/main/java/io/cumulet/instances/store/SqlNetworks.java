package io.cumulet.instances.store;

import io.cumulet.instances.app.NetworkStore;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** VPCs and subnets in PostgreSQL. */
@ApplicationScoped
public class SqlNetworks implements NetworkStore {

    private final DataSource dataSource;

    public SqlNetworks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean insertDefault(Vpc vpc, List<Subnet> subnets) {
        try (Connection connection = dataSource.getConnection()) {
            if (insert(connection, vpc) == 0) {
                return false;
            }
            SqlScript script = new SqlScript();
            insert(script, subnets);
            script.run(connection);
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not make a default VPC", e);
        }
    }

    private static int insert(Connection connection, Vpc vpc) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO vpc (vpc_id, account, region, cidr_blocks, ipv6_cidr_block, is_default, tags, version, created_at)
                VALUES (?, ?, ?, string_to_array(?, ','), ?, ?, ?::jsonb, ?, ?::timestamptz) ON CONFLICT DO NOTHING""")) {
            insert.setString(1, vpc.id());
            insert.setString(2, vpc.account().value());
            insert.setString(3, vpc.region().value());
            insert.setString(4, vpc.cidrs().stream().map(Cidr::toString).collect(Collectors.joining(",")));
            insert.setString(5, text(vpc.ipv6Cidr()));
            insert.setBoolean(6, vpc.isDefault());
            insert.setString(7, InstanceRows.json(vpc.tags()));
            insert.setLong(8, vpc.version());
            insert.setString(9, vpc.createdAt().toString());
            return insert.executeUpdate();
        }
    }

    private static void insert(SqlScript script, Collection<Subnet> subnets) {
        if (!subnets.isEmpty()) {
            script.statement("""
                            INSERT INTO subnet (subnet_id, account, region, az, vpc_id, cidr_block, ipv6_cidr_block,
                                is_default, assign_ipv6, tags, version, created_at)
                            SELECT s.id, s.account, s.region, s.az, s.vpc, s.cidr, s.ipv6, s.is_default, s.assign_ipv6,
                                s.tags::jsonb, s.version, s.created_at
                            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                AS s (id, account, region, az, vpc, cidr, ipv6, is_default, assign_ipv6, tags, version,
                                      created_at)""")
                    .column("text", subnets, Subnet::id)
                    .column("text", subnets, subnet -> subnet.account().value())
                    .column("text", subnets, subnet -> subnet.zone().region().value())
                    .column("text", subnets, subnet -> subnet.zone().value())
                    .column("text", subnets, Subnet::vpcId)
                    .column("text", subnets, subnet -> subnet.cidr().toString())
                    .column("text", subnets, subnet -> text(subnet.ipv6Cidr()))
                    .column("boolean", subnets, Subnet::isDefault)
                    .column("boolean", subnets, Subnet::assignIpv6)
                    .column("text", subnets, subnet -> InstanceRows.json(subnet.tags()))
                    .column("bigint", subnets, Subnet::version)
                    .column("timestamptz", subnets, Subnet::createdAt);
        }
    }

    private static @Nullable String text(@Nullable Cidr block) {
        return block == null ? null : block.toString();
    }

    @Override
    public List<Subnet> subnets(AccountId account, Region region) {
        return subnets("ORDER BY subnet_id", account, region, null);
    }

    @Override
    public Optional<Subnet> subnet(AccountId account, Region region, String subnetId) {
        return subnets("AND subnet_id = ?", account, region, subnetId).stream().findFirst();
    }

    private List<Subnet> subnets(String which, AccountId account, Region region, @Nullable String value) {
        List<Subnet> subnets = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT " + NetworkRows.SUBNET_COLUMNS
                        + " FROM subnet WHERE account = ? AND region = ? AND deleted_at IS NULL " + which)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            if (value != null) {
                select.setString(3, value);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    subnets.add(NetworkRows.subnet(row));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read subnets", e);
        }
        return subnets;
    }
}
