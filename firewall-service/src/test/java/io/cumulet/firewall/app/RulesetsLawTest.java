package io.cumulet.firewall.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.app.RulesetEvents.Delta;
import io.cumulet.firewall.app.RulesetEvents.Event;
import io.cumulet.firewall.app.RulesetEvents.Whole;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.PaperKernel;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whoever does the steps of every change has the table that is made anew. */
class RulesetsLawTest {

    private static final int PLACES = 10;
    private static final int STEPS = 30;
    private static final List<String> HOSTS = List.of("h-1", "h-2", "h-3");

    /** A host that takes what it is told as the contract says. */
    private static final class FollowingHost {
        private final PaperKernel kernel = new PaperKernel();
        private long version;
        private int wholes;

        void take(Event event) {
            switch (event) {
                case Delta delta -> {
                    assertThat(delta.version()).isEqualTo(version + 1);
                    kernel.load(delta.lines());
                }
                case Whole whole -> {
                    assertThat(whole.version()).isBetween(version, version + 1);
                    whole.parts().forEach(kernel::load);
                    wholes++;
                }
            }
            version = event.version();
        }
    }

    @Test
    void theWholeAndEveryDeltaMakeTheNextWhole() {
        int deltas = 0;
        for (long seed = 0; seed < 50; seed++) {
            deltas += follow(seed, new RulesetLimits(700_000, Integer.MAX_VALUE, Duration.ofHours(6)));
        }
        assertThat(deltas).isGreaterThan(1_000);
    }

    @Test
    void whoeverStartsFromAnyWholeGetsThereToo() {
        for (long seed = 500; seed < 515; seed++) {
            // So small that large changes are told in full, and everything is every few changes.
            follow(seed, new RulesetLimits(2_000, 4, Duration.ofHours(6)));
        }
    }

    private static int follow(long seed, RulesetLimits limits) {
        Random random = new Random(seed);
        RandomNetwork network = new RandomNetwork(random, PLACES, 6, 4);
        RulesetsHarness harness = new RulesetsHarness(network, limits);
        Map<String, FollowingHost> hosts = new HashMap<>();
        int deltas = 0;
        for (int step = 0; step < STEPS; step++) {
            String place = "seed " + seed + ", step " + step;
            try {
                change(network, harness, random);
                for (Event event : harness.told()) {
                    hosts.computeIfAbsent(event.hostId(), id -> new FollowingHost())
                            .take(event);
                    deltas += event instanceof Delta ? 1 : 0;
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(place, e);
            }
            hosts.forEach((hostId, host) -> {
                PaperKernel anew = new PaperKernel();
                anew.load(harness.whole(hostId));
                assertThat(host.kernel.toString()).as(place + ", " + hostId).isEqualTo(anew.toString());
            });
        }
        if (limits.deltasUntilFull() < STEPS / 4) {
            assertThat(hosts.values()).as("seed " + seed).anyMatch(host -> host.wholes > 1);
        }
        return deltas;
    }

    /** Several at once now and then, as a batch of events brings them. */
    private static void change(RandomNetwork network, RulesetsHarness harness, Random random) {
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                String id = RandomNetwork.groupId(random.nextInt(6));
                SourceGroup before = network.groups().get(id);
                harness.groupChanged(before, network.drawRules(id));
            }
            case 2 -> {
                String id = List.copyOf(network.prefixLists().keySet()).get(random.nextInt(3));
                network.drawBlocks(id);
                harness.prefixListChanged(id);
            }
            default -> {
                Map<Integer, Member> before = new TreeMap<>(network.members());
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int place = random.nextInt(PLACES);
                    if (random.nextInt(3) == 0) {
                        network.members().remove(place);
                    } else {
                        String hostId = random.nextInt(5) == 0 ? null : HOSTS.get(random.nextInt(HOSTS.size()));
                        network.drawMember(place, hostId, false);
                    }
                }
                harness.membersChanged(before);
            }
        }
    }
}
