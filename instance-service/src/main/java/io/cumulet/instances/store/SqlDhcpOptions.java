package io.cumulet.instances.store;

import io.cumulet.instances.app.DhcpOptionsStore;
import io.cumulet.instances.domain.network.DhcpOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

/** DHCP options in PostgreSQL. No value has a comma in it. */
@ApplicationScoped
public class SqlDhcpOptions implements DhcpOptionsStore {

    private static final String SELECT =
            "SELECT dhcp_options_id, account, region, options, tags, created_at FROM dhcp_options WHERE ";
    private static final String OWN = SELECT + "account = ? AND region = ? AND dhcp_options_id = ?";

    private final TextSql sql;

    public SqlDhcpOptions(DataSource dataSource) {
        this.sql = new TextSql(dataSource, "DHCP options");
    }

    private static DhcpOptions read(ResultSet row) throws SQLException {
        SortedMap<String, List<String>> values = new TreeMap<>();
        InstanceRows.tags(row.getString("options")).forEach((key, text) -> values.put(key, List.of(text.split(","))));
        return new DhcpOptions(
                row.getString("dhcp_options_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                values,
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    @Override
    public Optional<DhcpOptions> find(AccountId account, Region region, String id) {
        return sql.query(OWN, SqlDhcpOptions::read, account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public Optional<DhcpOptions> lock(AccountId account, Region region, String id) {
        return sql.query(OWN + " FOR UPDATE", SqlDhcpOptions::read, account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public List<DhcpOptions> list(AccountId account, Region region) {
        return sql.query(
                SELECT + "account = ? AND region = ? ORDER BY dhcp_options_id",
                SqlDhcpOptions::read,
                account.value(),
                region.value());
    }

    @Override
    public void insert(DhcpOptions options) {
        Map<String, String> texts = new TreeMap<>();
        options.values().forEach((key, values) -> texts.put(key, String.join(",", values)));
        sql.run(
                """
                INSERT INTO dhcp_options (dhcp_options_id, account, region, options, tags, created_at)
                VALUES (?, ?, ?, ?::jsonb, ?::jsonb, ?::timestamptz)""",
                options.id(),
                options.account().value(),
                options.region().value(),
                InstanceRows.json(texts),
                InstanceRows.json(options.tags()),
                options.createdAt().toString());
    }

    @Override
    public void update(DhcpOptions options) {
        sql.run(
                "UPDATE dhcp_options SET tags = ?::jsonb WHERE dhcp_options_id = ?",
                InstanceRows.json(options.tags()),
                options.id());
    }

    @Override
    public void delete(String id) {
        sql.run("DELETE FROM dhcp_options WHERE dhcp_options_id = ?", id);
    }

    @Override
    public Optional<String> usedBy(String id) {
        return sql
                .query(
                        "SELECT vpc_id FROM vpc WHERE dhcp_options_id = ? ORDER BY 1 LIMIT 1",
                        row -> row.getString(1),
                        id)
                .stream()
                .findFirst();
    }
}
