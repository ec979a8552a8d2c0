package io.cumulet.spotmarket.store;

import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.hibernate.orm.panache.PanacheQuery;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/** Spot requests in PostgreSQL. */
@ApplicationScoped
class RequestRepository implements Requests, PanacheRepositoryBase<SpotRequestEntity, String> {

    /** So that a large pool's rows don't all lie in the driver's memory besides. */
    private static final int FETCH = 5_000;

    /** Rows of one statement: the driver gives up one that isn't answered within ten seconds. */
    private static final int MOST_AT_ONCE = 5_000;

    private final DataSource dataSource;

    RequestRepository(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void add(Collection<SpotRequest> requests) {
        List<SpotRequest> all = List.copyOf(requests);
        try (Connection connection = dataSource.getConnection()) {
            for (int i = 0; i < all.size(); i += MOST_AT_ONCE) {
                RequestRows.insert(connection, all.subList(i, Math.min(all.size(), i + MOST_AT_ONCE)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not add spot requests", e);
        }
    }

    @Override
    public void save(Collection<SpotRequest> requests) {
        List<SpotRequest> all = List.copyOf(requests);
        int saved = 0;
        try (Connection connection = dataSource.getConnection()) {
            for (int i = 0; i < all.size(); i += MOST_AT_ONCE) {
                saved += RequestRows.update(connection, all.subList(i, Math.min(all.size(), i + MOST_AT_ONCE)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not save spot requests", e);
        }
        if (saved != all.size()) {
            throw new IllegalStateException("Some of these spot requests are unknown: "
                    + all.stream().map(SpotRequest::id).toList());
        }
    }

    @Override
    public Optional<SpotRequest> find(String requestId) {
        return find(List.of(requestId)).stream().findFirst();
    }

    @Override
    public List<SpotRequest> find(Collection<String> requestIds) {
        return read("request_id = ANY (?) ORDER BY request_id", requestIds);
    }

    /** The requests a query finds, in its order, with what the running transaction changed. */
    private List<SpotRequest> read(PanacheQuery<SpotRequestEntity> query) {
        List<String> ids = query.project(RequestId.class).list().stream()
                .map(RequestId::requestId)
                .toList();
        Map<String, SpotRequest> found = HashMap.newHashMap(ids.size());
        find(ids).forEach(request -> found.put(request.id(), request));
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** What is read of an entity. */
    record RequestId(String requestId) {}

    private List<SpotRequest> read(String condition, Collection<?> texts) {
        List<SpotRequest> requests = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT " + RequestRows.COLUMNS + " FROM spot_request WHERE " + condition)) {
            select.setFetchSize(FETCH);
            select.setArray(1, texts(connection, texts));
            RequestRows rows = new RequestRows();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    requests.add(rows.read(result));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read spot requests", e);
        }
        return requests;
    }

    @Override
    public Set<PoolId> poolsOf(Collection<String> requestIds) {
        return pools("SELECT DISTINCT pool FROM spot_request WHERE request_id = ANY (?)", requestIds);
    }

    @Override
    public Map<PoolId, List<SpotRequest>> live(Collection<PoolId> pools) {
        Map<PoolId, List<SpotRequest>> live = new HashMap<>();
        for (SpotRequest request : read("pool = ANY (?) AND live", pools)) {
            live.computeIfAbsent(request.terms().pool(), unused -> new ArrayList<>())
                    .add(request);
        }
        return live;
    }

    @Override
    public Set<PoolId> livePools(Collection<String> familyKeys) {
        return pools("""
                SELECT pool FROM pool WHERE family = ANY (?)
                AND EXISTS (SELECT FROM spot_request r WHERE r.pool = pool.pool AND r.live)""", familyKeys);
    }

    private Set<PoolId> pools(String sql, Collection<String> values) {
        Set<PoolId> pools = new TreeSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, texts(connection, values));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    pools.add(PoolId.parse(result.getString(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the pools of spot requests", e);
        }
        return pools;
    }

    @Override
    public long countOpen() {
        return count("state", RequestState.OPEN.name());
    }

    @Override
    public Map<String, Long> instanceVersions(Collection<String> requestIds) {
        Map<String, Long> versions = HashMap.newHashMap(requestIds.size());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT request_id, instance_version FROM spot_request WHERE request_id = ANY (?)")) {
            select.setArray(1, texts(connection, requestIds));
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    versions.put(result.getString(1), result.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read spot requests", e);
        }
        return versions;
    }

    @Override
    public void advance(Map<String, Long> instanceVersions) {
        if (instanceVersions.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        UPDATE spot_request SET instance_version = seen.version
                        FROM unnest(?, ?) AS seen (request_id, version)
                        WHERE spot_request.request_id = seen.request_id""")) {
            update.setArray(1, texts(connection, instanceVersions.keySet()));
            update.setArray(2, SqlArrays.column(connection, "bigint", instanceVersions.values(), version -> version));
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not save spot requests", e);
        }
    }

    private static java.sql.Array texts(Connection connection, Collection<?> values) throws SQLException {
        return SqlArrays.column(connection, "text", values, Object::toString);
    }
}
