package io.cumulet.firewall.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.firewall.api.EvaluationReader.Evaluation;
import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluatorAgainstNaiveTest {

    private static final int WORLDS = 2_000;
    private static final int PACKETS = 50;

    @Test
    void theSameRandomPacketsGetTheSameVerdictsAsFromANaiveFirewall() {
        int allowed = 0;
        int throughRules = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            ObjectNode json = new RandomWorld(seed).draw(PACKETS);
            Evaluation evaluation = EvaluationReader.read(json);
            World world = Objects.requireNonNull(evaluation.world());
            Evaluator evaluator = new Evaluator(world);
            NaiveFirewall naive = new NaiveFirewall(json);
            for (int i = 0; i < PACKETS; i++) {
                JsonNode packet = json.get("packets").get(i);
                NaiveFirewall.Answer expected = naive.judge(packet);
                String place = "seed " + seed + ", packet " + packet;
                switch (evaluator.judge(evaluation.packets().get(i))) {
                    case Verdict.Blocked(var by) ->
                        assertThat(expected.blockedBy()).as(place).contains(by.code());
                    case Verdict.Allowed(var egressRule, var ingressRule) -> {
                        assertThat(expected.blockedBy()).as(place).isEqualTo(Optional.empty());
                        allowed++;
                        if (egressRule != null) {
                            assertThat(expected.egressRules()).as(place).contains(egressRule);
                            throughRules++;
                        }
                        if (ingressRule != null) {
                            assertThat(expected.ingressRules()).as(place).contains(ingressRule);
                            throughRules++;
                        }
                    }
                }
            }
        }
        // A test in which nothing passes would prove little.
        assertThat(allowed).isGreaterThan(WORLDS * PACKETS / 20);
        assertThat(throughRules).isGreaterThan(WORLDS);
    }
}
