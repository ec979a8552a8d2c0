package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.CidrSet;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a group in one direction, compiled: a packet looks up its family and protocol and meets only rules that can
 * match these, each a range of ports and one test of the peer. Within such a section rules are tried in turn: a group has
 * dozens, and walking so few is faster than any tree. Immutable.
 */
final class RuleTable {

    static final int[] NO_GROUPS = {};

    private static final int PROTOCOLS = Traffic.HIGHEST_NUMBER + 1;

    /** Type and code of ICMP as one number: the type first, each moved up so that {@link Packet#UNKNOWN} is 0. */
    private static final int CODE_BITS = 9;

    private static final int MOVED = -Packet.UNKNOWN;

    /** By family, then the number of its section for each protocol. */
    private final byte[][] sectionOf = new byte[IpFamily.values().length][];

    private final Section[][] sections = new Section[IpFamily.values().length][];

    /** What rules call by id, shared by all tables of a world. */
    static final class Names {
        private final Map<String, Integer> groups = new HashMap<>();
        private final Map<String, CidrSet> prefixLists = new HashMap<>();
        private final Map<String, List<Cidr>> blocks;

        Names(Map<String, List<Cidr>> blocks) {
            this.blocks = blocks;
        }

        /** A number that stands for a group in this world. */
        int group(String id) {
            return groups.computeIfAbsent(id, unseen -> groups.size());
        }

        CidrSet prefixList(String id) {
            return prefixLists.computeIfAbsent(id, unseen -> new CidrSet(blocks.getOrDefault(id, List.of())));
        }
    }

    /** The rules that can match a protocol in a family; field by field, so that a walk touches little memory. */
    private record Section(int[] from, int[] to, PeerTest[] peers, String[] ids) {

        @Nullable
        String allowing(int selector, IpAddress peer, int[] peerGroups) {
            for (int i = 0; i < from.length; i++) {
                if (from[i] <= selector && selector <= to[i] && peers[i].matches(peer, peerGroups)) {
                    return ids[i];
                }
            }
            return null;
        }
    }

    /** Whether an address, of a section's family, is whom a rule names. */
    private sealed interface PeerTest {

        boolean matches(IpAddress address, int[] groups);

        record InBlock(Cidr block) implements PeerTest {
            @Override
            public boolean matches(IpAddress address, int[] groups) {
                return block.contains(address);
            }
        }

        record InGroup(int group) implements PeerTest {
            @Override
            public boolean matches(IpAddress address, int[] groups) {
                for (int one : groups) {
                    if (one == group) {
                        return true;
                    }
                }
                return false;
            }
        }

        record InPrefixList(CidrSet blocks) implements PeerTest {
            @Override
            public boolean matches(IpAddress address, int[] groups) {
                return blocks.contains(address);
            }
        }
    }

    RuleTable(List<Rule> rules, Names names) {
        for (IpFamily family : IpFamily.values()) {
            compile(family, rules, names);
        }
    }

    private void compile(IpFamily family, List<Rule> rules, Names names) {
        TreeSet<Integer> numbers = new TreeSet<>();
        List<Rule> possible = new ArrayList<>();
        for (Rule rule : rules) {
            if (canMatch(rule, family)) {
                possible.add(rule);
                int number = protocolNumber(rule.traffic());
                if (number >= 0) {
                    numbers.add(number);
                }
            }
        }
        byte[] index = new byte[PROTOCOLS];
        List<Section> compiled = new ArrayList<>();
        // The first is for protocols that no rule names.
        compiled.add(section(possible, -1, names));
        for (int number : numbers) {
            index[number] = (byte) compiled.size();
            compiled.add(section(possible, number, names));
        }
        sectionOf[family.ordinal()] = index;
        sections[family.ordinal()] = compiled.toArray(Section[]::new);
    }

    private static Section section(List<Rule> rules, int number, Names names) {
        List<Rule> chosen = rules.stream()
                .filter(rule -> {
                    int own = protocolNumber(rule.traffic());
                    return own < 0 || own == number;
                })
                .toList();
        return new Section(
                chosen.stream().mapToInt(rule -> lowest(rule.traffic())).toArray(),
                chosen.stream().mapToInt(rule -> highest(rule.traffic())).toArray(),
                chosen.stream().map(rule -> test(rule.peer(), names)).toArray(PeerTest[]::new),
                chosen.stream().map(Rule::id).toArray(String[]::new));
    }

    private static PeerTest test(Peer peer, Names names) {
        return switch (peer) {
            case Peer.OfBlock(Cidr cidr) -> new PeerTest.InBlock(cidr);
            case Peer.OfGroup(String id) -> new PeerTest.InGroup(names.group(id));
            case Peer.OfPrefixList(String id) -> new PeerTest.InPrefixList(names.prefixList(id));
        };
    }

    private static boolean canMatch(Rule rule, IpFamily family) {
        return !(rule.peer() instanceof Peer.OfBlock(Cidr cidr) && cidr.family() != family)
                && !(rule.traffic() instanceof Traffic.Icmp icmp && icmp.family() != family);
    }

    /** -1 for all protocols. */
    private static int protocolNumber(Traffic traffic) {
        return switch (traffic) {
            case Traffic.All all -> -1;
            case Traffic.Ports(Transport transport, int from, int to) -> transport.number();
            case Traffic.Icmp(IpFamily family, int type, int code) -> Traffic.Icmp.number(family);
            case Traffic.Number(int number) -> number;
        };
    }

    private static int lowest(Traffic traffic) {
        return switch (traffic) {
            case Traffic.Ports(Transport transport, int from, int to) -> from;
            case Traffic.Icmp(IpFamily family, int type, int code)
            when type != Traffic.ANY -> selector(type, code == Traffic.ANY ? Packet.UNKNOWN : code);
            case Traffic.Icmp icmp -> Integer.MIN_VALUE;
            case Traffic.All all -> Integer.MIN_VALUE;
            case Traffic.Number number -> Integer.MIN_VALUE;
        };
    }

    private static int highest(Traffic traffic) {
        return switch (traffic) {
            case Traffic.Ports(Transport transport, int from, int to) -> to;
            case Traffic.Icmp(IpFamily family, int type, int code)
            when type != Traffic.ANY ->
                code == Traffic.ANY ? selector(type + 1, Packet.UNKNOWN) - 1 : selector(type, code);
            case Traffic.Icmp icmp -> Integer.MAX_VALUE;
            case Traffic.All all -> Integer.MAX_VALUE;
            case Traffic.Number number -> Integer.MAX_VALUE;
        };
    }

    private static int selector(int type, int code) {
        return (type + MOVED) << CODE_BITS | (code + MOVED);
    }

    /** The id of a rule that lets the packet through between the group's member and a peer; null if there is none. */
    @Nullable
    String allowing(Packet packet, IpAddress peer, int[] peerGroups) {
        int family = peer.family().ordinal();
        int number = packet.protocolNumber();
        int selector = number == Traffic.Icmp.number(peer.family())
                ? selector(packet.icmpType(), packet.icmpCode())
                : packet.destinationPort();
        return sections[family][sectionOf[family][number] & 0xff].allowing(selector, peer, peerGroups);
    }
}
