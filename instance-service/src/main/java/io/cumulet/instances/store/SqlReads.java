package io.cumulet.instances.store;

import io.cumulet.instances.app.InstanceReads;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The read side. Lists go along an index from the last id of the page before, so that every page costs the same: by state
 * and by tag along an index of its own, by other fields along all instances of the account until the page is full. So
 * does a tag that is rare here but common among all instances there ever were, which PostgreSQL takes for common.
 */
@ApplicationScoped
public class SqlReads implements InstanceReads {

    private static final String VISIBLE = "(terminated_at IS NULL OR terminated_at > ?)";
    private static final List<String> STATES =
            Stream.of(InstanceState.values()).map(InstanceState::code).toList();
    private static final String TERMINATED = InstanceState.TERMINATED.code();

    private final DataSource dataSource;

    public SqlReads(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Optional<Instance> find(String id, AccountId account, Region region, Instant forgottenBefore) {
        RowQuery query = new RowQuery("SELECT " + InstanceRows.COLUMNS + " FROM instance WHERE instance_id = ?", id)
                .and("account = ?", account.value())
                .and("region = ?", region.value())
                .and(VISIBLE, forgottenBefore);
        return instances(query).stream().findFirst();
    }

    @Override
    public List<Instance> list(InstanceFilter filter, Instant forgottenBefore, @Nullable String afterId, int limit) {
        List<String> states = filter.fields().getOrDefault(Field.STATE, STATES);
        List<Instance> living = states.equals(List.of(TERMINATED))
                ? List.of()
                : instances(page(filter, "terminated_at IS NULL", null, afterId, limit));
        List<Instance> ended = states.contains(TERMINATED)
                ? instances(page(filter, "terminated_at > ?", forgottenBefore, afterId, limit))
                : List.of();
        if (ended.isEmpty()) {
            return living;
        }
        // One that ended between the two queries is in both.
        TreeMap<String, Instance> byId = new TreeMap<>();
        living.forEach(instance -> byId.put(instance.id(), instance));
        ended.forEach(instance -> byId.put(instance.id(), instance));
        return byId.values().stream().limit(limit).toList();
    }

    private static RowQuery page(
            InstanceFilter filter,
            String alive,
            @Nullable Instant forgottenBefore,
            @Nullable String afterId,
            int limit) {
        RowQuery query = new RowQuery(
                        "SELECT " + InstanceRows.COLUMNS + " FROM instance WHERE account = ?",
                        filter.account().value())
                .and("region = ?", filter.region().value())
                .plannedForItsValues();
        if (forgottenBefore == null) {
            query.then(" AND " + alive);
        } else {
            query.and(alive, forgottenBefore);
        }
        if (afterId != null) {
            query.and("instance_id > ?", afterId);
        }
        filter.fields().forEach((field, values) -> {
            if (field == Field.STATE && values.size() == 1) {
                // PostgreSQL knows the index to be in the order of ids within one state, not within a list of one.
                query.and("state = ?", values.getFirst());
            } else {
                query.and(condition(field), RowQuery.texts(values));
            }
        });
        if (!filter.tags().isEmpty() || !filter.tagKeys().isEmpty()) {
            query.then(" AND tags <> '{}'"); // says that the index on tags has them all
        }
        query.tagged(filter.tags(), filter.tagKeys());
        return query.then(" ORDER BY instance_id LIMIT " + limit);
    }

    private static String condition(Field field) {
        return switch (field) {
            case INSTANCE_ID -> "instance_id = ANY (?)";
            case STATE -> "state = ANY (?)";
            case INSTANCE_TYPE -> "instance_type = ANY (?)";
            case AVAILABILITY_ZONE -> "az = ANY (?)";
            case IMAGE_ID -> "image_id = ANY (?)";
            case OS -> "os = ANY (?)";
            case RESERVATION_ID -> "reservation_id = ANY (?)";
            case SUBNET_ID -> "subnet_id = ANY (?)";
            case VPC_ID -> "vpc_id = ANY (?)";
            case PRIVATE_IP_ADDRESS -> "private_address = ANY (?)";
            case KEY_NAME -> "key_name = ANY (?)";
            case SPOT_REQUEST_ID -> "spot_request_id = ANY (?)";
            case MARKET -> "CASE WHEN spot_request_id IS NULL THEN 'on-demand' ELSE 'spot' END = ANY (?)";
            case SECURITY_GROUP_ID -> "group_ids && ?";
        };
    }

    @Override
    public Optional<String> userData(String instanceId) {
        return new RowQuery("SELECT user_data FROM instance_user_data WHERE instance_id = ?", instanceId)
                .rows(dataSource, row -> row.getString(1)).stream().findFirst();
    }

    @Override
    public Optional<String> userDataOfRequest(String spotRequestId, AccountId account) {
        return new RowQuery("SELECT user_data FROM spot_request_user_data WHERE spot_request_id = ?", spotRequestId)
                .and("account = ?", account.value()).rows(dataSource, row -> row.getString(1)).stream()
                        .findFirst();
    }

    @Override
    public Map<String, Integer> takenAddresses(List<String> subnetIds) {
        Map<String, Integer> taken = new HashMap<>();
        RowQuery query = new RowQuery(
                        "SELECT subnet_id, count(*) FROM private_address WHERE subnet_id = ANY (?)",
                        RowQuery.texts(subnetIds))
                .then(" GROUP BY subnet_id");
        query.rows(dataSource, row -> taken.put(row.getString(1), row.getInt(2)));
        return taken;
    }

    /** Instances with what is attached to them. */
    private List<Instance> instances(RowQuery query) {
        List<Instance> found = query.rows(dataSource, InstanceRows::read);
        try (Connection connection = dataSource.getConnection()) {
            return InterfaceRows.attach(connection, found);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read interfaces", e);
        }
    }
}
