package io.cumulet.firewall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.RefusedException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationReaderTest {

    /** The example of the specification. */
    static final String EXAMPLE = """
            {"groups": [{"id": "sg-1",
                         "ingress": [{"id": "sgr-1", "protocol": "tcp", "fromPort": 80, "toPort": 80, "peer": {"cidr": "10.0.0.0/8"}},
                                     {"id": "sgr-2", "protocol": "icmp", "icmpType": 8, "icmpCode": -1, "peer": {"group": "sg-2"}}],
                         "egress": [{"id": "sgr-3", "protocol": "all", "peer": {"cidr": "0.0.0.0/0"}}]},
                        {"id": "sg-2", "ingress": [], "egress": []}],
             "instances": [{"id": "i-1", "addresses": ["10.0.0.5", "fd00::5"], "groups": ["sg-1", "sg-2"]}],
             "prefixLists": [{"id": "pl-1", "cidrs": ["192.0.2.0/24"]}],
             "packets": [{"source": "203.0.113.9", "destination": "10.0.0.5", "protocol": "tcp", "destinationPort": 80},
                         {"source": "10.0.0.5", "destination": "10.0.0.5", "protocol": "tcp", "destinationPort": 80}]}
            """;

    @Test
    void theExampleIsJudgedAsItsCommentSays() {
        var evaluation = EvaluationReader.read(json(EXAMPLE));
        Evaluator evaluator = new Evaluator(Objects.requireNonNull(evaluation.world()));
        assertThat(evaluation.packets())
                .extracting(evaluator::judge)
                .containsExactly(new Verdict.Blocked(Direction.INGRESS), new Verdict.Allowed("sgr-3", "sgr-1"));
    }

    @Test
    void packetsAloneAreAboutStoredInstances() {
        assertThat(EvaluationReader.read(json("{\"packets\": []}")).world()).isNull();
        assertThat(EvaluationReader.read(json("{\"groups\": [], \"packets\": []}"))
                        .world())
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp", "fromPort": "80"          | groups[0].ingress[0].fromPort   | InvalidParameterValue
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp", "fromPort": 80.5          | groups[0].ingress[0].fromPort   | InvalidParameterValue
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp", "fromPort": -1            | groups[0].ingress[0].fromPort   | InvalidParameterValue
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp", "fromPort": 81            | groups[0].ingress[0].toPort     | InvalidPermission.Malformed
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp"                            | groups[0].ingress[0].fromPort   | MissingParameter
            "protocol": "tcp", "fromPort": 80         | "protocol": "udpp", "fromPort": 80           | groups[0].ingress[0].protocol   | InvalidPermission.Malformed
            "protocol": "tcp", "fromPort": 80         | "protocol": 6, "fromPort": 80                | groups[0].ingress[0].protocol   | InvalidParameterValue
            "protocol": "tcp", "fromPort": 80         | "protocol": "6", "fromPort": 80              | groups[0].ingress[0].fromPort   | InvalidParameterCombination
            "protocol": "tcp", "fromPort": 80         | "protocol": "256", "fromPort": 80            | groups[0].ingress[0].protocol   | InvalidPermission.Malformed
            "protocol": "tcp", "fromPort": 80         | "protocol": "06", "fromPort": 80             | groups[0].ingress[0].protocol   | InvalidPermission.Malformed
            "protocol": "tcp", "fromPort": 80         | "protocol": "tcp", "fromPort": 80, "x": 1    | groups[0].ingress[0].x          | UnknownParameter
            "icmpType": 8                             | "icmpType": 256                              | groups[0].ingress[1].icmpType   | InvalidParameterValue
            "icmpType": 8                             | "icmpType": 8, "toPort": 1                   | groups[0].ingress[1].toPort     | InvalidParameterCombination
            {"cidr": "10.0.0.0/8"}                    | {"cidr": "10.0.0.0/33"}                      | groups[0].ingress[0].peer.cidr  | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {"cidr": "10.0.0.0"}                         | groups[0].ingress[0].peer.cidr  | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {"cidr": "10.0.0/8"}                         | groups[0].ingress[0].peer.cidr  | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {"cidr": "010.0.0.0/8"}                      | groups[0].ingress[0].peer.cidr  | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {"cidr": "10.0.0.0/8", "group": "sg-1"}      | groups[0].ingress[0].peer       | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {}                                           | groups[0].ingress[0].peer       | InvalidPermission.Malformed
            {"cidr": "10.0.0.0/8"}                    | {"prefixList": "pl-2"}                       | groups[0].ingress[0].peer.prefixList | InvalidParameterValue
            {"group": "sg-2"}                         | {"group": "sg-3"}                            | groups[0].ingress[1].peer.group | InvalidParameterValue
            "egress": []}],                           | "egress": []}, {"id": "sg-1", "ingress": [], "egress": []}], | groups[2].id    | InvalidParameterValue
            {"id": "sg-2", "ingress": [], "egress"    | {"id": "sg-2", "egress"                      | groups[1].ingress               | MissingParameter
            "groups": ["sg-1", "sg-2"]                | "groups": ["sg-1", "sg-3"]                   | instances[0].groups[1]          | InvalidParameterValue
            "addresses": ["10.0.0.5", "fd00::5"]      | "addresses": ["10.0.0.5", "10.0.0.5"]        | instances[0].addresses[1]       | InvalidParameterValue
            "addresses": ["10.0.0.5", "fd00::5"]      | "addresses": ["localhost"]                   | instances[0].addresses[0]       | InvalidParameterValue
            "cidrs": ["192.0.2.0/24"]                 | "cidrs": ["192.0.2.0/24", "x"]               | prefixLists[0].cidrs[1]         | InvalidPermission.Malformed
            {"source": "203.0.113.9"                  | {"source": "fd00::9"                         | packets[0].destination          | InvalidParameterValue
            {"source": "203.0.113.9"                  | {"source": "203.0.113.9/32"                  | packets[0].source               | InvalidParameterValue
            "tcp", "destinationPort": 80}]            | "tcp"}]                                      | packets[1].destinationPort      | MissingParameter
            "tcp", "destinationPort": 80}]            | "all"}]                                      | packets[1].protocol             | InvalidParameterValue
            "tcp", "destinationPort": 80}]            | "6", "destinationPort": 80}]                 | packets[1].destinationPort      | InvalidParameterCombination
            "packets":                                | "package":                                   | package                         | UnknownParameter
            """)
    void aFaultNamesItsPlace(String instead, String of, String field, String code) {
        assertThat(EXAMPLE).contains(instead);
        int at = EXAMPLE.indexOf(instead);
        String faulty = EXAMPLE.substring(0, at) + of + EXAMPLE.substring(at + instead.length());
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> EvaluationReader.read(json(faulty)));
        assertThat(refused).as(faulty).isNotNull();
        assertThat(refused.refusal().field()).isEqualTo(field);
        assertThat(refused.refusal().code().code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"packets": [%s]}                                                                 | 10000  | packets
            {"packets": [], "groups": [%s]}                                                   | 1000   | groups
            {"packets": [], "instances": [%s]}                                                | 10000  | instances
            {"packets": [], "prefixLists": [%s]}                                              | 1000   | prefixLists
            {"packets": [], "prefixLists": [{"id": "pl-1", "cidrs": [%s]}]}                   | 100000 | prefixLists[0].cidrs
            {"packets": [], "groups": [{"id": "a", "ingress": [%s], "egress": []}]}           | 120000 | groups[0].ingress
            {"packets": [], "instances": [{"id": "i-1", "addresses": [], "groups": [%s]}]}    | 16     | instances[0].groups
            """)
    void moreThanOneRequestMayBringIsRefusedUnread(String form, int most, String field) {
        String many = form.formatted("{},".repeat(most) + "{}");
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> EvaluationReader.read(json(many)));
        assertThat(refused.refusal().field()).isEqualTo(field);
        assertThat(refused.refusal().message()).contains("at most " + most);
    }

    @Test
    void rulesOfAllGroupsAreCountedTogether() {
        String rule = "{\"id\": \"r\", \"protocol\": \"all\", \"peer\": {\"cidr\": \"10.0.0.0/8\"}},";
        String full = rule.repeat(60_000);
        String all = full.substring(0, full.length() - 1);
        String groups = "{\"id\": \"a\", \"ingress\": [%1$s], \"egress\": [%1$s]}".formatted(all);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> EvaluationReader.read(json("{\"packets\": [], \"groups\": [" + groups
                        + ", {\"id\": \"b\", \"ingress\": [{}], \"egress\": []}]}")));
        assertThat(refused.refusal().field()).isEqualTo("groups[1].ingress");
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
