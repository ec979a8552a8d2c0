package io.cumulet.firewall.domain.advice;

import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether rules together let through all that another does. Packets of one family and protocol lie on a line, by port or
 * by ICMP type and code; the rules' ends cut it into pieces, and in each piece those rules that span it have to hold the
 * peer:
 *
 * <pre>
 *   tcp   0 ────────80────────90──────────443───────── 65535
 *   rule            ├──────────────────────┤   from 10.0.0.0/8
 *   others          ├──────────┤               from 0.0.0.0/0
 *                              ├───────────┤   from 10.0.0.0/9
 *                              ├───────────┤   from 10.128.0.0/9     : covered, by three
 * </pre>
 *
 * A group is covered by itself and by what covers every address, since its members may get any. Prefix lists count as
 * they are now.
 */
final class Coverage {

    private final ListedBlocks prefixLists;

    Coverage(ListedBlocks prefixLists) {
        this.prefixLists = prefixLists;
    }

    /** A piece of the line of one protocol, both ends included. */
    private record Span(int from, int to) {

        /** Before the first port: packets whose port or type isn't known, which only a rule for the whole protocol takes. */
        static final int UNKNOWN = -1;

        static final Span WHOLE = new Span(UNKNOWN, Traffic.HIGHEST_PORT);

        boolean contains(Span other) {
            return from <= other.from && other.to <= to;
        }
    }

    /** Whether every packet that a rule lets through is let through by one of these. */
    boolean covers(List<Rule> by, Rule rule) {
        for (IpFamily family : IpFamily.values()) {
            Map<List<Rule>, Boolean> known = new HashMap<>();
            Predicate<List<Rule>> holdPeer =
                    spanning -> known.computeIfAbsent(spanning, rules -> holds(rules, rule.peer(), family));
            if (!holdEverywhere(by, rule.traffic(), family, holdPeer)) {
                return false;
            }
        }
        return true;
    }

    /** Whether every public address of a family may send all of this. */
    boolean openToTheWorld(List<Rule> ingress, Traffic traffic, IpFamily family) {
        Map<List<Rule>, Boolean> known = new HashMap<>();
        return holdEverywhere(
                ingress,
                traffic,
                family,
                spanning -> known.computeIfAbsent(
                        spanning, rules -> BlockCover.coversTheWorld(blocks(rules, family), family)));
    }

    /** Whether a rule can let anything through as prefix lists are now. */
    boolean canMatch(Rule rule) {
        IpFamily only = rule.traffic() instanceof Traffic.Icmp icmp ? icmp.family() : null;
        return switch (rule.peer()) {
            case Peer.OfBlock(Cidr cidr) -> only == null || cidr.family() == only;
            case Peer.OfGroup group -> true;
            case Peer.OfPrefixList(String id) ->
                prefixLists.blocks(id).stream().anyMatch(block -> only == null || block.family() == only);
        };
    }

    /** Those of these rules that are needed for what they cover together: none can be left out. */
    static List<Rule> needed(List<Rule> all, Predicate<List<Rule>> stillCovers) {
        List<Rule> needed = new ArrayList<>(all);
        for (Rule rule : all) {
            List<Rule> without = new ArrayList<>(needed);
            without.remove(rule);
            if (stillCovers.test(without)) {
                needed = without;
            }
        }
        return needed;
    }

    private boolean holdEverywhere(List<Rule> by, Traffic traffic, IpFamily family, Predicate<List<Rule>> holdPeer) {
        for (int protocol : protocols(by, traffic)) {
            Span span = span(traffic, family, protocol);
            if (span != null && !holdAlong(by, span, family, protocol, holdPeer)) {
                return false;
            }
        }
        return true;
    }

