package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What kind of packet is asked about; numbers as in {@link Packet}.
 *
 * @param protocolNumber IANA's
 */
public record Probe(int protocolNumber, int destinationPort, int icmpType, int icmpCode) {

    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_V6 = 128;

    public static Probe toPort(Transport transport, int port) {
        return new Probe(transport.number(), port, Packet.UNKNOWN, Packet.UNKNOWN);
    }

    public static Probe icmp(IpFamily family, int type, int code) {
        return new Probe(Traffic.Icmp.number(family), Packet.UNKNOWN, type, code);
    }

    /** What {@code ping} sends. */
    public static Probe ping(IpFamily family) {
        return icmp(family, family == IpFamily.IPV4 ? ECHO_REQUEST : ECHO_REQUEST_V6, 0);
    }

    public static Probe ofProtocol(int number) {
        return new Probe(number, Packet.UNKNOWN, Packet.UNKNOWN, Packet.UNKNOWN);
    }

    public Packet packet(IpAddress source, IpAddress destination) {
        return new Packet(source, destination, protocolNumber, destinationPort, icmpType, icmpCode);
    }

    /** The family that it belongs to, if it belongs to one: ICMP with a type. */
    public Optional<IpFamily> family() {
        return icmpType == Packet.UNKNOWN
                ? Optional.empty()
                : Stream.of(IpFamily.values())
                        .filter(family -> Traffic.Icmp.number(family) == protocolNumber)
                        .findFirst();
    }
}
