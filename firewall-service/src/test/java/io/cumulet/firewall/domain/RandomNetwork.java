package io.cumulet.firewall.domain;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A small VPC, drawn so that rules, addresses and packets meet often. */
public final class RandomNetwork {

    public static final AccountId ACCOUNT = new AccountId("123456789012");
    public static final String VPC = "vpc-0123456789abcdef0";

    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/0",
            "0.0.0.0/1",
            "128.0.0.0/1",
            "10.0.0.0/8",
            "10.0.0.0/29",
            "10.0.0.0/30",
            "10.0.0.4/30",
            "10.0.0.2/31",
            "10.0.0.1/32",
            "203.0.113.0/24",
            "::/0",
            "::/1",
            "8000::/1",
            "fd00::/64",
            "fd00::/126",
            "fd00::4/126",
            "fd00::1/128");

    public final Random random;
    public final Map<String, List<Cidr>> blocks = new HashMap<>();
    public final ListedBlocks prefixLists;
    public final List<SecurityGroup> groups = new ArrayList<>();
    public final List<Member> members = new ArrayList<>();

    public RandomNetwork(long seed) {
        random = new Random(seed);
        int groupCount = 1 + random.nextInt(4);
        int lists = random.nextInt(3);
        for (int i = 0; i < lists; i++) {
            List<Cidr> drawn = new ArrayList<>();
            for (int block = random.nextInt(4); block > 0; block--) {
                drawn.add(block());
            }
            blocks.put("pl-" + i, drawn);
        }
        prefixLists = new ListedBlocks(blocks);
        for (int i = 0; i < groupCount; i++) {
            groups.add(group(
                    "sg-" + i,
                    rules("sgr-" + i + "-in-", groupCount, lists),
                    rules("sgr-" + i + "-out-", groupCount, lists)));
        }
        for (int i = 0; i < 6; i++) {
            Set<String> own = new LinkedHashSet<>();
            for (int wanted = random.nextInt(3); wanted > 0; wanted--) {
                own.add("sg-" + random.nextInt(groupCount));
            }
            members.add(member(i, List.of(address("10.0.0." + i), address("fd00::" + i)), List.copyOf(own)));
        }
    }

    public static SecurityGroup group(String id, List<Rule> ingress, List<Rule> egress) {
        return new SecurityGroup(
                id, ACCOUNT, Region.DEFAULT, VPC, "name of " + id, "x", 1, Instant.EPOCH, ingress, egress, Map.of());
    }

    public static Member member(int number, List<IpAddress> addresses, List<String> groupIds) {
        return new Member("eni-" + number, "i-" + number, ACCOUNT, Region.DEFAULT, VPC, "h-1", addresses, groupIds);
    }

    public static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    public static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    public static Rule rule(String id, Traffic traffic, String block) {
        return new Rule(id, traffic, new Peer.OfBlock(cidr(block)), null);
    }

    public static Traffic tcp(int from, int to) {
        return new Traffic.Ports(Transport.TCP, from, to);
    }

    private List<Rule> rules(String prefix, int groupCount, int lists) {
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            Peer peer = switch (random.nextInt(lists > 0 ? 5 : 4)) {
                case 0 -> new Peer.OfGroup("sg-" + random.nextInt(groupCount));
                case 4 -> new Peer.OfPrefixList("pl-" + random.nextInt(lists));
                default -> new Peer.OfBlock(block());
            };
            rules.add(new Rule(prefix + i, traffic(), peer, null));
        }
        return rules;
    }

    private Cidr block() {
        return cidr(BLOCKS.get(random.nextInt(BLOCKS.size())));
    }

    private Traffic traffic() {
        return switch (random.nextInt(9)) {
            case 0 -> new Traffic.All();
            case 1 -> new Traffic.Number(List.of(1, 6, 17, 47, 58).get(random.nextInt(5)));
            case 2 ->
                new Traffic.Icmp(IpFamily.values()[random.nextInt(2)], random.nextInt(3) - 1, random.nextInt(3) - 1);
            case 3 -> new Traffic.Ports(Transport.UDP, 0, random.nextBoolean() ? 65_535 : 2);
            case 4 -> tcp(0, 65_535);
            default -> {
                int from = random.nextInt(4);
                yield tcp(from, from + random.nextInt(3));
            }
        };
    }

    /** Between members, or from or to somewhere near or far. */
    public Packet packet() {
        IpFamily family = random.nextInt(3) == 0 ? IpFamily.IPV6 : IpFamily.IPV4;
        IpAddress source = anyAddress(family);
        IpAddress destination = anyAddress(family);
        return switch (random.nextInt(6)) {
            case 0 ->
                Packet.icmp(source, destination, Traffic.Icmp.number(family), random.nextInt(2), random.nextInt(2));
            case 1 ->
                Packet.ofProtocol(source, destination, List.of(1, 6, 47, 255).get(random.nextInt(4)));
            case 2 -> Packet.toPort(source, destination, Transport.UDP, random.nextInt(4));
            default -> Packet.toPort(source, destination, Transport.TCP, random.nextInt(7));
        };
    }

    private IpAddress anyAddress(IpFamily family) {
        boolean six = family == IpFamily.IPV6;
        return switch (random.nextInt(5)) {
            case 0 -> address(six ? "2001:db8::9" : "203.0.113.9");
            case 1 -> address(six ? "9000::1" : "198.51.100.7");
            default -> address((six ? "fd00::" : "10.0.0.") + random.nextInt(8));
        };
    }

    /** Who has an address; nobody has it if there is none. */
    public Optional<Member> who(IpAddress address) {
        return members.stream()
                .filter(member -> member.addresses().contains(address))
                .findFirst();
    }
}
