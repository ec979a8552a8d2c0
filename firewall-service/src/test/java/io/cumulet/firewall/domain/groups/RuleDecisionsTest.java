package io.cumulet.firewall.domain.groups;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(refusal(RuleDecisions.authorize(WEB, Direction.INGRESS, List.of(ping, same), Set.of("sg-b"), LIMITS))
                        .field())
                .isEqualTo("rules[1]");
        assertThat(done(RuleDecisions.authorize(WEB, Direction.EGRESS, List.of(ping), Set.of("sg-b"), LIMITS))
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
        assertThat(done(RuleDecisions.authorize(full, Direction.EGRESS, List.of(tcp(60)), Set.of(), LIMITS))
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
        assertThat(done(RuleDecisions.revoke(group, Direction.INGRESS, tcp(80).id()))
                        .ingress())
                .containsExactly(tcp(443));
        assertThat(refusal(RuleDecisions.revoke(group, Direction.EGRESS, tcp(80).id()))
                        .code()
                        .code())
                .isEqualTo("InvalidSecurityGroupRuleId.NotFound");
    }

    @Test
    void aGroupInUseStaysAndSoDoesTheDefaultOne() {
        assertThat(refusal(RuleDecisions.delete(WEB, null, "i-1")).code().code())
                .isEqualTo("DependencyViolation");
        assertThat(refusal(RuleDecisions.delete(WEB, "sg-b", null)).code().code())
                .isEqualTo("DependencyViolation");
        assertThat(refusal(RuleDecisions.delete(
                                SecurityGroup.defaultOf(ACCOUNT, Region.DEFAULT, Instant.EPOCH), null, null))
                        .code()
                        .code())
                .isEqualTo("CannotDelete");
        assertThat(done(RuleDecisions.delete(WEB, null, null)).version()).isEqualTo(2);
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
                .fault(ACCOUNT, Region.DEFAULT)
                .map(refusal -> refusal.code().code())
                .orElse(null);
    }

    private static Outcome<SecurityGroup> authorize(SecurityGroup group, List<Rule> rules) {
        return RuleDecisions.authorize(group, Direction.INGRESS, rules, Set.of(), LIMITS);
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

    private static Refusal refusal(Outcome<SecurityGroup> outcome) {
        return switch (outcome) {
            case Outcome.Done<SecurityGroup>(SecurityGroup group) -> throw new AssertionError("Not refused: " + group);
            case Outcome.Refused<SecurityGroup>(Refusal refusal) -> refusal;
        };
    }
}
