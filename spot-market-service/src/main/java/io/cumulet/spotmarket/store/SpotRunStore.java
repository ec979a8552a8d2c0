package io.cumulet.spotmarket.store;

import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.app.SpotRuns;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;

/** Runs of units in PostgreSQL, written in bulk: thousands may end in one transaction. */
@ApplicationScoped
class SpotRunStore implements SpotRuns {

    /** What a start pays at most for what is long over. */
    private static final int FORGOTTEN_AT_ONCE = 1000;

    private final DataSource dataSource;

    SpotRunStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void start(List<Start> starts, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO spot_run (request_id, pool, started_at)
                        SELECT request_id, pool, ? FROM unnest(?, ?) AS started (request_id, pool)""")) {
            insert.setObject(1, at.atOffset(ZoneOffset.UTC));
            insert.setArray(2, SqlArrays.column(connection, "text", starts, Start::requestId));
            insert.setArray(
                    3,
                    SqlArrays.column(
                            connection, "text", starts, start -> start.pool().toString()));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep when units began to run", e);
        }
    }

    @Override
    public void end(List<End> ends, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        UPDATE spot_run SET ended_at = ?, interrupted = ended.interrupted
                        FROM unnest(?, ?) AS ended (request_id, interrupted)
                        WHERE spot_run.request_id = ended.request_id AND spot_run.ended_at IS NULL""")) {
            update.setObject(1, at.atOffset(ZoneOffset.UTC));
            update.setArray(2, SqlArrays.column(connection, "text", ends, End::requestId));
            update.setArray(3, SqlArrays.column(connection, "boolean", ends, End::interrupted));
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep when units ended", e);
        }
    }

    @Override
    public void forget(Instant endedBefore) {
        // Whoever else forgets at this moment has other rows: nobody waits.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("""
                        DELETE FROM spot_run WHERE run_id IN (
                            SELECT run_id FROM spot_run WHERE ended_at < ? LIMIT ? FOR UPDATE SKIP LOCKED)""")) {
            delete.setObject(1, endedBefore.atOffset(ZoneOffset.UTC));
            delete.setInt(2, FORGOTTEN_AT_ONCE);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not forget old runs", e);
        }
    }
}
