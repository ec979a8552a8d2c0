package io.cumulet.endpoint.store;

import io.cumulet.endpoint.app.AuditSequence;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** One row for each account. */
@ApplicationScoped
class SqlAuditSequence implements AuditSequence {

    private static final String TAKE = """
            INSERT INTO access_audit_sequence AS known (account, version) VALUES (?, ?)
            ON CONFLICT (account) DO UPDATE SET version = known.version + EXCLUDED.version
            RETURNING version""";

    private final DataSource dataSource;

    SqlAuditSequence(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public long take(AccountId account, int count) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setString(1, account.value());
            take.setLong(2, count);
            try (ResultSet row = take.executeQuery()) {
                row.next();
                return row.getLong(1) - count + 1;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not number audit events", e);
        }
    }
}
