package io.cumulet.plumbing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * A lock that one process of a service holds at a time: PostgreSQL's session-level advisory lock, on a connection of its
 * own. It is free again once released, or when the connection ends: after a kill -9 at once. For one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory locks</a>
 */
public final class AdvisoryLock implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AdvisoryLock.class);

    private final Connection connection;

    private AdvisoryLock(Connection connection) {
        this.connection = connection;
    }

    /** Takes the lock; empty if another process has it. Doesn't wait. */
    public static Optional<AdvisoryLock> tryTake(DataSource dataSource, long key) throws SQLException {
        Connection connection = dataSource.getConnection();
        boolean taken = false;
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            statement.setLong(1, key);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                taken = result.getBoolean(1);
            }
        } finally {
            if (!taken) {
                connection.close();
            }
        }
        return taken ? Optional.of(new AdvisoryLock(connection)) : Optional.empty();
    }

    /** The connection that holds the lock: what is done on it is done by the holder. */
    public Connection connection() {
        return connection;
    }

    /** Lets go of the lock. */
    @Override
    public void close() {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        } catch (SQLException e) {
            LOG.debugf(e, "The connection of the lock was gone already, and the lock with it");
        }
    }
}
