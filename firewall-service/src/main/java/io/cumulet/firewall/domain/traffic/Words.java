package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.IpFamily;

/** Traffic and peers as people say them: {@code tcp/80-90}, {@code members of sg-…}. */
public final class Words {

    private Words() {}

    public static String of(Traffic traffic) {
        return switch (traffic) {
            case Traffic.All all -> "all traffic";
            case Traffic.Ports(var transport, int from, int to) -> {
                if (from == 0 && to == Traffic.HIGHEST_PORT) {
                    yield transport.code() + " to every port";
                }
                yield transport.code() + "/" + (from == to ? "" + from : from + "-" + to);
            }
            case Traffic.Icmp(var family, int type, int code) ->
                icmp(family)
                        + (type == Traffic.ANY ? " of every type" : " type " + type)
                        + (code == Traffic.ANY ? "" : " code " + code);
            case Traffic.Number(int number) -> "protocol " + number;
        };
    }

    public static String of(Peer peer) {
        return switch (peer) {
            case Peer.OfBlock(var cidr) -> cidr.toString();
            case Peer.OfGroup(String groupId) -> "members of " + groupId;
            case Peer.OfPrefixList(String prefixListId) -> "prefix list " + prefixListId;
        };
    }

    /** What kind of packet it is; its addresses aside. */
    public static String of(Packet packet) {
        int number = packet.protocolNumber();
        if (packet.destinationPort() != Packet.UNKNOWN) {
            for (Transport transport : Transport.values()) {
                if (transport.number() == number) {
                    return transport.code() + "/" + packet.destinationPort();
                }
            }
        }
        for (IpFamily family : IpFamily.values()) {
            if (Traffic.Icmp.number(family) == number && packet.icmpType() != Packet.UNKNOWN) {
                return icmp(family) + " type " + packet.icmpType() + " code " + packet.icmpCode();
            }
        }
        return "protocol " + number;
    }

    private static String icmp(IpFamily family) {
        return switch (family) {
            case IPV4 -> "icmp";
            case IPV6 -> "icmpv6";
        };
    }
}
