package io.cumulet.plumbing;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.RefusedException;
import java.net.ConnectException;
import java.net.SocketException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Tells faults that pass by themselves (database, broker or another service away, deadlock, overload) from those that come
 * again.
 */
public final class Transience {

    /**
     * Classes of SQLSTATE: connection, transaction rollback (deadlock, serialization), insufficient resources, object
     * not in the right state (lock timeout), operator intervention (shutdown).
     *
     * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
     */
    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "55", "57", "58");

    /**
     * PostgreSQL has ended a connection that was idle in a transaction for too long: this process was halted in the middle
     * of one, which is rolled back. The rest of the class are faults of ours.
     */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private Transience() {}

    public static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof SocketException
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLRecoverableException
                    || cause instanceof RetriableException) {
                return true;
            }
            // Our own word for "nothing was done, try again": a full queue, or another service that can't be asked.
            if (cause instanceof RefusedException refused
                    && refused.refusal().code().kind() == ErrorCode.Kind.UNAVAILABLE) {
                return true;
            }
            if (cause instanceof SQLException sql && isTransientState(sql.getSQLState(), sql.getMessage())) {
                return true;
            }
            // A commit that failed says only that it did; why, the transaction manager tells beside.
            for (Throwable beside : cause.getSuppressed()) {
                if (isTransient(beside)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isTransientState(@Nullable String state, @Nullable String message) {
        if (state == null) {
            // Agroal, the pool, gives no state when no connection can be had in time.
            return message != null && message.contains("cquisition timeout");
        }
        return state.equals(IDLE_IN_TRANSACTION)
                || state.length() >= 2 && TRANSIENT_CLASSES.contains(state.substring(0, 2));
    }
}
