package io.cumulet.spotmarket.store;

import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.app.StatusTimes;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Times of statuses in PostgreSQL, in one statement for however many: thousands change in one clearing. */
@ApplicationScoped
class StatusTimeStore implements StatusTimes.Store {

    private final DataSource dataSource;

    StatusTimeStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void changed(Collection<String> requestIds, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO spot_request_status (request_id, updated_at) SELECT unnest(?), ?
                        ON CONFLICT (request_id) DO UPDATE SET updated_at = EXCLUDED.updated_at""")) {
            upsert.setArray(1, SqlArrays.texts(connection, requestIds));
            upsert.setObject(2, at.atOffset(ZoneOffset.UTC));
            upsert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep when requests changed", e);
        }
    }

    @Override
    public Map<String, Instant> find(Collection<String> requestIds) {
        Map<String, Instant> times = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT request_id, updated_at FROM spot_request_status WHERE request_id = ANY(?)")) {
            select.setArray(1, SqlArrays.texts(connection, requestIds));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    times.put(
                            result.getString(1),
                            result.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read when requests changed", e);
        }
        return times;
    }
}
