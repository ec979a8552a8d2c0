package io.cumulet.billing.store;

import io.cumulet.billing.app.LedgerStore;
import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The ledger in PostgreSQL, which itself refuses entries that don't balance, and changes. */
@ApplicationScoped
class JdbcLedger implements LedgerStore {

    private static final String ENTRIES = """
            SELECT entry.*, ledger_account, amount
            FROM (SELECT * FROM journal_entry WHERE account = ? AND id > ? ORDER BY id LIMIT ?) entry
            JOIN posting ON entry_id = entry.id ORDER BY entry.id, ledger_account""";

    private final DataSource dataSource;

    JdbcLedger(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void post(JournalEntry entry) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = Rows.prepare(
                        connection,
                        "INSERT INTO journal_entry (account, kind, reference, posted_at) VALUES (?, ?, ?, ?) RETURNING id",
                        entry.account().value(),
                        entry.kind(),
                        entry.reference(),
                        entry.postedAt().atOffset(ZoneOffset.UTC));
                ResultSet row = insert.executeQuery()) {
            row.next();
            post(connection, row.getLong(1), entry.postings());
        } catch (SQLException e) {
            throw new IllegalStateException("Could not post to the ledger", e);
        }
    }

    private static void post(Connection connection, long entryId, Map<String, Money> postings) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO posting (entry_id, ledger_account, amount) VALUES (?, ?, ?)")) {
            for (Map.Entry<String, Money> posting : postings.entrySet()) {
                insert.setLong(1, entryId);
                insert.setString(2, posting.getKey());
                insert.setBigDecimal(3, posting.getValue().usd());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public List<NumberedEntry> entries(AccountId account, long afterId, int limit) {
        List<NumberedEntry> entries = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(connection, ENTRIES, account.value(), afterId, limit);
                ResultSet row = select.executeQuery()) {
            boolean more = row.next();
            while (more) {
                long id = row.getLong("id");
                String kind = row.getString("kind");
                String reference = row.getString("reference");
                Instant postedAt = Rows.requiredInstant(row, "posted_at");
                Map<String, Money> postings = new LinkedHashMap<>();
                while (more && row.getLong("id") == id) {
                    postings.put(row.getString("ledger_account"), new Money(row.getBigDecimal("amount")));
                    more = row.next();
                }
                entries.add(new NumberedEntry(id, new JournalEntry(account, kind, reference, postedAt, postings)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read the ledger", e);
        }
        return entries;
    }
}
