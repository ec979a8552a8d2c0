package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.IpFamily;

/**
 * What kind of packets a rule lets through.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html">Security group rules</a>
 * @see <a href="https://www.iana.org/assignments/protocol-numbers/">IANA protocol numbers</a>
 */
public sealed interface Traffic {

    int HIGHEST_PORT = 65_535;
    int HIGHEST_NUMBER = 255;
    /** As an ICMP type or code in a rule: any. */
    int ANY = -1;

    boolean matches(Packet packet);

    /** The protocol's name in rules: {@code tcp}, {@code udp}, {@code icmp}, {@code icmpv6}, {@code all}, or a number. */
    String protocol();

    /** Every protocol. */
    record All() implements Traffic {
        @Override
        public boolean matches(Packet packet) {
            return true;
        }

        @Override
        public String protocol() {
            return "all";
        }
    }

    /** TCP or UDP to a range of ports, both ends included. A packet whose port isn't known is in no range. */
    record Ports(Transport transport, int from, int to) implements Traffic {
        public Ports {
            if (from < 0 || from > to || to > HIGHEST_PORT) {
                throw new IllegalArgumentException("Not a range of ports: " + from + "–" + to);
            }
        }

        @Override
        public boolean matches(Packet packet) {
            return packet.protocolNumber() == transport.number()
                    && packet.destinationPort() >= from
                    && packet.destinationPort() <= to;
        }

        @Override
        public String protocol() {
            return transport.code();
        }
    }

    /** ICMP over IPv4, or ICMPv6 over IPv6; -1 is any. Any type means any code. */
    record Icmp(IpFamily family, int type, int code) implements Traffic {
        public Icmp {
            if (type < ANY || type > HIGHEST_NUMBER || code < ANY || code > HIGHEST_NUMBER) {
                throw new IllegalArgumentException("Not an ICMP type and code: " + type + ", " + code);
            }
            // Codes belong to a type, so that two ways to say "any" are one rule.
            code = type == ANY ? ANY : code;
        }

        @Override
        public boolean matches(Packet packet) {
            return packet.protocolNumber() == number(family)
                    && packet.family() == family
                    && (type == ANY || type == packet.icmpType())
                    && (code == ANY || code == packet.icmpCode());
        }

        @Override
        public String protocol() {
            return family == IpFamily.IPV4 ? "icmp" : "icmpv6";
        }

        /** The IANA protocol number. */
        public static int number(IpFamily family) {
            return family == IpFamily.IPV4 ? 1 : 58;
        }
    }

    /** A protocol by its number alone, whatever its ports, types or address family: 6 is TCP on all ports. */
    record Number(int number) implements Traffic {
        public Number {
            if (number < 0 || number > HIGHEST_NUMBER) {
                throw new IllegalArgumentException("Not a protocol number: " + number);
            }
        }

        @Override
        public boolean matches(Packet packet) {
            return packet.protocolNumber() == number;
        }

        @Override
        public String protocol() {
            return Integer.toString(number);
        }
    }
}
