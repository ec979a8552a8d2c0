package io.cumulet.billing.store;

import io.cumulet.billing.app.LateUsageStore;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** Late usage in PostgreSQL. */
@ApplicationScoped
class JdbcLateUsage implements LateUsageStore {

    private final DataSource dataSource;

    JdbcLateUsage(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void note(Map<AccountId, Set<YearMonth>> months) {
        // In one order, so that two batches never wait for each other.
        months.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(month -> new News(entry.getKey(), month, 0)))
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .forEach(late ->
                        execute("""
                        INSERT INTO late_usage (account, month) VALUES (?, ?)
                        ON CONFLICT (account, month) DO UPDATE SET id = nextval('late_usage_id')""", late.account().value(), late.month().atDay(1)));
    }

    @Override
    public List<News> newsFor(AccountId payer, Collection<AccountId> accounts, YearMonth through) {
        List<News> news = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(
                        connection,
                        """
                        SELECT account, month, id FROM late_usage WHERE account = ANY (?) AND month <= ? AND NOT EXISTS (
                            SELECT 1 FROM late_usage_billed done WHERE done.payer = ? AND done.account = late_usage.account
                                AND done.month = late_usage.month AND done.id = late_usage.id)""",
                        accounts.stream().map(AccountId::value).toArray(String[]::new),
                        through.atDay(1),
                        payer.value());
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                news.add(
                        new News(new AccountId(row.getString("account")), Rows.month(row, "month"), row.getLong("id")));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read late usage", e);
        }
        return news;
    }

    @Override
    public void billed(AccountId payer, List<News> news) {
        for (News one : news) {
            execute("""
                    INSERT INTO late_usage_billed (payer, account, month, id) VALUES (?, ?, ?, ?)
                    ON CONFLICT (payer, account, month) DO UPDATE SET id = excluded.id""", payer.value(), one.account().value(), one.month().atDay(1), one.id());
        }
    }

    private void execute(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = Rows.prepare(connection, sql, values)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not note late usage", e);
        }
    }
}
