package io.cumulet.firewall.domain.reachability;

import static io.cumulet.firewall.domain.RandomNetwork.address;
import static io.cumulet.firewall.domain.RandomNetwork.cidr;
import static io.cumulet.firewall.domain.RandomNetwork.group;
import static io.cumulet.firewall.domain.RandomNetwork.member;
import static io.cumulet.firewall.domain.RandomNetwork.rule;
import static io.cumulet.firewall.domain.RandomNetwork.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.domain.RandomNetwork;
import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.reachability.Explanation.Place;
import io.cumulet.firewall.domain.reachability.Explanation.RuleStep;
import io.cumulet.firewall.domain.reachability.Explanation.Step;
import io.cumulet.firewall.domain.reachability.Reachability.End;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReachabilityTest {

    private static final Probe HTTPS = Probe.toPort(Transport.TCP, 443);
    private static final SecurityGroup WEB = group(
            "sg-web",
            List.of(
                    new Rule("sgr-lb", tcp(443, 443), new Peer.OfGroup("sg-lb"), null),
                    rule("sgr-http", tcp(80, 80), "0.0.0.0/0")),
            List.of());
    private static final SecurityGroup LB =
            group("sg-lb", List.of(), List.of(rule("sgr-out", tcp(443, 443), "10.0.0.0/8")));
    private static final Member WEB_1 = member(1, List.of(address("10.0.0.1"), address("fd00::1")), List.of("sg-web"));
    private static final Member LB_2 = member(2, List.of(address("10.0.0.2")), List.of("sg-lb"));

    private final Reachability reachability = new Reachability(new Vicinity(List.of(WEB, LB), ListedBlocks.NONE));

    @Test
    void whatIsAllowedConnectsOrIsRefused() {
        Explanation answer = reachability.explain(of(LB_2), of(WEB_1), HTTPS, IpFamily.IPV4);
        assertThat(answer.reachable()).isTrue();
        assertThat(answer.summary())
                .isEqualTo("connects, or is refused if nothing listens on it: sgr-out of sg-lb allows tcp/443 to"
                        + " 10.0.0.1; then sgr-lb of sg-web allows tcp/443 from 10.0.0.2");
        assertThat(answer.steps())
                .extracting(Step::place)
                .containsExactly(
                        Place.NETWORK,
                        Place.ADDRESSES,
                        Place.SOURCE_STATE,
                        Place.SOURCE_EGRESS,
                        Place.DESTINATION_INGRESS,
                        Place.DESTINATION_STATE);
    }

    @Test
    void whatIsBlockedTimesOutAndEachRuleSaysWhy() {
        Explanation answer = reachability.explain(outside("203.0.113.9"), of(WEB_1), HTTPS, IpFamily.IPV4);
        assertThat(answer.reachable()).isFalse();
        assertThat(answer.summary()).isEqualTo("times out: no rule of sg-web allows tcp/443 from 203.0.113.9");
        Step ingress = step(answer, Place.DESTINATION_INGRESS);
        assertThat(ingress.groups()).singleElement().satisfies(group -> {
            assertThat(group.allows()).isFalse();
            assertThat(group.rules())
                    .extracting(RuleStep::why)
                    .containsExactly("203.0.113.9 isn't among members of sg-lb", "it allows tcp/80, not tcp/443");
        });
        assertThat(reachability
                        .explain(of(WEB_1), of(LB_2), HTTPS, IpFamily.IPV4)
                        .summary())
                .isEqualTo("times out: no rule of sg-web allows tcp/443 to 10.0.0.2");
    }

    @Test
    void otherVpcsStoppedInstancesAndMissingAddressesAreNamed() {
        Member elsewhere = new Member(
                "eni-9",
                "i-9",
                RandomNetwork.ACCOUNT,
                Region.DEFAULT,
                "vpc-other",
                "h-1",
                List.of(address("10.0.0.2")),
                List.of());
        assertThat(reachability
                        .explain(of(LB_2), of(elsewhere), HTTPS, IpFamily.IPV4)
                        .summary())
                .startsWith("unreachable: i-2 (eni-2) is in " + RandomNetwork.VPC + " and i-9 (eni-9) in vpc-other");
        assertThat(reachability
                        .explain(of(LB_2), of(WEB_1), HTTPS, IpFamily.IPV6)
                        .summary())
                .isEqualTo("unreachable over this address family: i-2 (eni-2) has no IPv6 address");
        Member stopped = new Member(
                "eni-1",
                "i-1",
                RandomNetwork.ACCOUNT,
                Region.DEFAULT,
                RandomNetwork.VPC,
                null,
                WEB_1.addresses(),
                WEB_1.groupIds());
        Explanation answer = reachability.explain(of(LB_2), of(stopped), HTTPS, IpFamily.IPV4);
        assertThat(answer.reachable()).isFalse();
        assertThat(answer.summary()).isEqualTo("times out: i-1 isn't running but stopped");
        assertThat(step(answer, Place.DESTINATION_INGRESS).passes()).isTrue();
        assertThat(reachability
                        .explain(of(stopped), of(LB_2), HTTPS, IpFamily.IPV4)
                        .summary())
                .isEqualTo("nothing is sent: i-1 isn't running but stopped");
    }

    @Test
    void whatTwoGroupsSayIsFoldedWithBothRules() {
        SecurityGroup other = group("sg-other", List.of(rule("sgr-x", tcp(80, 80), "0.0.0.0/0")), List.of());
        assertThat(EffectiveRules.of(List.of(WEB, other), Direction.INGRESS))
                .hasSize(2)
                .last()
                .satisfies(effective -> assertThat(effective.saidBy())
                        .extracting(said -> said.groupId() + " " + said.rule().id())
                        .containsExactly("sg-web sgr-http", "sg-other sgr-x"));
    }

    @Test
    void theExplanationAgreesWithTheEvaluator() {
        int reachable = 0;
        int judged = 0;
        for (long seed = 0; seed < 500; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            Evaluator evaluator = evaluator(network);
            Reachability explained = new Reachability(new Vicinity(network.groups, network.prefixLists));
            for (int i = 0; i < 50; i++) {
                Packet packet = network.packet();
                Explanation answer = explained.explain(
                        end(network, packet.source()),
                        end(network, packet.destination()),
                        probe(packet),
                        packet.family());
                boolean allowed = evaluator.judge(packet) instanceof Verdict.Allowed;
                assertThat(answer.reachable())
                        .as("seed " + seed + ", " + packet + ": " + answer.summary())
                        .isEqualTo(allowed);
                judged++;
                reachable += allowed ? 1 : 0;
            }
        }
        assertThat(reachable).isBetween(judged / 20, judged - judged / 20);
    }

    @Test
    void whoIsListedIsLetInAndNobodyElse() {
        int listed = 0;
        for (long seed = 0; seed < 500; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            Vicinity vicinity = new Vicinity(network.groups, network.prefixLists);
            for (int i = 0; i < 50; i++) {
                Packet packet = network.packet();
                Member destination = network.who(packet.destination()).orElse(null);
                if (destination == null) {
                    continue;
                }
                boolean isListed = isListed(network, vicinity, destination, packet);
                Member source = network.who(packet.source()).orElse(null);
                assertThat(isListed)
                        .as("seed " + seed + ", " + packet)
                        .isEqualTo(vicinity.firstThatAllows(destination, Direction.INGRESS, packet, source) != null);
                listed += isListed ? 1 : 0;
            }
        }
        assertThat(listed).isGreaterThan(500);
    }

    @Test
    void aRuleForWhoIsNotListedMakesHimListedAndLetIn() {
        int added = 0;
        for (long seed = 0; seed < 500; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            Vicinity vicinity = new Vicinity(network.groups, network.prefixLists);
            for (int i = 0; i < 20; i++) {
                Packet packet = network.packet();
                Member destination = network.who(packet.destination()).orElse(null);
                if (destination == null
                        || destination.groupIds().isEmpty()
                        || isListed(network, vicinity, destination, packet)) {
                    continue;
                }
                Rule rule = new Rule(
                        "sgr-new",
                        new Traffic.Number(packet.protocolNumber()),
                        new Peer.OfBlock(
                                new Cidr(packet.source(), packet.family().addressBits())),
                        null);
                List<SecurityGroup> after = new ArrayList<>();
                for (SecurityGroup group : network.groups) {
                    after.add(
                            group.id().equals(destination.groupIds().getFirst())
                                    ? group.plus(Direction.INGRESS, List.of(rule))
                                    : group);
                }
                Vicinity changed = new Vicinity(after, network.prefixLists);
                Explanation answer = new Reachability(changed)
                        .explain(
                                end(network, packet.source()),
                                new End(packet.destination(), destination),
                                probe(packet),
                                packet.family());
                assertThat(step(answer, Place.DESTINATION_INGRESS).passes())
                        .as("seed " + seed + ", " + packet)
                        .isTrue();
                assertThat(isListed(network, changed, destination, packet))
                        .as("seed " + seed + ", " + packet)
                        .isTrue();
                added++;
            }
        }
        assertThat(added).isGreaterThan(100);
    }

    @Test
    void prefixListsAreToldWithTheirBlocksOfTheFamily() {
        ListedBlocks lists = new ListedBlocks(Map.of("pl-1", List.of(cidr("203.0.113.0/24"), cidr("2001:db8::/32"))));
        SecurityGroup group =
                group("sg-1", List.of(new Rule("sgr-1", tcp(22, 22), new Peer.OfPrefixList("pl-1"), null)), List.of());
        Member own = member(1, List.of(address("fd00::1")), List.of("sg-1"));
        assertThat(new Sources(new Vicinity(List.of(group), lists))
                        .of(own, address("fd00::1"), Probe.toPort(Transport.TCP, 22)))
                .singleElement()
                .satisfies(source -> assertThat(source.blocks()).containsExactly(cidr("2001:db8::/32")));
    }

    private static boolean isListed(RandomNetwork network, Vicinity vicinity, Member destination, Packet packet) {
        List<String> groups = network.who(packet.source()).map(Member::groupIds).orElse(List.of());
        return new Sources(vicinity)
                .of(destination, packet.destination(), probe(packet)).stream()
                        .anyMatch(source -> source.blocks().stream().anyMatch(block -> block.contains(packet.source()))
                                || source.peer() instanceof Peer.OfGroup(String id) && groups.contains(id));
    }

    private static Evaluator evaluator(RandomNetwork network) {
        Map<String, World.GroupRules> rules = new HashMap<>();
        network.groups.forEach(group -> rules.put(group.id(), new World.GroupRules(group.ingress(), group.egress())));
        return new Evaluator(new World(
                rules,
                network.members.stream()
                        .map(one -> new World.Member(
                                one.instanceId(), one.addresses(), new LinkedHashSet<>(one.groupIds())))
                        .toList(),
                network.blocks));
    }

    private static Probe probe(Packet packet) {
        return new Probe(packet.protocolNumber(), packet.destinationPort(), packet.icmpType(), packet.icmpCode());
    }

    private static End end(RandomNetwork network, IpAddress address) {
        return new End(address, network.who(address).orElse(null));
    }

    private static End of(Member member) {
        return new End(null, member);
    }

    private static End outside(String address) {
        return new End(address(address), null);
    }

    private static Step step(Explanation answer, Place place) {
        return answer.steps().stream()
                .filter(step -> step.place() == place)
                .findFirst()
                .orElseThrow();
    }
}
