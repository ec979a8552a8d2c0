package io.cumulet.firewall.domain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.domain.evaluation.PlainEvaluator.Answer;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluatorLawTest {

    private static final int WORLDS = 300;
    private static final int PACKETS = 300;
    private static final int PLACES = 8;

    @Test
    void compiledRulesSayWhatTheRulesSay() {
        int allowed = 0;
        int blocked = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            Random random = new Random(seed);
            RandomNetwork network = new RandomNetwork(random, PLACES, 1 + random.nextInt(8), random.nextInt(61));
            for (int place = 0; place < PLACES; place++) {
                if (random.nextInt(8) > 0) {
                    network.drawMember(place, null, false);
                }
            }
            World world = network.world();
            Evaluator compiled = new Evaluator(world);
            PlainEvaluator plain = new PlainEvaluator(world);
            for (Packet packet : packets(network, random)) {
                Answer expected = plain.judge(packet);
                String place = "seed " + seed + ", " + packet;
                switch (compiled.judge(packet)) {
                    case Verdict.Blocked(Direction by) -> {
                        assertThat(expected.blockedBy()).as(place).contains(by);
                        assertThat(compiled.asked(packet))
                                .as(place)
                                .filteredOn(asked -> asked.rule() == null)
                                .extracting(Evaluator.Asked::direction)
                                .contains(by);
                        blocked++;
                    }
                    case Verdict.Allowed(var egressRule, var ingressRule) -> {
                        assertThat(expected.blockedBy()).as(place).isEqualTo(Optional.empty());
                        agree(egressRule, expected.egressRules(), place);
                        agree(ingressRule, expected.ingressRules(), place);
                        assertThat(compiled.asked(packet))
                                .as(place)
                                .allSatisfy(asked -> assertThat(asked.rule()).isNotNull());
                        allowed++;
                    }
                }
            }
        }
        // A test in which nothing passes, or everything, would prove little.
        assertThat(allowed).isGreaterThan(WORLDS * PACKETS / 20);
        assertThat(blocked).isGreaterThan(WORLDS * PACKETS / 20);
    }

    private static void agree(@org.jspecify.annotations.Nullable String rule, List<String> expected, String place) {
        if (rule == null) {
            assertThat(expected).as(place).isEmpty();
        } else {
            assertThat(expected).as(place).contains(rule);
        }
    }

    /** With some that say less than a real packet would: nothing of their ports, types or codes. */
    private static List<Packet> packets(RandomNetwork network, Random random) {
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            Packet packet = network.drawPacket();
            packets.add(
                    switch (random.nextInt(8)) {
                        case 0 -> Packet.ofProtocol(packet.source(), packet.destination(), packet.protocolNumber());
                        case 1 -> Packet.ofProtocol(packet.source(), packet.destination(), random.nextInt(256));
                        case 2 ->
                            Packet.icmp(
                                    packet.source(),
                                    packet.destination(),
                                    random.nextBoolean() ? 1 : 58,
                                    packet.icmpType(),
                                    Packet.UNKNOWN);
                        default -> packet;
                    });
        }
        return packets;
    }
}
