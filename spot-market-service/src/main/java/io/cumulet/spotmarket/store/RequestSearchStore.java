package io.cumulet.spotmarket.store;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.RequestSearch;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The search for requests, in plain SQL: a pool's name and a launch's tags are parts of a column. */
@ApplicationScoped
class RequestSearchStore implements RequestSearch {

    private final DataSource dataSource;

    RequestSearchStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<String> page(AccountId account, Region region, Filter filter, @Nullable String after, int size) {
        StringBuilder sql = new StringBuilder(
                "SELECT request_id FROM spot_request WHERE account = ? AND region = ? AND request_id > ?");
        List<Object> values = new ArrayList<>(List.of(account.value(), region.value(), after == null ? "" : after));
        filter.fields().forEach((field, wanted) -> {
            sql.append(" AND ").append(column(field)).append(" = ANY(?)");
            values.add(wanted);
        });
        filter.tags().forEach((key, wanted) -> {
            sql.append(" AND COALESCE((SELECT t.tags FROM spot_request_tags t WHERE t.request_id ="
                    + " spot_request.request_id), launch::jsonb -> 'tags') ->> ? = ANY(?)");
            values.add(key);
            values.add(wanted);
        });
        sql.append(" ORDER BY request_id LIMIT ?");
        values.add(size);
        List<String> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                if (value instanceof Collection<?> list) {
                    select.setArray(i + 1, connection.createArrayOf("text", list.toArray()));
                } else {
                    select.setObject(i + 1, value);
                }
            }
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    ids.add(result.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not search for spot requests", e);
        }
        return ids;
    }

    private static String column(Field field) {
        return switch (field) {
            case REQUEST_ID -> "request_id";
            case INSTANCE_ID -> "instance_id";
            case STATE -> "state";
            case STATUS -> "status";
            case KIND -> "kind";
            case LAUNCH_GROUP -> "launch_group";
            case ZONE_GROUP -> "zone_group";
            case FLEET_ID -> "fleet_id";
            case ZONE -> "split_part(pool, '/', 1)";
            case INSTANCE_TYPE -> "split_part(pool, '/', 2)";
        };
    }

    @Override
    public long countOpen(AccountId account, Region region) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT count(*) FROM spot_request WHERE account = ? AND region = ? AND state = 'OPEN'")) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not count open spot requests", e);
        }
    }
}
