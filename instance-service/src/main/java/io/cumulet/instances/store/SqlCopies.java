package io.cumulet.instances.store;

import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.ScheduledReservations;
import io.cumulet.instances.app.SecurityGroups.Attachable;
import io.cumulet.instances.app.SecurityGroups.GroupCopies;
import io.cumulet.instances.app.SecurityGroups.Known;
import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SlotSchedule;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Our copies of what others own. The newest version wins, in whatever order they come. */
@ApplicationScoped
public class SqlCopies implements Copies, GroupCopies, ScheduledReservations {

    private final DataSource dataSource;

    public SqlCopies(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void takeGroups(Collection<GroupCopy> groups) {
        run(new SqlScript()
                .statement("""
                        INSERT INTO security_group_copy AS copy (group_id, account, region, vpc_id, version, deleted)
                        SELECT * FROM unnest(?, ?, ?, ?, ?, ?)
                        ON CONFLICT (group_id) DO UPDATE SET account = EXCLUDED.account, region = EXCLUDED.region,
                            vpc_id = EXCLUDED.vpc_id, version = EXCLUDED.version, deleted = EXCLUDED.deleted
                        WHERE copy.version < EXCLUDED.version
                            OR copy.version = EXCLUDED.version AND copy.vpc_id IS NULL""")
                .column("text", groups, GroupCopy::groupId)
                .column("text", groups, group -> group.account().value())
                .column("text", groups, group -> group.region().value())
                .column("text", groups, GroupCopy::vpcId)
                .column("bigint", groups, GroupCopy::version)
                .column("boolean", groups, GroupCopy::deleted));
    }

    @Override
    public void takePrices(Collection<PriceCopy> prices) {
        run(new SqlScript()
                .statement("""
                        INSERT INTO spot_price_copy AS copy (pool, version, price) SELECT * FROM unnest(?, ?, ?)
                        ON CONFLICT (pool) DO UPDATE SET version = EXCLUDED.version, price = EXCLUDED.price
                        WHERE copy.version < EXCLUDED.version""")
                .column("text", prices, PriceCopy::pool)
                .column("bigint", prices, PriceCopy::version)
                .column("text", prices, PriceCopy::price));
    }

    @Override
    public void takeScheduled(Collection<ScheduledCopy> scheduled) {
        run(new SqlScript()
                .statement("""
                        INSERT INTO scheduled_instance_copy AS copy (scheduled_instance_id, account, version, az,
                            instance_type, os, instance_count, starts_at, ends_at, frequency, recurrence_interval,
                            occurrence_days, slot_hours)
                        SELECT s.id, s.account, s.version, s.az, s.type, s.os, s.count, s.starts_at, s.ends_at,
                            s.frequency, s.recurrence_interval, string_to_array(s.days, ',')::integer[], s.slot_hours
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            AS s (id, account, version, az, type, os, count, starts_at, ends_at, frequency,
                                  recurrence_interval, days, slot_hours)
                        ON CONFLICT (scheduled_instance_id) DO UPDATE SET version = EXCLUDED.version
                        WHERE copy.version < EXCLUDED.version""")
                .column("text", scheduled, copy -> copy.reservation().id())
                .column("text", scheduled, copy -> copy.account().value())
                .column("bigint", scheduled, ScheduledCopy::version)
                .column("text", scheduled, copy -> copy.reservation().zone().value())
                .column(
                        "text",
                        scheduled,
                        copy -> copy.reservation().instanceType().value())
                .column("text", scheduled, copy -> copy.reservation().os().code())
                .column("integer", scheduled, copy -> copy.reservation().count())
                .column(
                        "timestamptz",
                        scheduled,
                        copy -> copy.reservation().schedule().term().from())
                .column(
                        "timestamptz",
                        scheduled,
                        copy -> copy.reservation().schedule().term().until())
                .column(
                        "text",
                        scheduled,
                        copy -> copy.reservation()
                                .schedule()
                                .recurrence()
                                .frequency()
                                .code())
                .column(
                        "integer",
                        scheduled,
                        copy -> copy.reservation().schedule().recurrence().interval())
                .column(
                        "text",
                        scheduled,
                        copy -> copy.reservation().schedule().recurrence().occurrenceDays().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")))
                .column(
                        "integer",
                        scheduled,
                        copy -> copy.reservation().schedule().slotHours()));
    }

    @Override
    public Optional<ScheduledReservation> find(String id, AccountId account, Region region) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT az, instance_type, os, instance_count, starts_at, ends_at, frequency, recurrence_interval,
                            occurrence_days, slot_hours
                        FROM scheduled_instance_copy WHERE scheduled_instance_id = ? AND account = ?""")) {
            select.setString(1, id);
            select.setString(2, account.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(reservation(id, row))
                                .filter(of -> of.zone().region().equals(region))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the copy of Scheduled Instances", e);
        }
    }

    private static ScheduledReservation reservation(String id, ResultSet row) throws SQLException {
        return new ScheduledReservation(
                id,
                new AvailabilityZone(row.getString("az")),
                new InstanceType(row.getString("instance_type")),
                OperatingSystem.ofCode(row.getString("os")).orElseThrow(),
                row.getInt("instance_count"),
                new SlotSchedule(
                        new Interval(instant(row, "starts_at"), instant(row, "ends_at")),
                        new Recurrence(
                                Recurrence.Frequency.ofCode(row.getString("frequency"))
                                        .orElseThrow(),
                                row.getInt("recurrence_interval"),
                                List.of((Integer[])
                                        row.getArray("occurrence_days").getArray())),
                        row.getInt("slot_hours")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public Map<String, Known> known(List<String> groupIds) {
        Map<String, Known> known = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT group_id, account, region, vpc_id,
                            deleted, version <= coalesce(retired_at_version, 0) AS retired
                        FROM security_group_copy LEFT JOIN security_group_retirement USING (account, group_id)
                        WHERE group_id = ANY (?)""")) {
            select.setArray(1, connection.createArrayOf("text", groupIds.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.put(
                            row.getString("group_id"),
                            new Known(attachable(row), row.getBoolean("deleted"), row.getBoolean("retired")));
                }
            }
            return known;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the copy of security groups", e);
        }
    }

    static Attachable attachable(ResultSet row) throws SQLException {
        return new Attachable(
                row.getString("group_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("vpc_id"));
    }

    @Override
    public Optional<String> ownGroupIn(String vpcId, AccountId account, Region region) {
        return first(
                """
                        SELECT group_id
                        FROM security_group_copy LEFT JOIN security_group_retirement USING (account, group_id)
                        WHERE account = ? AND region = ? AND vpc_id = ? AND group_id <> ? AND NOT deleted
                            AND version > coalesce(retired_at_version, 0)
                        LIMIT 1""", account.value(), region.value(), vpcId, DefaultNetwork.securityGroupId(account, region, vpcId));
    }

    @Override
    public void retire(String groupId, AccountId account, Region region, long version) {
        first("""
                        INSERT INTO security_group_retirement AS known (account, group_id, retired_at_version)
                        SELECT ?, ?, ?::bigint WHERE NOT EXISTS (
                            SELECT 1 FROM security_group_copy WHERE group_id = ? AND (account <> ? OR region <> ?))
                        ON CONFLICT (account, group_id) DO UPDATE
                            SET retired_at_version = greatest(known.retired_at_version, EXCLUDED.retired_at_version)
                        RETURNING group_id""", account.value(), groupId, Long.toString(version), groupId, account.value(), region.value());
    }

    @Override
    public boolean hasChangedSince(String groupId, AccountId account, Region region, long version) {
        return first("""
                        SELECT group_id FROM security_group_copy
                        WHERE group_id = ? AND account = ? AND region = ? AND version > ?::bigint AND NOT deleted""", groupId, account.value(), region.value(), Long.toString(version))
                .isPresent();
    }

    /** Looks through the account's interfaces: an index by group would make each launch dearer, and deletions are rare. */
    @Override
    public Optional<String> anyWith(String groupId, AccountId account, Region region) {
        return first("""
                SELECT concat('network interface ', interface_id, ' of instance ' || instance_id) FROM network_interface
                WHERE group_ids @> ARRAY[?]::text[] AND account = ? AND region = ? ORDER BY interface_id LIMIT 1""", groupId, account.value(), region.value());
    }

    private Optional<String> first(String sql, String... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not use the copy of security groups", e);
        }
    }

    private void run(SqlScript script) {
        try (Connection connection = dataSource.getConnection()) {
            script.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not write a copy", e);
        }
    }
}
