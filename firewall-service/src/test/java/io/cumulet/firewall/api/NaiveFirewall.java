package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The firewall once more, straight from the JSON, slow and plain, sharing no code with the real one. It answers the
 * set of rules that allow a packet, because the real one may name any of them.
 */
final class NaiveFirewall {

    record Answer(Optional<String> blockedBy, List<String> egressRules, List<String> ingressRules) {}

    private static final Map<String, Integer> NUMBERS = Map.of("tcp", 6, "udp", 17, "icmp", 1, "icmpv6", 58);

    private final JsonNode world;

    NaiveFirewall(JsonNode world) {
        this.world = world;
    }

    Answer judge(JsonNode packet) {
        String source = packet.get("source").asText();
        String destination = packet.get("destination").asText();
        List<String> egress = allowing(packet, source, destination, "egress");
        List<String> ingress = allowing(packet, destination, source, "ingress");
        if (instanceOf(source).isPresent() && egress.isEmpty()) {
            return new Answer(Optional.of("egress"), List.of(), List.of());
        }
        if (instanceOf(destination).isPresent() && ingress.isEmpty()) {
            return new Answer(Optional.of("ingress"), List.of(), List.of());
        }
        return new Answer(Optional.empty(), egress, ingress);
    }

    private List<String> allowing(JsonNode packet, String own, String peer, String direction) {
        List<String> ids = new ArrayList<>();
        instanceOf(own).ifPresent(instance -> {
            for (JsonNode groupId : instance.get("groups")) {
                JsonNode group = byId("groups", groupId.asText());
                for (JsonNode rule : group.get(direction)) {
                    if (protocolFits(rule, packet) && peerFits(rule.get("peer"), peer)) {
                        ids.add(rule.get("id").asText());
                    }
                }
            }
        });
        return ids;
    }

    private boolean protocolFits(JsonNode rule, JsonNode packet) {
        String wanted = rule.get("protocol").asText();
        String had = packet.get("protocol").asText();
        if (wanted.equals("all")) {
            return true;
        }
        if (!number(wanted).equals(number(had))) {
            return false;
        }
        boolean six = packet.get("source").asText().contains(":");
        return switch (wanted) {
            case "tcp", "udp" ->
                packet.has("destinationPort")
                        && rule.get("fromPort").asInt()
                                <= packet.get("destinationPort").asInt()
                        && packet.get("destinationPort").asInt()
                                <= rule.get("toPort").asInt();
            case "icmp", "icmpv6" -> {
                int type = rule.get("icmpType").asInt();
                int code = rule.get("icmpCode").asInt();
                yield six == wanted.equals("icmpv6")
                        && (type == -1
                                || (packet.has("icmpType")
                                        && type == packet.get("icmpType").asInt()
                                        && (code == -1
                                                || code
                                                        == packet.get("icmpCode")
                                                                .asInt())));
            }
            default -> true;
        };
    }

    private static String number(String protocol) {
        return NUMBERS.containsKey(protocol) ? NUMBERS.get(protocol).toString() : protocol;
    }

    private boolean peerFits(JsonNode peer, String address) {
        if (peer.has("cidr")) {
            return inBlock(peer.get("cidr").asText(), address);
        }
        if (peer.has("group")) {
            return instanceOf(address).filter(has(peer.get("group").asText())).isPresent();
        }
        for (JsonNode block :
                byId("prefixLists", peer.get("prefixList").asText()).get("cidrs")) {
            if (inBlock(block.asText(), address)) {
                return true;
            }
        }
        return false;
    }

    private static Predicate<JsonNode> has(String groupId) {
        return instance -> {
            for (JsonNode id : instance.get("groups")) {
                if (id.asText().equals(groupId)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean inBlock(String cidr, String address) {
        byte[] network = bytes(cidr.substring(0, cidr.indexOf('/')));
        byte[] own = bytes(address);
        if (network.length != own.length) {
            return false;
        }
        int hostBits = network.length * 8 - Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
        return new BigInteger(1, network).shiftRight(hostBits).equals(new BigInteger(1, own).shiftRight(hostBits));
    }

    private Optional<JsonNode> instanceOf(String address) {
        for (JsonNode instance : world.get("instances")) {
            for (JsonNode own : instance.get("addresses")) {
                if (java.util.Arrays.equals(bytes(own.asText()), bytes(address))) {
                    return Optional.of(instance);
                }
            }
        }
        return Optional.empty();
    }

    private JsonNode byId(String list, String id) {
        for (JsonNode one : world.get(list)) {
            if (one.get("id").asText().equals(id)) {
                return one;
            }
        }
        throw new IllegalArgumentException(id);
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
