package io.cumulet.plumbing.suite;

import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * When accounts were reset last, for services in which an event from before would bring something back: it may be on its way,
 * come twice, or be read again by a rebuild. Such a service has the table {@code account_reset (account, reset_at)}.
 *
 * <p>In the running transaction, before anything else in it: who asks and who resets exclude each other, so that nothing that
 * was let through is written behind a reset's back.
 */
@ApplicationScoped
public class ResetMoments {

    /** One of PostgreSQL's advisory locks, among those of the service's database. */
    private static final String LOCK = Long.toString(0x43554d554c455433L);

    private final DataSource dataSource;

    public ResetMoments(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public void remember(AccountId account, Instant at) {
        lock("pg_advisory_xact_lock");
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO account_reset (account, reset_at) VALUES (?, ?::timestamptz)
                        ON CONFLICT (account) DO UPDATE SET reset_at = greatest(account_reset.reset_at, EXCLUDED.reset_at)""")) {
            insert.setString(1, account.value());
            insert.setString(2, at.toString());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not remember the reset of " + account, e);
        }
    }

    /** The moments of those that were ever reset. */
    public Map<AccountId, Instant> of(Collection<AccountId> accounts) {
        Map<AccountId, Instant> moments = new HashMap<>();
        if (accounts.isEmpty()) {
            return moments;
        }
        lock("pg_advisory_xact_lock_shared");
        Set<String> ids = accounts.stream().map(AccountId::value).collect(Collectors.toSet());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT account, reset_at FROM account_reset WHERE account = ANY (?)")) {
            select.setArray(1, SqlArrays.texts(connection, ids));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    moments.put(
                            new AccountId(row.getString(1)),
                            row.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not look when accounts were reset", e);
        }
        return moments;
    }

    /** A statement of its own: what is read behind it is what others have committed before. */
    private void lock(String function) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT " + function + "(" + LOCK + ")");
        } catch (SQLException e) {
            throw new IllegalStateException("Could not wait for a reset", e);
        }
    }
}
