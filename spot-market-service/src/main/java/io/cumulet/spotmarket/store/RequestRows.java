package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Spot requests as rows and back; many at once, a column as one array. */
final class RequestRows {

    static final String COLUMNS = """
            request_id, account, pool, max_price, kind, behavior, valid_from, valid_until, created_at, launch, launch_group, \
            zone_group, fleet_id, state, status, bid, unit, instance_id, blocked_at_capacity, interruption_reason, \
            interruption_at, told, rebalance_recommended, cancelled, adopted, version""";

    private static final String INSERT = """
            INSERT INTO spot_request
                (request_id, state, status, bid, unit, instance_id, blocked_at_capacity, interruption_reason,
                    interruption_at, told, rebalance_recommended, cancelled, version, account, region, pool, max_price,
                    kind, behavior, valid_from, valid_until, created_at, launch, launch_group, zone_group, fleet_id,
                    adopted, instance_version)
            SELECT *, 0 FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String UPDATE = """
            UPDATE spot_request SET state = r.state, status = r.status, bid = r.bid, unit = r.unit,
                instance_id = r.instance_id, blocked_at_capacity = r.blocked_at_capacity,
                interruption_reason = r.interruption_reason, interruption_at = r.interruption_at, told = r.told,
                rebalance_recommended = r.rebalance_recommended, cancelled = r.cancelled, version = r.version
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS r (request_id, state, status, bid, unit, instance_id, blocked_at_capacity, interruption_reason,
                    interruption_at, told, rebalance_recommended, cancelled, version)
            WHERE spot_request.request_id = r.request_id""";

    private final Map<String, PoolId> pools = new HashMap<>();
    /** Most requests of a pool are launched alike: read once, kept once. */
    private final Map<String, Terms.Launch> launches = new HashMap<>();

    /** Reads a row; one reader serves all rows of a query. */
    SpotRequest read(ResultSet row) throws SQLException {
        Terms terms = new Terms(
                pools.computeIfAbsent(row.getString("pool"), PoolId::parse),
                new HourlyRate(row.getBigDecimal("max_price")),
                Terms.Kind.valueOf(row.getString("kind")),
                Terms.InterruptionBehavior.valueOf(row.getString("behavior")),
                instant(row, "valid_from"),
                instant(row, "valid_until"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                launches.computeIfAbsent(row.getString("launch"), RequestRows::launch),
                new Terms.Membership(
                        row.getString("launch_group"), row.getString("zone_group"), row.getString("fleet_id")));
        String reason = row.getString("interruption_reason");
        Instant actionAt = instant(row, "interruption_at");
        Progress progress = new Progress(
                RequestState.valueOf(row.getString("state")),
                StatusCode.valueOf(row.getString("status")),
                BidState.valueOf(row.getString("bid")),
                row.getInt("unit"),
                row.getString("instance_id"),
                row.getLong("blocked_at_capacity"),
                reason == null || actionAt == null
                        ? null
                        : new Progress.Interruption(InterruptionReason.valueOf(reason), actionAt),
                row.getInt("told"),
                row.getBoolean("rebalance_recommended"),
                row.getBoolean("cancelled"));
        return new SpotRequest(
                row.getString("request_id"),
                new AccountId(row.getString("account")),
                terms,
                progress,
                row.getBoolean("adopted"),
                row.getLong("version"));
    }

    static void insert(Connection connection, Collection<SpotRequest> requests) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns(connection, insert, requests)
                    .progress()
                    .add("text", request -> request.account().value())
                    .add(
                            "text",
                            request -> request.terms().pool().zone().region().value())
                    .add("text", request -> request.terms().pool().toString())
                    .add("numeric", request -> request.terms().maxPrice().usd())
                    .add("text", request -> request.terms().kind().name())
                    .add("text", request -> request.terms().behavior().name())
                    .add("timestamptz", request -> request.terms().validFrom())
                    .add("timestamptz", request -> request.terms().validUntil())
                    .add("timestamptz", request -> request.terms().createdAt())
                    .add("text", request -> json(request.terms().launch()))
                    .add("text", request -> request.terms().membership().launchGroup())
                    .add("text", request -> request.terms().membership().zoneGroup())
                    .add("text", request -> request.terms().membership().fleetId())
                    .add("boolean", SpotRequest::adopted);
            insert.executeUpdate();
        }
    }

    /** @return how many were there to be changed */
    static int update(Connection connection, Collection<SpotRequest> requests) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            new Columns(connection, update, requests).progress();
            return update.executeUpdate();
        }
    }

    /** The parameters of a statement, in their order. */
    private static final class Columns {
        private final Connection connection;
        private final PreparedStatement statement;
        private final Collection<SpotRequest> requests;
        private int count;

        Columns(Connection connection, PreparedStatement statement, Collection<SpotRequest> requests) {
            this.connection = connection;
            this.statement = statement;
            this.requests = requests;
        }

        Columns add(String type, Function<SpotRequest, @Nullable Object> value) throws SQLException {
            statement.setArray(++count, SqlArrays.column(connection, type, requests, value));
            return this;
        }

        /** The id and all that changes. */
        Columns progress() throws SQLException {
            return add("text", SpotRequest::id)
                    .add("text", request -> request.progress().state().name())
                    .add("text", request -> request.progress().status().name())
                    .add("text", request -> request.progress().bid().name())
                    .add("integer", request -> request.progress().unit())
                    .add("text", request -> request.progress().instanceId())
                    .add("bigint", request -> request.progress().blockedAtCapacity())
                    .add("text", request -> {
                        Progress.Interruption interruption = request.progress().interruption();
                        return interruption == null
                                ? null
                                : interruption.reason().name();
                    })
                    .add("timestamptz", request -> {
                        Progress.Interruption interruption = request.progress().interruption();
                        return interruption == null ? null : interruption.actionAt();
                    })
                    .add("integer", request -> request.progress().told())
                    .add("boolean", request -> request.progress().rebalanceRecommended())
                    .add("boolean", request -> request.progress().cancelled())
                    .add("bigint", SpotRequest::version);
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static String json(Terms.Launch launch) {
        return new String(ContractJson.write(launch), StandardCharsets.UTF_8);
    }

    private static Terms.Launch launch(String json) {
        try {
            return ContractJson.read(json.getBytes(StandardCharsets.UTF_8), Terms.Launch.class);
        } catch (IOException e) {
            throw new IllegalStateException("A spot request's launch can't be read: " + json, e);
        }
    }
}
