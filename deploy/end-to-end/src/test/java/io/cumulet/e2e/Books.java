package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The services' databases, read by an auditor, and what must always be true of them once the stack is quiet. */
final class Books {

    private final StackSettings settings;

    Books(StackSettings settings) {
        this.settings = settings;
    }

    /** The first column of what a query finds. */
    List<String> rows(Service service, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        settings.jdbcUrl(service), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    /** No host is over capacity, hosts hold what their instances hold, and no address is given twice. */
    void assertCapacityAndAddressesBalance() throws SQLException {
        assertThat(rows(Service.INSTANCES, """
                        SELECT h.host_id FROM host h LEFT JOIN allocation a USING (host_id)
                        GROUP BY h.host_id
                        HAVING h.used_vcpus <> coalesce(sum(a.vcpus), 0)
                            OR h.used_memory_mib <> coalesce(sum(a.memory_mib), 0)
                            OR h.used_local_storage_gb <> coalesce(sum(a.local_storage_gb), 0)
                            OR h.used_gpus <> coalesce(sum(a.gpus), 0)
                            OR h.used_vcpus > h.vcpus OR h.used_memory_mib > h.memory_mib
                            OR h.used_local_storage_gb > h.local_storage_gb OR h.used_gpus > h.gpus"""))
                .as("hosts that hold too much, or not what their instances hold")
                .isEmpty();
        assertThat(rows(Service.INSTANCES, """
                        SELECT coalesce(i.instance_id, a.holder_id)
                        FROM (SELECT * FROM instance WHERE state IN ('pending', 'running')) i
                        FULL JOIN allocation a ON a.holder_id = i.instance_id AND a.host_id = i.host_id
                        WHERE i.instance_id IS NULL OR a.holder_id IS NULL"""))
                .as("living instances without capacity, capacity without such an instance")
                .isEmpty();
        assertThat(rows(Service.INSTANCES, """
                        SELECT coalesce(i.interface_id, p.interface_id)
                        FROM (SELECT n.interface_id, n.subnet_id,
                                  one::inet - host(network(s.cidr_block::cidr))::inet AS address_offset
                              FROM network_interface n JOIN subnet s USING (subnet_id), unnest(n.private_addresses) one) i
                        FULL JOIN private_address p ON p.interface_id = i.interface_id AND p.subnet_id = i.subnet_id
                            AND p.address_offset = i.address_offset
                        WHERE i.interface_id IS NULL OR p.interface_id IS NULL"""))
                .as("addresses without an interface, interfaces without their address")
                .isEmpty();
        assertThat(rows(Service.INSTANCES, """
                        SELECT instance_id
                        FROM (SELECT * FROM instance WHERE private_address IS NOT NULL) i
                        FULL JOIN (SELECT * FROM network_interface WHERE device_index = 0) n USING (instance_id)
                        WHERE i.private_address IS DISTINCT FROM n.private_addresses[1]
                            OR i.group_ids IS DISTINCT FROM n.group_ids"""))
                .as("instances that aren't what their primary interface is")
                .isEmpty();
    }

    /** The account's instances are those acknowledged to it, each once, and nothing else. */
    void assertExactlyThese(World world, Collection<String> acknowledged) throws SQLException {
        assertSame(
                "REST",
                world.instances().stream()
                        .map(instance -> instance.path("instanceId").asText())
                        .toList(),
                acknowledged);
        assertSame(
                "the database",
                rows(Service.INSTANCES, "SELECT instance_id FROM instance WHERE account = '" + world.accountId() + "'"),
                acknowledged);
    }

    /** Shows only what differs: there are thousands of them. */
    private static void assertSame(String where, Collection<String> found, Collection<String> acknowledged) {
        List<String> lost = new ArrayList<>(acknowledged);
        lost.removeAll(Set.copyOf(found));
        List<String> unasked = new ArrayList<>(found);
        unasked.removeAll(Set.copyOf(acknowledged));
        assertThat(lost).as("acknowledged, but not in %s", where).isEmpty();
        assertThat(unasked).as("in %s, but not acknowledged", where).isEmpty();
        assertThat(found).as("instances in %s", where).hasSameSizeAs(acknowledged);
    }

    /** Each instance's events are all there in order, all sent, and each of its runs was metered once. */
    void assertEachRunIsMeteredOnce(World world) throws SQLException {
        assertThat(rows(Service.INSTANCES, """
                        SELECT key FROM (
                            SELECT key, (regexp_match(headers, 'ce_aggregateversion=(\\d+)'))[1]::bigint AS version,
                                row_number() OVER (PARTITION BY key ORDER BY seq) AS place
                            FROM outbox WHERE topic = 'instances.lifecycle') told
                        WHERE version <> place"""))
                .as("instances with a gap in their events")
                .isEmpty();
        assertEverythingIsSent();
        Set<String> own = world.instances().stream()
                .map(instance -> instance.path("instanceId").asText())
                .collect(Collectors.toSet());
        Map<String, Integer> begun = new TreeMap<>();
        for (String id : rows(Service.INSTANCES, """
                SELECT key FROM outbox WHERE topic = 'instances.lifecycle'
                    AND headers ~ 'ce_type=instance\\.(launched|started)\\n'""")) {
            if (own.contains(id)) {
                begun.merge(id, 1, Integer::sum);
            }
        }
        Map<String, Integer> metered = new TreeMap<>();
        for (JsonNode run : world.usage()) {
            metered.merge(run.path("instanceId").asText(), 1, Integer::sum);
        }
        assertThat(metered).as("runs metered by instance").isEqualTo(begun);
    }

    /** No service's outbox holds an event that Kafka doesn't have. */
    void assertEverythingIsSent() throws SQLException {
        for (Service service : Service.values()) {
            assertThat(rows(service, "SELECT seq FROM outbox WHERE sent_at IS NULL"))
                    .as("events of the %s that wait to be sent", service.module())
                    .isEmpty();
            assertThat(rows(service, "SELECT reason FROM parked_record"))
                    .as("records that the %s could not apply", service.module())
                    .isEmpty();
        }
    }
}
