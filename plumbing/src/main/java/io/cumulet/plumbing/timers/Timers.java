package io.cumulet.plumbing.timers;

import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Durable timers: rows in the service's database, due in the stack's time. Changes belong to the running transaction. */
@ApplicationScoped
public class Timers {

    private final DataSource dataSource;
    private final StackClock clock;
    private final AfterCommit afterCommit;
    private @Nullable Consumer<Instant> worker;

    public Timers(DataSource dataSource, StackClock clock, AfterCommit afterCommit) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.afterCommit = afterCommit;
    }

    /** The worker is told when the earliest of newly set timers is due, after the commit. */
    void tell(Consumer<Instant> timerWorker) {
        worker = timerWorker;
    }

    /** Sets a timer; one of the same kind and subject is replaced. */
    public void schedule(String kind, String subject, Instant dueAt, String payload) {
        schedule(List.of(new DueTimer(kind, subject, dueAt, payload)));
    }

    /** Sets timers; those of the same kind and subject are replaced, also by later ones of the list. */
    public void schedule(List<DueTimer> timers) {
        if (timers.isEmpty()) {
            return;
        }
        Instant earliest = timers.getFirst().dueAt();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO timer (kind, subject, due_at, payload)
                        SELECT kind, subject, due_at, payload
                        FROM unnest(?, ?, ?, ?) AS wanted (kind, subject, due_at, payload)
                        ON CONFLICT (kind, subject) DO UPDATE SET due_at = EXCLUDED.due_at, payload = EXCLUDED.payload""")) {
            // One statement can't set a row twice.
            Map<List<String>, DueTimer> last = new LinkedHashMap<>();
            timers.forEach(timer -> last.put(List.of(timer.kind(), timer.subject()), timer));
            setAll(connection, upsert, last.values());
            upsert.executeUpdate();
            for (DueTimer timer : timers) {
                earliest = timer.dueAt().isBefore(earliest) ? timer.dueAt() : earliest;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not set a timer", e);
        }
        Consumer<Instant> told = worker;
        if (told != null) {
            Instant dueAt = earliest;
            afterCommit.run(() -> told.accept(dueAt));
        }
    }

    /** Takes a timer back; nothing happens if there is none. */
    public void cancel(String kind, String subject) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM timer WHERE kind = ? AND subject = ?")) {
            delete.setString(1, kind);
            delete.setString(2, subject);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not cancel a timer", e);
        }
    }

    /** Takes timers back, as {@link #cancel(String, String)} does one. */
    public void cancel(String kind, Collection<String> subjects) {
        if (subjects.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM timer WHERE kind = ? AND subject = ANY (?)")) {
            delete.setString(1, kind);
            delete.setArray(2, SqlArrays.texts(connection, subjects));
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not cancel timers", e);
        }
    }

    /**
     * Takes due timers as done in the running transaction. Answers, in the order given, those that were still there as
     * they were: neither done by another replica, nor cancelled, nor set anew.
     */
    public List<DueTimer> claim(List<DueTimer> due) {
        if (due.isEmpty()) {
            return due;
        }
        Set<DueTimer> claimed = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("""
                        DELETE FROM timer USING unnest(?, ?, ?, ?) AS due (kind, subject, due_at, payload)
                        WHERE timer.kind = due.kind AND timer.subject = due.subject AND timer.due_at = due.due_at
                            AND timer.payload = due.payload -- set anew for the same moment: a frozen clock has but one
                        RETURNING timer.kind, timer.subject, timer.due_at, timer.payload""")) {
            setAll(connection, delete, due);
            try (ResultSet result = delete.executeQuery()) {
                while (result.next()) {
                    claimed.add(read(result));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not claim timers", e);
        }
        return due.stream().filter(claimed::contains).toList();
    }

    /** Kinds, subjects, times and payloads as the first four parameters: thousands cost one statement. */
    private static void setAll(Connection connection, PreparedStatement statement, Collection<DueTimer> timers)
            throws SQLException {
        statement.setArray(1, SqlArrays.column(connection, "text", timers, DueTimer::kind));
        statement.setArray(2, SqlArrays.column(connection, "text", timers, DueTimer::subject));
        statement.setArray(3, SqlArrays.column(connection, "timestamptz", timers, DueTimer::dueAt));
        statement.setArray(4, SqlArrays.column(connection, "text", timers, DueTimer::payload));
    }

    /** Timers due at an instant or before, in the order they are due. */
    List<DueTimer> due(Instant at, int limit) throws SQLException {
        List<DueTimer> due = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT kind, subject, due_at, payload FROM timer WHERE due_at <= ? ORDER BY due_at, kind, subject LIMIT ?")) {
            select.setObject(1, at.atOffset(ZoneOffset.UTC));
            select.setInt(2, limit);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    due.add(read(result));
                }
            }
        }
        return due;
    }

    /** How many timers are due and not done yet. */
    public long countDue() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT count(*) FROM timer WHERE due_at <= ?")) {
            select.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    /** When the next timer is due, if there is one. */
    public Optional<Instant> next() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT min(due_at) FROM timer");
                ResultSet result = select.executeQuery()) {
            result.next();
            return Optional.ofNullable(result.getObject(1, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant);
        }
    }

    private static DueTimer read(ResultSet result) throws SQLException {
        return new DueTimer(
                result.getString(1),
                result.getString(2),
                result.getObject(3, OffsetDateTime.class).toInstant(),
                result.getString(4));
    }
}
