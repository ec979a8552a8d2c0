package io.cumulet.instances.store;

import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.ElasticAddress.Association;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Elastic addresses as rows and back. */
final class ElasticRows {

    static final String COLUMNS = """
            allocation_id, account, region, public_address, association_id, interface_id, private_address, instance_id, tags, \
            version, allocated_at""";

    private ElasticRows() {}

    static ElasticAddress read(ResultSet row) throws SQLException {
        String associationId = row.getString("association_id");
        return new ElasticAddress(
                row.getString("allocation_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                IpAddress.parse(row.getString("public_address")).orElseThrow(),
                associationId == null
                        ? null
                        : new Association(
                                associationId,
                                row.getString("interface_id"),
                                IpAddress.parse(row.getString("private_address"))
                                        .orElseThrow(),
                                row.getString("instance_id")),
                InstanceRows.tags(row.getString("tags")),
                row.getLong("version"),
                InstanceRows.instant(row, "allocated_at"));
    }

    static List<ElasticAddress> byId(Connection connection, Collection<String> allocationIds) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM elastic_address WHERE allocation_id = ANY (?)")) {
            select.setArray(1, connection.createArrayOf("text", allocationIds.toArray()));
            return all(select);
        }
    }

    /** Rows are locked in the order of their ids: two that lock never wait for each other. */
    static List<ElasticAddress> lock(
            Connection connection, Collection<String> allocationIds, Collection<IpAddress> publicAddresses)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + """
                 FROM elastic_address WHERE allocation_id = ANY (?) OR public_address = ANY (?)
                ORDER BY allocation_id FOR UPDATE""")) {
            select.setArray(1, connection.createArrayOf("text", allocationIds.toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            publicAddresses.stream().map(IpAddress::toString).toArray()));
            return all(select);
        }
    }

    private static List<ElasticAddress> all(PreparedStatement select) throws SQLException {
        List<ElasticAddress> addresses = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                addresses.add(read(row));
            }
        }
        return addresses;
    }

    static void update(SqlScript script, Collection<ElasticAddress> addresses) {
        if (addresses.isEmpty()) {
            return;
        }
        script.statement("""
                        UPDATE elastic_address SET association_id = a.association, interface_id = a.interface,
                            private_address = a.private, instance_id = a.instance, tags = a.tags::jsonb, version = a.version
                        FROM unnest(?, ?, ?, ?, ?, ?, ?) AS a (id, association, interface, private, instance, tags, version)
                        WHERE elastic_address.allocation_id = a.id""")
                .column("text", addresses, ElasticAddress::id)
                .column("text", addresses, of(Association::id))
                .column("text", addresses, of(Association::interfaceId))
                .column(
                        "text",
                        addresses,
                        of(association -> association.privateAddress().toString()))
                .column("text", addresses, of(Association::instanceId))
                .column("text", addresses, address -> InstanceRows.json(address.tags()))
                .column("bigint", addresses, ElasticAddress::version);
    }

    private static Function<ElasticAddress, @Nullable Object> of(Function<Association, @Nullable Object> value) {
        return address -> address.association() == null ? null : value.apply(address.association());
    }
}
