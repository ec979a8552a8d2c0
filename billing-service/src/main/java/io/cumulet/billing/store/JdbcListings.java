package io.cumulet.billing.store;

import io.cumulet.billing.app.ListingStore;
import io.cumulet.billing.domain.commitments.Listing;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What is for sale, in PostgreSQL. */
@ApplicationScoped
class JdbcListings implements ListingStore {

    private final DataSource dataSource;

    JdbcListings(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void insert(Listing listing) {
        execute(
                """
                INSERT INTO reserved_instances_listing
                    (id, account, region, commitment_id, state, listed, sold, prices, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::text[]::numeric[], ?, ?)""",
                listing.id(),
                listing.account().value(),
                listing.region().value(),
                listing.commitmentId(),
                listing.state().code(),
                listing.listed(),
                listing.sold(),
                listing.prices().stream().map(Money::toString).toArray(String[]::new),
                listing.createdAt().atOffset(ZoneOffset.UTC),
                listing.updatedAt().atOffset(ZoneOffset.UTC));
    }

    @Override
    public void update(Listing listing) {
        execute(
                """
                UPDATE reserved_instances_listing SET commitment_id = ?, state = ?, sold = ?, updated_at = ? WHERE id = ?""",
                listing.commitmentId(),
                listing.state().code(),
                listing.sold(),
                listing.updatedAt().atOffset(ZoneOffset.UTC),
                listing.id());
    }

    private void execute(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = Rows.prepare(connection, sql, values)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a listing", e);
        }
    }

    @Override
    public Optional<Listing> find(AccountId account, Region region, String id) {
        return select("account = ? AND region = ? AND id = ?", account.value(), region.value(), id).stream()
                .findFirst();
    }

    @Override
    public List<Listing> lock(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : select("id = ANY (?) ORDER BY id FOR UPDATE", (Object) ids.toArray(String[]::new));
    }

    @Override
    public List<Listing> list(AccountId account, Region region, @Nullable String afterId, int limit) {
        return select(
                "account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
                account.value(),
                region.value(),
                afterId == null ? "" : afterId,
                limit);
    }

    @Override
    public List<Listing> active(Region region) {
        return select("state = 'active' AND region = ?", region.value());
    }

    @Override
    public List<Listing> activeOf(Collection<String> commitmentIds) {
        return select("state = 'active' AND commitment_id = ANY (?)", (Object) commitmentIds.toArray(String[]::new));
    }

    private List<Listing> select(String which, Object... values) {
        List<Listing> listings = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        Rows.prepare(connection, "SELECT * FROM reserved_instances_listing WHERE " + which, values);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                listings.add(listing(row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read listings", e);
        }
        return listings;
    }

    private static Listing listing(ResultSet row) throws SQLException {
        BigDecimal[] prices = (BigDecimal[]) row.getArray("prices").getArray();
        return new Listing(
                row.getString("id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("commitment_id"),
                Listing.State.ofCode(row.getString("state")).orElseThrow(),
                row.getInt("listed"),
                row.getInt("sold"),
                Arrays.stream(prices).map(Money::new).toList(),
                Rows.requiredInstant(row, "created_at"),
                Rows.requiredInstant(row, "updated_at"));
    }
}
