package io.cumulet.spotmarket.store;

import io.cumulet.spotmarket.app.UserData;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import javax.sql.DataSource;

/** User data in PostgreSQL, apart from the requests, which are read far more often. */
@ApplicationScoped
class UserDataStore implements UserData.Store {

    private final DataSource dataSource;

    UserDataStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void keep(Collection<String> requestIds, String userData) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO spot_user_data (request_id, user_data) SELECT unnest(?), ?")) {
            insert.setArray(1, connection.createArrayOf("text", requestIds.toArray()));
            insert.setString(2, userData);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep user data", e);
        }
    }

    @Override
    public Optional<String> find(String requestId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT user_data FROM spot_user_data WHERE request_id = ?")) {
            select.setString(1, requestId);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read user data", e);
        }
    }

    @Override
    public void forget(Collection<String> requestIds) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM spot_user_data WHERE request_id = ANY(?)")) {
            delete.setArray(1, connection.createArrayOf("text", requestIds.toArray()));
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not forget user data", e);
        }
    }
}
