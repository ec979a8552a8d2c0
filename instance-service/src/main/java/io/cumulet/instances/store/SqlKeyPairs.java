package io.cumulet.instances.store;

import io.cumulet.instances.app.KeyPairStore;
import io.cumulet.instances.domain.keypairs.KeyPair;
import io.cumulet.instances.domain.keypairs.KeyType;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Key pairs in PostgreSQL. */
@ApplicationScoped
public class SqlKeyPairs implements KeyPairStore {

    private static final String SELECT = """
            SELECT key_pair_id, account, region, name, type, fingerprint, public_key, tags, created_at
            FROM key_pair WHERE\s""";

    private final DataSource dataSource;

    public SqlKeyPairs(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean insert(KeyPair pair) {
        return update(
                        """
                        INSERT INTO key_pair (key_pair_id, account, region, name, type, fingerprint, public_key, tags, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::timestamptz) ON CONFLICT (account, region, name) DO NOTHING""",
                        pair.id(),
                        pair.account().value(),
                        pair.region().value(),
                        pair.name(),
                        pair.type().code(),
                        pair.fingerprint(),
                        pair.publicKey(),
                        InstanceRows.json(pair.tags()),
                        pair.createdAt().toString())
                == 1;
    }

    @Override
    public Optional<KeyPair> find(String id, AccountId account, Region region) {
        return one(id, account, region, "");
    }

    @Override
    public Optional<KeyPair> lock(String id, AccountId account, Region region) {
        return one(id, account, region, " FOR UPDATE");
    }

    private Optional<KeyPair> one(String id, AccountId account, Region region, String how) {
        return new RowQuery(SELECT + "key_pair_id = ?", id)
                        .and("account = ?", account.value())
                        .and("region = ?", region.value())
                        .then(how)
                        .rows(dataSource, SqlKeyPairs::read)
                        .stream()
                        .findFirst();
    }

    @Override
    public boolean exists(String name, AccountId account, Region region) {
        return !new RowQuery("SELECT 1 FROM key_pair WHERE account = ?", account.value())
                .and("region = ?", region.value())
                .and("name = ?", name)
                .rows(dataSource, row -> true)
                .isEmpty();
    }

    @Override
    public List<KeyPair> list(KeyPairFilter filter, @Nullable String afterId, int limit) {
        RowQuery query = new RowQuery(SELECT + "account = ?", filter.account().value())
                .and("region = ?", filter.region().value());
        if (afterId != null) {
            query.and("key_pair_id > ?", afterId);
        }
        filter.fields().forEach((field, values) -> query.and(column(field) + " = ANY (?)", RowQuery.texts(values)));
        return query.tagged(filter.tags(), filter.tagKeys())
                .then(" ORDER BY key_pair_id LIMIT " + limit)
                .rows(dataSource, SqlKeyPairs::read);
    }

    private static String column(Field field) {
        return switch (field) {
            case KEY_PAIR_ID -> "key_pair_id";
            case KEY_NAME -> "name";
            case FINGERPRINT -> "fingerprint";
        };
    }

    @Override
    public void setTags(KeyPair pair) {
        update("UPDATE key_pair SET tags = ?::jsonb WHERE key_pair_id = ?", InstanceRows.json(pair.tags()), pair.id());
    }

    @Override
    public void delete(String id) {
        update("DELETE FROM key_pair WHERE key_pair_id = ?", id);
    }

    private static KeyPair read(ResultSet row) throws SQLException {
        return new KeyPair(
                row.getString("key_pair_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("name"),
                KeyType.ofCode(row.getString("type")).orElseThrow(),
                row.getString("fingerprint"),
                row.getString("public_key"),
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    private int update(String sql, String... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a key pair", e);
        }
    }
}
