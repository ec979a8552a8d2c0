package io.cumulet.firewall.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.app.MemberStore.Change;
import io.cumulet.firewall.app.RulesetEvents.Delta;
import io.cumulet.firewall.app.RulesetEvents.Event;
import io.cumulet.firewall.app.RulesetEvents.Whole;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.PaperKernel;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.kernel.AccountId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whoever does the steps of every change has the table that is made anew. */
class RulesetsLawTest {

    private static final int PLACES = 6;
    private static final int GROUPS = 5;
    private static final int STEPS = 40;
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
        for (long seed = 0; seed < 25; seed++) {
            deltas += follow(seed, new RulesetLimits(700_000, Integer.MAX_VALUE, Duration.ofHours(6)));
        }
        assertThat(deltas).isGreaterThan(500);
    }

    @Test
    void whoeverStartsFromAnyWholeGetsThereToo() {
        for (long seed = 500; seed < 515; seed++) {
            // So small that large changes are told in full, and everything is every few changes.
            follow(seed, new RulesetLimits(2_000, 4, Duration.ofHours(6)));
        }
    }

    /** Two VPCs of an account and one of another, with the same addresses, on the same hosts. */
    private static List<RandomNetwork> networks(Random random) {
        return List.of(
                new RandomNetwork(random, PLACES, GROUPS, 4),
                new RandomNetwork(random, RandomNetwork.ACCOUNT, "vpc-0fedcba9876543210", 0x100, PLACES, GROUPS, 4),
                new RandomNetwork(
                        random, new AccountId("000000000888"), "vpc-0fedcba9876543211", 0x200, PLACES, GROUPS, 4));
    }

    private static int follow(long seed, RulesetLimits limits) {
        Random random = new Random(seed);
        List<RandomNetwork> networks = networks(random);
        RulesetsHarness harness = new RulesetsHarness(networks, limits);
        Map<String, FollowingHost> hosts = new HashMap<>();
        int deltas = 0;
        for (int step = 0; step < STEPS; step++) {
            RandomNetwork network = networks.get(random.nextInt(networks.size()));
            List<Runnable> changes = random.nextInt(6) == 0
                    ? handOver(network, harness, random)
                    : List.of(() -> change(network, harness, random));
            for (Runnable change : changes) {
                deltas += check("seed " + seed + ", step " + step, change, harness, hosts);
            }
            if (random.nextInt(10) == 0) {
                deltas += check("seed " + seed + ", after step " + step, harness::tellDue, harness, hosts);
            }
        }
        check("seed " + seed + ", last", harness::tellDue, harness, hosts);
        if (limits.deltasUntilFull() < STEPS / 4) {
            assertThat(hosts.values()).as("seed " + seed).anyMatch(host -> host.wholes > 1);
        }
        return deltas;
    }

    /** Answers how many deltas were told. */
    private static int check(String place, Runnable change, RulesetsHarness harness, Map<String, FollowingHost> hosts) {
        int deltas = 0;
        try {
            change.run();
            for (Event event : harness.told()) {
                hosts.computeIfAbsent(event.hostId(), id -> new FollowingHost()).take(event);
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
        return deltas;
    }

    /** An interface gets another owner; both tell at once, or one before the other. */
    private static List<Runnable> handOver(RandomNetwork network, RulesetsHarness harness, Random random) {
        List<Integer> held = List.copyOf(network.members().keySet());
        if (held.isEmpty()) {
            return List.of();
        }
        int place = held.get(random.nextInt(held.size()));
        Member before = Objects.requireNonNull(network.members().get(place));
        String hostId = random.nextBoolean() ? before.hostId() : HOSTS.get(random.nextInt(HOSTS.size()));
        Change gone = new Change(List.of(before), List.of());
        return switch (random.nextInt(4)) {
            case 0 ->
                List.of(
                        () -> harness.changedHands(
                                List.of(new Change(List.of(), List.of(network.handOver(place, hostId)))),
                                List.of(before)),
                        () -> harness.changedHands(List.of(gone), List.of()));
            case 1 ->
                List.of(
                        () -> {
                            network.members().remove(place);
                            harness.changedHands(List.of(gone), List.of());
                        },
                        () -> harness.changedHands(
                                List.of(new Change(List.of(), List.of(network.handOver(place, hostId)))), List.of()));
            case 2 ->
                List.of(() -> harness.changedHands(
                        List.of(gone, new Change(List.of(), List.of(network.handOver(place, hostId)))), List.of()));
            default ->
                List.of(() -> harness.changedHands(
                        List.of(new Change(List.of(), List.of(network.handOver(place, hostId))), gone), List.of()));
        };
    }

    /** After a rebuild hosts were told what isn't so: whatever comes then, they are told in full first. */
    @Test
    void aRebuildThatChangesTheCopyMendsTheHosts() {
        for (long seed = 1_000; seed < 1_020; seed++) {
            Random random = new Random(seed);
            List<RandomNetwork> networks = networks(random);
            RulesetsHarness harness =
                    new RulesetsHarness(networks, new RulesetLimits(700_000, Integer.MAX_VALUE, Duration.ofHours(6)));
            Map<String, FollowingHost> hosts = new HashMap<>();
            for (int step = 0; step < 10; step++) {
                RandomNetwork network = networks.get(random.nextInt(networks.size()));
                check("seed " + seed, () -> change(network, harness, random), harness, hosts);
            }
            for (RandomNetwork network : networks) {
                for (int place = 0; place < PLACES; place++) {
                    network.drawMember(place, (place & 1) == 0 ? "h-new" : HOSTS.get(random.nextInt(3)), true);
                }
            }
            harness.membersRebuilt();
            // No step fits what a host has now, so that none is told.
            change(networks.getFirst(), harness, random);
            assertThat(harness.told()).as("seed " + seed).isEmpty();
            check("seed " + seed + ", mended", harness::tellDue, harness, hosts);
            assertThat(hosts).as("seed " + seed).containsKey("h-new");
            for (int step = 0; step < 10; step++) {
                RandomNetwork network = networks.get(random.nextInt(networks.size()));
                check("seed " + seed, () -> change(network, harness, random), harness, hosts);
            }
        }
    }

    /** Several at once now and then, as a batch of events brings them. */
    private static void change(RandomNetwork network, RulesetsHarness harness, Random random) {
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                String id = List.copyOf(network.groups().keySet()).get(random.nextInt(GROUPS));
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
                harness.membersChanged(network, before);
            }
        }
    }
}
