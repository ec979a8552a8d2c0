package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.spotmarket.app.RequestTags;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Tags of requests in PostgreSQL. */
@ApplicationScoped
class RequestTagStore implements RequestTags.Store {

    private final DataSource dataSource;

    RequestTagStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void set(Collection<String> requestIds, Map<String, String> tags) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO spot_request_tags (request_id, tags) SELECT unnest(?), ?::jsonb
                        ON CONFLICT (request_id) DO UPDATE SET tags = EXCLUDED.tags""")) {
            upsert.setArray(1, connection.createArrayOf("text", requestIds.toArray()));
            upsert.setString(2, new String(ContractJson.write(tags), StandardCharsets.UTF_8));
            upsert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep tags of requests", e);
        }
    }

    @Override
    public void lock(String requestId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lock = connection.prepareStatement(
                        "SELECT pg_advisory_xact_lock(hashtext('spot-request-tags'), hashtext(?))")) {
            lock.setString(1, requestId);
            lock.executeQuery().close();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not lock tags of a request", e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, Map<String, String>> find(Collection<String> requestIds) {
        Map<String, Map<String, String>> tags = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT request_id, tags FROM spot_request_tags WHERE request_id = ANY(?)")) {
            select.setArray(1, connection.createArrayOf("text", requestIds.toArray()));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    tags.put(
                            result.getString(1),
                            ContractJson.read(result.getString(2).getBytes(StandardCharsets.UTF_8), Map.class));
                }
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("Could not read tags of requests", e);
        }
        return tags;
    }
}
