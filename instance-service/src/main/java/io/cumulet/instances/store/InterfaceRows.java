package io.cumulet.instances.store;

import io.cumulet.instances.app.ZoneChanges;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.LaunchAddresses;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.NetworkInterface.Attachment;
import io.cumulet.instances.domain.network.NetworkInterface.PrivateAddress;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.IpAddress;
import io.cumulet.plumbing.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Network interfaces and their addresses as rows and back. */
final class InterfaceRows {

    static final String COLUMNS = """
            interface_id, account, az, vpc_id, subnet_id, description, private_addresses, public_addresses, ipv6_addresses, \
            group_ids, source_dest_check, tags, version, created_at, attachment_id, instance_id, device_index, attached_at, \
            delete_on_termination, auto_public, auto_public_number""";

    /** In a list of texts: none. No address, group or id is written like this. */
    private static final String NONE = "-";

    private InterfaceRows() {}

    static NetworkInterface read(ResultSet row) throws SQLException {
        String attachmentId = row.getString("attachment_id");
        return new NetworkInterface(
                row.getString("interface_id"),
                new AccountId(row.getString("account")),
                new AvailabilityZone(row.getString("az")),
                row.getString("vpc_id"),
                row.getString("subnet_id"),
                row.getString("description"),
                privateAddresses(row),
                addresses(row, "ipv6_addresses"),
                List.of((String[]) row.getArray("group_ids").getArray()),
                row.getBoolean("source_dest_check"),
                InstanceRows.tags(row.getString("tags")),
                row.getLong("version"),
                InstanceRows.instant(row, "created_at"),
                attachmentId == null
                        ? null
                        : new Attachment(
                                attachmentId,
                                row.getString("instance_id"),
                                row.getInt("device_index"),
                                InstanceRows.instant(row, "attached_at"),
                                row.getBoolean("delete_on_termination")),
                row.getBoolean("auto_public"),
                autoPublicAddress(row));
    }

    private static @Nullable IpAddress autoPublicAddress(ResultSet row) throws SQLException {
        long number = row.getLong("auto_public_number");
        return row.wasNull() ? null : LaunchAddresses.address(number);
    }

    private static List<PrivateAddress> privateAddresses(ResultSet row) throws SQLException {
        List<IpAddress> addresses = addresses(row, "private_addresses");
        @Nullable
        String[] publicAddresses =
                (@Nullable String[]) row.getArray("public_addresses").getArray();
        List<PrivateAddress> read = new ArrayList<>(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            String publicAddress = publicAddresses[i];
            read.add(new PrivateAddress(
                    addresses.get(i),
                    publicAddress == null
                            ? null
                            : IpAddress.parse(publicAddress).orElseThrow()));
        }
        return read;
    }

    private static List<IpAddress> addresses(ResultSet row, String column) throws SQLException {
        List<IpAddress> addresses = new ArrayList<>();
        for (String text : (String[]) row.getArray(column).getArray()) {
            addresses.add(IpAddress.parse(text).orElseThrow());
        }
        return addresses;
    }

