package io.cumulet.plumbing.suite;

import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** The rows of one account, for its reset. In the running transaction. */
@ApplicationScoped
public class AccountRows {

    private final DataSource dataSource;

    public AccountRows(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Deletes an account's rows of some tables, in this order.
     *
     * @param tables with a column {@code account}
     */
    public void delete(Collection<String> tables, AccountId account) {
        run(
                tables.stream()
                        .map(table -> "DELETE FROM " + table + " WHERE account = ?")
                        .toList(),
                account);
    }

    /** Runs statements in the running transaction, each with the account as its one parameter. */
    public void run(Collection<String> statements, AccountId account) {
        try (Connection connection = dataSource.getConnection()) {
            for (String sql : statements) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, account.value());
                    statement.execute();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not take away what " + account + " has", e);
        }
    }

    /** The account's ids that a query answers, in its order. */
    public List<String> ids(String query, AccountId account) {
        List<String> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, account.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read what " + account + " has", e);
        }
        return ids;
    }
}
