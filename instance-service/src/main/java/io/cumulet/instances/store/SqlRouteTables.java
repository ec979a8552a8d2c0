package io.cumulet.instances.store;

import io.cumulet.instances.app.RouteTableStore;
import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Route tables in PostgreSQL. */
@ApplicationScoped
public class SqlRouteTables implements RouteTableStore {

    private static final String SELECT = """
            SELECT route_table_id, account, region, vpc_id, is_main, routes, tags, created_at,
                ARRAY(SELECT subnet_id FROM subnet s WHERE s.route_table_id = t.route_table_id ORDER BY 1) AS subnets,
                ARRAY(SELECT gateway_id FROM internet_gateway g WHERE g.route_table_id = t.route_table_id ORDER BY 1)
                    AS gateways
            FROM route_table t WHERE\s""";

    private final TextSql sql;

    public SqlRouteTables(DataSource dataSource) {
        this.sql = new TextSql(dataSource, "route tables");
    }

    private static RouteTable read(ResultSet row) throws SQLException {
        return new RouteTable(
                row.getString("route_table_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("vpc_id"),
                row.getBoolean("is_main"),
                new TreeMap<>(InstanceRows.tags(row.getString("routes"))),
                List.of((String[]) row.getArray("subnets").getArray()),
                List.of((String[]) row.getArray("gateways").getArray()),
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    @Override
    public Optional<RouteTable> find(AccountId account, Region region, String id) {
        return sql
                .query(
                        SELECT + "account = ? AND region = ? AND route_table_id = ?",
                        SqlRouteTables::read,
                        account.value(),
                        region.value(),
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public List<RouteTable> list(AccountId account, Region region) {
        return sql.query(
                SELECT + "account = ? AND region = ? ORDER BY route_table_id",
                SqlRouteTables::read,
                account.value(),
                region.value());
    }

    @Override
    public List<RouteTable> ofVpc(String vpcId) {
        return sql.query(SELECT + "vpc_id = ? ORDER BY route_table_id", SqlRouteTables::read, vpcId);
    }

    @Override
    public void insert(RouteTable table) {
        sql.run(
                """
                INSERT INTO route_table (route_table_id, account, region, vpc_id, is_main, routes, tags, created_at)
                VALUES (?, ?, ?, ?, ?::boolean, ?::jsonb, ?::jsonb, ?::timestamptz)""",
                table.id(),
                table.account().value(),
                table.region().value(),
                table.vpcId(),
                Boolean.toString(table.isMain()),
                InstanceRows.json(table.routes()),
                InstanceRows.json(table.tags()),
                table.createdAt().toString());
    }

    @Override
    public void update(RouteTable table) {
        sql.run(
                "UPDATE route_table SET routes = ?::jsonb, tags = ?::jsonb WHERE route_table_id = ?",
                InstanceRows.json(table.routes()),
                InstanceRows.json(table.tags()),
                table.id());
    }

    @Override
    public void delete(String id) {
        sql.run("DELETE FROM route_table WHERE route_table_id = ?", id);
    }

    @Override
    public void makeMain(RouteTable table) {
        // One after the other: the index lets a VPC have one main table at any moment.
        sql.run("UPDATE route_table SET is_main = false WHERE vpc_id = ? AND is_main", table.vpcId());
        sql.run("UPDATE route_table SET is_main = true WHERE route_table_id = ?", table.id());
    }

    @Override
    public void ofSubnet(String subnetId, @Nullable String tableId) {
        sql.run("UPDATE subnet SET route_table_id = ? WHERE subnet_id = ?", tableId, subnetId);
    }

    @Override
    public void ofGateway(String gatewayId, @Nullable String tableId) {
        sql.run("UPDATE internet_gateway SET route_table_id = ? WHERE gateway_id = ?", tableId, gatewayId);
    }
}
