package io.cumulet.spotmarket.store;

import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.app.fleets.OnDemandRecords;
import io.cumulet.spotmarket.domain.fleets.OnDemandUnit;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The tables {@code fleet_launch} and {@code fleet_instance}. */
@ApplicationScoped
class OnDemandStore implements OnDemandRecords {

    private static final String INSERT = """
            INSERT INTO fleet_instance (instance_id, fleet_id, instance_type, zone, weight, stage, launched_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (instance_id) DO\s""";

    private final DataSource dataSource;

    OnDemandStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Does something with a statement. */
    @FunctionalInterface
    private interface Work<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.of(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read or keep On-Demand Instances of fleets", e);
        }
    }

    @Override
    public Optional<OpenLaunch> openLaunch(String fleetId) {
        return with("SELECT token, position, count FROM fleet_launch WHERE fleet_id = ?", select -> {
            select.setString(1, fleetId);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new OpenLaunch(fleetId, row.getString(1), row.getInt(2), row.getInt(3)))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void open(OpenLaunch launch) {
        with("INSERT INTO fleet_launch (fleet_id, token, position, count) VALUES (?, ?, ?, ?)", insert -> {
            insert.setString(1, launch.fleetId());
            insert.setString(2, launch.token());
            insert.setInt(3, launch.position());
            insert.setInt(4, launch.count());
            return insert.executeUpdate();
        });
    }

    @Override
    public void close(OpenLaunch launch) {
        with("DELETE FROM fleet_launch WHERE fleet_id = ? AND token = ?", delete -> {
            delete.setString(1, launch.fleetId());
            delete.setString(2, launch.token());
            return delete.executeUpdate();
        });
    }

    @Override
    public void add(String fleetId, List<InstanceService.Launched> launched, BigDecimal weight, Instant at) {
        with(INSERT + "UPDATE SET weight = EXCLUDED.weight", insert -> {
            for (InstanceService.Launched instance : launched) {
                set(insert, fleetId, instance, weight, Stage.ALIVE, at);
                insert.addBatch();
            }
            return insert.executeBatch();
        });
    }

    @Override
    public void move(String fleetId, InstanceService.Launched instance, Stage stage, Instant at) {
        with(INSERT + "UPDATE SET stage = EXCLUDED.stage WHERE fleet_instance.stage <> 'over'", upsert -> {
            set(upsert, fleetId, instance, BigDecimal.ONE, stage, at);
            return upsert.executeUpdate();
        });
    }

    private static void set(
            PreparedStatement statement,
            String fleetId,
            InstanceService.Launched instance,
            BigDecimal weight,
            Stage stage,
            Instant at)
            throws SQLException {
        statement.setString(1, instance.instanceId());
        statement.setString(2, fleetId);
        statement.setString(3, instance.type().value());
        statement.setString(4, instance.zone().value());
        statement.setBigDecimal(5, weight);
        statement.setString(6, stage.code());
        statement.setObject(7, at.atOffset(ZoneOffset.UTC));
    }

    @Override
    public void ending(Collection<String> instanceIds) {
        with("UPDATE fleet_instance SET stage = 'ending' WHERE instance_id = ANY (?) AND stage = 'alive'", update -> {
            update.setArray(1, SqlArrays.texts(update.getConnection(), instanceIds));
            return update.executeUpdate();
        });
    }

    @Override
    public List<OnDemandUnit> units(String fleetId) {
        return with(
                "SELECT instance_id, weight, launched_at FROM fleet_instance WHERE fleet_id = ? AND stage = 'alive'",
                select -> {
                    select.setString(1, fleetId);
                    List<OnDemandUnit> units = new ArrayList<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            units.add(new OnDemandUnit(
                                    row.getString(1),
                                    row.getBigDecimal(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant()));
                        }
                    }
                    return units;
                });
    }

    @Override
    public int countLeft(String fleetId) {
        return with("SELECT count(*) FROM fleet_instance WHERE fleet_id = ? AND stage <> 'over'", select -> {
            select.setString(1, fleetId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }
}
