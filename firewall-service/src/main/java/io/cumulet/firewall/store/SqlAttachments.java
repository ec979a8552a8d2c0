package io.cumulet.firewall.store;

import io.cumulet.firewall.app.Attachment;
import io.cumulet.firewall.app.AttachmentStore;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The copy of attachments in plain SQL: it takes thousands of events a second, a batch in one statement. */
@ApplicationScoped
class SqlAttachments implements AttachmentStore {

    // Arrays of arrays can't be unnested row by row; a group id has no comma.
    private static final String TAKE = """
            INSERT INTO attachment AS known
                (instance_id, account, region, private_ip_address, group_ids, version, gone)
            SELECT instance_id, account, region, private_ip_address, string_to_array(group_ids, ','), version, gone
            FROM unnest(?, ?, ?, ?, ?, ?, ?)
                AS news (instance_id, account, region, private_ip_address, group_ids, version, gone)
            ON CONFLICT (instance_id) DO UPDATE SET
                private_ip_address = EXCLUDED.private_ip_address, group_ids = EXCLUDED.group_ids,
                version = EXCLUDED.version, gone = EXCLUDED.gone, seen_at = now()
            WHERE known.version < EXCLUDED.version""";

    private static final String WITH_GROUP = """
            SELECT instance_id FROM attachment
            WHERE account = ? AND region = ? AND NOT gone AND ? = ANY (group_ids) LIMIT 1""";

    private static final String WITH_ADDRESSES = """
            SELECT instance_id, private_ip_address, group_ids, version FROM attachment
            WHERE account = ? AND region = ? AND NOT gone AND private_ip_address = ANY (?)""";

    /** Kafka keeps an instance's events in order, so that a replay ends right without these rows; a day is for calm. */
    private static final String FORGET = "DELETE FROM attachment WHERE gone AND seen_at < now() - interval '1 day'";

    private static final int FORGET_EVERY = 10_000;

    private final DataSource dataSource;
    private final AtomicLong taken = new AtomicLong();

    SqlAttachments(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void take(Collection<Attachment> newest) {
        try (Connection connection = dataSource.getConnection()) {
            try (PreparedStatement take = connection.prepareStatement(TAKE)) {
                take.setArray(1, column(connection, "text", newest, Attachment::instanceId));
                take.setArray(
                        2,
                        column(connection, "text", newest, one -> one.account().value()));
                take.setArray(
                        3,
                        column(connection, "text", newest, one -> one.region().value()));
                take.setArray(4, column(connection, "text", newest, Attachment::privateIpAddress));
                take.setArray(5, column(connection, "text", newest, one -> String.join(",", one.groupIds())));
                take.setArray(6, column(connection, "bigint", newest, Attachment::version));
                take.setArray(7, column(connection, "boolean", newest, Attachment::gone));
                take.executeUpdate();
            }
            if (taken.addAndGet(newest.size()) >= FORGET_EVERY) {
                taken.set(0);
                try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
                    forget.executeUpdate();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep attachments", e);
        }
    }

    @Override
    public Optional<String> anyWith(AccountId account, Region region, String groupId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(WITH_GROUP)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            select.setString(3, groupId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read attachments", e);
        }
    }

    @Override
    public List<Attachment> withAddresses(AccountId account, Region region, Collection<String> addresses) {
        List<Attachment> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(WITH_ADDRESSES)) {
            select.setString(1, account.value());
            select.setString(2, region.value());
            select.setArray(3, connection.createArrayOf("text", addresses.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String[] groupIds = (String[]) row.getArray(3).getArray();
                    found.add(new Attachment(
                            row.getString(1),
                            account,
                            region,
                            row.getString(2),
                            List.of(groupIds),
                            row.getLong(4),
                            false));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read attachments", e);
        }
        return found;
    }

    private static Array column(
            Connection connection,
            String type,
            Collection<Attachment> rows,
            Function<Attachment, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
