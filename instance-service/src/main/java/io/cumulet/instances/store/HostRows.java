package io.cumulet.instances.store;

import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Hosts as rows and back. */
final class HostRows {

    static final String COLUMNS = """
            host_id, az, family, state, version, sockets, cores, vcpus, memory_mib, local_storage_gb, gpus, \
            used_vcpus, used_memory_mib, used_local_storage_gb, used_gpus""";

    private HostRows() {}

    static Host read(ResultSet row) throws SQLException {
        return new Host(
                row.getString("host_id"),
                new AvailabilityZone(row.getString("az")),
                row.getString("family"),
                row.getInt("sockets"),
                row.getInt("cores"),
                new Capacity(
                        row.getInt("vcpus"),
                        row.getLong("memory_mib"),
                        row.getLong("local_storage_gb"),
                        row.getInt("gpus")),
                Host.State.ofCode(row.getString("state")).orElseThrow(),
                row.getLong("version"));
    }

    static Capacity used(ResultSet row) throws SQLException {
        return new Capacity(
                row.getInt("used_vcpus"),
                row.getLong("used_memory_mib"),
                row.getLong("used_local_storage_gb"),
                row.getInt("used_gpus"));
    }

    static void insert(SqlScript script, Collection<Host> hosts) {
        if (!hosts.isEmpty()) {
            script.statement("""
                            INSERT INTO host (host_id, az, family, state, version, sockets, cores, vcpus, memory_mib,
                                local_storage_gb, gpus)
                            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .column("text", hosts, Host::id)
                    .column("text", hosts, host -> host.zone().value())
                    .column("text", hosts, Host::family)
                    .column("text", hosts, host -> host.state().code())
                    .column("bigint", hosts, Host::version)
                    .column("integer", hosts, Host::sockets)
                    .column("integer", hosts, Host::cores)
                    .column("integer", hosts, host -> host.capacity().vcpus())
                    .column("bigint", hosts, host -> host.capacity().memoryMib())
                    .column("bigint", hosts, host -> host.capacity().localStorageGb())
                    .column("integer", hosts, host -> host.capacity().gpus());
        }
    }

    static void update(SqlScript script, Collection<Host> hosts) {
        if (!hosts.isEmpty()) {
            script.statement("""
                            UPDATE host SET state = changed.state, version = changed.version
                            FROM unnest(?, ?, ?) AS changed (host_id, state, version)
                            WHERE host.host_id = changed.host_id""")
                    .column("text", hosts, Host::id)
                    .column("text", hosts, host -> host.state().code())
                    .column("bigint", hosts, Host::version);
        }
    }

    static void used(SqlScript script, Map<String, Capacity> usedByHost) {
        if (!usedByHost.isEmpty()) {
            Collection<Map.Entry<String, Capacity>> used = usedByHost.entrySet();
            script.statement("""
                            UPDATE host SET used_vcpus = u.vcpus, used_memory_mib = u.memory_mib,
                                used_local_storage_gb = u.local_storage_gb, used_gpus = u.gpus
                            FROM unnest(?, ?, ?, ?, ?) AS u (host_id, vcpus, memory_mib, local_storage_gb, gpus)
                            WHERE host.host_id = u.host_id""")
                    .column("text", used, Map.Entry::getKey)
                    .column("integer", used, entry -> entry.getValue().vcpus())
                    .column("bigint", used, entry -> entry.getValue().memoryMib())
                    .column("bigint", used, entry -> entry.getValue().localStorageGb())
                    .column("integer", used, entry -> entry.getValue().gpus());
        }
    }
}
