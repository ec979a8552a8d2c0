package io.cumulet.firewall.domain.advice;

import static io.cumulet.firewall.domain.RandomNetwork.cidr;
import static io.cumulet.firewall.domain.RandomNetwork.group;
import static io.cumulet.firewall.domain.RandomNetwork.rule;
import static io.cumulet.firewall.domain.RandomNetwork.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cumulet.firewall.domain.RandomNetwork;
import io.cumulet.firewall.domain.advice.Finding.Kind;
import io.cumulet.firewall.domain.advice.Finding.Severity;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupAdviceTest {

    private static final ListedBlocks LISTS = new ListedBlocks(Map.of(
            "pl-halves", List.of(cidr("0.0.0.0/1"), cidr("128.0.0.0/1")),
            "pl-office", List.of(cidr("203.0.113.0/24")),
            "pl-empty", List.of(),
            "pl-both", List.of(cidr("0.0.0.0/0"), cidr("::/0"))));

    @Test
    void sshOpenToTheWorldIsFoundByRangeByNumberAndByAll() {
        for (Traffic traffic : List.of(tcp(22, 22), tcp(20, 80), new Traffic.Number(6), new Traffic.All())) {
            assertThat(kinds(of(rule("sgr-1", traffic, "0.0.0.0/0"))))
                    .as(traffic.toString())
                    .contains(Kind.SSH_OPEN_TO_WORLD);
            assertThat(kinds(of(rule("sgr-1", traffic, "::/0"))))
                    .as(traffic.toString())
                    .contains(Kind.SSH_OPEN_TO_WORLD);
        }
        for (Rule closed : List.of(
                rule("sgr-1", tcp(22, 22), "10.0.0.0/8"),
                rule("sgr-1", tcp(23, 3_388), "0.0.0.0/0"),
                rule("sgr-1", tcp(22, 22), "0.0.0.0/1"),
                rule("sgr-1", new Traffic.Ports(Transport.UDP, 22, 22), "0.0.0.0/0"),
                rule("sgr-1", new Traffic.Icmp(IpFamily.IPV4, -1, -1), "0.0.0.0/0"))) {
            assertThat(kinds(of(closed))).as(closed.toString()).isEmpty();
        }
    }

    @Test
    void rdpIsFoundOverTcpAndUdpAndEveryPortIsWorst() {
        assertThat(kinds(of(rule("sgr-1", tcp(3_389, 3_389), "0.0.0.0/0")))).containsExactly(Kind.RDP_OPEN_TO_WORLD);
        assertThat(kinds(of(rule("sgr-1", new Traffic.Ports(Transport.UDP, 3_389, 3_389), "0.0.0.0/0"))))
                .containsExactly(Kind.RDP_OPEN_TO_WORLD);
        List<Finding> all = of(rule("sgr-1", new Traffic.All(), "0.0.0.0/0"));
        assertThat(kinds(all))
                .containsExactlyInAnyOrder(
                        Kind.EVERY_PORT_OPEN_TO_WORLD, Kind.SSH_OPEN_TO_WORLD, Kind.RDP_OPEN_TO_WORLD);
        assertThat(all)
                .filteredOn(finding -> finding.kind() == Kind.EVERY_PORT_OPEN_TO_WORLD)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.members()).isEqualTo(1);
                    assertThat(finding.advice())
                            .isEqualTo("All traffic may come in from the whole IPv4 internet by sgr-1 (all traffic,"
                                    + " 0.0.0.0/0); 1 network interface is exposed. Name the addresses, group or prefix"
                                    + " list that need it instead.");
                });
        assertThat(kinds(of(rule("sgr-1", tcp(0, 65_535), "::/0")))).contains(Kind.EVERY_PORT_OPEN_TO_WORLD);
    }

    @Test
    void blocksThatTogetherCoverTheInternetOpenToTheWorld() {
        assertThat(ruleIds(
                        of(rule("sgr-1", tcp(22, 22), "0.0.0.0/1"), rule("sgr-2", tcp(0, 100), "128.0.0.0/1")),
                        Kind.SSH_OPEN_TO_WORLD))
                .containsExactly(List.of("sgr-1", "sgr-2"));
        assertThat(ruleIds(of(listRule("sgr-1", tcp(22, 22), "pl-halves")), Kind.SSH_OPEN_TO_WORLD))
                .containsExactly(List.of("sgr-1"));
        // Everything but what is nobody's on the internet.
        List<Rule> allButPrivate = new ArrayList<>();
        for (String block : List.of(
                "11.0.0.0/8",
                "8.0.0.0/7",
                "12.0.0.0/6",
                "0.0.0.0/5",
                "16.0.0.0/4",
                "32.0.0.0/3",
                "64.0.0.0/2",
                "128.0.0.0/1")) {
            allButPrivate.add(rule("sgr-" + allButPrivate.size(), tcp(22, 22), block));
        }
        assertThat(ruleIds(of(allButPrivate.toArray(Rule[]::new)), Kind.SSH_OPEN_TO_WORLD))
                .hasSize(1);
        assertThat(kinds(of(rule("sgr-1", tcp(22, 22), "2000::/3")))).containsExactly(Kind.SSH_OPEN_TO_WORLD);
    }

    @Test
    void aRuleForBothFamiliesIsFoundOnceAndTwoRulesTwice() {
        assertThat(ruleIds(of(listRule("sgr-1", tcp(22, 22), "pl-both")), Kind.SSH_OPEN_TO_WORLD))
                .containsExactly(List.of("sgr-1"));
        assertThat(ruleIds(
                        of(rule("sgr-1", tcp(22, 22), "0.0.0.0/0"), rule("sgr-2", tcp(21, 22), "0.0.0.0/0")),
                        Kind.SSH_OPEN_TO_WORLD))
                .containsExactly(List.of("sgr-1"), List.of("sgr-2"));
    }

    @Test
    void onlyWhoHasAnAddressOfTheFamilyIsExposed() {
        GroupAdvice.Members two = new GroupAdvice.Members();
        two.add(Set.of(IpFamily.IPV4));
        two.add(Set.of(IpFamily.IPV4, IpFamily.IPV6));
        GroupAdvice advice = new GroupAdvice(LISTS, Map.of("sg-1", two), Set.of());
        assertThat(advice.of(group("sg-1", List.of(rule("sgr-1", tcp(22, 22), "0.0.0.0/0")), List.of())))
                .singleElement()
                .satisfies(finding -> assertThat(finding.members()).isEqualTo(2));
        assertThat(advice.of(group("sg-1", List.of(rule("sgr-1", tcp(22, 22), "::/0")), List.of())))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.members()).isEqualTo(1);
                    assertThat(finding.severity()).isEqualTo(Severity.HIGH);
                });
    }

    @Test
    void aRuleThatOthersCoverIsShadowedByThem() {
        assertThat(of(rule("sgr-1", tcp(80, 90), "10.0.0.0/8"), rule("sgr-2", tcp(85, 85), "10.1.0.0/16")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.SHADOWED_RULE);
                    assertThat(finding.ruleIds()).containsExactly("sgr-2");
                    assertThat(finding.byRuleIds()).containsExactly("sgr-1");
                    assertThat(finding.advice())
                            .isEqualTo("sgr-2 (tcp/85, 10.1.0.0/16) changes nothing: all that it lets through is let"
                                    + " through by sgr-1 (tcp/80-90, 10.0.0.0/8). Revoke it.");
                });
        List<Finding> byTwo = of(
                rule("sgr-1", tcp(80, 85), "10.0.0.0/8"),
                rule("sgr-2", tcp(86, 90), "10.0.0.0/9"),
                rule("sgr-3", tcp(86, 95), "10.128.0.0/9"),
                rule("sgr-4", tcp(80, 90), "192.168.0.0/16"),
                rule("sgr-5", tcp(82, 88), "10.0.0.0/8"));
        assertThat(byTwo).singleElement().satisfies(finding -> {
            assertThat(finding.ruleIds()).containsExactly("sgr-5");
            assertThat(finding.byRuleIds()).containsExactly("sgr-1", "sgr-2", "sgr-3");
        });
    }

    @Test
    void ofTwoThatSayTheSameTheLaterOneIsShadowed() {
        assertThat(ruleIds(
                        of(
                                listRule("sgr-1", tcp(443, 443), "pl-office"),
                                rule("sgr-2", tcp(443, 443), "203.0.113.0/24")),
                        Kind.SHADOWED_RULE))
                .containsExactly(List.of("sgr-2"));
    }

    @Test
    void membersOfAGroupMayGetAnyAddressSoThatOnlyEverythingCoversThem() {
        Rule members = new Rule("sgr-1", tcp(80, 80), new Peer.OfGroup("sg-1"), null);
        assertThat(of(members, rule("sgr-2", tcp(80, 80), "0.0.0.0/0"))).isEmpty();
        assertThat(ruleIds(
                        of(members, rule("sgr-2", tcp(80, 80), "0.0.0.0/0"), rule("sgr-3", tcp(80, 80), "::/0")),
                        Kind.SHADOWED_RULE))
                .containsExactly(List.of("sgr-1"));
        Rule ping = new Rule("sgr-1", new Traffic.Icmp(IpFamily.IPV4, 8, -1), new Peer.OfGroup("sg-1"), null);
        assertThat(ruleIds(of(ping, rule("sgr-2", new Traffic.Number(1), "0.0.0.0/0")), Kind.SHADOWED_RULE))
                .containsExactly(List.of("sgr-1"));
    }

    @Test
    void aRuleForNobodyMatchesNothing() {
        Rule empty = new Rule("sgr-1", tcp(80, 80), new Peer.OfGroup("sg-nobody"), null);
        assertThat(of(empty)).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.RULE_MATCHES_NOTHING);
            assertThat(finding.advice()).contains("sg-nobody has no members");
        });
        assertThat(kinds(of(listRule("sgr-1", tcp(80, 80), "pl-empty")))).containsExactly(Kind.RULE_MATCHES_NOTHING);
        assertThat(kinds(of(listRule("sgr-1", new Traffic.Icmp(IpFamily.IPV6, -1, -1), "pl-office"))))
                .containsExactly(Kind.RULE_MATCHES_NOTHING);
        assertThat(of(rule("sgr-1", tcp(80, 80), "198.51.100.0/24"))).isEmpty();
    }

    @Test
    void aGroupThatNobodyHasOrNamesIsUnusedAndTheDefaultGroupToldApart() {
        GroupAdvice nobody = new GroupAdvice(LISTS, Map.of(), Set.of("sg-named"));
        assertThat(nobody.of(group("sg-1", List.of(), List.of())))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.UNUSED_GROUP);
                    assertThat(finding.advice())
                            .startsWith("No instance has this group")
                            .contains("attached to nothing");
                });
        assertThat(nobody.of(group("sg-named", List.of(), List.of()))).isEmpty();
        SecurityGroup theDefault = SecurityGroup.defaultOf(RandomNetwork.ACCOUNT, Region.DEFAULT, Instant.EPOCH);
        assertThat(theDefault.id()).isEqualTo(DefaultNetwork.securityGroupId(RandomNetwork.ACCOUNT, Region.DEFAULT));
        assertThat(kinds(nobody.of(theDefault))).contains(Kind.UNUSED_DEFAULT_GROUP);
    }

    @Test
    void takingAllShadowedRulesAwayChangesNoVerdict() {
        int shadowed = 0;
        for (long seed = 0; seed < 300; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            GroupAdvice advice = new GroupAdvice(network.prefixLists, membersOf(network), Set.of());
            for (SecurityGroup group : network.groups) {
                List<Finding> findings = advice.of(group).stream()
                        .filter(finding -> finding.kind() == Kind.SHADOWED_RULE)
                        .toList();
                shadowed += findings.size();
                List<String> gone = findings.stream()
                        .flatMap(finding -> finding.ruleIds().stream())
                        .toList();
                for (Finding finding : findings) {
                    assertThat(finding.byRuleIds())
                            .as("seed " + seed + " " + finding)
                            .isNotEmpty();
                }
                for (int i = 0; i < 100; i++) {
                    Packet packet = network.packet();
                    for (Direction direction : Direction.values()) {
                        List<Rule> left = group.rules(direction).stream()
                                .filter(rule -> !gone.contains(rule.id()))
                                .toList();
                        if (allows(network, left, direction, packet)
                                != allows(network, group.rules(direction), direction, packet)) {
                            fail("seed " + seed + ", " + packet + ", " + group);
                        }
                    }
                }
            }
        }
        // Advice that never finds anything would keep this law too.
        assertThat(shadowed).isGreaterThan(150);
    }

    @Test
    void fullGroupsAreLookedOverQuickly() {
        Random random = new Random(5);
        List<SecurityGroup> groups = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            List<Rule> rules = new ArrayList<>();
            for (int j = 0; j < 60; j++) {
                Traffic traffic = random.nextInt(10) == 0 ? new Traffic.All() : tcp(j, j + random.nextInt(1_000));
                rules.add(rule("sgr-" + j, traffic, "10." + random.nextInt(4) + ".0.0/" + (8 + random.nextInt(17))));
            }
            groups.add(group("sg-" + i, rules, rules));
        }
        GroupAdvice advice = new GroupAdvice(LISTS, Map.of(), Set.of());
        long start = System.nanoTime();
        int findings = 0;
        for (SecurityGroup group : groups) {
            findings += advice.of(group).size();
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("100 groups of 120 rules looked over in %d ms: %d findings%n", millis, findings);
        assertThat(millis).isLessThan(20_000);
    }

    @Test
    void whatIsNotWantedIsLeftOutAndTheRestIsTheSame() {
        int findings = 0;
        for (long seed = 0; seed < 100; seed++) {
            RandomNetwork network = new RandomNetwork(seed);
            GroupAdvice advice = new GroupAdvice(network.prefixLists, membersOf(network), Set.of());
            for (SecurityGroup group : network.groups) {
                List<Finding> all = advice.of(group);
                findings += all.size();
                for (Kind kind : Kind.values()) {
                    assertThat(advice.of(group, Set.of(kind)))
                            .as("seed " + seed + " " + kind)
                            .isEqualTo(all.stream()
                                    .filter(finding -> finding.kind() == kind)
                                    .toList());
                }
            }
        }
        assertThat(findings).isGreaterThan(100);
    }

    private static boolean allows(RandomNetwork network, List<Rule> rules, Direction direction, Packet packet) {
        var other = direction == Direction.INGRESS ? packet.source() : packet.destination();
        List<String> groups = network.who(other).map(Member::groupIds).orElse(List.of());
        return rules.stream()
                .anyMatch(rule ->
                        rule.traffic().matches(packet) && rule.peer().includes(other, groups, network.prefixLists));
    }

    private static Map<String, GroupAdvice.Members> membersOf(RandomNetwork network) {
        Map<String, GroupAdvice.Members> members = new HashMap<>();
        network.members.forEach(member -> member.groupIds()
                .forEach(id -> members.computeIfAbsent(id, key -> new GroupAdvice.Members())
                        .add(Set.of(IpFamily.IPV4, IpFamily.IPV6))));
        return members;
    }

    /** What is said about a group with one member and these ingress rules. */
    private static List<Finding> of(Rule... ingress) {
        GroupAdvice.Members one = new GroupAdvice.Members();
        one.add(Set.of(IpFamily.IPV4, IpFamily.IPV6));
        return new GroupAdvice(LISTS, Map.of("sg-1", one), Set.of()).of(group("sg-1", List.of(ingress), List.of()));
    }

    private static Rule listRule(String id, Traffic traffic, String list) {
        return new Rule(id, traffic, new Peer.OfPrefixList(list), null);
    }

    private static List<Kind> kinds(List<Finding> findings) {
        return findings.stream().map(Finding::kind).toList();
    }

    private static List<List<String>> ruleIds(List<Finding> findings, Kind kind) {
        Stream<Finding> ofKind = findings.stream().filter(finding -> finding.kind() == kind);
        return ofKind.map(Finding::ruleIds).toList();
    }
}
