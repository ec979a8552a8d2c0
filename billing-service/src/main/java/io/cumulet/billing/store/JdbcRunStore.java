package io.cumulet.billing.store;

import io.cumulet.billing.app.MeteredRun;
import io.cumulet.billing.app.RunStore;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.metering.UsageRun.Cause;
import io.cumulet.billing.domain.metering.UsageRun.End;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs in PostgreSQL, read and written by whole batches. */
@ApplicationScoped
class JdbcRunStore implements RunStore {

    /** A run's minimum may reach this far behind its end. */
    private static final long MINIMUM_SECONDS = 60;

    private static final String COLUMNS = """
            instance_id, run, account, region, availability_zone, instance_type, os, tenancy, market, host_id,
            scheduled_instance_id, started_at, ended_at, ended_by, seconds, provisional, first_version, last_version, usage_version""";

    private static final String UPSERT = "INSERT INTO usage_run (" + COLUMNS + """
            )
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (instance_id, run) DO UPDATE SET
                account = excluded.account, region = excluded.region, availability_zone = excluded.availability_zone,
                instance_type = excluded.instance_type, os = excluded.os, tenancy = excluded.tenancy,
                market = excluded.market, host_id = excluded.host_id,
                scheduled_instance_id = excluded.scheduled_instance_id, started_at = excluded.started_at,
                ended_at = excluded.ended_at, ended_by = excluded.ended_by, seconds = excluded.seconds,
                provisional = excluded.provisional, first_version = excluded.first_version,
                last_version = excluded.last_version, usage_version = excluded.usage_version""";

    private static final String SELECT_BY_INSTANCE =
            "SELECT " + COLUMNS + " FROM usage_run WHERE instance_id = ANY (?) ORDER BY instance_id, run";

    private static final String SELECT_DURING = "SELECT " + COLUMNS + """
             FROM usage_run
            WHERE account = ANY (?) AND started_at < ? AND (ended_at IS NULL OR ended_at > ?)
            ORDER BY started_at, instance_id, run""";

    private static final String OF_SPOT = """
             FROM usage_run JOIN unnest(?, ?, ?) pool (availability_zone, instance_type, os)
                USING (availability_zone, instance_type, os)
            WHERE market = 'spot' AND (ended_at IS NULL OR ended_at > ?)""";

    private final DataSource dataSource;

    JdbcRunStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<String, List<MeteredRun>> runsOf(Collection<String> instanceIds) {
        Map<String, List<MeteredRun>> runs = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT_BY_INSTANCE)) {
            select.setArray(1, connection.createArrayOf("text", instanceIds.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    MeteredRun run = new MeteredRun(run(row), row.getLong("usage_version"));
                    runs.computeIfAbsent(run.run().instanceId(), id -> new ArrayList<>())
                            .add(run);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read metered runs", e);
        }
        return runs;
    }

    @Override
    public void save(List<MeteredRun> runs) {
        if (runs.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            Columns columns = new Columns(connection, upsert, runs);
            columns.add("text", run -> run.instanceId());
            columns.add("integer", run -> run.number());
            columns.add("text", run -> run.thing().account().value());
            columns.add("text", run -> run.thing().region().value());
            columns.add("text", run -> run.thing().zone().value());
            columns.add("text", run -> run.thing().instanceType().value());
            columns.add("text", run -> run.thing().os().code());
            columns.add("text", run -> run.thing().tenancy().code());
            columns.add("text", run -> run.thing().market().code());
            columns.add("text", run -> run.thing().hostId());
            columns.add("text", run -> run.thing().scheduledInstanceId());
            columns.add("timestamptz", run -> run.startedAt().toString());
            columns.add("timestamptz", run -> ofEnd(run, end -> end.at().toString()));
            columns.add("text", run -> ofEnd(run, end -> end.cause().code()));
            columns.add("bigint", run -> ofEnd(run, End::seconds));
            columns.add("boolean", run -> run.provisional());
            columns.add("bigint", run -> run.firstVersion());
            columns.add("bigint", run -> ofEnd(run, End::version));
            columns.addMetered("bigint", MeteredRun::usageVersion);
            upsert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not save metered runs", e);
        }
    }

    private static @Nullable Object ofEnd(UsageRun run, Function<End, Object> value) {
        End end = run.end();
        return end == null ? null : value.apply(end);
    }

    /** The columns of an upsert, one array after the other. */
    private static final class Columns {

        private final Connection connection;
        private final PreparedStatement statement;
        private final List<MeteredRun> runs;
        private int index;

        Columns(Connection connection, PreparedStatement statement, List<MeteredRun> runs) {
            this.connection = connection;
            this.statement = statement;
            this.runs = runs;
        }

        void add(String type, Function<UsageRun, @Nullable Object> value) throws SQLException {
            addMetered(type, run -> value.apply(run.run()));
        }

        void addMetered(String type, Function<MeteredRun, @Nullable Object> value) throws SQLException {
            statement.setArray(++index, SqlArrays.column(connection, type, runs, value));
        }
    }

    @Override
    public List<UsageRun> runsDuring(Collection<AccountId> accounts, Interval period) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT_DURING)) {
            select.setArray(1, SqlArrays.column(connection, "text", accounts, AccountId::value));
            select.setObject(2, utc(period.until()));
            select.setObject(3, utc(period.from().minusSeconds(MINIMUM_SECONDS)));
            return runs(select);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read metered runs", e);
        }
    }

    @Override
    public List<UsageRun> spotRunsSince(Set<SpotPool> pools, Instant since) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + OF_SPOT)) {
            setPools(connection, select, pools, since);
            return runs(select);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read metered runs", e);
        }
    }

    @Override
    public Set<AccountId> spotAccountsSince(Set<SpotPool> pools, Instant since) {
        Set<AccountId> accounts = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT DISTINCT account" + OF_SPOT)) {
            setPools(connection, select, pools, since);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    accounts.add(new AccountId(row.getString(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the accounts of metered runs", e);
        }
        return accounts;
    }

    private static void setPools(Connection connection, PreparedStatement select, Set<SpotPool> pools, Instant since)
            throws SQLException {
        select.setArray(
                1,
                SqlArrays.column(connection, "text", pools, pool -> pool.zone().value()));
        select.setArray(
                2,
                SqlArrays.column(
                        connection, "text", pools, pool -> pool.instanceType().value()));
        select.setArray(
                3, SqlArrays.column(connection, "text", pools, pool -> pool.os().code()));
        select.setObject(4, utc(since));
    }

    @Override
    public List<UsageRun> page(UsageQuery query) {
        StringBuilder sql =
                new StringBuilder("SELECT ").append(COLUMNS).append(" FROM usage_run WHERE account = ? AND region = ?");
        List<Object> values =
                new ArrayList<>(List.of(query.account().value(), query.region().value()));
        if (query.instanceId() != null) {
            sql.append(" AND instance_id = ?");
            values.add(query.instanceId());
        }
        if (query.from() != null) {
            sql.append(" AND (ended_at IS NULL OR ended_at > ?)");
            values.add(utc(query.from()));
        }
        if (query.until() != null) {
            sql.append(" AND started_at < ?");
            values.add(utc(query.until()));
        }
        Position after = query.after();
        if (after != null) {
            sql.append(" AND (started_at, instance_id, run) > (?, ?, ?)");
            values.add(utc(after.startedAt()));
            values.add(after.instanceId());
            values.add(after.run());
        }
        sql.append(" ORDER BY started_at, instance_id, run LIMIT ?");
        values.add(query.limit());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            return runs(select);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read metered runs", e);
        }
    }

    private static List<UsageRun> runs(PreparedStatement select) throws SQLException {
        List<UsageRun> runs = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                runs.add(run(row));
            }
        }
        return runs;
    }

    private static UsageRun run(ResultSet row) throws SQLException {
        Instant endedAt = Rows.instant(row, "ended_at");
        End end = endedAt == null
                ? null
                : new End(
                        endedAt,
                        row.getLong("seconds"),
                        Cause.ofCode(row.getString("ended_by")),
                        row.getLong("last_version"));
        return new UsageRun(
                row.getString("instance_id"),
                row.getInt("run"),
                Rows.thing(row),
                Rows.requiredInstant(row, "started_at"),
                end,
                row.getBoolean("provisional"),
                row.getLong("first_version"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
