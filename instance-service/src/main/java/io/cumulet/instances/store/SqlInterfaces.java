package io.cumulet.instances.store;

import io.cumulet.instances.app.InterfaceReads;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reading network interfaces. Lists go along the index of their owner from the last id of the page before. */
@ApplicationScoped
public class SqlInterfaces implements InterfaceReads {

    private final DataSource dataSource;

    public SqlInterfaces(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Optional<NetworkInterface> find(String id, AccountId account, Region region) {
        return new RowQuery("SELECT " + InterfaceRows.COLUMNS + " FROM network_interface WHERE interface_id = ?", id)
                        .and("account = ?", account.value())
                        .and("region = ?", region.value())
                        .rows(dataSource, InterfaceRows::read)
                        .stream()
                        .findFirst();
    }

    @Override
    public int count(AccountId account, Region region, int most) {
        return new RowQuery("SELECT count(*) FROM (SELECT 1 FROM network_interface WHERE account = ?", account.value())
                .and("region = ?", region.value())
                .then(" LIMIT " + most + ") AS counted")
                .rows(dataSource, row -> row.getInt(1))
                .getFirst();
    }

    @Override
    public List<NetworkInterface> list(InterfaceFilter filter, @Nullable String afterId, int limit) {
        RowQuery query = new RowQuery(
                        "SELECT " + InterfaceRows.COLUMNS + " FROM network_interface WHERE account = ?",
                        filter.account().value())
                .and("region = ?", filter.region().value())
                .plannedForItsValues();
        if (afterId != null) {
            query.and("interface_id > ?", afterId);
        }
        filter.fields().forEach((field, values) -> query.and(condition(field), RowQuery.texts(values)));
        return query.tagged(filter.tags(), filter.tagKeys())
                .then(" ORDER BY interface_id LIMIT " + limit)
                .rows(dataSource, InterfaceRows::read);
    }

    @Override
    public Set<String> vpcsWithoutPublicNames(List<String> vpcIds) {
        return Set.copyOf(new RowQuery("SELECT vpc_id FROM vpc WHERE vpc_id = ANY (?)", RowQuery.texts(vpcIds))
                .then(" AND NOT (enable_dns_support AND enable_dns_hostnames)")
                .rows(dataSource, row -> row.getString(1)));
    }

    private static String condition(Field field) {
        return switch (field) {
            case NETWORK_INTERFACE_ID -> "interface_id = ANY (?)";
            case SUBNET_ID -> "subnet_id = ANY (?)";
            case VPC_ID -> "vpc_id = ANY (?)";
            case AVAILABILITY_ZONE -> "az = ANY (?)";
            case SECURITY_GROUP_ID -> "group_ids && ?";
            case ATTACHMENT_ID -> "attachment_id = ANY (?)";
            case INSTANCE_ID -> "instance_id = ANY (?)";
            case PRIVATE_IP_ADDRESS -> "private_addresses && ?";
            case IPV6_ADDRESS -> "ipv6_addresses && ?";
            case PUBLIC_IP_ADDRESS -> "public_addresses && ?";
            case STATUS -> "CASE WHEN attachment_id IS NULL THEN 'available' ELSE 'in-use' END = ANY (?)";
        };
    }
}
