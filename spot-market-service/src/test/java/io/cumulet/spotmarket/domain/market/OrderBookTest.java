package io.cumulet.spotmarket.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderBookTest {

    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");
    private static final HourlyRate FLOOR = HourlyRate.of("0.0100");
    private static final HourlyRate CAP = HourlyRate.of("0.1000");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PERCENT = 90;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverChangesTheBookDecidesWhatTheListDoes(long seed) {
        Random random = new Random(seed);
        int decided = 0;
        for (int round = 0; round < 120; round++) {
            World world = new World(random, "seed " + seed + " round " + round);
            for (int step = 0; step < 60; step++) {
                world.somethingChanges();
                world.clear();
            }
            decided += world.decided;
        }
        assertThat(decided).as("warnings, rooms given and recommendations").isGreaterThan(1000);
    }

    @Test
    void aUnitIsRecommendedToLeaveOnceThePriceIsNearItsMax() {
        SpotRequest near = running("sir-a", "0.0555", 0);
        SpotRequest far = running("sir-b", "0.0557", 1);
        SpotRequest best = running("sir-c", "0.0800", 2);
        SpotRequest waits = waiting("sir-d", "0.0500", 3);

        // A room is free, but the request that waits for it was refused under the same snapshot.
        SpotRequest blocked = waits.allocated().launchFailed(SpotRequest.Failure.NO_ROOM, 5);
        PoolClearing decision = clear(new Room(5, 1, 3, 0), PricingPolicy.AUCTION, "0.0500", near, far, best, blocked);
        assertThat(decision.recommended()).isEmpty();

        PoolClearing outbid = clear(new Room(5, 0, 3, 0), PricingPolicy.AUCTION, "0.0500", near, far, best, waits);
        assertThat(outbid.recommended()).extracting(SpotRequest::id).containsExactly("sir-a");
        assertThat(outbid.changed()).containsAll(outbid.recommended());
        SpotRequest told = outbid.recommended().getFirst();
        assertThat(told.progress().told()).isEqualTo(1);
        assertThat(told.version()).as("its owner sees the request as before").isEqualTo(near.version());

        assertThat(clear(new Room(5, 0, 3, 0), PricingPolicy.AUCTION, "0.0500", told, far, best, waits)
                        .recommended())
                .as("once")
                .isEmpty();
    }

    @Test
    void thePriceEndangersFromNinetyPercentOfAMaxOnAndNeverAtTheFloor() {
        PricingPolicy trace = new PricingPolicy.Trace("trace-1", START, START, 1);
        PricingPolicy smoothed = new PricingPolicy.Smoothed(5, Duration.ofMinutes(5));
        SpotRequest at = running("sir-a", "0.0500", 0);
        SpotRequest above = running("sir-b", "0.0501", 1);

        assertThat(clear(new Room(1, 5, 2, 0), trace, "0.0450", at, above).recommended())
                .extracting(SpotRequest::id)
                .containsExactly("sir-a");
        assertThat(clear(new Room(1, 5, 2, 0), smoothed, "0.0450", at, above).recommended())
                .isEmpty();
        SpotRequest low = running("sir-c", "0.0101", 0);
        assertThat(clear(new Room(1, 5, 1, 0), trace, "0.0100", low).recommended())
                .isEmpty();
    }

    @Test
    void whoGoesFirstIsToldWhenNoRoomIsFreeAndSomebodyWaits() {
        PricingPolicy smoothed = new PricingPolicy.Smoothed(5, Duration.ofMinutes(5));
        SpotRequest lowest = running("sir-a", "0.0800", 0);
        SpotRequest best = running("sir-b", "0.0900", 1);
        SpotRequest waits = waiting("sir-c", "0.0200", 2);

        assertThat(clear(new Room(1, 0, 2, 0), smoothed, "0.0150", lowest, best, waits)
                        .recommended())
                .extracting(SpotRequest::id)
                .containsExactly("sir-a");
        assertThat(clear(new Room(1, 0, 2, 0), smoothed, "0.0150", lowest, best).recommended())
                .as("nobody waits")
                .isEmpty();
        assertThat(clear(new Room(1, 0, 2, 0), smoothed, "0.0300", lowest, best, waits)
                        .recommended())
                .as("who waits doesn't offer the price")
                .isEmpty();
        assertThat(clear(new Room(1, 2, 2, 0), smoothed, "0.0150", lowest, best, waits)
                        .recommended())
                .as("there is room")
                .isEmpty();
        assertThat(clear(new Room(1, 0, 2, 1), smoothed, "0.0150", lowest, best).warned())
                .as("who is warned isn't told besides")
                .extracting(SpotRequest::id)
                .containsExactly("sir-a");
    }

    @Test
    void whereTheClearingSetsNoPriceNobodyLosesToAPriceThatIsNot() {
        PricingPolicy smoothed = new PricingPolicy.Smoothed(5, Duration.ofMinutes(5));
        SpotRequest runs = running("sir-a", "0.0500", 0);

        PoolClearing decision = clear(
                new Room(1, 0, 1, 0),
                smoothed,
                "0.0200",
                runs,
                waiting("sir-b", "0.0800", 1),
                waiting("sir-c", "0.0700", 2),
                waiting("sir-d", "0.0150", 3));

        assertThat(decision.prices()).isEmpty();
        assertThat(decision.auctionPrice()).isEqualTo(HourlyRate.of("0.0700"));
        assertThat(decision.changed())
                .extracting(request -> request.progress().status().code())
                .containsExactlyInAnyOrder(
                        "marked-for-stop", "capacity-not-available", "capacity-not-available", "price-too-low");
        assertThat(decision.warned()
                        .getFirst()
                        .progress()
                        .interruption()
                        .reason()
                        .code())
                .isEqualTo("capacity");
    }

    private static PoolClearing clear(Room room, PricingPolicy policy, String price, SpotRequest... requests) {
        return new OrderBook(List.of(requests)).clear(HourlyRate.of(price), policy, FLOOR, CAP, room, PERCENT, START);
    }

    /** A pool in which anything may change between two clearings, whether or not it makes sense. */
    private static final class World {
        private final Random random;
        private final String name;
        private final Map<String, SpotRequest> requests = new LinkedHashMap<>();
        private OrderBook book = new OrderBook(List.of());
        private Room room = new Room(1, 2, 0, 0);
        private HourlyRate price = FLOOR;
        private HourlyRate floor = FLOOR;
        private HourlyRate cap = CAP;
        private PricingPolicy policy = PricingPolicy.AUCTION;
        private int made;
        private int decided;

        World(Random random, String name) {
            this.random = random;
            this.name = name;
        }

        void somethingChanges() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    String digits = random.nextBoolean() ? "0.%03d" : "0.%03d0";
                    put(waiting(
                            "sir-%03d".formatted(made++),
                            digits.formatted(random.nextInt(130)),
                            random.nextInt(4),
                            random.nextInt(60) == 0 ? "group" : null));
                }
                case 3, 4, 5, 6, 7 -> {
                    if (!requests.isEmpty()) {
                        put(moved(any()));
                    }
                }
                case 8, 9 ->
                    room = random.nextInt(20) == 0
                            ? Room.UNKNOWN
                            : new Room(
                                    random.nextInt(9) + 1,
                                    random.nextInt(5),
                                    random.nextInt(8),
                                    Math.max(0, random.nextInt(8) - 5));
                case 10 -> price = HourlyRate.of("0.%03d".formatted(5 + random.nextInt(100)));
                default -> {
                    policy = switch (random.nextInt(4)) {
                        case 0 -> new PricingPolicy.Smoothed(5, Duration.ofMinutes(5));
                        case 1 -> new PricingPolicy.Trace("trace-1", START, START, 1);
                        default -> PricingPolicy.AUCTION;
                    };
                    floor = random.nextInt(5) == 0 ? HourlyRate.of("0.03") : FLOOR;
                    cap = random.nextInt(5) == 0 ? HourlyRate.of("0.05") : CAP;
                    // Another process read the pool anew.
                    book = new OrderBook(requests.values());
                }
            }
        }

        private SpotRequest any() {
            List<SpotRequest> all = List.copyOf(requests.values());
            return all.get(random.nextInt(all.size()));
        }

        private SpotRequest moved(SpotRequest request) {
            return switch (request.progress().bid()) {
                case WAITING -> random.nextInt(3) == 0 ? request.cancelled() : request.allocated();
                case ALLOCATED ->
                    random.nextInt(4) == 0
                            ? request.launchFailed(SpotRequest.Failure.NO_ROOM, random.nextInt(9))
                            : request.instanceRequested("i-" + made).instanceRuns("i-" + made++);
                case RUNNING ->
                    random.nextBoolean() ? request.instanceLeaves() : request.warned(Clearing.Reason.CAPACITY, START);
                case LEAVING -> random.nextBoolean() ? request.instanceGone(true) : request.instanceStopped(true);
                case NONE -> request;
            };
        }

        private void put(SpotRequest request) {
            book.put(request);
            if (request.progress().bid() == BidState.NONE) {
                requests.remove(request.id());
            } else {
                requests.put(request.id(), request);
            }
        }

        void clear() {
            PoolClearing plain = plain(List.copyOf(requests.values()));
            String world = name + ": " + policy + ", price " + price + ", floor " + floor + ", cap " + cap + ", " + room
                    + ", " + requests.values();

            PoolClearing decision = book.clear(price, policy, floor, cap, room, PERCENT, START);

            assertThat(decision.prices()).as(world).isEqualTo(plain.prices());
            assertThat(decision.allocated()).as(world).isEqualTo(plain.allocated());
            assertThat(decision.warned()).as(world).isEqualTo(plain.warned());
            assertThat(decision.changed()).as(world).containsExactlyInAnyOrderElementsOf(plain.changed());
            assertThat(decision.recommended()).as(world).containsExactlyInAnyOrderElementsOf(plain.recommended());
            assertThat(decision.auctionPrice()).as(world).isEqualTo(plain.auctionPrice());
            assertThat(book.size()).as(world).isEqualTo(requests.size());
            decided += decision.allocated().size()
                    + decision.warned().size()
                    + decision.recommended().size();
            if (random.nextInt(5) > 0) {
                decision.changed().forEach(this::put);
                price = decision.prices().isEmpty() ? price : decision.prices().getLast();
            }
        }

        private PoolClearing plain(List<SpotRequest> all) {
            PoolClearing decision = PoolClearing.decide(price, policy, floor, cap, room, all, START);
            if (!room.isKnown()) {
                return decision;
            }
            List<Bid> bids = new ArrayList<>();
            int taken = 0;
            for (SpotRequest request : all) {
                BidState bid = request.progress().bid();
                taken += bid.takesRoom() ? 1 : 0;
                if (bid.bids()) {
                    bids.add(request.bid());
                }
            }
            int rooms = Math.max(0, Math.max(room.rooms(), taken) - room.reclaimed());
            boolean isAuction = policy.equals(PricingPolicy.AUCTION);
            HourlyRate least = isAuction ? floor : price;
            return decision.with(
                    Rebalance.after(decision, all, policy, price, floor, least, PERCENT, rooms),
                    isAuction ? null : Clearing.of(rooms, floor, cap, bids).price());
        }
    }

    private static SpotRequest running(String id, String maxPrice, int second) {
        return waiting(id, maxPrice, second)
                .allocated()
                .instanceRequested("i-" + id)
                .instanceRuns("i-" + id);
    }

    private static SpotRequest waiting(String id, String maxPrice, int second) {
        return waiting(id, maxPrice, second, null);
    }

    private static SpotRequest waiting(String id, String maxPrice, int second, String launchGroup) {
        Terms terms = new Terms(
                POOL,
                HourlyRate.of(maxPrice),
                Terms.Kind.PERSISTENT,
                Terms.InterruptionBehavior.STOP,
                null,
                null,
                START.plusSeconds(second),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                new Terms.Membership(launchGroup, null, null));
        return SpotRequest.open(id, new AccountId("123456789012"), terms, START);
    }
}
