package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Small worlds drawn so that blocks, groups and packets meet often: few addresses, few ports, few groups. */
final class RandomWorld {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random;
    private final int groups;
    private final int prefixLists;
    private final int instances;

    RandomWorld(long seed) {
        random = new Random(seed);
        groups = 1 + random.nextInt(5);
        prefixLists = random.nextInt(3);
        instances = 2 + random.nextInt(6);
    }

    ObjectNode draw(int packets) {
        ObjectNode world = JSON.createObjectNode();
        ArrayNode groupList = world.putArray("groups");
        for (int i = 0; i < groups; i++) {
            ObjectNode group = groupList.addObject().put("id", "sg-" + i);
            rules(group.putArray("ingress"), "sgr-" + i + "-in-");
            rules(group.putArray("egress"), "sgr-" + i + "-out-");
        }
        ArrayNode instanceList = world.putArray("instances");
        for (int i = 0; i < instances; i++) {
            ObjectNode instance = instanceList.addObject().put("id", "i-" + i);
            instance.putArray("addresses").add("10.0.0." + i).add("fd00::" + i);
            ArrayNode memberOf = instance.putArray("groups");
            for (int group = 0; group < groups; group++) {
                if (random.nextBoolean()) {
                    memberOf.add("sg-" + group);
                }
            }
        }
        ArrayNode lists = world.putArray("prefixLists");
        for (int i = 0; i < prefixLists; i++) {
            ArrayNode blocks = lists.addObject().put("id", "pl-" + i).putArray("cidrs");
            for (int block = random.nextInt(4); block > 0; block--) {
                blocks.add(cidr());
            }
        }
        ArrayNode packetList = world.putArray("packets");
        for (int i = 0; i < packets; i++) {
            packet(packetList.addObject());
        }
        return world;
    }

    private void rules(ArrayNode rules, String idPrefix) {
        for (int i = random.nextInt(5); i > 0; i--) {
            ObjectNode rule = rules.addObject().put("id", idPrefix + i);
            String protocol = pick("tcp", "tcp", "udp", "icmp", "icmpv6", "all", "6", "17", "1", "58", "47");
            rule.put("protocol", protocol);
            switch (protocol) {
                case "tcp", "udp" -> {
                    int from = port();
                    rule.put("fromPort", from).put("toPort", Math.min(65_535, from + random.nextInt(3)));
                }
                case "icmp", "icmpv6" ->
                    rule.put("icmpType", random.nextInt(3) - 1).put("icmpCode", random.nextInt(3) - 1);
                default -> {}
            }
            ObjectNode peer = rule.putObject("peer");
            switch (random.nextInt(prefixLists > 0 ? 3 : 2)) {
                case 0 -> peer.put("cidr", cidr());
                case 1 -> peer.put("group", "sg-" + random.nextInt(groups));
                default -> peer.put("prefixList", "pl-" + random.nextInt(prefixLists));
            }
        }
    }

    private void packet(ObjectNode packet) {
        boolean six = random.nextInt(3) == 0;
        packet.put("source", address(six)).put("destination", address(six));
        String protocol = pick("tcp", "tcp", "udp", "icmp", "icmpv6", "6", "1", "58", "47", "255");
        packet.put("protocol", protocol);
        switch (protocol) {
            case "tcp", "udp" -> packet.put("destinationPort", port());
            case "icmp", "icmpv6" -> packet.put("icmpType", random.nextInt(2)).put("icmpCode", random.nextInt(2));
            default -> {}
        }
    }

    private int port() {
        return List.of(0, 22, 80, 81, 443, 65_535).get(random.nextInt(6));
    }

    /** With host bits more often than not. */
    private String cidr() {
        return random.nextInt(3) == 0
                ? address(true) + "/" + pick("0", "8", "63", "64", "65", "120", "126", "127", "128")
                : address(false) + "/" + pick("0", "1", "8", "24", "30", "31", "32");
    }

    /** Inside, near and far. */
    private String address(boolean six) {
        return switch (random.nextInt(5)) {
            case 0 -> six ? pick("2001:db8::1", "::", "fe80::1") : pick("203.0.113.9", "255.255.255.255", "0.0.0.0");
            case 1 -> six ? "fd00::1:" + random.nextInt(4) : "10.0.1." + random.nextInt(4);
            default -> (six ? "fd00::" : "10.0.0.") + random.nextInt(8);
        };
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
