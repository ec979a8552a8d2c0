package io.cumulet.firewall.domain.flowlogs;

import static io.cumulet.firewall.domain.RandomNetwork.address;
import static io.cumulet.firewall.domain.RandomNetwork.group;
import static io.cumulet.firewall.domain.RandomNetwork.member;
import static io.cumulet.firewall.domain.RandomNetwork.rule;
import static io.cumulet.firewall.domain.RandomNetwork.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.domain.flowlogs.FlowReport.Changed;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FlowAnalysisTest {

    private static final SecurityGroup WEB = group(
            "sg-web",
            List.of(
                    rule("sgr-https", tcp(443, 443), "0.0.0.0/0"),
                    rule("sgr-ssh", tcp(22, 22), "203.0.113.0/24"),
                    new Rule("sgr-app", tcp(8_080, 8_090), new Peer.OfGroup("sg-app"), null),
                    rule("sgr-ping", new Traffic.Icmp(IpFamily.IPV4, 8, -1), "10.0.0.0/8")),
            List.of(rule("sgr-dns", new Traffic.Ports(Transport.UDP, 53, 53), "10.0.0.0/8")));
    private static final SecurityGroup APP = group("sg-app", List.of(), List.of());
    private static final SecurityGroup IDLE =
            group("sg-idle", List.of(rule("sgr-idle", tcp(1, 1), "0.0.0.0/0")), List.of());
    private static final Member WEB_1 = member(1, List.of(address("10.0.0.1")), List.of("sg-web"));
    private static final Member APP_2 = member(2, List.of(address("10.0.0.2")), List.of("sg-app"));

    private final FlowAnalysis analysis =
            new FlowAnalysis(List.of(WEB_1, APP_2), List.of(WEB, APP, IDLE), ListedBlocks.NONE);

    @Test
    void aRequestUsesItsRuleAndItsReplyUsesNone() {
        analysis.add(flow("198.51.100.7", 50_000, "10.0.0.1", 443, 6, true));
        analysis.add(flow("10.0.0.1", 443, "198.51.100.7", 50_000, 6, true));
        FlowReport report = analysis.finish();
        assertThat(report.acceptedAsNow()).isEqualTo(1);
        assertThat(report.replies()).isEqualTo(1);
        assertThat(report.changed()).isEmpty();
        assertThat(use(report, "sgr-https").flows()).isEqualTo(1);
        assertThat(use(report, "sgr-https").bytes()).isEqualTo(100);
        assertThat(use(report, "sgr-https").soleFlows()).isEqualTo(1);
        assertThat(report.rules())
                .filteredOn(RuleUse::isUnused)
                .extracting(use -> use.rule().id())
                .containsExactly("sgr-ssh", "sgr-app", "sgr-ping", "sgr-dns");
        // Nothing is said of rules whose interfaces the log doesn't have.
        assertThat(report.groupsNotSeen()).containsExactly("sg-app", "sg-idle");
    }

    @Test
    void whatTheRulesDecideOtherwiseNowIsTold() {
        analysis.add(flow("198.51.100.7", 50_000, "10.0.0.1", 25, 6, true));
        analysis.add(flow("198.51.100.8", 50_001, "10.0.0.1", 25, 6, false));
        analysis.add(flow("198.51.100.7", 50_002, "10.0.0.1", 443, 6, false));
        FlowReport report = analysis.finish();
        assertThat(report.rejectedAsNow()).isEqualTo(1);
        assertThat(report.nowBlocked()).isEqualTo(1);
        assertThat(report.nowAllowed()).isEqualTo(1);
        assertThat(report.changed())
                .containsExactly(
                        new Changed("eni-1", Direction.INGRESS, address("198.51.100.7"), 6, 25, true, null, 1, 100),
                        new Changed(
                                "eni-1",
                                Direction.INGRESS,
                                address("198.51.100.7"),
                                6,
                                443,
                                false,
                                "sgr-https",
                                1,
                                100));
        // A rule that would allow what was rejected wasn't used by it.
        assertThat(use(report, "sgr-https").isUnused()).isTrue();
    }

    @Test
    void theRecordOfTheOtherWayTellsWhichPortWasAsked() {
        // Two ports of which neither is ephemeral: the group's member asks 8080, in whatever order the log says it.
        analysis.add(flow("10.0.0.1", 8_080, "10.0.0.2", 20_000, 6, true));
        analysis.add(flow("10.0.0.2", 20_000, "10.0.0.1", 8_080, 6, true));
        FlowReport report = analysis.finish();
        assertThat(use(report, "sgr-app").flows()).isEqualTo(1);
        assertThat(report.replies()).isEqualTo(1);
        assertThat(report.nowBlocked()).isZero();
    }

    @Test
    void ofTwoWaysThatNoRuleAllowsOneIsTheRequest() {
        analysis.add(flow("10.0.0.1", 9_000, "10.0.0.9", 9_001, 6, true));
        analysis.add(flow("10.0.0.9", 9_001, "10.0.0.1", 9_000, 6, true));
        FlowReport report = analysis.finish();
        assertThat(report.nowBlocked()).isEqualTo(1);
        assertThat(report.replies()).isEqualTo(1);
        assertThat(report.changed()).singleElement().satisfies(changed -> {
            assertThat(changed.direction()).isEqualTo(Direction.INGRESS);
            assertThat(changed.destinationPort()).isEqualTo(9_000);
        });
    }

    @Test
    void tcpFlagsTellMoreThanPorts() {
        analysis.add(flow("198.51.100.7", 443, "10.0.0.1", 50_000, 6, true, 2));
        FlowReport report = analysis.finish();
        assertThat(report.replies()).isZero();
        assertThat(report.nowBlocked()).isEqualTo(1);
    }

    @Test
    void aReplyAloneToWhatIsAllowedIsNotANewFlow() {
        analysis.add(flow("10.0.0.1", 8_085, "10.0.0.2", 20_000, 6, true));
        FlowReport report = analysis.finish();
        assertThat(report.replies()).isEqualTo(1);
        assertThat(report.changed()).isEmpty();
    }

    @Test
    void icmpIsUndecidedWhereItsTypeDecides() {
        analysis.add(flow("10.0.0.2", 0, "10.0.0.1", 0, 1, true));
        analysis.add(flow("10.0.0.1", 0, "10.0.0.2", 0, 1, true));
        analysis.add(flow("198.51.100.7", 0, "10.0.0.1", 0, 1, false));
        FlowReport report = analysis.finish();
        assertThat(report.undecided()).isEqualTo(1);
        assertThat(report.replies()).isEqualTo(1);
        assertThat(report.rejectedAsNow()).isEqualTo(1);
        assertThat(use(report, "sgr-ping").possibleFlows()).isEqualTo(1);
        assertThat(use(report, "sgr-ping").isUnused()).isFalse();
    }

    @Test
    void unknownInterfacesAndAddressesThatAreNotTheInterfacesAreCounted() {
        FlowRecord unknown = new FlowRecord(
                "eni-x", address("10.0.0.2"), address("10.0.0.1"), 50_000, 443, 6, 1, 1, 0, true, null, -1);
        analysis.add(unknown);
        analysis.add(flow("10.0.0.8", 50_000, "10.0.0.9", 443, 6, true));
        FlowReport report = analysis.finish();
        assertThat(report.unknown()).isEqualTo(1);
        assertThat(report.unknownInterfaces()).containsExactly("eni-x");
        assertThat(report.unclear()).isEqualTo(1);
    }

    @Test
    void theOrderOfALogAndItsRepliesChangeNoRulesUse() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<FlowRecord> requests = new ArrayList<>();
            List<FlowRecord> both = new ArrayList<>();
            int accepted = 0;
            for (int i = 0; i < 100; i++) {
                boolean known = random.nextBoolean();
                boolean isAccepted = random.nextInt(4) > 0;
                // A client's port isn't always ephemeral; a load balancer's begins at 1024.
                int from = random.nextBoolean() ? 32_768 + random.nextInt(20_000) : 10_000 + i;
                int port = List.of(443, 22, 8_080).get(random.nextInt(3));
                FlowRecord request = flow(known ? "10.0.0.2" : "203.0.113." + i, from, "10.0.0.1", port, 6, isAccepted);
                requests.add(request);
                both.add(request);
                if (isAccepted) {
                    accepted++;
                    both.add(flow("10.0.0.1", port, known ? "10.0.0.2" : "203.0.113." + i, from, 6, true));
                }
            }
            Collections.shuffle(both, random);
            FlowReport alone = analysed(requests);
            FlowReport shuffled = analysed(both);
            assertThat(uses(shuffled)).as("seed " + seed).isEqualTo(uses(alone));
            assertThat(shuffled.replies()).as("seed " + seed).isEqualTo(accepted);
            assertThat(shuffled.nowBlocked()).as("seed " + seed).isEqualTo(alone.nowBlocked());
            assertThat(shuffled.nowAllowed()).as("seed " + seed).isEqualTo(alone.nowAllowed());
            assertThat(shuffled.records())
                    .as("seed " + seed)
                    .isEqualTo(shuffled.replies()
                            + shuffled.acceptedAsNow()
                            + shuffled.rejectedAsNow()
                            + shuffled.nowBlocked()
                            + shuffled.nowAllowed());
        }
    }

    @Test
    void moreConversationsThanMayWaitAreDecidedOldestFirst() {
        int conversations = 120_000;
        for (int i = 0; i < conversations; i++) {
            String peer = "10." + (1 + i / 30_000) + ".0.1";
            analysis.add(flow(peer, 1_024 + i % 30_000, "10.0.0.1", 443, 6, true));
        }
        FlowReport report = analysis.finish();
        assertThat(use(report, "sgr-https").flows()).isEqualTo(conversations);
    }

    private static FlowReport analysed(List<FlowRecord> flows) {
        FlowAnalysis analysis = new FlowAnalysis(List.of(WEB_1, APP_2), List.of(WEB, APP, IDLE), ListedBlocks.NONE);
        flows.forEach(analysis::add);
        return analysis.finish();
    }

    private static Map<String, Long> uses(FlowReport report) {
        return report.rules().stream()
                .collect(Collectors.toMap(use -> use.rule().id(), RuleUse::flows));
    }

    private static RuleUse use(FlowReport report, String ruleId) {
        return report.rules().stream()
                .filter(use -> use.rule().id().equals(ruleId))
                .findFirst()
                .orElseThrow();
    }

    private static FlowRecord flow(
            String source, int sourcePort, String destination, int port, int protocol, boolean accepted) {
        return flow(source, sourcePort, destination, port, protocol, accepted, -1);
    }

    private static FlowRecord flow(
            String source, int sourcePort, String destination, int port, int protocol, boolean accepted, int flags) {
        return new FlowRecord(
                "eni-1",
                address(source),
                address(destination),
                sourcePort,
                port,
                protocol,
                1,
                100,
                0,
                accepted,
                null,
                flags);
    }
}
