package io.cumulet.spotmarket.store;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.Interruptions;
import io.cumulet.spotmarket.app.Interruptions.Found;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Whose request an instance is. */
@ApplicationScoped
class InterruptionStore implements Interruptions.Instances {

    private static final String FOUND = "SELECT request_id, pool FROM spot_request WHERE region = ? AND ";
    private static final String OWNED = " AND account = ?";

    private final DataSource dataSource;

    InterruptionStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<Found> named(@Nullable AccountId account, Region region, List<String> instanceIds) {
        List<Found> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(FOUND + "instance_id = ANY(?)" + (account == null ? "" : OWNED))) {
            select.setString(1, region.value());
            select.setArray(2, connection.createArrayOf("text", instanceIds.toArray()));
            read(select, account, found);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not look for the requests of instances", e);
        }
        return found;
    }

    @Override
    public List<Found> ofFleet(@Nullable AccountId account, Region region, String fleetId) {
        List<Found> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(FOUND + "fleet_id = ? AND live AND bid = '"
                        + BidState.RUNNING + "'" + (account == null ? "" : OWNED))) {
            select.setString(1, region.value());
            select.setString(2, fleetId);
            read(select, account, found);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not look for the requests of a fleet", e);
        }
        return found;
    }

    @Override
    public boolean isFleet(@Nullable AccountId account, Region region, String fleetId) {
        List<Found> any = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        FOUND + "fleet_id = ?" + (account == null ? "" : OWNED) + " LIMIT 1")) {
            select.setString(1, region.value());
            select.setString(2, fleetId);
            read(select, account, any);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not look for a request of a fleet", e);
        }
        return !any.isEmpty();
    }

    private static void read(PreparedStatement select, @Nullable AccountId account, List<Found> found)
            throws SQLException {
        if (account != null) {
            select.setString(3, account.value());
        }
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                found.add(new Found(result.getString(1), PoolId.parse(result.getString(2))));
            }
        }
    }
}
