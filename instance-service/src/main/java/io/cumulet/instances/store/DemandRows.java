package io.cumulet.instances.store;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What on-demand waits for, and who holds the room, as rows and back. */
final class DemandRows {

    private static final Object[] LEAVING = {InstanceState.SHUTTING_DOWN.code(), InstanceState.STOPPING.code()};

    private DemandRows() {}

    static List<CapacityDemand> read(Connection connection, AvailabilityZone zone) throws SQLException {
        List<CapacityDemand> demands = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT account, instance_type, count, since, until, state FROM capacity_demand WHERE az = ?")) {
            select.setString(1, zone.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    InstanceType type = new InstanceType(row.getString("instance_type"));
                    demands.add(new CapacityDemand(
                            new CapacityDemand.Key(new AccountId(row.getString("account")), type),
                            LaunchOrder.capacityOf(
                                    InstanceTypes.find(type.value()).orElseThrow()),
                            row.getInt("count"),
                            row.getObject("since", OffsetDateTime.class).toInstant(),
                            row.getObject("until", OffsetDateTime.class).toInstant(),
                            CapacityDemand.State.valueOf(row.getString("state"))));
                }
            }
        }
        return demands;
    }

    static List<SpotUnit> spotUnits(Connection connection, AvailabilityZone zone, String family) throws SQLException {
        List<SpotUnit> units = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT held.holder_id, held.spot_units_key, held.host_id, held.vcpus, held.memory_mib,
                    held.local_storage_gb, held.gpus, instance.max_price, instance.launch_time,
                    instance.state = ANY (?) OR instance.interruption_action_at IS NOT NULL AS leaving
                FROM allocation AS held JOIN instance ON instance.instance_id = held.holder_id
                WHERE held.az = ? AND held.family = ? AND held.spot_units_key IS NOT NULL""")) {
            select.setArray(1, connection.createArrayOf("text", LEAVING));
            select.setString(2, zone.value());
            select.setString(3, family);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    units.add(new SpotUnit(
                            row.getString("holder_id"),
                            row.getString("spot_units_key"),
                            row.getString("host_id"),
                            amount(row),
                            HourlyRate.of(row.getString("max_price")),
                            row.getObject("launch_time", OffsetDateTime.class).toInstant(),
                            row.getBoolean("leaving")));
                }
            }
        }
        return units;
    }

    static Map<String, TakeBack.Room> leaving(Connection connection, AvailabilityZone zone, String family)
            throws SQLException {
        Map<String, TakeBack.Room> rooms = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT held.holder_id, held.host_id, held.vcpus, held.memory_mib, held.local_storage_gb, held.gpus
                FROM allocation AS held JOIN instance ON instance.instance_id = held.holder_id
                WHERE held.az = ? AND held.family = ? AND held.spot_units_key IS NULL AND instance.state = ANY (?)""")) {
            select.setString(1, zone.value());
            select.setString(2, family);
            select.setArray(3, connection.createArrayOf("text", LEAVING));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rooms.put(row.getString("holder_id"), new TakeBack.Room(row.getString("host_id"), amount(row)));
                }
            }
        }
        return rooms;
    }

    private static Capacity amount(ResultSet row) throws SQLException {
        return new Capacity(
                row.getInt("vcpus"), row.getLong("memory_mib"), row.getLong("local_storage_gb"), row.getInt("gpus"));
    }

    static void write(
            SqlScript script, AvailabilityZone zone, Map<CapacityDemand.Key, Optional<CapacityDemand>> demands) {
        List<CapacityDemand.Key> over = demands.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (!over.isEmpty()) {
            script.statement("""
                            DELETE FROM capacity_demand USING unnest(?, ?, ?) AS over (az, account, instance_type)
                            WHERE capacity_demand.az = over.az AND capacity_demand.account = over.account
                                AND capacity_demand.instance_type = over.instance_type""")
                    .column("text", over, key -> zone.value())
                    .column("text", over, key -> key.account().value())
                    .column("text", over, key -> key.type().value());
        }
        List<CapacityDemand> noted =
                demands.values().stream().flatMap(Optional::stream).toList();
        if (!noted.isEmpty()) {
            script.statement("""
                            INSERT INTO capacity_demand (az, account, instance_type, count, since, until, state)
                            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?)
                            ON CONFLICT (az, account, instance_type)
                            DO UPDATE SET count = EXCLUDED.count, until = EXCLUDED.until, state = EXCLUDED.state""")
                    .column("text", noted, demand -> zone.value())
                    .column("text", noted, demand -> demand.key().account().value())
                    .column("text", noted, demand -> demand.key().type().value())
                    .column("integer", noted, CapacityDemand::count)
                    .column("timestamptz", noted, CapacityDemand::since)
                    .column("timestamptz", noted, CapacityDemand::until)
                    .column("text", noted, demand -> demand.state().name());
        }
    }
}