    /** The instances with what is attached to them. */
    static List<Instance> attach(Connection connection, List<Instance> instances) throws SQLException {
        if (instances.isEmpty()) {
            return instances;
        }
        Map<String, List<NetworkInterface>> ofInstances = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM network_interface WHERE instance_id = ANY (?) ORDER BY instance_id, device_index")) {
            select.setArray(1, SqlArrays.column(connection, "text", instances, Instance::id));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ofInstances
                            .computeIfAbsent(row.getString("instance_id"), id -> new ArrayList<>())
                            .add(read(row));
                }
            }
        }
        return instances.stream()
                .map(instance -> instance.with(ofInstances.getOrDefault(instance.id(), List.of())))
                .toList();
    }

    static Map<String, NetworkInterface> byId(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, NetworkInterface> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM network_interface WHERE interface_id = ANY (?)")) {
            select.setArray(1, SqlArrays.texts(connection, ids));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    NetworkInterface one = read(row);
                    found.put(one.id(), one);
                }
            }
        }
        return found;
    }

    /** The ids of the interfaces that have private addresses. */
    static Set<String> holders(Connection connection, Collection<ZoneChanges.Place> addresses) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT interface_id FROM private_address JOIN unnest(?, ?) AS wanted (subnet_id, address_offset)
                    USING (subnet_id, address_offset)""")) {
            select.setArray(1, SqlArrays.column(connection, "text", addresses, ZoneChanges.Place::subnetId));
            select.setArray(2, SqlArrays.column(connection, "integer", addresses, ZoneChanges.Place::offset));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        }
        return ids;
    }

    static void write(SqlScript script, ZoneChanges changes) {
        // A new one may be at the device index that another left.
        delete(script, changes.deletedInterfaces());
        update(script, changes.updatedInterfaces());
        insert(script, changes.insertedInterfaces());
        release(script, changes.releasedAddresses());
        take(script, changes.takenAddresses());
        releaseIpv6(script, changes.releasedIpv6Addresses());
        takeIpv6(script, changes.takenIpv6Addresses());
    }

    private static void delete(SqlScript script, Set<String> interfaceIds) {
        if (!interfaceIds.isEmpty()) {
            script.statement("DELETE FROM network_interface WHERE interface_id = ANY (?)")
                    .column("text", interfaceIds, id -> id);
        }
    }

    private static void insert(SqlScript script, Collection<NetworkInterface> interfaces) {
        if (interfaces.isEmpty()) {
            return;
        }
        script.statement("""
                        INSERT INTO network_interface (interface_id, account, region, az, vpc_id, subnet_id, created_at,
                            description, private_addresses, public_addresses, ipv6_addresses, group_ids,
                            source_dest_check, tags, version, attachment_id, instance_id, device_index, attached_at,
                            delete_on_termination, auto_public, auto_public_number)
                        SELECT i.id, i.account, i.region, i.az, i.vpc, i.subnet, i.created_at, i.description,
                            string_to_array(i.private, ','), string_to_array(i.public, ',', '-'),
                            string_to_array(i.ipv6, ','), string_to_array(i.groups, ','), i.checked, i.tags::jsonb,
                            i.version, i.attachment, i.instance, i.device, i.attached_at, i.goes_too, i.auto_public,
                            i.auto_public_number
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            AS i (id, account, region, az, vpc, subnet, created_at, description, private, public, ipv6,
                                  groups, checked, tags, version, attachment, instance, device, attached_at, goes_too,
                                  auto_public, auto_public_number)""")
                .column("text", interfaces, NetworkInterface::id)
                .column("text", interfaces, one -> one.account().value())
                .column("text", interfaces, one -> one.zone().region().value())
                .column("text", interfaces, one -> one.zone().value())
                .column("text", interfaces, NetworkInterface::vpcId)
                .column("text", interfaces, NetworkInterface::subnetId)
                .column("timestamptz", interfaces, NetworkInterface::createdAt);
        whatChanges(script, interfaces);
    }

    private static void update(SqlScript script, Collection<NetworkInterface> interfaces) {
        if (interfaces.isEmpty()) {
            return;
        }
        script.statement("""
                        UPDATE network_interface SET description = i.description,
                            private_addresses = string_to_array(i.private, ','),
                            public_addresses = string_to_array(i.public, ',', '-'),
                            ipv6_addresses = string_to_array(i.ipv6, ','), group_ids = string_to_array(i.groups, ','),
                            source_dest_check = i.checked, tags = i.tags::jsonb, version = i.version,
                            attachment_id = i.attachment, instance_id = i.instance, device_index = i.device,
                            attached_at = i.attached_at, delete_on_termination = i.goes_too,
                            auto_public = i.auto_public, auto_public_number = i.auto_public_number
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            AS i (id, description, private, public, ipv6, groups, checked, tags, version, attachment,
                                  instance, device, attached_at, goes_too, auto_public, auto_public_number)
                        WHERE network_interface.interface_id = i.id""").column("text", interfaces, NetworkInterface::id);
        whatChanges(script, interfaces);
    }

    private static void whatChanges(SqlScript script, Collection<NetworkInterface> interfaces) {
        script.column("text", interfaces, NetworkInterface::description)
                .column(
                        "text",
                        interfaces,
                        one -> one.privateAddresses().stream()
                                .map(address -> address.address().toString())
                                .collect(Collectors.joining(",")))
                .column(
                        "text",
                        interfaces,
                        one -> one.privateAddresses().stream()
                                .map(address -> address.publicAddress() == null
                                        ? NONE
                                        : address.publicAddress().toString())
                                .collect(Collectors.joining(",")))
                .column(
                        "text",
                        interfaces,
                        one -> one.ipv6Addresses().stream()
                                .map(IpAddress::toString)
                                .collect(Collectors.joining(",")))
                .column("text", interfaces, one -> String.join(",", one.groupIds()))
                .column("boolean", interfaces, NetworkInterface::sourceDestCheck)
                .column("text", interfaces, one -> InstanceRows.json(one.tags()))
                .column("bigint", interfaces, NetworkInterface::version)
                .column(
                        "text",
                        interfaces,
                        one -> one.attachment() == null
                                ? null
                                : one.attachment().id())
                .column(
                        "text",
                        interfaces,
                        one -> one.attachment() == null
                                ? null
                                : one.attachment().instanceId())
                .column(
                        "integer",
                        interfaces,
                        one -> one.attachment() == null
                                ? null
                                : one.attachment().deviceIndex())
                .column(
                        "timestamptz",
                        interfaces,
                        one -> one.attachment() == null
                                ? null
                                : one.attachment().attachedAt())
                .column(
                        "boolean",
                        interfaces,
                        one -> one.attachment() == null
                                ? null
                                : one.attachment().deleteOnTermination())
                .column("boolean", interfaces, NetworkInterface::autoPublic)
                .column(
                        "bigint",
                        interfaces,
                        one -> one.autoPublicAddress() == null
                                ? null
                                : one.autoPublicAddress().low());
    }

    private static void release(SqlScript script, List<ZoneChanges.Address> addresses) {
        if (!addresses.isEmpty()) {
            script.statement("""
                            DELETE FROM private_address USING unnest(?, ?) AS gone (subnet_id, address_offset)
                            WHERE private_address.subnet_id = gone.subnet_id
                                AND private_address.address_offset = gone.address_offset""")
                    .column("text", addresses, ZoneChanges.Address::subnetId)
                    .column("integer", addresses, ZoneChanges.Address::offset);
        }
    }

    private static void take(SqlScript script, List<ZoneChanges.Address> addresses) {
        if (!addresses.isEmpty()) {
            script.statement("""
                            INSERT INTO private_address (subnet_id, address_offset, interface_id)
                            SELECT * FROM unnest(?, ?, ?)""")
                    .column("text", addresses, ZoneChanges.Address::subnetId)
                    .column("integer", addresses, ZoneChanges.Address::offset)
                    .column("text", addresses, ZoneChanges.Address::interfaceId);
        }
    }

    private static void releaseIpv6(SqlScript script, List<ZoneChanges.Ipv6Address> addresses) {
        if (!addresses.isEmpty()) {
            script.statement("DELETE FROM ipv6_address WHERE address = ANY (?)")
                    .column("text", addresses, one -> one.address().toString());
        }
    }

    private static void takeIpv6(SqlScript script, List<ZoneChanges.Ipv6Address> addresses) {
        if (!addresses.isEmpty()) {
            script.statement("""
                            INSERT INTO ipv6_address (address, subnet_id, interface_id)
                            SELECT * FROM unnest(?, ?, ?)""")
                    .column("text", addresses, one -> one.address().toString())
                    .column("text", addresses, ZoneChanges.Ipv6Address::subnetId)
                    .column("text", addresses, ZoneChanges.Ipv6Address::interfaceId);
        }
    }
}
