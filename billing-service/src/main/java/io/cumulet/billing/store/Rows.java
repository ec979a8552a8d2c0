package io.cumulet.billing.store;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values on their way into and out of PostgreSQL. */
final class Rows {

    private Rows() {}

    /** A statement with its values; texts become an array. */
    static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof String[] texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts));
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
        return statement;
    }

    /** The month that a date is the first day of. */
    static YearMonth month(ResultSet row, String column) throws SQLException {
        return YearMonth.from(row.getObject(column, LocalDate.class));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant requiredInstant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    static MeteredThing thing(ResultSet row) throws SQLException {
        return thing(row, row.getString("host_id"), row.getString("scheduled_instance_id"));
    }

    static MeteredThing thing(ResultSet row, @Nullable String hostId, @Nullable String scheduledInstanceId)
            throws SQLException {
        return new MeteredThing(
                new AccountId(row.getString("account")),
                new AvailabilityZone(row.getString("availability_zone")),
                new InstanceType(row.getString("instance_type")),
                OperatingSystem.ofCode(row.getString("os")).orElseThrow(),
                Tenancy.ofCode(row.getString("tenancy")).orElseThrow(),
                Market.ofCode(row.getString("market")).orElseThrow(),
                hostId,
                scheduledInstanceId);
    }
}
