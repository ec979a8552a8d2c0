package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Lists by one client, with very many instances in one account: more than its subnets have addresses for, so all but one
 * are copies of that one in the instance service's table. They have no host and no address, and are deleted afterwards.
 *
 * <pre>
 *   stopped 1 %, stopping 1 in 20,000, pending and shutting down none, running all others
 *   tags: name of each its own, stage=prod 50 %, batch=b7 1 %, owner 1 in 20,000
 * </pre>
 */
final class Lists implements AutoCloseable {

    /** What is asked, with how it is called in the figures. */
    static final List<List<String>> QUERIES = List.of(
            List.of("list by state, 1 %", "state=stopped"),
            List.of("list by state, a handful", "state=stopping"),
            List.of("list by state, none pending", "state=pending"),
            List.of("list by state, 99 %", "state=running"),
            List.of("list by two states", "state=stopped&state=stopping"),
            List.of("list by tag, one", "tag:name=host-4711"),
            List.of("list by tag, 1 %", "tag:batch=b7"),
            List.of("list by tag, 50 %", "tag:stage=prod"),
            List.of("list by tag, none", "tag:stage=nowhere"),
            List.of("list by tag and state, 50 % and 1 %", "tag:stage=test&state=stopped"),
            List.of("list by tag and state, 1 % and 99 %", "tag:batch=b7&state=running"),
            List.of("list by tag and state, none has both", "tag:batch=b7&state=stopped"),
            List.of("list by tag key, a handful", "tagKey=owner"),
            List.of("list by tag key, 1 %", "tagKey=batch"));

    private final Rest rest;
    private final Stack stack;
    private final Connection connection;
    private final String account =
            Long.toString(ThreadLocalRandom.current().nextLong(100_000_000_000L, 200_000_000_000L));

    Lists(Rest rest, Stack stack, String jdbcUrl) throws SQLException {
        this.rest = rest;
        this.stack = stack;
        this.connection = DriverManager.getConnection(jdbcUrl, "cumulet", "cumulet");
    }

    void fill(Launches launches, int count) throws IOException, InterruptedException, SQLException {
        Launches.Launched one = launches.one(account);
        stack.drain();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO instance (instance_id, account, region, az, version, run, state, state_entered_at,
                    reservation_id, launch_index, image_id, os, architecture, vpc_id, subnet_id, instance_type, group_ids,
                    tags, termination_protected, launch_time)
                SELECT 'i-' || substr(md5(account || i), 1, 17), account, region, az, version, run,
                    CASE WHEN i % 100 = 7 THEN 'stopped' WHEN i % 20000 = 11 THEN 'stopping' ELSE state END,
                    state_entered_at, reservation_id, i, image_id, os, architecture, vpc_id, subnet_id, instance_type,
                    group_ids,
                    jsonb_build_object('name', 'host-' || i, 'stage', CASE WHEN i % 2 = 0 THEN 'prod' ELSE 'test' END)
                        || CASE WHEN i % 100 = 33 THEN '{"batch": "b7"}'::jsonb ELSE '{}' END
                        || CASE WHEN i % 20000 = 44 THEN '{"owner": "me"}'::jsonb ELSE '{}' END,
                    termination_protected, launch_time
                FROM instance, generate_series(1, ?) i WHERE instance_id = ?""")) {
            insert.setInt(1, count);
            insert.setString(2, one.instanceId());
            insert.executeUpdate();
        }
        // Autovacuum would do it a minute later.
        execute("VACUUM ANALYZE instance");
    }

    /** First pages of 100, and the pages that follow up to the tenth. */
    Histogram measure(String query, int times) throws IOException, InterruptedException {
        Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
        String token = "";
        for (int i = 0; i < times; i++) {
            String page = i % 10 == 0 || token.isEmpty() ? "" : "&nextToken=" + token;
            URI uri = stack.instances("/v1/instances?maxResults=100&" + query + page);
            long begun = System.nanoTime();
            Rest.Answer answer = rest.get(uri, account);
            latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
            JsonNode body = answer.json();
            if (answer.status() != 200) {
                throw new IOException(uri + " answers " + answer.status() + ": " + answer.text());
            }
            token = body.path("nextToken").asText("");
        }
        return latency;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            execute("DELETE FROM instance WHERE account = '" + account + "' AND host_id IS NULL");
            execute("VACUUM ANALYZE instance");
        }
    }
}
