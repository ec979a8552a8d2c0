package io.cumulet.billing.store;

import io.cumulet.billing.app.BudgetStore;
import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.billing.domain.budgets.CostFilter;
import io.cumulet.billing.domain.budgets.CostType;
import io.cumulet.billing.domain.budgets.Notification;
import io.cumulet.billing.domain.costs.Dimension;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Budgets in PostgreSQL. */
@ApplicationScoped
class JdbcBudgets implements BudgetStore {

    private static final String COLUMNS =
            "id, account, name, spending_limit, cost_type, scope, filter_dimension, filter_values, notifications, created_at";

    private final DataSource dataSource;

    JdbcBudgets(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void lock(AccountId account) {
        execute("""
                INSERT INTO budgeted_account (account) VALUES (?)
                ON CONFLICT (account) DO UPDATE SET account = excluded.account""", account.value());
    }

    @Override
    public void insert(Budget budget) {
        execute(
                "INSERT INTO budget (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                budget.id(),
                budget.account().value(),
                budget.name(),
                budget.limit().usd(),
                budget.costType().code(),
                budget.scope().code(),
                dimension(budget.filter()),
                values(budget.filter()),
                notifications(budget),
                budget.createdAt().atOffset(ZoneOffset.UTC));
    }

    @Override
    public void update(Budget budget) {
        int updated = execute(
                """
                UPDATE budget SET name = ?, spending_limit = ?, cost_type = ?, scope = ?, filter_dimension = ?,
                    filter_values = ?, notifications = ? WHERE id = ?""",
                budget.name(),
                budget.limit().usd(),
                budget.costType().code(),
                budget.scope().code(),
                dimension(budget.filter()),
                values(budget.filter()),
                notifications(budget),
                budget.id());
        if (updated != 1) {
            throw new IllegalStateException("A budget is changed by who holds its account's lock: " + budget.id());
        }
    }

    @Override
    public void delete(Budget budget) {
        execute("DELETE FROM budget WHERE id = ?", budget.id());
    }

    @Override
    public Optional<Budget> find(AccountId account, String id) {
        return query(
                        JdbcBudgets::budget,
                        "SELECT " + COLUMNS + " FROM budget WHERE id = ? AND account = ?",
                        id,
                        account.value())
                .stream()
                .findFirst();
    }

    @Override
    public List<Budget> list(AccountId account, @Nullable String afterId, int limit) {
        return query(
                JdbcBudgets::budget,
                "SELECT " + COLUMNS + " FROM budget WHERE account = ? AND id > ? ORDER BY id LIMIT ?",
                account.value(),
                afterId == null ? "" : afterId,
                limit);
    }

    @Override
    public Set<AccountId> watching(Collection<AccountId> accounts) {
        String[] changed = accounts.stream().map(AccountId::value).toArray(String[]::new);
        return new HashSet<>(query(row -> new AccountId(row.getString(1)), """
                SELECT account FROM budget WHERE account = ANY (?)
                UNION
                SELECT other.account FROM organization_member changed
                    JOIN organization_member other USING (organization_id)
                    JOIN budget ON budget.account = other.account
                WHERE changed.account = ANY (?)""", changed, changed));
    }

    @Override
    public boolean isAnyWatched() {
        return query(row -> row.getBoolean(1), "SELECT EXISTS (SELECT 1 FROM budget)")
                .getFirst();
    }

    @Override
    public long nextEvaluation() {
        return query(row -> row.getLong(1), "SELECT nextval('budget_evaluation')")
                .getFirst();
    }

    @Override
    public boolean lock(AccountId account, long evaluation) {
        lock(account);
        return execute(
                        "UPDATE budgeted_account SET evaluated = ? WHERE account = ? AND evaluated < ?",
                        evaluation,
                        account.value(),
                        evaluation)
                == 1;
    }

    @Override
    public Optional<YearMonth> judgedThrough(AccountId account) {
        return query(row -> Rows.month(row, "judged_through"), """
                SELECT judged_through FROM budgeted_account
                WHERE account = ? AND judged_through IS NOT NULL""", account.value()).stream()
                .findFirst();
    }

    @Override
    public void judged(AccountId account, YearMonth through) {
        execute(
                "UPDATE budgeted_account SET judged_through = greatest(judged_through, ?) WHERE account = ?",
                through.atDay(1),
                account.value());
    }

    @Override
    public List<Alert> alerts(Collection<Budget> budgets, YearMonth month) {
        return query(JdbcBudgets::alert, """
                SELECT budget_id, month, type, threshold_percent, spending_limit, actual, forecast, told_at
                FROM budget_alert WHERE budget_id = ANY (?) AND month = ?
                ORDER BY budget_id, type, threshold_percent""", budgets.stream().map(Budget::id).toArray(String[]::new), month.atDay(1));
    }

    @Override
    public Optional<Long> tell(Alert alert) {
        int added = execute(
                """
                INSERT INTO budget_alert
                    (budget_id, month, type, threshold_percent, spending_limit, actual, forecast, told_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                alert.budgetId(),
                alert.month().atDay(1),
                alert.notification().type().code(),
                alert.notification().thresholdPercent(),
                alert.limit().usd(),
                alert.actual().usd(),
                alert.forecast().usd(),
                alert.at().atOffset(ZoneOffset.UTC));
        return added == 0
                ? Optional.empty()
                : query(
                                row -> row.getLong(1),
                                "UPDATE budget SET version = version + 1 WHERE id = ? RETURNING version",
                                alert.budgetId())
                        .stream()
                        .findFirst();
    }

    private static @Nullable String dimension(@Nullable CostFilter filter) {
        return filter == null ? null : filter.dimension().code();
    }

    private static String @Nullable [] values(@Nullable CostFilter filter) {
        return filter == null ? null : filter.values().stream().sorted().toArray(String[]::new);
    }

    private static String[] notifications(Budget budget) {
        return budget.notifications().stream()
                .map(one -> one.type().code() + "/" + one.thresholdPercent())
                .toArray(String[]::new);
    }

    private static Budget budget(ResultSet row) throws SQLException {
        String dimension = row.getString("filter_dimension");
        return new Budget(
                row.getString("id"),
                new AccountId(row.getString("account")),
                row.getString("name"),
                new Money(row.getBigDecimal("spending_limit")),
                CostType.ofCode(row.getString("cost_type")).orElseThrow(),
                Scope.ofCode(row.getString("scope")).orElseThrow(),
                dimension == null
                        ? null
                        : new CostFilter(
                                Dimension.ofCode(dimension).orElseThrow(), Set.copyOf(texts(row, "filter_values"))),
                texts(row, "notifications").stream()
                        .map(text -> text.split("/"))
                        .map(parts -> notification(parts[0], Integer.parseInt(parts[1])))
                        .toList(),
                Rows.requiredInstant(row, "created_at"));
    }

    private static Alert alert(ResultSet row) throws SQLException {
        return new Alert(
                row.getString("budget_id"),
                Rows.month(row, "month"),
                notification(row.getString("type"), row.getInt("threshold_percent")),
                new Money(row.getBigDecimal("spending_limit")),
                new Money(row.getBigDecimal("actual")),
                new Money(row.getBigDecimal("forecast")),
                Rows.requiredInstant(row, "told_at"));
    }

    private static Notification notification(String type, int thresholdPercent) {
        return new Notification(Notification.Type.ofCode(type).orElseThrow(), thresholdPercent);
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(Reader<T> reader, String sql, Object... values) {
        List<T> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(connection, sql, values);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(reader.read(row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read budgets", e);
        }
        return found;
    }

    private int execute(String sql, @Nullable Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = Rows.prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not write budgets", e);
        }
    }
}
