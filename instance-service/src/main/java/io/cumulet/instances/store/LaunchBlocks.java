package io.cumulet.instances.store;

import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.LaunchAddresses;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which zone gives public addresses from which blocks to its instances. */
final class LaunchBlocks {

    /** Tells this advisory lock from others of this database. */
    private static final int LOCK = 0xb10c;

    private LaunchBlocks() {}

    static List<Long> ofZone(Connection connection, AvailabilityZone zone) throws SQLException {
        return numbers(connection, "SELECT first_number FROM launch_address_block WHERE az = ?", zone);
    }

    static List<Long> taken(Connection connection, AvailabilityZone zone) throws SQLException {
        return numbers(connection, """
                SELECT auto_public_number FROM launch_address_block JOIN network_interface
                    ON auto_public_number >= first_number AND auto_public_number < first_number + 256
                WHERE launch_address_block.az = ?""", zone);
    }

    private static List<Long> numbers(Connection connection, String query, AvailabilityZone zone) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, zone.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    numbers.add(row.getLong(1));
                }
            }
        }
        return numbers;
    }

    /** Blocks are claimed one behind the other. Until the transaction ends no other zone claims one. */
    static Optional<Long> claim(Connection connection, AvailabilityZone zone, AddressPool pool) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(" + LOCK + ")")) {
            lock.execute();
        }
        for (Cidr cidr : pool.blocks()) {
            long first = cidr.network().low();
            long behind = first + (1L << cidr.hostBits());
            long next = highest(connection, first, behind)
                    .map(highest -> highest + LaunchAddresses.BLOCK)
                    .orElse(first);
            if (next + LaunchAddresses.BLOCK <= behind) {
                try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO launch_address_block (first_number, az) VALUES (?, ?)")) {
                    insert.setLong(1, next);
                    insert.setString(2, zone.value());
                    insert.executeUpdate();
                }
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> highest(Connection connection, long first, long behind) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT first_number FROM launch_address_block WHERE first_number >= ? AND first_number < ?
                ORDER BY first_number DESC LIMIT 1""")) {
            select.setLong(1, first);
            select.setLong(2, behind);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }
}
