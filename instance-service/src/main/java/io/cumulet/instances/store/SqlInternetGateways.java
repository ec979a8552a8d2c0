package io.cumulet.instances.store;

import io.cumulet.instances.app.InternetGatewayStore;
import io.cumulet.instances.domain.network.InternetGateway;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Internet gateways in PostgreSQL. */
@ApplicationScoped
public class SqlInternetGateways implements InternetGatewayStore {

    private static final String SELECT =
            "SELECT gateway_id, account, region, egress_only, vpc_id, tags, created_at FROM internet_gateway WHERE ";
    private static final String OWN = SELECT + "account = ? AND region = ? AND gateway_id = ?";

    private final TextSql sql;

    public SqlInternetGateways(DataSource dataSource) {
        this.sql = new TextSql(dataSource, "internet gateways");
    }

    private static InternetGateway read(ResultSet row) throws SQLException {
        return new InternetGateway(
                row.getString("gateway_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getBoolean("egress_only"),
                row.getString("vpc_id"),
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    @Override
    public Optional<InternetGateway> find(AccountId account, Region region, String id) {
        return sql.query(OWN, SqlInternetGateways::read, account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public Optional<InternetGateway> lock(AccountId account, Region region, String id) {
        return sql.query(OWN + " FOR UPDATE", SqlInternetGateways::read, account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public List<InternetGateway> list(AccountId account, Region region) {
        return sql.query(
                SELECT + "account = ? AND region = ? ORDER BY gateway_id",
                SqlInternetGateways::read,
                account.value(),
                region.value());
    }

    @Override
    public List<InternetGateway> ofVpc(String vpcId) {
        return sql.query(SELECT + "vpc_id = ? ORDER BY gateway_id", SqlInternetGateways::read, vpcId);
    }

    @Override
    public void insert(InternetGateway gateway) {
        sql.run(
                """
                INSERT INTO internet_gateway (gateway_id, account, region, egress_only, vpc_id, tags, created_at)
                VALUES (?, ?, ?, ?::boolean, ?, ?::jsonb, ?::timestamptz)""",
                gateway.id(),
                gateway.account().value(),
                gateway.region().value(),
                Boolean.toString(gateway.egressOnly()),
                gateway.vpcId(),
                InstanceRows.json(gateway.tags()),
                gateway.createdAt().toString());
    }

    @Override
    public void update(InternetGateway gateway) {
        sql.run("""
                UPDATE internet_gateway SET vpc_id = ?, tags = ?::jsonb,
                    route_table_id = CASE WHEN vpc_id = ? THEN route_table_id END
                WHERE gateway_id = ?""", gateway.vpcId(), InstanceRows.json(gateway.tags()), gateway.vpcId(), gateway.id());
    }

    @Override
    public void delete(String id) {
        sql.run("DELETE FROM internet_gateway WHERE gateway_id = ?", id);
    }

    @Override
    public boolean hasPublicAddresses(AccountId account, Region region, String vpcId) {
        return sql.is("""
                SELECT EXISTS (SELECT 1 FROM elastic_address JOIN network_interface USING (interface_id)
                        WHERE elastic_address.account = ? AND elastic_address.region = ? AND vpc_id = ?)
                    OR EXISTS (SELECT 1 FROM network_interface
                        WHERE account = ? AND region = ? AND vpc_id = ? AND auto_public_number IS NOT NULL)""", account.value(), region.value(), vpcId, account.value(), region.value(), vpcId);
    }
}
