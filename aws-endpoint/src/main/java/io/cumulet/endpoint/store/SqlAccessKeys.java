package io.cumulet.endpoint.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.endpoint.app.AccessKeyStore;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.domain.keys.SecretBox;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Access keys in plain SQL. */
@ApplicationScoped
class SqlAccessKeys implements AccessKeyStore {

    private static final String COLUMNS =
            "SELECT access_key_id, account, secret, status, policy, created_at FROM access_key";
    private static final String PURPOSE = "access-key/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataSource dataSource;
    private final SecretBox box;

    SqlAccessKeys(DataSource dataSource, SecretBox box) {
        this.dataSource = dataSource;
        this.box = box;
    }

    @Override
    public Optional<AccessKey> find(String id) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE access_key_id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(key(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read an access key", e);
        }
    }

    @Override
    public List<AccessKey> list(AccountId account, @Nullable String afterId, int limit) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        COLUMNS + " WHERE account = ? AND access_key_id > ? ORDER BY access_key_id LIMIT ?")) {
            select.setString(1, account.value());
            select.setString(2, afterId == null ? "" : afterId);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                List<AccessKey> keys = new ArrayList<>();
                while (row.next()) {
                    keys.add(key(row));
                }
                return keys;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read access keys", e);
        }
    }

    @Override
    public long count(AccountId account) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT count(*) FROM access_key WHERE account = ?")) {
            select.setString(1, account.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not count access keys", e);
        }
    }

    @Override
    public boolean insert(AccessKey key) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO access_key (access_key_id, account, secret, status, policy, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, key.id());
            insert.setString(2, key.account().value());
            insert.setBytes(3, box.seal(key.secret(), PURPOSE + key.id()));
            insert.setString(4, key.status().code());
            insert.setString(5, json(key.policy()));
            insert.setTimestamp(6, Timestamp.from(key.createdAt()));
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep an access key", e);
        }
    }

    @Override
    public void update(AccessKey key) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE access_key SET secret = ?, status = ?, policy = ? WHERE access_key_id = ?")) {
            // Sealed anew: with the first of the keys, if they were changed since.
            update.setBytes(1, box.seal(key.secret(), PURPOSE + key.id()));
            update.setString(2, key.status().code());
            update.setString(3, json(key.policy()));
            update.setString(4, key.id());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not change an access key", e);
        }
    }

    @Override
    public void delete(AccessKey key) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM access_key WHERE access_key_id = ?")) {
            delete.setString(1, key.id());
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not delete an access key", e);
        }
    }

    private AccessKey key(ResultSet row) throws SQLException {
        String id = row.getString(1);
        String secret = box.open(row.getBytes(3), PURPOSE + id)
                .orElseThrow(() -> new IllegalStateException("The secret of access key " + id
                        + " can't be opened; is the key it was sealed with in cumulet.access-keys.encryption-key?"));
        String status = row.getString(4);
        return new AccessKey(
                id,
                new AccountId(row.getString(2)),
                secret,
                Arrays.stream(AccessKey.Status.values())
                        .filter(known -> known.code().equals(status))
                        .findFirst()
                        .orElseThrow(),
                policy(row.getString(5)),
                row.getTimestamp(6).toInstant());
    }

    private static @Nullable String json(@Nullable Policy policy) {
        try {
            return policy == null ? null : JSON.writeValueAsString(policy);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A policy can always be written", e);
        }
    }

    private static @Nullable Policy policy(@Nullable String json) {
        try {
            return json == null ? null : JSON.readValue(json, Policy.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A kept policy can't be read", e);
        }
    }
}
