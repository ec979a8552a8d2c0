package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps as lines for {@code nft -f}. A line names the table, so that lines can be read one by one.
 *
 * <p>The table judges what a host forwards in one network namespace. Replies pass by what the host's connection tracking
 * knows of, and that goes by addresses and ports alone. So on a host that runs instances of VPCs with overlapping addresses,
 * each VPC needs a routing domain and a conntrack zone of its own (a VRF, and {@code ct zone set} for its ports before
 * tracking, or a namespace for each VPC): else a connection of one VPC can pass as the reply to one of another. That is the
 * host's to set up; these lines neither do nor need it.
 *
 * @see <a href="https://docs.kernel.org/networking/vrf.html">Virtual Routing and Forwarding</a>
 */
public final class NftText {

    private static final String TABLE = "inet cumulet";
    private static final int ELEMENTS_IN_A_LINE = 500;

    private NftText() {}

    /** The lines that replace whatever a host had by a table of these steps. */
    public static List<String> whole(Ports ports, List<Command> commands) {
        List<String> lines = new ArrayList<>(List.of(
                // Adding what is there does nothing, deleting what isn't there is an error.
                "add table " + TABLE,
                "delete table " + TABLE,
                "add table " + TABLE,
                "add map inet cumulet out4 { type ifname . ipv4_addr : verdict; }",
                "add map inet cumulet out6 { type ifname . ipv6_addr : verdict; }",
                "add map inet cumulet in4 { type ifname . ipv4_addr : verdict; }",
                "add map inet cumulet in6 { type ifname . ipv6_addr : verdict; }",
                "add chain inet cumulet egress { type filter hook forward priority -10; policy accept; }",
                "add chain inet cumulet ingress { type filter hook forward priority 0; policy accept; }"));
        // What conntrack calls invalid isn't dropped but judged as new: ICMP errors about no known flow, for one.
        lines.addAll(List.of(
                "add rule inet cumulet egress ct state established,related accept",
                "add rule inet cumulet egress iifname . ip saddr vmap @out4",
                "add rule inet cumulet egress iifname . ip6 saddr vmap @out6",
                "add rule inet cumulet egress iifname \"" + ports.prefix() + "*\" drop",
                "add rule inet cumulet ingress ct state established,related accept",
                "add rule inet cumulet ingress oifname . ip daddr vmap @in4",
                "add rule inet cumulet ingress oifname . ip6 daddr vmap @in6",
                "add rule inet cumulet ingress oifname \"" + ports.prefix() + "*\" drop"));
        lines.addAll(lines(commands));
        return lines;
    }

    /** The lines of a change. */
    public static List<String> lines(List<Command> commands) {
        List<String> lines = new ArrayList<>();
        for (Command command : commands) {
            switch (command) {
                case Command.AddSet(SetName set) ->
                    lines.add("add set " + TABLE + " " + set + " { type " + type(set) + "; }");
                case Command.DeleteSet(SetName set) -> lines.add("delete set " + TABLE + " " + set);
                case Command.AddElements(SetName set, List<String> elements) -> elements(lines, "add", set, elements);
                case Command.DeleteElements(SetName set, List<String> elements) ->
                    elements(lines, "delete", set, elements);
                case Command.FlushSet(SetName set) -> lines.add("flush set " + TABLE + " " + set);
                case Command.AddChain(String chain) -> lines.add("add chain " + TABLE + " " + chain);
                case Command.SetRules(String chain, List<String> rules) -> {
                    lines.add("flush chain " + TABLE + " " + chain);
                    rules.forEach(rule -> lines.add("add rule " + TABLE + " " + chain + " " + rule));
                }
                case Command.DeleteChain(String chain) -> {
                    lines.add("flush chain " + TABLE + " " + chain);
                    lines.add("delete chain " + TABLE + " " + chain);
                }
                case Command.Bind(var direction, String port, var address, String chain) ->
                    lines.add("add element " + TABLE + " " + map(direction, address.family()) + " { \"" + port + "\" . "
                            + address + " : goto " + chain + " }");
                case Command.Unbind(var direction, String port, var address) ->
                    lines.add("delete element " + TABLE + " " + map(direction, address.family()) + " { \"" + port
                            + "\" . " + address + " }");
            }
        }
        return lines;
    }

    private static String type(SetName set) {
        String addresses = set.family() == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
        return switch (set.kind()) {
            case GROUP -> addresses;
            case PREFIX_LIST -> addresses + "; flags interval";
        };
    }

    private static String map(Direction direction, IpFamily family) {
        return (direction == Direction.INGRESS ? "in" : "out") + (family == IpFamily.IPV4 ? "4" : "6");
    }

    private static void elements(List<String> lines, String verb, SetName set, List<String> elements) {
        for (int i = 0; i < elements.size(); i += ELEMENTS_IN_A_LINE) {
            lines.add(verb + " element " + TABLE + " " + set + " { "
                    + String.join(", ", elements.subList(i, Math.min(i + ELEMENTS_IN_A_LINE, elements.size()))) + " }");
        }
    }

    /** Lines in parts of at most so many characters each; a longer line is a part of its own. */
    public static List<List<String>> parts(List<String> lines, int characters) {
        List<List<String>> parts = new ArrayList<>();
        List<String> part = new ArrayList<>();
        int length = 0;
        for (String line : lines) {
            if (!part.isEmpty() && length + line.length() > characters) {
                parts.add(part);
                part = new ArrayList<>();
                length = 0;
            }
            part.add(line);
            length += line.length();
        }
        parts.add(part);
        return parts;
    }
}
