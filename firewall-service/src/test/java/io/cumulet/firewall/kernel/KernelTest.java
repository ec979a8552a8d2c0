package io.cumulet.firewall.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.app.RulesetEvents.Delta;
import io.cumulet.firewall.app.RulesetEvents.Event;
import io.cumulet.firewall.app.RulesetEvents.Whole;
import io.cumulet.firewall.app.RulesetsHarness;
import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.firewall.kernel.NetworkLab.Conversation;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is published for a host, in a real kernel. Needs root, {@code nft}, {@code ip} and {@code perl}; else it is skipped. */
class KernelTest {

    private static final int PLACES = 4;
    private static final String HOST = "h-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static NetworkLab lab;

    @BeforeAll
    static void build() throws IOException {
        String whyNot = NetworkLab.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "Not tried in a kernel: " + whyNot);
        lab = new NetworkLab(PLACES);
    }

    @AfterAll
    static void tearDown() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    /** Loads what was told and says whether any of it was a delta. */
    private static boolean load(List<Event> told) {
        boolean hadDelta = false;
        for (Event event : told) {
            switch (event) {
                case Whole whole ->
                    lab.load(whole.parts().stream().flatMap(List::stream).toList());
                case Delta delta -> {
                    lab.load(delta.lines());
                    hadDelta = true;
                }
            }
        }
        return hadDelta;
    }

    private static Rule rule(int number, Traffic traffic, Peer peer) {
        return new Rule("sgr-%017x".formatted(number), traffic, peer, null);
    }

    private static Member member(int place, String groupId) {
        return new Member(
                RandomNetwork.interfaceId(place),
                "i-%017x".formatted(place),
                RandomNetwork.ACCOUNT,
                RandomNetwork.REGION,
                RandomNetwork.VPC,
                HOST,
                RandomNetwork.addresses(place).stream()
                        .map(address -> IpAddress.parse(address).orElseThrow())
                        .toList(),
                List.of(groupId));
    }

    /** A client that may do anything, and a server that says nothing on its own. */
    @Test
    void blockedTimesOutAllowedIsRefusedOrConnectsAndRepliesPass() {
        String clients = RandomNetwork.groupId(0);
        String servers = RandomNetwork.groupId(1);
        RandomNetwork network = new RandomNetwork(new Random(1), PLACES, 2, 0);
        RulesetsHarness harness = new RulesetsHarness(network);
        SourceGroup closed = SourceGroup.none(servers);
        network.groups()
                .put(
                        clients,
                        new SourceGroup(
                                clients,
                                List.of(),
                                List.of(
                                        rule(1, new Traffic.All(), new Peer.OfBlock(Cidr.EVERY_IPV4)),
                                        rule(2, new Traffic.All(), new Peer.OfBlock(Cidr.EVERY_IPV6)))));
        network.groups().put(servers, closed);
        network.members().put(0, member(0, clients));
        network.members().put(1, member(1, servers));
        harness.membersChanged(Map.of());
        assertThat(load(harness.told())).isFalse();

        String client = lab.instance(0);
        String server = lab.instance(1);
        String four = RandomNetwork.addresses(1).get(0);
        String six = RandomNetwork.addresses(1).get(2);
        lab.listen(server, four, 80);
        lab.listen(server, six, 80);
        assertThat(lab.talkAtOnce(
                        client,
                        List.of("connect", four, "80"),
                        List.of("connect", four, "81"),
                        List.of("ping", four),
                        List.of("connect", six, "80"),
                        List.of("connect", six, "81"),
                        List.of("ping", six)))
                .containsOnly("timeout");

        SourceGroup open = new SourceGroup(
                servers,
                List.of(
                        rule(3, new Traffic.Ports(Transport.TCP, 80, 81), new Peer.OfGroup(clients)),
                        rule(4, new Traffic.Icmp(IpFamily.IPV4, 8, Traffic.ANY), new Peer.OfGroup(clients)),
                        rule(5, new Traffic.Icmp(IpFamily.IPV6, 128, Traffic.ANY), new Peer.OfGroup(clients))),
                List.of());
        network.groups().put(servers, open);
        harness.groupChanged(closed, open);
        assertThat(load(harness.told())).isTrue();
        for (String address : List.of(four, six)) {
            assertThat(lab.talkAtOnce(
                            client,
                            List.of("connect", address, "80"),
                            List.of("connect", address, "81"),
                            List.of("connect", address, "82"),
                            List.of("ping", address)))
                    .as(address)
                    .containsExactly("hello", "refused", "timeout", "reply");
        }
        assertThat(lab.talkAtOnce(lab.outside(), List.of("connect", four, "80"), List.of("connect", six, "80")))
                .as("from outside")
                .containsOnly("timeout");
        // The server's group lets nothing out: it answers, and can't begin.
        String clientsAddress = RandomNetwork.addresses(0).getFirst();
        assertThat(lab.talkAtOnce(server, List.of("connect", clientsAddress, "80"), List.of("ping", clientsAddress)))
                .containsOnly("timeout");
        // Neither does anything reach a port whose interface nobody knows, nor come from it.
        assertThat(lab.talkAtOnce(
                        client, List.of("ping", RandomNetwork.addresses(2).getFirst())))
                .containsOnly("timeout");
        assertThat(lab.talkAtOnce(lab.instance(2), List.of("connect", four, "80")))
                .containsOnly("timeout");

        // A client that leaves its group is no client any more.
        Map<Integer, Member> before = new TreeMap<>(network.members());
        network.members().put(0, member(0, servers));
        harness.membersChanged(before);
        assertThat(load(harness.told())).isTrue();
        assertThat(lab.talkAtOnce(client, List.of("connect", four, "80"))).containsOnly("timeout");
        assertThat(kernelState()).isEqualTo(kernelStateAnew(harness));
    }

    @Test
    void theSameRandomPacketsGetTheSameVerdictsInTheKernelAndInTheEvaluator() {
        int passed = 0;
        int stopped = 0;
        try (Senders senders = new Senders()) {
            for (long seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                RandomNetwork network = new RandomNetwork(random, PLACES, 4, 40);
                RulesetsHarness harness = new RulesetsHarness(network);
                Map<Integer, Member> before = Map.of();
                for (int step = 0; step < 5; step++) {
                    // The first is loaded whole, all others by what changed.
                    for (int place = 0; place < PLACES; place++) {
                        if (step == 0 || random.nextBoolean()) {
                            network.drawMember(place, HOST, true);
                        }
                    }
                    harness.membersChanged(before);
                    before = new TreeMap<>(network.members());
                    if (step > 0) {
                        String changed = RandomNetwork.groupId(random.nextInt(4));
                        SourceGroup was = network.groups().get(changed);
                        harness.groupChanged(was, network.drawRules(changed));
                        String list =
                                List.copyOf(network.prefixLists().keySet()).get(random.nextInt(3));
                        network.drawBlocks(list);
                        harness.prefixListChanged(list);
                    }
                    load(harness.told());
                    List<Packet> packets = packets(network);
                    Set<Integer> through = senders.send(packets);
                    Evaluator evaluator = new Evaluator(network.world());
                    for (int i = 0; i < packets.size(); i++) {
                        boolean allowed = evaluator.judge(packets.get(i)) instanceof Verdict.Allowed;
                        assertThat(through.contains(i + 1))
                                .as("seed %d, step %d, %s is allowed: %s", seed, step, packets.get(i), allowed)
                                .isEqualTo(allowed);
                        passed += allowed ? 1 : 0;
                        stopped += allowed ? 0 : 1;
                    }
                }
                assertThat(kernelState()).as("seed " + seed).isEqualTo(kernelStateAnew(harness));
            }
        }
        System.out.printf("%d packets passed a kernel and the evaluator, %d neither%n", passed, stopped);
        assertThat(passed).isGreaterThan(300);
        assertThat(stopped).isGreaterThan(300);
    }

    /** New flows each: none is a reply to another. At least one end is a member's, and the two aren't the same one's. */
    private static List<Packet> packets(RandomNetwork network) {
        List<Packet> packets = new ArrayList<>();
        Set<List<Object>> flows = new HashSet<>();
        while (packets.size() < 150) {
            Packet packet = network.drawPacket();
            int from = place(packet.source());
            int to = place(packet.destination());
            if (from != to
                    && !flows.contains(List.of(packet.destination(), packet.source(), packet.protocolNumber()))) {
                // What has ports or ids differs by these.
                if (packet.destinationPort() == Packet.UNKNOWN && packet.icmpType() == Packet.UNKNOWN) {
                    flows.add(List.of(packet.source(), packet.destination(), packet.protocolNumber()));
                }
                packets.add(packet);
            }
        }
        return packets;
    }

    /** -1 for outside. */
    private static int place(IpAddress address) {
        for (int place = 0; place < PLACES; place++) {
            if (RandomNetwork.addresses(place).contains(address.toString())) {
                return place;
            }
        }
        return -1;
    }

    /** Sends packets from where they come from and says which of them left the host's rules behind. */
    private static final class Senders implements AutoCloseable {

        private final Map<Integer, Conversation> byPlace = new HashMap<>();
        private int round;

        Senders() {
            for (int place = -1; place < PLACES; place++) {
                byPlace.put(place, lab.sender(place < 0 ? lab.outside() : lab.instance(place)));
            }
        }

        Set<Integer> send(List<Packet> packets) {
            // Answers to what passed would be traffic of their own. A zone for each round: no flow is known from
            // before.
            lab.load("""
                    add table inet probe
                    delete table inet probe
                    table inet probe {
                        set arrived4 { typeof ip id; flags dynamic; size 65535; }
                        set passed4 { typeof ip id; flags dynamic; size 65535; }
                        set arrived6 { typeof ip6 flowlabel; flags dynamic; size 65535; }
                        set passed6 { typeof ip6 flowlabel; flags dynamic; size 65535; }
                        chain first {
                            type filter hook prerouting priority -400;
                            ip ttl != %1$d drop
                            ip6 hoplimit != %1$d drop
                            ct zone set %2$d
                            add @arrived4 { ip id }
                            add @arrived6 { ip6 flowlabel }
                        }
                        chain last {
                            type filter hook forward priority 100;
                            add @passed4 { ip id }
                            add @passed6 { ip6 flowlabel }
                        }
                    }""".formatted(Datagram.TIME_TO_LIVE, ++round).lines().toList());
            for (int i = 0; i < packets.size(); i++) {
                Packet packet = packets.get(i);
                sender(place(packet.source()))
                        .write((packet.family() == IpFamily.IPV4 ? "4 " : "6 ") + packet.destination() + " "
                                + Datagram.hex(packet, i + 1));
            }
            for (int place : byPlace.keySet()) {
                sender(place).write("end");
                assertThat(sender(place).read()).isEqualTo("end");
            }
            awaitArrival(packets.size());
            return numbers("passed");
        }

        private Conversation sender(int place) {
            Conversation sender = byPlace.get(place);
            assertThat(sender).isNotNull();
            return sender;
        }

        private static void awaitArrival(int count) {
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (numbers("arrived").size() < count) {
                assertThat(System.nanoTime())
                        .as("all packets arrive at the host")
                        .isLessThan(deadline);
            }
        }

        private static Set<Integer> numbers(String set) {
            Set<Integer> numbers = new TreeSet<>();
            try {
                for (String family : List.of("4", "6")) {
                    JsonNode listed = JSON.readTree(
                            lab.in(lab.host(), "", "nft", "-j", "list", "set", "inet", "probe", set + family));
                    listed.findPath("elem").forEach(number -> numbers.add(number.asInt()));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return numbers;
        }

        @Override
        public void close() {
            lab.load(List.of("delete table inet probe"));
        }
    }

    /** What the kernel holds, whatever the order of sets and their elements. */
    private static Set<String> kernelState() {
        String listed = lab.in(lab.host(), "", "nft", "list", "table", "inet", "cumulet");
        Set<String> lines = new TreeSet<>();
        String block = "";
        for (String line : listed.split("\n", -1)) {
            if (line.endsWith("{")) {
                block = line.strip();
            }
            for (String part : line.split(",", -1)) {
                lines.add(block + " "
                        + part.replace("elements = {", "").replace("}", "").strip());
            }
        }
        return lines;
    }

    private static Set<String> kernelStateAnew(RulesetsHarness harness) {
        lab.load(harness.whole(HOST));
        return kernelState();
    }
}
