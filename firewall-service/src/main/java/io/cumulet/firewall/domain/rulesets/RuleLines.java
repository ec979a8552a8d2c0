package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** A group's rules as nftables says them: a line for each family that a rule can match. */
final class RuleLines {

    private RuleLines() {}

    static List<String> of(List<Rule> rules, Direction direction) {
        List<String> lines = new ArrayList<>();
        for (Rule rule : rules) {
            for (IpFamily family : IpFamily.values()) {
                if (canMatch(rule, family)) {
                    lines.add(peer(rule.peer(), family, direction)
                            + traffic(rule.traffic())
                            + " accept comment \"sgr-" + Names.digits(rule.id()) + "\"");
                }
            }
        }
        return lines;
    }

    private static boolean canMatch(Rule rule, IpFamily family) {
        return !(rule.peer() instanceof Peer.OfBlock(Cidr cidr) && cidr.family() != family)
                && !(rule.traffic() instanceof Traffic.Icmp icmp && icmp.family() != family);
    }

    private static String peer(Peer peer, IpFamily family, Direction direction) {
        String field =
                (family == IpFamily.IPV4 ? "ip" : "ip6") + (direction == Direction.INGRESS ? " saddr " : " daddr ");
        return field
                + switch (peer) {
                    case Peer.OfBlock(Cidr cidr) -> cidr.toString();
                    case Peer.OfGroup(String id) -> "@" + new SetName(SetName.Kind.GROUP, family, id);
                    case Peer.OfPrefixList(String id) -> "@" + new SetName(SetName.Kind.PREFIX_LIST, family, id);
                };
    }

    private static String traffic(Traffic traffic) {
        return switch (traffic) {
            case Traffic.All all -> "";
            case Traffic.Ports(Transport transport, int from, int to) ->
                " " + transport.code() + " dport " + (from == to ? from : from + "-" + to);
            case Traffic.Icmp(IpFamily family, int type, int code) -> {
                String name = family == IpFamily.IPV4 ? "icmp" : "icmpv6";
                if (type == Traffic.ANY) {
                    yield " meta l4proto " + Traffic.Icmp.number(family);
                }
                yield " " + name + " type " + type + (code == Traffic.ANY ? "" : " " + name + " code " + code);
            }
            // Of an IPv6 packet this is the protocol behind its extension headers.
            case Traffic.Number(int number) -> " meta l4proto " + number;
        };
    }
}
