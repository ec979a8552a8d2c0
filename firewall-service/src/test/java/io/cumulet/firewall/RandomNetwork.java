package io.cumulet.firewall;

import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A VPC drawn so that rules, members and packets meet often: few addresses, few ports, few groups. Interfaces come in numbered
 * places, each with addresses of its own, so that a real network can be laid for them once.
 */
public final class RandomNetwork {

    public static final AccountId ACCOUNT = new AccountId("000000000777");
    public static final Region REGION = Region.DEFAULT;
    public static final String VPC = "vpc-0123456789abcdef0";

    /** Addresses that are no member's. */
    public static final List<String> OUTSIDE_IPV4 = List.of("203.0.113.9", "198.51.100.7", "10.9.0.1");

    public static final List<String> OUTSIDE_IPV6 = List.of("2001:db8::9", "fd00:9::1");

    private static final int[] PORTS = {0, 22, 80, 81, 443, 65_535};
    private static final int[] ICMP_TYPES = {0, 3, 8, 13};
    private static final int[] ICMPV6_TYPES = {1, 128, 129, 200};
    /** Neither extension headers of IPv6 nor what a router treats on its own. */
    private static final int[] OTHER_PROTOCOLS = {47, 50, 115, 253};

    private final Random random;
    private final AccountId account;
    private final String vpc;
    private final int first;
    private int handed;
    private final int places;
    private final int mostRules;
    private int rulesDrawn;
    private final Map<String, SourceGroup> groups = new TreeMap<>();
    private final Map<String, List<Cidr>> prefixLists = new TreeMap<>();
    private final Map<Integer, Member> members = new TreeMap<>();

    public RandomNetwork(Random random, int places, int groupCount, int mostRules) {
        this(random, ACCOUNT, VPC, 0, places, groupCount, mostRules);
    }

    /**
     * One of several networks, which have the same addresses.
     *
     * @param first number of its first group, list and interface; those of networks mustn't overlap
     */
    public RandomNetwork(
            Random random, AccountId account, String vpc, int first, int places, int groupCount, int mostRules) {
        this.random = random;
        this.account = account;
        this.vpc = vpc;
        this.first = first;
        this.places = places;
        this.mostRules = mostRules;
        for (int i = 0; i < groupCount; i++) {
            groups.put(groupId(first + i), SourceGroup.none(groupId(first + i)));
        }
        for (int i = 0; i < 3; i++) {
            prefixLists.put("pl-%017x".formatted(first + i), blocks());
        }
        groups.keySet().forEach(this::drawRules);
    }

    public static String groupId(int number) {
        return "sg-%017x".formatted(number);
    }

    /** The digits that make a port's name come first. */
    public static String interfaceId(int place) {
        return "eni-%012x00000".formatted(place + 1);
    }

    public static List<String> addresses(int place) {
        return List.of("10.0.0." + (place + 1), "10.0.1." + (place + 1), "fd00::" + (place + 1));
    }

    public Map<String, SourceGroup> groups() {
        return groups;
    }

    public Map<String, List<Cidr>> prefixLists() {
        return prefixLists;
    }

    /** By place. */
    public Map<Integer, Member> members() {
        return members;
    }

