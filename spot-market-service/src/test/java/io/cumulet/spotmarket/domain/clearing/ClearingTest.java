package io.cumulet.spotmarket.domain.clearing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing.Lost;
import io.cumulet.spotmarket.domain.clearing.Clearing.Reason;
import io.cumulet.spotmarket.domain.clearing.Clearing.Won;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClearingTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void theHighestLosingBidSetsThePrice() {
        Clearing clearing = clear(2, bid("a", "0.0500", 0, 1), bid("b", "0.0700", 1, 2));

        assertThat(clearing.price().toString()).isEqualTo("0.0500");
        assertThat(clearing.winners()).containsExactly(new Won("b", 2));
        assertThat(clearing.losers()).containsExactly(new Lost("a", 1, Reason.CAPACITY));
    }

    @Test
    void withRoomForAllThePriceIsTheFloorWithItsDigits() {
        assertThat(clear(3, bid("a", "0.05", 0, 1)).price().toString()).isEqualTo("0.0100");
        assertThat(clear(0).price().toString()).isEqualTo("0.0100");
    }

    @Test
    void aBidMayWinInPartAndItsOwnMaxIsThenALosingBid() {
        Clearing clearing = clear(2, bid("a", "0.06", 0, 3), bid("b", "0.04", 0, 1));

        assertThat(clearing.price().toString()).isEqualTo("0.06");
        assertThat(clearing.winners()).containsExactly(new Won("a", 2));
        assertThat(clearing.losers())
                .containsExactly(new Lost("a", 1, Reason.CAPACITY), new Lost("b", 1, Reason.PRICE));
    }

    @Test
    void bidsBelowTheFloorDoNotTakePartAndComeLast() {
        Clearing clearing = clear(1, bid("low", "0.009", 0, 1), bid("lower", "0.001", 0, 1), bid("a", "0.02", 0, 1));

        assertThat(clearing.price().toString()).isEqualTo("0.0100");
        assertThat(clearing.winners()).containsExactly(new Won("a", 1));
        assertThat(clearing.losers())
                .containsExactly(new Lost("low", 1, Reason.BELOW_FLOOR), new Lost("lower", 1, Reason.BELOW_FLOOR));
    }

    @Test
    void aMaxPriceAboveOnDemandIsCappedInEffect() {
        Clearing clearing = clear(1, bid("a", "5", 0, 1), bid("b", "3", 0, 1));

        assertThat(clearing.price().toString()).isEqualTo("0.1000");
        assertThat(clearing.losers()).containsExactly(new Lost("b", 1, Reason.CAPACITY));
    }

    @Test
    void withoutSupplyAllLoseAndTheHighestBidIsThePrice() {
        Clearing clearing = clear(0, bid("a", "0.03", 0, 1), bid("b", "0.04", 0, 1));

        assertThat(clearing.price().toString()).isEqualTo("0.04");
        assertThat(clearing.losers())
                .containsExactly(new Lost("b", 1, Reason.CAPACITY), new Lost("a", 1, Reason.PRICE));
    }

    @Test
    void equalOffersGoByTimeThenById() {
        Clearing clearing = clear(2, bid("c", "0.050", 5, 1), bid("b", "0.05", 5, 1), bid("a", "0.0500", 9, 1));

        assertThat(clearing.winners()).containsExactly(new Won("b", 1), new Won("c", 1));
        assertThat(clearing.losers()).containsExactly(new Lost("a", 1, Reason.CAPACITY));
        assertThat(clearing.price().toString()).isEqualTo("0.0500");
    }

    @Test
    void pricesOfAnySizeAreComparedInFull() {
        Clearing clearing = clear(
                1,
                bid("a", "999999999999.000000000001", 0, 1),
                bid("b", "999999999999.000000000002", 9, 1),
                bid("c", "999999", 0, 1));

        assertThat(clearing.winners()).containsExactly(new Won("b", 1));
        assertThat(clearing.losers()).extracting(Lost::id).containsExactly("a", "c");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverIsBidTheRulesHoldAndThePlainAuctionSaysTheSame(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            List<Bid> bids = randomBids(random, random.nextInt(14));
            int supply = random.nextInt(12);
            HourlyRate floor = HourlyRate.of(random.nextInt(10) == 0 ? "0.2" : "0.0100");
            HourlyRate onDemand = HourlyRate.of("0.10");
            String world = "seed " + seed + " round " + round + ": supply " + supply + ", floor " + floor + ", " + bids;

            Clearing clearing = Clearing.of(supply, floor, onDemand, bids);

            assertThat(clearing).as(world).isEqualTo(PlainClearing.of(supply, floor, onDemand, bids));
            assertThat(clearing.winners().stream().mapToInt(Won::units).sum())
                    .as(world)
                    .isLessThanOrEqualTo(supply);
            assertThat(clearing.winners())
                    .as(world)
                    .allMatch(award -> maxOf(bids, award.id()).compareTo(clearing.price()) >= 0);
            assertThat(clearing.price()).as(world).isLessThanOrEqualTo(onDemand);
            assertThat(clearing.winners().stream().mapToInt(Won::units).sum()
                            + clearing.losers().stream().mapToInt(Lost::units).sum())
                    .as(world)
                    .isEqualTo(bids.stream().mapToInt(Bid::units).sum());
            Collections.shuffle(bids, random);
            assertThat(Clearing.of(supply, floor, onDemand, bids))
                    .as("In another order, " + world)
                    .isEqualTo(clearing);
        }
    }

    private static HourlyRate maxOf(List<Bid> bids, String id) {
        return bids.stream()
                .filter(bid -> bid.id().equals(id))
                .findFirst()
                .orElseThrow()
                .maxPrice();
    }

    private static List<Bid> randomBids(Random random, int count) {
        List<Bid> bids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String digits = random.nextBoolean() ? "0.%03d" : "0.%03d0";
            String price = digits.formatted(random.nextInt(130));
            bids.add(bid("sir-" + i, price, random.nextInt(3), 1 + random.nextInt(3)));
        }
        Collections.shuffle(bids, random);
        return bids;
    }

    private static Bid bid(String id, String maxPrice, int secondsPastNoon, int units) {
        return new Bid(id, HourlyRate.of(maxPrice), NOON.plusSeconds(secondsPastNoon), units);
    }

    private static Clearing clear(int supply, Bid... bids) {
        return Clearing.of(supply, HourlyRate.of("0.0100"), HourlyRate.of("0.1000"), List.of(bids));
    }
}
