package io.cumulet.instances.store;

import io.cumulet.instances.app.MetadataDefaultsStore;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import javax.sql.DataSource;

/** Defaults of instance metadata in PostgreSQL. */
@ApplicationScoped
public class SqlMetadataDefaults implements MetadataDefaultsStore {

    static final String COLUMNS = "http_tokens, http_put_response_hops, http_endpoint, instance_metadata_tags";

    private final DataSource dataSource;

    public SqlMetadataDefaults(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    static InstanceOptions.Metadata read(ResultSet row) throws SQLException {
        return new InstanceOptions.Metadata(
                row.getString("http_tokens"),
                row.getObject("http_put_response_hops", Integer.class),
                row.getString("http_endpoint"),
                null,
                row.getString("instance_metadata_tags"));
    }

    @Override
    public Optional<InstanceOptions.Metadata> find(AccountId account, Region region) {
        return new RowQuery("SELECT " + COLUMNS + " FROM instance_metadata_default WHERE account = ?", account.value())
                .and("region = ?", region.value()).rows(dataSource, SqlMetadataDefaults::read).stream()
                        .findFirst();
    }

    @Override
    public InstanceOptions.Metadata lock(AccountId account, Region region) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO instance_metadata_default (account, region) VALUES (?, ?) ON CONFLICT DO NOTHING");
                PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                        + " FROM instance_metadata_default WHERE account = ? AND region = ? FOR UPDATE")) {
            for (PreparedStatement statement : new PreparedStatement[] {insert, select}) {
                statement.setString(1, account.value());
                statement.setString(2, region.value());
            }
            insert.executeUpdate();
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return read(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock defaults of metadata", e);
        }
    }

    @Override
    public void set(AccountId account, Region region, InstanceOptions.Metadata defaults) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        UPDATE instance_metadata_default SET http_tokens = ?, http_put_response_hops = ?, http_endpoint = ?,
                            instance_metadata_tags = ? WHERE account = ? AND region = ?""")) {
            update.setString(1, defaults.httpTokens());
            update.setObject(2, defaults.httpPutResponseHopLimit(), Types.INTEGER);
            update.setString(3, defaults.httpEndpoint());
            update.setString(4, defaults.instanceMetadataTags());
            update.setString(5, account.value());
            update.setString(6, region.value());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep defaults of metadata", e);
        }
    }
}
