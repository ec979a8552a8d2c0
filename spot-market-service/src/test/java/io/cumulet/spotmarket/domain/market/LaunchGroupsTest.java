package io.cumulet.spotmarket.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchGroupsTest {

    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");
    private static final HourlyRate FLOOR = HourlyRate.of("0.0100");
    private static final HourlyRate ON_DEMAND = HourlyRate.of("0.1000");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String OWNER = "123456789012";

    @Test
    void aGroupThatDoesNotFitWholeWaitsAndTheOthersGetTheRooms() {
        PoolClearing decision = clear(
                new Room(1, 2, 0, 0),
                waiting("sir-a", "0.09", 0, "g"),
                waiting("sir-b", "0.08", 1, "g"),
                waiting("sir-c", "0.07", 2, "g"),
                waiting("sir-d", "0.03", 3, null));

        assertThat(ids(decision.allocated())).containsExactly("sir-d");
        assertThat(decision.prices()).as("the group sets no price").isEmpty();
        assertThat(statuses(decision))
                .containsEntry("sir-a", StatusCode.LAUNCH_GROUP_CONSTRAINT)
                .containsEntry("sir-c", StatusCode.LAUNCH_GROUP_CONSTRAINT);
    }

    @Test
    void aGroupThatFitsWholeIsLaunchedTogether() {
        PoolClearing decision = clear(
                new Room(1, 3, 0, 0),
                waiting("sir-a", "0.09", 0, "g"),
                waiting("sir-b", "0.05", 1, "g"),
                waiting("sir-c", "0.07", 2, "g"),
                waiting("sir-d", "0.03", 3, null));

        assertThat(ids(decision.allocated())).containsExactly("sir-a", "sir-c", "sir-b");
        assertThat(decision.prices()).containsExactly(HourlyRate.of("0.03"));
    }

    @Test
    void aGroupWaitsUntilAllItsRoomsAreFreeAndIsNotLaunchedInPart() {
        SpotRequest leaves = running("sir-x", "0.02", 0, null).warned(Clearing.Reason.PRICE, START);
        SpotRequest first = waiting("sir-a", "0.09", 1, "g");
        SpotRequest second = waiting("sir-b", "0.08", 2, "g");

        PoolClearing early = clear(new Room(1, 1, 1, 0), leaves, first, second);
        assertThat(early.allocated()).isEmpty();
        assertThat(statuses(early)).containsEntry("sir-a", StatusCode.CAPACITY_NOT_AVAILABLE);
        assertThat(clear(new Room(2, 2, 0, 0), first, second).allocated()).hasSize(2);
    }

    @Test
    void theMarketTakesAGroupBackWhole() {
        PoolClearing decision = clear(
                new Room(1, 0, 2, 0),
                running("sir-a", "0.09", 0, "g"),
                running("sir-b", "0.03", 1, "g"),
                waiting("sir-c", "0.05", 2, null));

        assertThat(decision.warned())
                .extracting(
                        SpotRequest::id,
                        warned -> warned.progress().interruption().reason())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("sir-a", InterruptionReason.LAUNCH_GROUP),
                        org.assertj.core.groups.Tuple.tuple("sir-b", InterruptionReason.CAPACITY));
    }

    @Test
    void whatItsOwnerEndsTakesNobodyWithIt() {
        SpotRequest ended = running("sir-a", "0.09", 0, "g").instanceLeaves();
        SpotRequest interrupted =
                running("sir-b", "0.09", 1, "h").warned(InterruptionReason.INJECTED, START.plusSeconds(5));
        Room room = new Room(1, 0, 4, 0);

        assertThat(ids(clear(
                                room,
                                ended,
                                interrupted,
                                running("sir-c", "0.03", 2, "g"),
                                running("sir-d", "0.03", 3, "h"))
                        .warned()))
                .containsExactly("sir-d");
    }

    @Test
    void whatJoinsARunningGroupNeverPushesItOut() {
        PoolClearing decision =
                clear(new Room(1, 0, 1, 0), running("sir-a", "0.03", 0, "g"), waiting("sir-b", "0.09", 1, "g"));

        assertThat(decision.warned()).isEmpty();
        assertThat(decision.allocated()).isEmpty();
        assertThat(statuses(decision)).containsEntry("sir-b", StatusCode.LAUNCH_GROUP_CONSTRAINT);
        assertThat(ids(clear(new Room(2, 1, 1, 0), running("sir-a", "0.03", 0, "g"), waiting("sir-b", "0.09", 1, "g"))
                        .allocated()))
                .containsExactly("sir-b");
    }

    @Test
    void nothingIsLaunchedIntoAGroupThatIsBeingTakenBack() {
        SpotRequest leaves = running("sir-a", "0.02", 0, "g").warned(Clearing.Reason.PRICE, START);

        assertThat(clear(new Room(1, 5, 1, 0), leaves, waiting("sir-b", "0.09", 1, "g"))
                        .allocated())
                .isEmpty();
    }

    @Test
    void anotherAccountsGroupOfTheSameNameIsAnother() {
        SpotRequest mine = waiting("sir-a", "0.09", 0, "g");
        SpotRequest theirs = SpotRequest.open(
                "sir-b",
                new AccountId("210987654321"),
                waiting("sir-b", "0.05", 1, "g").terms(),
                START);

        assertThat(ids(clear(new Room(1, 1, 0, 0), mine, theirs).allocated())).containsExactly("sir-a");
    }

    @Test
    void whoOffersTooLittleIsToldSo() {
        PoolClearing decision =
                clear(new Room(1, 5, 0, 0), waiting("sir-a", "0.001", 0, "g"), waiting("sir-b", "0.09", 1, "g"));

        assertThat(statuses(decision))
                .containsEntry("sir-a", StatusCode.PRICE_TOO_LOW)
                .containsEntry("sir-b", StatusCode.LAUNCH_GROUP_CONSTRAINT);
    }

    @Test
    void whoeverIsAloneInHisGroupBidsLikeOneWithout() {
        PoolClearing decision = clear(
                new Room(1, 0, 2, 1),
                running("sir-a", "0.09", 0, null),
                running("sir-b", "0.05", 1, "g"),
                waiting("sir-c", "0.04", 2, "h"));

        assertThat(ids(decision.warned())).containsExactly("sir-b");
        assertThat(decision.prices().getFirst()).as("it sets the price").isEqualTo(HourlyRate.of("0.05"));
        assertThat(statuses(decision)).containsEntry("sir-c", StatusCode.PRICE_TOO_LOW);
    }

    /** Each pair has one member that would stay: what the others give back goes to the best pairs. */
    @Test
    void tenThousandPairsOfWhichHalfLose() {
        int pairs = 10_000;
        List<SpotRequest> requests = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            requests.add(running("sir-a%05d".formatted(i), "0.09", i, "g" + i));
            requests.add(running("sir-b%05d".formatted(i), "0.05", i, "g" + i));
        }
        PoolClearing decision = clear(new Room(1, 0, 2 * pairs, pairs), requests.toArray(new SpotRequest[0]));

        assertThat(ids(decision.warned()))
                .hasSize(pairs)
                .allMatch(id -> Integer.parseInt(id.substring("sir-a".length())) >= pairs / 2);
    }

    /** Pools at random, each decided by a definition that tries groups one by one with a clearing of its own. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void groupsKeepTheirLaws(long seed) {
        Random random = new Random(seed);
        int launchedWhole = 0;
        int held = 0;
        int takenBack = 0;
        for (int round = 0; round < 300; round++) {
            String name = "seed " + seed + " round " + round;
            List<SpotRequest> requests = anyRequests(random);
            long holders = requests.stream()
                    .filter(request -> request.progress().bid().takesRoom())
                    .count();
            int fits = random.nextInt(4);
            Room room = new Room(1 + random.nextInt(3), fits, (int) holders, random.nextInt(5) == 0 ? 1 : 0);
            PoolClearing decision = clear(room, requests.toArray(new SpotRequest[0]));

            Naive naive = new Naive(requests, Math.max(0, (int) holders + fits - room.reclaimed()));
            assertThat(heldBy(decision)).as(name).isSubsetOf(naive.held);
            assertThat(ids(decision.warned())).as(name).containsExactlyInAnyOrderElementsOf(naive.warned());
            assertThat(naive.winners).as(name).containsAll(ids(decision.allocated()));
            launchedWhole += check(name, requests, room, decision);
            held += naive.held.size();
            takenBack += (int) decision.warned().stream()
                    .filter(one -> one.progress().interruption().reason() == InterruptionReason.LAUNCH_GROUP)
                    .count();
        }
        assertThat(List.of(launchedWhole, held, takenBack)).as("seed " + seed).allMatch(count -> count > 0);
    }

    /** Answers how many groups of several were launched. */
    private static int check(String name, List<SpotRequest> before, Room room, PoolClearing decision) {
        Map<String, SpotRequest> after = new TreeMap<>();
        before.forEach(request -> after.put(request.id(), request));
        decision.changed().forEach(request -> after.put(request.id(), request));
        Set<String> allocated = new HashSet<>(ids(decision.allocated()));
        HourlyRate price =
                decision.prices().isEmpty() ? FLOOR : decision.prices().getLast();

        int launched = 0;
        for (List<SpotRequest> group : groups(before).values()) {
            List<String> waiting = ids(group, request -> request.progress().bid() == BidState.WAITING);
            long given = waiting.stream().filter(allocated::contains).count();
            assertThat(given).as(name + ": all of a group or none").isIn(0L, (long) waiting.size());
            launched += given > 1 ? 1 : 0;
            boolean leaves = group.stream()
                    .map(request -> after.get(request.id()).progress())
                    .anyMatch(progress -> progress.bid() == BidState.LEAVING && progress.interruption() != null);
            if (leaves) {
                assertThat(group)
                        .as(name + ": a group is taken back whole")
                        .noneMatch(request -> after.get(request.id()).progress().bid() == BidState.RUNNING);
            }
        }
        assertThat(after.values().stream()
                        .filter(request ->
                                request.progress().bid() == BidState.RUNNING || allocated.contains(request.id())))
                .as(name + ": nobody pays more than its max")
                .allMatch(request -> request.terms().maxPrice().compareTo(price) >= 0);
        long holders = before.stream()
                .filter(request -> request.progress().bid().takesRoom())
                .count();
        assertThat(allocated.size())
                .as(name + ": no more than there is room for")
                .isLessThanOrEqualTo(Math.max(0, room.fits() - room.reclaimed()));
        assertThat(decision.warned()).as(name).hasSizeLessThanOrEqualTo((int) holders);

        PoolClearing again = PoolClearing.decide(
                price, PricingPolicy.AUCTION, FLOOR, ON_DEMAND, room, List.copyOf(after.values()), START);
        assertThat(again.warned()).as(name + ": once is enough").isEmpty();
        return launched;
    }

    private static List<SpotRequest> anyRequests(Random random) {
        List<SpotRequest> requests = new ArrayList<>();
        int count = 3 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            String max = "0.%03d".formatted(5 + random.nextInt(110));
            int group = random.nextInt(5);
            SpotRequest request =
                    waiting("sir-%02d".formatted(i), max, random.nextInt(4), group > 2 ? null : "g" + group);
            requests.add(
                    switch (random.nextInt(12)) {
                        case 0 -> allocated(request);
                        case 1 -> runs(request).instanceLeaves();
                        case 2 -> random.nextInt(4) == 0 ? runs(request).warned(Clearing.Reason.PRICE, START) : request;
                        case 3 -> allocated(request).launchFailed(SpotRequest.Failure.NO_ROOM, 2);
                        case 4, 5, 6, 7 -> runs(request);
                        default -> request;
                    });
        }
        return requests;
    }

    /** The definition, word for word: clears anew for each group that is left out. */
    private static final class Naive {
        private final List<SpotRequest> requests;
        private final Map<String, List<SpotRequest>> groups;
        private final Set<String> lostGroups = new HashSet<>();
        private final Set<String> held = new HashSet<>();
        private final Set<String> winners = new HashSet<>();

        Naive(List<SpotRequest> requests, int rooms) {
            this.requests = requests;
            this.groups = groups(requests);
            groups.forEach((name, group) -> {
                if (group.stream()
                        .anyMatch(one -> one.progress().bid() == BidState.LEAVING
                                && one.progress().interruption() != null)) {
                    lostGroups.add(name);
                }
            });
            while (true) {
                Set<String> heldGroups = new HashSet<>(lostGroups);
                clear(rooms, heldGroups);
                while (true) {
                    String inVain = lowest(
                            one -> one.progress().bid().bids(),
                            name -> !heldGroups.contains(name)
                                    && groups.get(name).stream()
                                            .anyMatch(one -> one.progress().bid() == BidState.WAITING));
                    if (inVain == null) {
                        break;
                    }
                    heldGroups.add(inVain);
                    clear(rooms, heldGroups);
                }
                String loser =
                        lowest(one -> one.progress().bid() == BidState.RUNNING, name -> !lostGroups.contains(name));
                if (loser == null) {
                    heldGroups.forEach(name -> held.addAll(
                            ids(groups.get(name), one -> one.progress().bid() == BidState.WAITING)));
                    return;
                }
                lostGroups.add(loser);
            }
        }

        private void clear(int rooms, Set<String> heldGroups) {
            List<Bid> bids = requests.stream()
                    .filter(one -> one.progress().bid().bids())
                    .filter(one ->
                            !heldGroups.contains(groupOf(one)) || one.progress().bid() != BidState.WAITING)
                    .filter(one ->
                            !lostGroups.contains(groupOf(one)) || one.progress().bid() == BidState.ALLOCATED)
                    .map(SpotRequest::bid)
                    .toList();
            winners.clear();
            Clearing.of(rooms, FLOOR, ON_DEMAND, bids).winners().forEach(won -> winners.add(won.id()));
        }

        /** Of the groups with a loser among such members, the one whose lowest such member ranks lowest. */
        private String lowest(Predicate<SpotRequest> member, Predicate<String> candidate) {
            Comparator<SpotRequest> lowestFirst = Comparator.comparing(
                            (SpotRequest one) -> one.terms().maxPrice())
                    .thenComparing(one -> one.terms().createdAt(), Comparator.reverseOrder())
                    .thenComparing(SpotRequest::id, Comparator.reverseOrder());
            return requests.stream()
                    .filter(one -> groups.containsKey(groupOf(one)))
                    .filter(member)
                    .filter(one -> candidate.test(groupOf(one)))
                    .filter(one -> !winners.contains(one.id()))
                    .min(lowestFirst)
                    .map(LaunchGroupsTest::groupOf)
                    .orElse(null);
        }

        private List<String> warned() {
            return ids(
                    requests,
                    one -> one.progress().bid() == BidState.RUNNING
                            && (lostGroups.contains(groupOf(one)) || !winners.contains(one.id())));
        }
    }

    private static String groupOf(SpotRequest request) {
        return String.valueOf(request.terms().membership().launchGroup());
    }

    private static Map<String, List<SpotRequest>> groups(List<SpotRequest> requests) {
        Map<String, List<SpotRequest>> groups = requests.stream()
                .filter(request -> request.terms().membership().launchGroup() != null)
                .collect(Collectors.groupingBy(LaunchGroupsTest::groupOf));
        groups.values().removeIf(group -> group.size() < 2);
        return groups;
    }

    private static List<String> heldBy(PoolClearing decision) {
        return ids(decision.changed(), request -> request.progress().status() == StatusCode.LAUNCH_GROUP_CONSTRAINT);
    }

    private static List<String> ids(List<SpotRequest> requests) {
        return ids(requests, any -> true);
    }

    private static List<String> ids(List<SpotRequest> requests, Predicate<SpotRequest> which) {
        return requests.stream().filter(which).map(SpotRequest::id).toList();
    }

    private static Map<String, StatusCode> statuses(PoolClearing decision) {
        Map<String, StatusCode> statuses = new HashMap<>();
        decision.changed()
                .forEach(
                        request -> statuses.put(request.id(), request.progress().status()));
        return statuses;
    }

    private static PoolClearing clear(Room room, SpotRequest... requests) {
        return PoolClearing.decide(FLOOR, PricingPolicy.AUCTION, FLOOR, ON_DEMAND, room, List.of(requests), START);
    }

    private static SpotRequest allocated(SpotRequest request) {
        return request.allocated();
    }

    private static SpotRequest runs(SpotRequest request) {
        String instanceId = "i-" + request.id();
        return request.allocated().instanceRequested(instanceId).instanceRuns(instanceId);
    }

    private static SpotRequest running(String id, String maxPrice, int second, String group) {
        return runs(waiting(id, maxPrice, second, group));
    }

    private static SpotRequest waiting(String id, String maxPrice, int second, String group) {
        Terms terms = new Terms(
                POOL,
                HourlyRate.of(maxPrice),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                START.plusSeconds(second),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                new Terms.Membership(group, null, null));
        return SpotRequest.open(id, new AccountId(OWNER), terms, START);
    }
}