    /** Gives a place a member with random groups; some of its addresses may be unused. */
    public Member drawMember(int place, @Nullable String hostId, boolean withAllAddresses) {
        LinkedHashSet<String> ids = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(groupId(first + random.nextInt(groups.size())));
        }
        List<IpAddress> addresses = new ArrayList<>();
        for (String address : addresses(place)) {
            if (withAllAddresses || random.nextInt(4) > 0) {
                addresses.add(address(address));
            }
        }
        Member had = members.get(place);
        Member member = new Member(
                interfaceId(first + place),
                had == null ? "i-%017x".formatted(first + place) : had.instanceId(),
                account,
                REGION,
                vpc,
                hostId,
                addresses,
                List.copyOf(ids));
        members.put(place, member);
        return member;
    }

    /** Gives a place's interface to another instance, perhaps with other groups. Answers who has it now. */
    public Member handOver(int place, @Nullable String hostId) {
        Member drawn = drawMember(place, hostId, true);
        Member owner = new Member(
                drawn.interfaceId(),
                "i-f%06x%010x".formatted(++handed, first + place),
                account,
                REGION,
                vpc,
                hostId,
                drawn.addresses(),
                drawn.groupIds());
        members.put(place, owner);
        return owner;
    }

    public AccountId account() {
        return account;
    }

    public String vpc() {
        return vpc;
    }

    public SourceGroup drawRules(String groupId) {
        SourceGroup rules = new SourceGroup(groupId, rules(), rules());
        groups.put(groupId, rules);
        return rules;
    }

    public List<Cidr> drawBlocks(String prefixListId) {
        List<Cidr> blocks = blocks();
        prefixLists.put(prefixListId, blocks);
        return blocks;
    }

    public World world() {
        Map<String, World.GroupRules> rules = new HashMap<>();
        groups.forEach((id, group) -> rules.put(id, new World.GroupRules(group.ingress(), group.egress())));
        return new World(
                rules,
                members.values().stream()
                        .map(member -> new World.Member(
                                member.instanceId(), member.addresses(), new LinkedHashSet<>(member.groupIds())))
                        .toList(),
                prefixLists);
    }

    private List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(mostRules + 1); i > 0; i--) {
            rules.add(new Rule("sgr-%017x".formatted(++rulesDrawn), traffic(), peer(), null));
        }
        return rules;
    }

    private Traffic traffic() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> ports(Transport.TCP);
            case 3, 4 -> ports(Transport.UDP);
            case 5 -> new Traffic.Icmp(IpFamily.IPV4, any(ICMP_TYPES), random.nextInt(3) - 1);
            case 6 -> new Traffic.Icmp(IpFamily.IPV6, any(ICMPV6_TYPES), random.nextInt(3) - 1);
            case 7 -> new Traffic.Number(one(6, 17, 1, 58, 47, 50, 115));
            case 8 -> new Traffic.Number(one(OTHER_PROTOCOLS));
            default -> new Traffic.All();
        };
    }

    private Traffic ports(Transport transport) {
        int from = one(PORTS);
        return new Traffic.Ports(
                transport, from, random.nextInt(4) == 0 ? 65_535 : Math.min(65_535, from + random.nextInt(3)));
    }

    private int any(int[] types) {
        return random.nextInt(4) == 0 ? Traffic.ANY : one(types);
    }

    private Peer peer() {
        return switch (random.nextInt(4)) {
            case 0 -> new Peer.OfPrefixList(List.copyOf(prefixLists.keySet()).get(random.nextInt(prefixLists.size())));
            case 1, 2 -> new Peer.OfGroup(groupId(first + random.nextInt(groups.size())));
            default -> new Peer.OfBlock(block());
        };
    }

    private List<Cidr> blocks() {
        List<Cidr> blocks = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            blocks.add(block());
        }
        return blocks;
    }

    private Cidr block() {
        IpAddress address = address(random.nextInt(3) == 0);
        int length =
                address.family() == IpFamily.IPV4 ? one(0, 1, 8, 24, 30, 31, 32) : one(0, 8, 63, 64, 65, 120, 127, 128);
        return Cidr.parse(address + "/" + length).orElseThrow();
    }

    private IpAddress address(boolean six) {
        if (random.nextInt(4) == 0) {
            List<String> outside = six ? OUTSIDE_IPV6 : OUTSIDE_IPV4;
            return address(outside.get(random.nextInt(outside.size())));
        }
        List<String> own = addresses(random.nextInt(places));
        return address(six ? own.get(2) : own.get(random.nextInt(2)));
    }

    /** A packet such as can be sent: what has types or ports has them. */
    public Packet drawPacket() {
        boolean six = random.nextInt(3) == 0;
        IpAddress source = address(six);
        IpAddress destination = address(six);
        int number = six ? 58 : 1;
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> Packet.toPort(source, destination, Transport.TCP, one(PORTS));
            case 3, 4 -> Packet.toPort(source, destination, Transport.UDP, one(PORTS));
            case 5, 6 ->
                Packet.icmp(source, destination, number, one(six ? ICMPV6_TYPES : ICMP_TYPES), random.nextInt(2));
            default -> Packet.ofProtocol(source, destination, one(OTHER_PROTOCOLS));
        };
    }

    private int one(int... from) {
        return from[random.nextInt(from.length)];
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
