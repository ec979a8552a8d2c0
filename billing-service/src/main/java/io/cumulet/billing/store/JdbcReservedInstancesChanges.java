package io.cumulet.billing.store;

import io.cumulet.billing.app.ReservedInstancesChange;
import io.cumulet.billing.app.ReservedInstancesChange.Kind;
import io.cumulet.billing.app.ReservedInstancesChangeStore;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Modifications and exchanges in PostgreSQL. */
@ApplicationScoped
class JdbcReservedInstancesChanges implements ReservedInstancesChangeStore {

    private final DataSource dataSource;

    JdbcReservedInstancesChanges(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void insert(ReservedInstancesChange change) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = Rows.prepare(
                        connection,
                        """
                        INSERT INTO reserved_instances_change
                            (id, account, region, kind, changed_at, effective_at, retired, successors)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                        change.id(),
                        change.account().value(),
                        change.region().value(),
                        change.kind().code(),
                        change.changedAt().atOffset(ZoneOffset.UTC),
                        change.effectiveAt().atOffset(ZoneOffset.UTC),
                        change.retired().toArray(String[]::new),
                        change.successors().toArray(String[]::new))) {
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a change of Reserved Instances", e);
        }
    }

    @Override
    public Optional<ReservedInstancesChange> find(AccountId account, Region region, Kind kind, String id) {
        return select("id = ?", account, region, kind, id, 1).stream().findFirst();
    }

    @Override
    public List<ReservedInstancesChange> list(
            AccountId account, Region region, Kind kind, @Nullable String afterId, int limit) {
        return select("id > ?", account, region, kind, afterId == null ? "" : afterId, limit);
    }

    private List<ReservedInstancesChange> select(
            String which, AccountId account, Region region, Kind kind, String id, int limit) {
        List<ReservedInstancesChange> changes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(
                        connection,
                        "SELECT * FROM reserved_instances_change WHERE account = ? AND region = ? AND kind = ? AND "
                                + which + " ORDER BY id LIMIT ?",
                        account.value(),
                        region.value(),
                        kind.code(),
                        id,
                        limit);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                changes.add(new ReservedInstancesChange(
                        row.getString("id"),
                        account,
                        region,
                        kind,
                        Rows.requiredInstant(row, "changed_at"),
                        Rows.requiredInstant(row, "effective_at"),
                        Rows.texts(row, "retired"),
                        Rows.texts(row, "successors")));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read changes of Reserved Instances", e);
        }
        return changes;
    }
}
