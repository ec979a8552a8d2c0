package io.cumulet.instances.store;

import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.SecurityGroups.GroupCopies;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Our copies of what others own. The newest version wins, in whatever order they come. */
@ApplicationScoped
public class SqlCopies implements Copies, GroupCopies {

    private final DataSource dataSource;

    public SqlCopies(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void takeGroups(Collection<GroupCopy> groups) {
        run(new SqlScript()
                .statement("""
                        INSERT INTO security_group_copy AS copy (group_id, account, region, version, deleted)
                        SELECT * FROM unnest(?, ?, ?, ?, ?)
                        ON CONFLICT (group_id) DO UPDATE SET version = EXCLUDED.version, deleted = EXCLUDED.deleted
                        WHERE copy.version < EXCLUDED.version""")
                .column("text", groups, GroupCopy::groupId)
                .column("text", groups, group -> group.account().value())
                .column("text", groups, group -> group.region().value())
                .column("bigint", groups, GroupCopy::version)
                .column("boolean", groups, GroupCopy::deleted));
    }

    @Override
    public void takePrices(Collection<PriceCopy> prices) {
        run(new SqlScript()
                .statement("""
                        INSERT INTO spot_price_copy AS copy (pool, version, price) SELECT * FROM unnest(?, ?, ?)
                        ON CONFLICT (pool) DO UPDATE SET version = EXCLUDED.version, price = EXCLUDED.price
                        WHERE copy.version < EXCLUDED.version""")
                .column("text", prices, PriceCopy::pool)
                .column("bigint", prices, PriceCopy::version)
                .column("text", prices, PriceCopy::price));
    }

    @Override
    public Set<String> known(List<String> groupIds, AccountId account, Region region) {
        Set<String> known = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT group_id FROM security_group_copy
                        WHERE group_id = ANY (?) AND account = ? AND region = ? AND NOT deleted""")) {
            select.setArray(1, connection.createArrayOf("text", groupIds.toArray()));
            select.setString(2, account.value());
            select.setString(3, region.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.add(row.getString(1));
                }
            }
            return known;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the copy of security groups", e);
        }
    }

    private void run(SqlScript script) {
        try (Connection connection = dataSource.getConnection()) {
            script.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not write a copy", e);
        }
    }
}
