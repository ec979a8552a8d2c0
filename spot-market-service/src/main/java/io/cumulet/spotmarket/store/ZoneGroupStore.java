package io.cumulet.spotmarket.store;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.spotmarket.app.ZoneGroups;
import io.cumulet.spotmarket.app.ZoneGroups.Constrained;
import io.cumulet.spotmarket.app.ZoneGroups.Group;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Availability zone groups: what the requests that name them say. */
@ApplicationScoped
class ZoneGroupStore implements ZoneGroups.Store {

    /** Tells these advisory locks from others of this database. */
    private static final int ZONE_GROUP_LOCKS = 8085;

    private static final String OF_GROUP =
            " FROM spot_request WHERE account = ? AND region = ? AND zone_group = ? AND ";

    private final DataSource dataSource;

    ZoneGroupStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void lock(Group group) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(?, hashtext(?))")) {
            lock.setInt(1, ZONE_GROUP_LOCKS);
            lock.setString(2, group.account() + "/" + group.region() + "/" + group.name());
            lock.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock an availability zone group", e);
        }
    }

    @Override
    public Optional<AvailabilityZone> zone(Group group) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = prepared(connection, group, "SELECT pool", """
                        (live OR state IN ('OPEN', 'ACTIVE', 'DISABLED') AND status <> 'AZ_GROUP_CONSTRAINT')
                        LIMIT 1""");
                ResultSet result = select.executeQuery()) {
            return result.next() ? Optional.of(PoolId.parse(result.getString(1)).zone()) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the zone of an availability zone group", e);
        }
    }

    @Override
    public List<Constrained> constrained(Group group) {
        List<Constrained> constrained = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = prepared(
                        connection,
                        group,
                        "SELECT request_id, pool, created_at",
                        "state = 'OPEN' AND status = 'AZ_GROUP_CONSTRAINT' ORDER BY created_at, request_id");
                ResultSet result = select.executeQuery()) {
            while (result.next()) {
                constrained.add(new Constrained(
                        result.getString(1),
                        PoolId.parse(result.getString(2)),
                        result.getObject(3, OffsetDateTime.class).toInstant()));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read an availability zone group", e);
        }
        return constrained;
    }

    private static PreparedStatement prepared(Connection connection, Group group, String what, String which)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement(what + OF_GROUP + which);
        select.setString(1, group.account().value());
        select.setString(2, group.region().value());
        select.setString(3, group.name());
        return select;
    }
}
