package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;

/**
 * The first packet of a new flow; replies pass without being asked about.
 *
 * @param destinationPort {@link #UNKNOWN} unless it is TCP or UDP
 * @param icmpType {@link #UNKNOWN} unless it is ICMP
 */
public record Packet(
        IpAddress source, IpAddress destination, int protocolNumber, int destinationPort, int icmpType, int icmpCode) {

    /** Not a port, type or code; not -1, which a rule takes for "any". */
    public static final int UNKNOWN = -2;

    public Packet {
        if (source.family() != destination.family()) {
            throw new IllegalArgumentException("A packet has two addresses of one family");
        }
    }

    public static Packet toPort(IpAddress source, IpAddress destination, Transport transport, int port) {
        return new Packet(source, destination, transport.number(), port, UNKNOWN, UNKNOWN);
    }

    /** ICMP by the number of its family: 1, or 58 for ICMPv6. */
    public static Packet icmp(IpAddress source, IpAddress destination, int number, int type, int code) {
        return new Packet(source, destination, number, UNKNOWN, type, code);
    }

    public static Packet ofProtocol(IpAddress source, IpAddress destination, int number) {
        return new Packet(source, destination, number, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    /** The same from elsewhere. */
    public Packet from(IpAddress other) {
        return new Packet(other, destination, protocolNumber, destinationPort, icmpType, icmpCode);
    }

    public IpFamily family() {
        return source.family();
    }
}
