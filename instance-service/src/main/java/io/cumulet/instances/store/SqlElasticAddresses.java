package io.cumulet.instances.store;

import io.cumulet.instances.app.ElasticAddressStore;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Elastic addresses in PostgreSQL. The key of the public address sees to it that nobody gets one twice. */
@ApplicationScoped
public class SqlElasticAddresses implements ElasticAddressStore {

    /** Tells these advisory locks from others of this database. */
    private static final int LOCK_CLASS = 0xe1a5;

    private static final String SELECT = "SELECT " + ElasticRows.COLUMNS + " FROM elastic_address WHERE ";

    private final DataSource dataSource;

    public SqlElasticAddresses(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Optional<ElasticAddress> find(String allocationId, AccountId account, Region region) {
        return one(allocationId, account, region, "");
    }

    @Override
    public Optional<ElasticAddress> lock(String allocationId, AccountId account, Region region) {
        return one(allocationId, account, region, " FOR UPDATE");
    }

    private Optional<ElasticAddress> one(String allocationId, AccountId account, Region region, String how) {
        return new RowQuery(SELECT + "allocation_id = ?", allocationId)
                        .and("account = ?", account.value())
                        .and("region = ?", region.value())
                        .then(how)
                        .rows(dataSource, ElasticRows::read)
                        .stream()
                        .findFirst();
    }

    @Override
    public List<ElasticAddress> list(AddressFilter filter, @Nullable String afterId, int limit) {
        RowQuery query = new RowQuery(SELECT + "account = ?", filter.account().value())
                .and("region = ?", filter.region().value())
                .plannedForItsValues();
        if (afterId != null) {
            query.and("allocation_id > ?", afterId);
        }
        filter.fields().forEach((field, values) -> query.and(column(field) + " = ANY (?)", RowQuery.texts(values)));
        return query.tagged(filter.tags(), filter.tagKeys())
                .then(" ORDER BY allocation_id LIMIT " + limit)
                .rows(dataSource, ElasticRows::read);
    }

    private static String column(Field field) {
        return switch (field) {
            case ALLOCATION_ID -> "allocation_id";
            case ASSOCIATION_ID -> "association_id";
            case PUBLIC_IP -> "public_address";
            case NETWORK_INTERFACE_ID -> "interface_id";
            case INSTANCE_ID -> "instance_id";
            case PRIVATE_IP_ADDRESS -> "private_address";
        };
    }

    @Override
    public int lockCount(AccountId account, Region region) {
        sql("SELECT pg_advisory_xact_lock(" + LOCK_CLASS + ", hashtext(?))", lock -> {
            lock.setString(1, account + "/" + region);
            return lock.execute();
        });
        // A statement of its own: it sees what whoever had the lock before has committed.
        return sql("SELECT count(*) FROM elastic_address WHERE account = ? AND region = ?", select -> {
            select.setString(1, account.value());
            select.setString(2, region.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    @Override
    public boolean insert(ElasticAddress address) {
        return sql("""
                INSERT INTO elastic_address (allocation_id, account, region, public_address, tags, version, allocated_at)
                VALUES (?, ?, ?, ?, ?::jsonb, ?, ?::timestamptz) ON CONFLICT (public_address) DO NOTHING""", insert -> {
            insert.setString(1, address.id());
            insert.setString(2, address.account().value());
            insert.setString(3, address.region().value());
            insert.setString(4, address.publicAddress().toString());
            insert.setString(5, InstanceRows.json(address.tags()));
            insert.setLong(6, address.version());
            insert.setString(7, address.allocatedAt().toString());
            return insert.executeUpdate() == 1;
        });
    }

    @Override
    public Optional<IpAddress> firstFree(AddressPool.Stretch stretch) {
        return sql("""
                SELECT host('0.0.0.0'::inet + (taken.public_number + 1))
                FROM elastic_address taken
                WHERE taken.public_number >= ? AND taken.public_number < ? AND NOT EXISTS (
                    SELECT 1 FROM elastic_address next WHERE next.public_number = taken.public_number + 1)
                ORDER BY taken.public_number LIMIT 1""", select -> {
            select.setLong(1, stretch.first().low());
            select.setLong(2, stretch.last().low());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? IpAddress.parse(row.getString(1)) : Optional.<IpAddress>empty();
            }
        });
    }

    @Override
    public void update(ElasticAddress address) {
        try (Connection connection = dataSource.getConnection()) {
            SqlScript script = new SqlScript();
            ElasticRows.update(script, List.of(address));
            script.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not change an elastic address", e);
        }
    }

    @Override
    public void delete(String allocationId) {
        sql("DELETE FROM elastic_address WHERE allocation_id = ?", delete -> {
            delete.setString(1, allocationId);
            return delete.executeUpdate();
        });
    }

    private interface Statement<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private <T> T sql(String text, Statement<T> statement) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = connection.prepareStatement(text)) {
            return statement.run(prepared);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep elastic addresses", e);
        }
    }
}
