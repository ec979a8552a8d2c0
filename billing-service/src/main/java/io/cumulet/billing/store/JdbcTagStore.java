package io.cumulet.billing.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cumulet.billing.app.TagStore;
import io.cumulet.billing.domain.metering.TagChange;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Tags in PostgreSQL, read and written by whole batches. */
@ApplicationScoped
class JdbcTagStore implements TagStore {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private static final String SELECT =
            "SELECT instance_id, version, occurred_at, tags FROM instance_tags WHERE instance_id = ANY (?)";

    private static final String INSERT = """
            INSERT INTO instance_tags (instance_id, version, occurred_at, tags)
            SELECT * FROM unnest(?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private final DataSource dataSource;

    JdbcTagStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<String, TagHistory> historiesOf(Collection<String> instanceIds) {
        if (instanceIds.isEmpty()) {
            return Map.of();
        }
        Map<String, List<TagChange>> kept = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setArray(1, connection.createArrayOf("text", instanceIds.toArray(String[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TagChange change = new TagChange(
                            row.getString("instance_id"),
                            row.getLong("version"),
                            Rows.requiredInstant(row, "occurred_at"),
                            JSON.readValue(row.getString("tags"), TAGS));
                    kept.computeIfAbsent(change.instanceId(), id -> new ArrayList<>())
                            .add(change);
                }
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("Could not read the tags of instances", e);
        }
        Map<String, TagHistory> histories = new HashMap<>();
        kept.forEach((instanceId, changes) -> histories.put(instanceId, new TagHistory(changes)));
        return histories;
    }

    @Override
    public void add(List<TagChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, SqlArrays.column(connection, "text", changes, TagChange::instanceId));
            insert.setArray(2, SqlArrays.column(connection, "bigint", changes, TagChange::version));
            insert.setArray(
                    3,
                    SqlArrays.column(
                            connection,
                            "timestamptz",
                            changes,
                            change -> change.at().toString()));
            insert.setArray(4, SqlArrays.column(connection, "jsonb", changes, JdbcTagStore::json));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep the tags of instances", e);
        }
    }

    private static String json(TagChange change) {
        try {
            return JSON.writeValueAsString(change.tags());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Tags are text: " + change, e);
        }
    }
}
