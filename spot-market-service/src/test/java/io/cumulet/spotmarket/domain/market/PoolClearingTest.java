package io.cumulet.spotmarket.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolClearingTest {

    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");
    private static final HourlyRate FLOOR = HourlyRate.of("0.0100");
    private static final HourlyRate ON_DEMAND = HourlyRate.of("0.1000");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theOutbidUnitIsWarnedAndTheOneThatOutbidsItWaitsForItsRoom() {
        SpotRequest runs = running("sir-a", "0.05", 0);
        SpotRequest bids = waiting("sir-b", "0.08", 1);

        PoolClearing decision = clear(new Room(2, 0, 1, 0), runs, bids);

        assertThat(decision.prices()).containsExactly(HourlyRate.of("0.05"), HourlyRate.of("0.08"));
        assertThat(decision.warned()).extracting(SpotRequest::id).containsExactly("sir-a");
        assertThat(decision.warned().getFirst().progress().interruption().reason())
                .isEqualTo(InterruptionReason.CAPACITY);
        assertThat(decision.warned().getFirst().progress().interruption().actionAt())
                .isEqualTo(START.plusSeconds(120));
        assertThat(decision.allocated()).isEmpty();
    }

    @Test
    void whoRunsBelowTheFloorIsTakenBackForThePrice() {
        PoolClearing decision = clear(new Room(2, 0, 1, 0), running("sir-a", "0.0001", 0));
        assertThat(decision.warned())
                .singleElement()
                .satisfies(warned ->
                        assertThat(warned.progress().interruption().reason()).isEqualTo(InterruptionReason.PRICE));
    }

    @Test
    void oneNewBidPushesOutOneUnitHoweverOftenThePoolIsClearedMeanwhile() {
        Map<String, SpotRequest> pool = new LinkedHashMap<>();
        for (SpotRequest request :
                List.of(running("sir-a", "0.05", 0), running("sir-b", "0.06", 1), waiting("sir-c", "0.08", 2))) {
            pool.put(request.id(), request);
        }
        List<String> warned = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            PoolClearing decision = PoolClearing.decide(
                    FLOOR,
                    PricingPolicy.AUCTION,
                    FLOOR,
                    ON_DEMAND,
                    new Room(2 + round, 0, 2, 0),
                    List.copyOf(pool.values()),
                    START);
            decision.changed().forEach(request -> pool.put(request.id(), request));
            decision.warned().forEach(request -> warned.add(request.id()));
            assertThat(decision.allocated()).isEmpty();
        }
        assertThat(warned).containsExactly("sir-a");
    }

    @Test
    void aBidThatWaitsForRoomSetsThePriceAsFarAsThoseWithRoomPayIt() {
        SpotRequest leaves = running("sir-a", "0.05", 0).warned(Clearing.Reason.PRICE, START);
        SpotRequest stays = running("sir-b", "0.06", 1);
        SpotRequest waits = waiting("sir-c", "0.08", 2);

        assertThat(clear(new Room(2, 0, 1, 0), leaves, waits).prices()).containsExactly(HourlyRate.of("0.08"));
        assertThat(clear(new Room(2, 0, 2, 0), leaves, stays, waits).prices()).containsExactly(HourlyRate.of("0.06"));
        assertThat(clear(new Room(2, 1, 0, 0), waits).prices()).isEmpty();
    }

    @Test
    void beforeAnybodyHasToldOfCapacityNobodyIsTakenBackAndNoPriceMoves() {
        PoolClearing decision = clear(Room.UNKNOWN, running("sir-a", "0.05", 0), waiting("sir-b", "0.08", 1));

        assertThat(decision.warned()).isEmpty();
        assertThat(decision.prices()).isEmpty();
        assertThat(decision.changed().getFirst().progress().status()).isEqualTo(StatusCode.CAPACITY_NOT_AVAILABLE);
    }

    @Test
    void aUnitThatIsNewerThanTheSnapshotKeepsItsRoom() {
        assertThat(clear(new Room(1, 0, 0, 0), running("sir-a", "0.05", 0)).changed())
                .isEmpty();
    }

    @Test
    void anAllocationOnItsWayTakesRoomAndIsNotGivenTwice() {
        SpotRequest first = waiting("sir-a", "0.05", 0).allocated();

        assertThat(clear(new Room(2, 1, 0, 0), first, waiting("sir-b", "0.04", 1))
                        .allocated())
                .isEmpty();
    }

    @Test
    void aFailedLaunchIsTriedAgainOnlyWithNewsOfCapacity() {
        SpotRequest failed = waiting("sir-a", "0.05", 0).allocated().launchFailed(SpotRequest.Failure.NO_ROOM, 7);
        assertThat(failed.progress().state()).isEqualTo(RequestState.OPEN);

        assertThat(clear(new Room(7, 1, 0, 0), failed).allocated()).isEmpty();
        assertThat(clear(new Room(8, 1, 0, 0), failed).allocated())
                .extracting(request -> request.progress().unit())
                .containsExactly(2);
    }

    @Test
    void whatTheMarketStoppedBidsOnWithoutRoomAndGetsItOnceItWins() {
        SpotRequest stopped = running("sir-a", "0.05", 0)
                .warned(Clearing.Reason.CAPACITY, START)
                .instanceLeaves()
                .instanceStopped(true);
        assertThat(stopped.progress())
                .extracting("state", "status", "bid")
                .containsExactly(RequestState.DISABLED, StatusCode.INSTANCE_STOPPED_NO_CAPACITY, BidState.WAITING);

        PoolClearing outbid = clear(new Room(2, 0, 1, 0), running("sir-b", "0.08", 1), stopped);
        assertThat(outbid.prices()).containsExactly(HourlyRate.of("0.05"));
        assertThat(outbid.changed()).isEmpty();

        SpotRequest given = clear(new Room(3, 1, 0, 0), stopped).allocated().getFirst();
        assertThat(given.hasStoppedInstance()).isTrue();
        assertThat(given.progress().unit()).isEqualTo(2);
        SpotRequest withoutRoom = given.startFailed(3);
        assertThat(clear(new Room(3, 1, 0, 0), withoutRoom).allocated()).isEmpty();
        assertThat(clear(new Room(4, 1, 0, 0), withoutRoom).allocated()).hasSize(1);
    }

    @Test
    void whatIsCancelledOrRunsOutWhileItsInstanceIsStoppedBidsNoMore() {
        SpotRequest stopped = running("sir-a", "0.05", 0)
                .warned(Clearing.Reason.PRICE, START)
                .instanceLeaves()
                .instanceStopped(true);

        assertThat(stopped.cancelled().progress())
                .extracting("state", "bid")
                .containsExactly(RequestState.CANCELLED, BidState.NONE);
        assertThat(stopped.expired().progress())
                .extracting("state", "status", "bid")
                .containsExactly(RequestState.CLOSED, StatusCode.SCHEDULE_EXPIRED, BidState.NONE);
        SpotRequest beingStarted = stopped.allocated().cancelled();
        assertThat(beingStarted.progress().bid()).isEqualTo(BidState.ALLOCATED);
        assertThat(beingStarted.startFailed(3).isOver()).isTrue();
        assertThat(beingStarted.startFailed(3).progress().bid()).isEqualTo(BidState.NONE);
    }

    @Test
    void onlyWhatAReaderSeesCountsAsAChange() {
        SpotRequest adopted = SpotRequest.adopt(
                "sir-a",
                new AccountId("123456789012"),
                waiting("sir-a", "0.05", 0).terms(),
                "i-sir-a");
        SpotRequest runs = adopted.instanceRuns("i-sir-a");
        SpotRequest leaves = runs.instanceLeaves();

        assertThat(runs).isNotEqualTo(adopted);
        assertThat(leaves).isNotEqualTo(runs);
        assertThat(List.of(runs.version(), leaves.version())).containsOnly(adopted.version());
        assertThat(leaves.instanceGone(false).version()).isEqualTo(adopted.version() + 1);
    }

    @Test
    void whatDoesNotBootOrCannotBeLaunchedIsNotTriedAgain() {
        SpotRequest allocated = waiting("sir-a", "0.05", 0).allocated();

        assertThat(allocated.launchFailed(SpotRequest.Failure.NO_BOOT, 1).progress())
                .extracting("state", "status", "bid")
                .containsExactly(RequestState.FAILED, StatusCode.SYSTEM_ERROR, BidState.NONE);
        assertThat(allocated.launchFailed(SpotRequest.Failure.REFUSED, 1).progress())
                .extracting("state", "status", "bid")
                .containsExactly(RequestState.FAILED, StatusCode.BAD_PARAMETERS, BidState.NONE);
    }

    /**
     * A pool and an instance service that answers late and out of step: launches, evictions and snapshots take their time.
     * Once all has been said, the best bids run and nobody was pushed out in vain.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverComesLateTheMarketKeepsItsPromises(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            World world = new World(random, 1 + random.nextInt(4), "seed " + seed + " round " + round);
            for (int step = 0; step < 40; step++) {
                world.step();
            }
            world.settle();
        }
    }

    private static final class World {
        private final Random random;
        private final int rooms;
        private final String name;
        private final Map<String, SpotRequest> requests = new LinkedHashMap<>();
        private final List<Runnable> underWay = new ArrayList<>();
        /** Which requests' instances hold room at the instance service. */
        private final List<String> holders = new ArrayList<>();

        private Room told = new Room(1, 0, 0, 0);
        private HourlyRate price = FLOOR;
        private int version = 1;
        private int made;
        private int warnings;

        World(Random random, int rooms, String name) {
            this.random = random;
            this.rooms = rooms;
            this.name = name;
        }

        void step() {
            switch (random.nextInt(4)) {
                case 0 -> {
                    String max = "0.%03d".formatted(5 + random.nextInt(120));
                    SpotRequest request = waiting("sir-%03d".formatted(made), max, made++);
                    requests.put(request.id(), request);
                    clear();
                }
                case 1 -> {
                    told = snapshot();
                    clear();
                }
                default -> {
                    if (!underWay.isEmpty()) {
                        underWay.remove(random.nextInt(underWay.size())).run();
                    }
                }
            }
        }

        private Room snapshot() {
            return new Room(version, rooms - holders.size(), holders.size(), 0);
        }

        private void clear() {
            List<SpotRequest> live = requests.values().stream()
                    .filter(request -> request.progress().bid() != BidState.NONE)
                    .toList();
            PoolClearing decision =
                    PoolClearing.decide(price, PricingPolicy.AUCTION, FLOOR, ON_DEMAND, told, live, START);
            price = decision.prices().isEmpty() ? price : decision.prices().getLast();
            decision.changed().forEach(request -> requests.put(request.id(), request));
            decision.allocated().forEach(request -> underWay.add(() -> launch(request.id())));
            decision.warned().forEach(request -> underWay.add(() -> leave(request.id())));
            warnings += decision.warned().size();

            assertThat(price).as(name).isBetween(FLOOR, ON_DEMAND);
            assertThat(requests.values().stream()
                            .filter(request -> request.progress().bid() == BidState.RUNNING))
                    .as(name)
                    .allMatch(request -> request.terms().maxPrice().compareTo(price) >= 0);
            assertThat(decision.warned())
                    .as(name)
                    .allMatch(request ->
                            request.terms().maxPrice().compareTo(price) <= 0 || price.compareTo(ON_DEMAND) == 0);
        }

        private void launch(String id) {
            version++;
            if (holders.size() < rooms) {
                holders.add(id);
                underWay.add(() -> change(
                        id,
                        requests.get(id).instanceRequested("i-" + id + version).instanceRuns("i-" + id + version)));
            } else {
                underWay.add(
                        () -> change(id, requests.get(id).launchFailed(SpotRequest.Failure.NO_ROOM, told.version())));
            }
        }

        private void leave(String id) {
            version++;
            holders.remove(id);
            underWay.add(() -> change(id, requests.get(id).instanceGone(true)));
        }

        private void change(String id, SpotRequest after) {
            requests.put(id, after);
            clear();
        }

        /** Lets everything arrive, until nothing is under way and the newest snapshot leaves nothing to do. */
        void settle() {
            for (int quiet = 0; quiet < 3; quiet++) {
                while (!underWay.isEmpty()) {
                    quiet = 0;
                    underWay.remove(random.nextInt(underWay.size())).run();
                }
                version++;
                told = snapshot();
                clear();
                if (!underWay.isEmpty()) {
                    quiet = -1;
                }
            }
            List<String> running = requests.values().stream()
                    .filter(request -> request.progress().bid() == BidState.RUNNING)
                    .map(SpotRequest::id)
                    .toList();
            List<String> best = requests.values().stream()
                    .filter(request -> request.progress().bid().bids())
                    .filter(request -> request.terms().maxPrice().compareTo(FLOOR) >= 0)
                    .sorted(Comparator.comparing(
                                    (SpotRequest request) -> request.terms().maxPrice())
                            .reversed()
                            .thenComparing(request -> request.terms().createdAt()))
                    .limit(rooms)
                    .map(SpotRequest::id)
                    .toList();
            assertThat(running).as(name).containsExactlyInAnyOrderElementsOf(best);
            assertThat(holders).as(name).containsExactlyInAnyOrderElementsOf(running);
            assertThat(warnings).as("%s: each bid pushes out at most one", name).isLessThanOrEqualTo(made);
        }
    }

    private static PoolClearing clear(Room room, SpotRequest... requests) {
        return PoolClearing.decide(FLOOR, PricingPolicy.AUCTION, FLOOR, ON_DEMAND, room, List.of(requests), START);
    }

    private static SpotRequest running(String id, String maxPrice, int second) {
        return waiting(id, maxPrice, second)
                .allocated()
                .instanceRequested("i-" + id)
                .instanceRuns("i-" + id);
    }

    private static SpotRequest waiting(String id, String maxPrice, int second) {
        Terms terms = new Terms(
                POOL,
                HourlyRate.of(maxPrice),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                START.plusSeconds(second),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        return SpotRequest.open(id, new AccountId("123456789012"), terms, START);
    }
}