    /** Those that a rule names, and one that none does: all others are held as that one is. */
    private static Set<Integer> protocols(List<Rule> by, Traffic traffic) {
        Set<Integer> named = new TreeSet<>();
        addProtocols(traffic, named);
        if (!(traffic instanceof Traffic.All)) {
            return named;
        }
        by.forEach(rule -> addProtocols(rule.traffic(), named));
        for (int other = 0; other <= Traffic.HIGHEST_NUMBER; other++) {
            if (named.add(other)) {
                break;
            }
        }
        return named;
    }

    private static void addProtocols(Traffic traffic, Set<Integer> numbers) {
        switch (traffic) {
            case Traffic.All all -> {}
            case Traffic.Number(int number) -> numbers.add(number);
            case Traffic.Ports ports -> numbers.add(ports.transport().number());
            case Traffic.Icmp icmp -> numbers.add(Traffic.Icmp.number(icmp.family()));
        }
    }

    private static boolean holdAlong(
            List<Rule> by, Span whole, IpFamily family, int protocol, Predicate<List<Rule>> holdPeer) {
        List<Rule> touching = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        TreeSet<Integer> starts = new TreeSet<>();
        starts.add(whole.from());
        for (Rule rule : by) {
            Span span = span(rule.traffic(), family, protocol);
            if (span != null && span.from() <= whole.to() && whole.from() <= span.to()) {
                touching.add(rule);
                spans.add(span);
                if (span.from() > whole.from()) {
                    starts.add(span.from());
                }
                if (span.to() < whole.to()) {
                    starts.add(span.to() + 1);
                }
            }
        }
        for (int start : starts) {
            Integer next = starts.higher(start);
            Span piece = new Span(start, next == null ? whole.to() : next - 1);
            List<Rule> spanning = new ArrayList<>();
            for (int i = 0; i < touching.size(); i++) {
                if (spans.get(i).contains(piece)) {
                    spanning.add(touching.get(i));
                }
            }
            if (!holdPeer.test(spanning)) {
                return false;
            }
        }
        return true;
    }

    /** Where traffic lies on the line of a protocol; null if it has none of it. {@link Traffic#matches} as intervals. */
    private static @Nullable Span span(Traffic traffic, IpFamily family, int protocol) {
        return switch (traffic) {
            case Traffic.All all -> Span.WHOLE;
            case Traffic.Number(int number) -> number == protocol ? Span.WHOLE : null;
            case Traffic.Ports(var transport, int from, int to) ->
                transport.number() == protocol ? new Span(from, to) : null;
            case Traffic.Icmp(var own, int type, int code) -> {
                if (own != family || Traffic.Icmp.number(own) != protocol) {
                    yield null;
                }
                if (type == Traffic.ANY) {
                    yield Span.WHOLE;
                }
                int first = type << Byte.SIZE;
                yield code == Traffic.ANY
                        ? new Span(first, first + Traffic.HIGHEST_NUMBER)
                        : new Span(first + code, first + code);
            }
        };
    }

    private boolean holds(List<Rule> rules, Peer peer, IpFamily family) {
        return switch (peer) {
            case Peer.OfBlock(Cidr cidr) -> cidr.family() != family || BlockCover.covers(blocks(rules, family), cidr);
            case Peer.OfGroup group ->
                rules.stream().anyMatch(rule -> rule.peer().equals(group))
                        || BlockCover.coversEverything(blocks(rules, family), family);
            case Peer.OfPrefixList(String id) -> {
                List<Cidr> blocks = blocks(rules, family);
                yield prefixLists.blocks(id).stream()
                        .allMatch(block -> block.family() != family || BlockCover.covers(blocks, block));
            }
        };
    }

    private List<Cidr> blocks(List<Rule> rules, IpFamily family) {
        List<Cidr> blocks = new ArrayList<>();
        for (Rule rule : rules) {
            switch (rule.peer()) {
                case Peer.OfBlock(Cidr cidr) -> blocks.add(cidr);
                case Peer.OfPrefixList(String id) -> blocks.addAll(prefixLists.blocks(id));
                case Peer.OfGroup group -> {}
            }
        }
        blocks.removeIf(block -> block.family() != family);
        return blocks;
    }
}
