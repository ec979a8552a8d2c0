package io.cumulet.plumbing.outbox;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventIds;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Takes events in the caller's transaction, so that state and event are one; the relay sends them after the commit, at
 * least once, in order for each key.
 *
 * <p>Order holds if whoever writes an aggregate's events holds that aggregate's lock (a row lock, or its committer's)
 * while it appends: then the order of {@code seq} is the order of commits for that key.
 */
@ApplicationScoped
public class Outbox {

    private static final String INSERT = """
            INSERT INTO outbox (topic, key, headers, payload) SELECT topic, key, headers, payload
            FROM unnest(?, ?, ?, ?) WITH ORDINALITY AS event (topic, key, headers, payload, place) ORDER BY place""";

    /** Rows of one statement: of ten thousand, warned at once, PostgreSQL would first make a file. */
    private static final int MOST_AT_ONCE = 1_000;

    private final DataSource dataSource;
    private final StackClock clock;
    private final OutboxRelay relay;
    private final AfterCommit afterCommit;
    private final String source;
    private final AtomicLong appended = new AtomicLong();

    public Outbox(
            DataSource dataSource,
            StackClock clock,
            OutboxRelay relay,
            AfterCommit afterCommit,
            @ConfigProperty(name = "quarkus.application.name") String serviceName) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.relay = relay;
        this.afterCommit = afterCommit;
        this.source = "/" + serviceName;
    }

    /** Appends one event to the running transaction; see {@link #append(List)}. */
    public void append(NewEvent event) {
        append(List.of(event));
    }

    /** Appends events, in this order, to the running transaction. */
    public void append(List<NewEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        afterCommit.run(relay::wake);
        List<Row> rows = new ArrayList<>(Math.min(events.size(), MOST_AT_ONCE));
        for (NewEvent event : events) {
            rows.add(new Row(
                    event.type().topic().topicName(), event.key(), headers(event), ContractJson.write(event.data())));
            if (rows.size() == MOST_AT_ONCE) {
                insert(rows);
                rows.clear();
            }
        }
        insert(rows);
    }

    /** Appends a record that isn't an event of ours, such as a dead letter, to the running transaction. */
    public void appendRaw(String topic, String key, String headers, byte[] payload) {
        afterCommit.run(relay::wake);
        insert(List.of(new Row(topic, key, headers, payload)));
    }

    private record Row(String topic, String key, String headers, byte[] payload) {}

    private void insert(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, SqlArrays.column(connection, "text", rows, Row::topic));
            insert.setArray(2, SqlArrays.column(connection, "text", rows, Row::key));
            insert.setArray(3, SqlArrays.column(connection, "text", rows, Row::headers));
            insert.setArray(4, SqlArrays.column(connection, "bytea", rows, Row::payload));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not write to the outbox", e);
        }
        appended.addAndGet(rows.size());
    }

    /** How many events were appended by this process so far. */
    public long appended() {
        return appended.get();
    }

    private static String id(NewEvent event) {
        return switch (event.type().topic()) {
            case INSTANCES_LIFECYCLE, SPOT_INTERRUPTIONS, BILLING_COMMITMENTS, BILLING_BUDGETS ->
                EventIds.of(event.type().topic(), event.key(), event.version());
            case INSTANCES_CAPACITY,
                    HOSTS_LIFECYCLE,
                    NETWORKS_VPCS,
                    NETWORKS_INTERFACES,
                    NETWORKS_ADDRESSES,
                    SPOT_PRICES,
                    SPOT_REQUESTS,
                    SPOT_ALLOCATIONS,
                    SPOT_FLEETS,
                    FIREWALL_GROUPS,
                    FIREWALL_PREFIX_LISTS,
                    FIREWALL_RULESETS,
                    BILLING_USAGE,
                    ACCESS_AUDIT,
                    STACK_CLOCK -> UUID.randomUUID().toString();
        };
    }

    private String headers(NewEvent event) {
        StringBuilder text = new StringBuilder(400);
        EventHeaders.add(text, CloudEventHeaders.SPEC_VERSION, "1.0");
        EventHeaders.add(text, CloudEventHeaders.ID, id(event));
        EventHeaders.add(text, CloudEventHeaders.SOURCE, source);
        EventHeaders.add(text, CloudEventHeaders.TYPE, event.type().typeName());
        EventHeaders.add(text, CloudEventHeaders.TIME, event.time().toString());
        EventHeaders.add(text, CloudEventHeaders.SUBJECT, event.key());
        EventHeaders.add(text, CloudEventHeaders.CONTENT_TYPE, "application/json");
        EventHeaders.add(text, CloudEventHeaders.ACCOUNT, event.account().value());
        EventHeaders.add(text, CloudEventHeaders.REGION, event.region().value());
        EventHeaders.add(text, CloudEventHeaders.EPOCH, Integer.toString(clock.epoch()));
        EventHeaders.add(text, CloudEventHeaders.AGGREGATE_VERSION, Long.toString(event.version()));
        EventHeaders.add(text, CloudEventHeaders.CAUSE_ID, event.causeId());
        if (event.data() instanceof InstanceSnapshot instance) {
            EventHeaders.add(text, CloudEventHeaders.MARKET, instance.market());
            EventHeaders.add(text, CloudEventHeaders.FLEET, instance.tags().get(InstanceSnapshot.FLEET_TAG));
        }
        TraceContext trace = event.trace();
        if (trace != null) {
            EventHeaders.add(text, CloudEventHeaders.TRACEPARENT, trace.traceparent());
            EventHeaders.add(text, CloudEventHeaders.TRACESTATE, trace.tracestate());
        }
        return text.toString();
    }
}
