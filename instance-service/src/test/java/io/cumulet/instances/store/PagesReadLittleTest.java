package io.cumulet.instances.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.app.InstanceReads.Field;
import io.cumulet.instances.app.InstanceReads.InstanceFilter;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many rows of the table PostgreSQL reads for a page: that tells a wrong plan on any machine, where a time would not.
 * The account has 20,000 instances: 200 stopped, 4 stopping, the others running; half of them tagged prod.
 */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class PagesReadLittleTest {

    private static final AccountId ACCOUNT = new AccountId("000020000000");
    private static final int LIMIT = 101;
    /** More than a page holds or than matches, as plans differ; far less than the 20,000 that a plan without index reads. */
    private static final int FEW = 200;

    @Inject
    SqlReads reads;

    @Inject
    DataSource dataSource;

    /** What a page held, and how many rows were read for it. */
    private record Page(List<Instance> instances, long rowsRead) {}

    @BeforeEach
    void fill() throws SQLException {
        run("""
                INSERT INTO instance (instance_id, account, region, az, version, run, state, state_entered_at,
                    reservation_id, launch_index, image_id, os, architecture, vpc_id, subnet_id, instance_type, group_ids,
                    tags, termination_protected, launch_time)
                SELECT 'i-' || substr(md5(i::text), 1, 17), '000020000000', 'us-east-1', 'us-east-1a', 1, 1,
                    CASE WHEN i % 100 = 7 THEN 'stopped' WHEN i % 5000 = 11 THEN 'stopping' ELSE 'running' END, now(),
                    'r-1', 0, 'ami-1', 'linux', 'x86_64', 'vpc-1', 'subnet-1', 't2.micro', '{}',
                    jsonb_build_object('name', 'host-' || i, 'stage', CASE WHEN i % 2 = 0 THEN 'prod' ELSE 'test' END)
                        || CASE WHEN i % 100 = 33 THEN '{"batch": "b7"}'::jsonb ELSE '{}' END,
                    false, now()
                FROM generate_series(1, 20000) i""");
        // Autovacuum would do it some time later.
        run("ANALYZE instance");
    }

    @AfterEach
    void empty() throws SQLException {
        run("DELETE FROM instance WHERE account = '000020000000'");
        run("ANALYZE instance");
    }

    @Test
    void aPageByStateReadsHardlyMoreThanItHolds() {
        for (String state : List.of("pending", "running", "stopping", "stopped", "shutting-down", "terminated")) {
            Page page = read(filter(Map.of(Field.STATE, List.of(state)), Map.of(), List.of()), null);
            assertThat(page.instances())
                    .allSatisfy(instance -> assertThat(instance.state().code()).isEqualTo(state));
            assertThat(page.rowsRead())
                    .as(state)
                    .isLessThanOrEqualTo(page.instances().size() + FEW);
        }
        InstanceFilter stopped = filter(Map.of(Field.STATE, List.of("stopped")), Map.of(), List.of());
        Page first = read(stopped, null);
        Page second = read(stopped, first.instances().get(LIMIT - 2).id());
        assertThat(first.instances()).hasSize(LIMIT);
        assertThat(second.instances()).hasSize(100).contains(first.instances().get(LIMIT - 1));
        assertThat(second.rowsRead()).isLessThanOrEqualTo(LIMIT + FEW);
    }

    @Test
    void severalStatesReadWhatIsInThem() {
        Page page = read(filter(Map.of(Field.STATE, List.of("stopped", "stopping")), Map.of(), List.of()), null);
        assertThat(page.instances()).hasSize(LIMIT);
        assertThat(page.rowsRead()).isLessThanOrEqualTo(204 + FEW);
    }

    @Test
    void aPageByTagReadsWhatHasTheTagOrSomePagesOfWhatIsCommon() {
        assertThat(byTag("name", "host-4711").instances()).hasSize(1);
        assertThat(byTag("name", "host-4711").rowsRead()).isEqualTo(1);
        assertThat(byTag("name", "nobody").rowsRead()).isZero();
        assertThat(byTag("batch", "b7").rowsRead()).isLessThanOrEqualTo(200 + FEW);
        assertThat(byTag("stage", "prod").instances()).hasSize(LIMIT);
        assertThat(byTag("stage", "prod").rowsRead()).isLessThanOrEqualTo(5 * LIMIT);
        assertThat(read(filter(Map.of(), Map.of(), List.of("batch")), null).rowsRead())
                .isLessThanOrEqualTo(200 + FEW);
        assertThat(read(filter(Map.of(), Map.of(), List.of("nokey")), null).rowsRead())
                .isZero();
    }

    @Test
    void tagAndStateReadWhatTheRarerOfThemHas() {
        Map<Field, List<String>> stopped = Map.of(Field.STATE, List.of("stopped"));
        Page none = read(filter(stopped, Map.of("stage", List.of("prod")), List.of()), null);
        assertThat(none.instances()).isEmpty();
        assertThat(none.rowsRead()).isLessThanOrEqualTo(200 + FEW);
        Page some = read(filter(stopped, Map.of("stage", List.of("test")), List.of()), null);
        assertThat(some.instances()).hasSize(LIMIT);
        assertThat(some.rowsRead()).isLessThanOrEqualTo(200 + FEW);
        assertThat(read(filter(stopped, Map.of("batch", List.of("b7")), List.of()), null)
                        .rowsRead())
                .isLessThanOrEqualTo(200 + FEW);
    }

    private Page byTag(String key, String value) {
        return read(filter(Map.of(), Map.of(key, List.of(value)), List.of()), null);
    }

    private static InstanceFilter filter(
            Map<Field, List<String>> fields, Map<String, List<String>> tags, List<String> tagKeys) {
        return new InstanceFilter(ACCOUNT, new Region("us-east-1"), fields, tags, tagKeys);
    }

    private Page read(InstanceFilter filter, String afterId) {
        return QuarkusTransaction.requiringNew().call(() -> {
            long before = rowsRead();
            List<Instance> instances = reads.list(filter, Instant.now(), afterId, LIMIT);
            return new Page(instances, rowsRead() - before);
        });
    }

    /** By the running transaction, on its connection; rows that a filter took away again count too. */
    private long rowsRead() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
                        + " FROM pg_stat_xact_user_tables WHERE relname = 'instance'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
