package io.cumulet.firewall.store;

import io.cumulet.firewall.app.Vpc;
import io.cumulet.firewall.app.VpcStore;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;

/** The copy of VPCs in plain SQL. */
@ApplicationScoped
class SqlVpcs implements VpcStore {

    private static final String TAKE = """
            INSERT INTO vpc_copy AS known (vpc_id, account, region, version, ipv6, gone)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?)
            ON CONFLICT (vpc_id) DO UPDATE SET
                version = EXCLUDED.version, ipv6 = EXCLUDED.ipv6, gone = EXCLUDED.gone
            WHERE known.version < EXCLUDED.version
            RETURNING vpc_id""";

    private static final String FIND =
            "SELECT version, ipv6, gone FROM vpc_copy WHERE account = ? AND region = ? AND vpc_id = ?";

    private final DataSource dataSource;

    SqlVpcs(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Set<String> take(Collection<Vpc> newest) {
        Set<String> newer = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setArray(1, column(connection, "text", newest, Vpc::id));
            take.setArray(
                    2, column(connection, "text", newest, vpc -> vpc.account().value()));
            take.setArray(
                    3, column(connection, "text", newest, vpc -> vpc.region().value()));
            take.setArray(4, column(connection, "bigint", newest, Vpc::version));
            take.setArray(5, column(connection, "boolean", newest, Vpc::ipv6));
            take.setArray(6, column(connection, "boolean", newest, Vpc::gone));
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    newer.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep VPCs", e);
        }
        return newer;
    }

    @Override
    public Optional<Vpc> find(AccountId account, Region region, String vpcId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            select.setString(3, vpcId);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Vpc(vpcId, account, region, row.getLong(1), row.getBoolean(2), row.getBoolean(3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read VPCs", e);
        }
    }

    private static Array column(Connection connection, String type, Collection<Vpc> rows, Function<Vpc, Object> value)
            throws SQLException {
        return SqlArrays.column(connection, type, rows, value);
    }
}
