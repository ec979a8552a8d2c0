package io.cumulet.firewall.domain.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.domain.groups.Peers.ListSize;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleDecisionsTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final RuleLimits LIMITS = new RuleLimits(60);
    private static final SecurityGroup WEB = SecurityGroup.fresh(
            "sg-0123456789abcdef0",
            ACCOUNT,
            Region.DEFAULT,
            DefaultNetwork.vpcId(ACCOUNT, Region.DEFAULT),
            "web",
            "web servers",
            Map.of(),
            Instant.EPOCH);

    @Test
    void aNewGroupLetsNothingInAndEverythingOut() {
        assertThat(WEB.ingress()).isEmpty();
        assertThat(WEB.egress()).hasSize(1).allSatisfy(rule -> {
            assertThat(rule.traffic()).isEqualTo(new Traffic.All());
            assertThat(rule.peer()).isEqualTo(new Peer.OfBlock(Cidr.EVERY_IPV4));
        });
    }

    @Test
    void theDefaultGroupAlsoLetsItsOwnMembersIn() {
        SecurityGroup group = SecurityGroup.defaultOf(ACCOUNT, Region.DEFAULT, Instant.EPOCH);
        assertThat(group.id()).isEqualTo(DefaultNetwork.securityGroupId(ACCOUNT, Region.DEFAULT));
        assertThat(group.version()).isEqualTo(1);
        assertThat(group.ingress())
                .singleElement()
                .satisfies(rule -> assertThat(rule.peer()).isEqualTo(new Peer.OfGroup(group.id())));
        assertThat(group.egress()).hasSize(1);
    }

    @Test
    void rulesJoinTogetherOrNotAtAll() {
        SecurityGroup after = done(authorize(WEB, List.of(tcp(80), tcp(443))));
        assertThat(after.version()).isEqualTo(2);
        assertThat(after.ingress()).containsExactly(tcp(80), tcp(443));
        assertThat(refusal(authorize(after, List.of(tcp(22), tcp(443)))))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo("rules[1]"))
                .satisfies(refusal -> assertThat(refusal.code().code()).isEqualTo("InvalidPermission.Duplicate"));
        assertThat(after.ingress()).hasSize(2);
    }

    @Test
    void aRuleIsADuplicateWhateverItsIdAndDescription() {
        Rule ping = new Rule("sgr-1", new Traffic.Icmp(IpFamily.IPV4, -1, -1), group("sg-b"), "ping");
        Rule same = new Rule("sgr-2", new Traffic.Icmp(IpFamily.IPV4, -1, 7), group("sg-b"), null);
        assertThat(refusal(RuleDecisions.authorize(
                        WEB, Direction.INGRESS, List.of(ping, same), new Peers(Set.of("sg-b"), Map.of()), LIMITS)))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo("rules[1]"))
                .satisfies(refusal -> assertThat(refusal.code().code()).isEqualTo("InvalidParameterValue"));
        assertThat(done(RuleDecisions.authorize(
                                WEB, Direction.EGRESS, List.of(ping), new Peers(Set.of("sg-b"), Map.of()), LIMITS))
                        .egress())
                .hasSize(2);
    }

    @Test
    void sixtyRulesPerDirectionAndNotOneMore() {
        List<Rule> sixty =
                IntStream.range(0, 60).mapToObj(RuleDecisionsTest::tcp).toList();
        SecurityGroup full = done(authorize(WEB, sixty));
        assertThat(full.ingress()).hasSize(60);
        Refusal refusal = refusal(authorize(full, List.of(tcp(60))));
        assertThat(refusal.code().code()).isEqualTo("RulesPerSecurityGroupLimitExceeded");
        assertThat(done(RuleDecisions.authorize(full, Direction.EGRESS, List.of(tcp(60)), Peers.NONE, LIMITS))
                        .egress())
                .hasSize(2);
    }

    @Test
    void aRuleOfAnUnknownGroupIsRefusedWithItsPlace() {
        Rule rule = new Rule("sgr-1", new Traffic.All(), group("sg-elsewhere"), null);
        Refusal refusal = refusal(authorize(WEB, List.of(tcp(80), rule)));
        assertThat(refusal.code().code()).isEqualTo("InvalidGroup.NotFound");
        assertThat(refusal.field()).isEqualTo("rules[1].peer.group");
    }

    @Test
    void icmpOfOneFamilyNeverComesFromTheOther() {
        Rule rule = new Rule("sgr-1", new Traffic.Icmp(IpFamily.IPV6, -1, -1), new Peer.OfBlock(Cidr.EVERY_IPV4), null);
        assertThat(refusal(authorize(WEB, List.of(rule))).code().code()).isEqualTo("InvalidPermission.Malformed");
    }

    @Test
    void onlyARuleOfTheDirectionCanBeTakenAway() {
        SecurityGroup group = done(authorize(WEB, List.of(tcp(80), tcp(443))));
        RuleSpec byId = new RuleSpec.ById(tcp(80).id());
        RuleSpec byContent = new RuleSpec.ByContent(tcp(80).traffic(), tcp(80).peer());
        for (RuleSpec spec : List.of(byId, byContent)) {
            assertThat(RuleDecisions.revoke(group, Direction.INGRESS, List.of(spec))
                            .orThrow())
                    .containsExactly(tcp(80));
        }
        assertThat(RuleDecisions.revoke(group, Direction.INGRESS, List.of(byId, byContent))
                        .orThrow())
                .as("the same rule, named twice")
                .containsExactly(tcp(80));
        assertThat(group.minus(Direction.INGRESS, List.of(tcp(80).id())).ingress())
                .containsExactly(tcp(443));
        Refusal unknownId = refusal(RuleDecisions.revoke(group, Direction.EGRESS, List.of(byId)));
        assertThat(unknownId.code().code()).isEqualTo("InvalidSecurityGroupRuleId.NotFound");
        assertThat(unknownId.field()).isEqualTo("rules[0].ruleId");
        RuleSpec other = new RuleSpec.ByContent(tcp(81).traffic(), tcp(81).peer());
        Refusal unknown = refusal(RuleDecisions.revoke(group, Direction.INGRESS, List.of(byContent, other)));
        assertThat(unknown.code().code()).isEqualTo("InvalidPermission.NotFound");
        assertThat(unknown.field()).isEqualTo("rules[1]");
    }

    @Test
    void aModifiedRuleKeepsItsIdAndTagsAndItsKindOfPeer() {
        Rule tagged = new Rule("sgr-1", tcp(80).traffic(), tcp(80).peer(), "web", Map.of("team", "a"));
        SecurityGroup group = done(authorize(WEB, List.of(tagged, tcp(443))));
        Rule other = new Rule("sgr-1", tcp(81).traffic(), tcp(81).peer(), null);
        assertThat(done(modify(group, List.of(other))).ingress())
                .containsExactly(
                        new Rule("sgr-1", tcp(81).traffic(), tcp(81).peer(), null, Map.of("team", "a")), tcp(443));
        // Two that change places are no duplicates; two that become one are.
        assertThat(done(modify(group, List.of(tcp(443).withId("sgr-1"), tcp(80).withId("sgr-443"))))
                        .ingress())
                .hasSize(2);
        assertThat(refusal(modify(group, List.of(tcp(443).withId("sgr-1"))))
                        .code()
                        .code())
                .isEqualTo("InvalidPermission.Duplicate");
        Rule ofGroup = new Rule("sgr-1", tcp(80).traffic(), group("sg-b"), null);
        assertThat(refusal(modify(group, List.of(ofGroup))).field()).isEqualTo("rules[0].peer");
        Rule ipv6 = new Rule("sgr-1", tcp(80).traffic(), new Peer.OfBlock(Cidr.EVERY_IPV6), null);
        assertThat(refusal(modify(group, List.of(ipv6))).field()).isEqualTo("rules[0].peer");
        assertThat(refusal(modify(group, List.of(tcp(2), other))).code().code())
                .isEqualTo("InvalidSecurityGroupRuleId.NotFound");
        assertThat(refusal(modify(group, List.of(other, other))).field()).isEqualTo("rules[1].ruleId");
    }

    @Test
    void aRuleThatNamesAPrefixListCountsAsItsMaxEntries() {
        Peers peers = new Peers(Set.of(), Map.of("pl-1", new ListSize(IpFamily.IPV4, 59)));
        Rule list = new Rule("sgr-l", new Traffic.All(), new Peer.OfPrefixList("pl-1"), null);
        SecurityGroup group =
                done(RuleDecisions.authorize(WEB, Direction.INGRESS, List.of(list, tcp(80)), peers, LIMITS));
        assertThat(refusal(RuleDecisions.authorize(group, Direction.INGRESS, List.of(tcp(81)), peers, LIMITS))
                        .code()
                        .code())
                .isEqualTo("RulesPerSecurityGroupLimitExceeded");
        assertThat(refusal(RuleDecisions.authorize(WEB, Direction.INGRESS, List.of(list), Peers.NONE, LIMITS))
                        .code()
                        .code())
                .isEqualTo("InvalidPrefixListID.NotFound");
        Rule icmpv6 = new Rule("sgr-6", new Traffic.Icmp(IpFamily.IPV6, -1, -1), list.peer(), null);
        assertThat(refusal(RuleDecisions.authorize(WEB, Direction.INGRESS, List.of(icmpv6), peers, LIMITS))
                        .field())
                .isEqualTo("rules[0].peer.prefixList");
    }

    @Test
    void aGroupThatARuleNamesStaysAndSoDoesTheDefaultOne() {
        assertThat(refusal(RuleDecisions.delete(WEB, "sg-b")).code().code()).isEqualTo("DependencyViolation");
        assertThat(refusal(RuleDecisions.delete(SecurityGroup.defaultOf(ACCOUNT, Region.DEFAULT, Instant.EPOCH), null))
                        .code()
                        .code())
                .isEqualTo("CannotDelete");
        assertThat(done(RuleDecisions.delete(WEB, null)).version()).isEqualTo(2);
    }

    @Test
    void namesAreHeldToEc2sForm() {
        assertThat(fault("web (v1.2) [a]", "x")).isNull();
        assertThat(fault("default", "x")).isEqualTo("InvalidGroup.Reserved");
        assertThat(fault("sg-1", "x")).isEqualTo("InvalidParameterValue");
        assertThat(fault("", "x")).isEqualTo("InvalidParameterValue");
        assertThat(fault(" web", "x")).isEqualTo("InvalidParameterValue");
        assertThat(fault("wéb", "x")).isEqualTo("InvalidParameterValue");
        assertThat(fault("a".repeat(255), "x")).isNull();
        assertThat(fault("a".repeat(256), "x")).isEqualTo("InvalidParameterValue");
        assertThat(fault("web", "")).isEqualTo("InvalidParameterValue");
        assertThat(fault("web", "<script>")).isEqualTo("InvalidParameterValue");
    }

    private static String fault(String name, String description) {
        return new GroupWish(name, description, null, Map.of())
                .fault()
                .map(refusal -> refusal.code().code())
                .orElse(null);
    }

    private static Outcome<SecurityGroup> modify(SecurityGroup group, List<Rule> rules) {
        return RuleDecisions.modify(
                group, Set.of(Direction.INGRESS), rules, new Peers(Set.of("sg-b"), Map.of()), LIMITS);
    }

    private static Outcome<SecurityGroup> authorize(SecurityGroup group, List<Rule> rules) {
        return RuleDecisions.authorize(group, Direction.INGRESS, rules, Peers.NONE, LIMITS);
    }

    private static Rule tcp(int port) {
        return new Rule(
                "sgr-" + port, new Traffic.Ports(Transport.TCP, port, port), new Peer.OfBlock(Cidr.EVERY_IPV4), null);
    }

    private static Peer group(String id) {
        return new Peer.OfGroup(id);
    }

    private static SecurityGroup done(Outcome<SecurityGroup> outcome) {
        return outcome.orThrow();
    }

    private static <T> Refusal refusal(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T result) -> throw new AssertionError("Not refused: " + result);
            case Outcome.Refused<T>(Refusal refusal) -> refusal;
        };
    }
}
