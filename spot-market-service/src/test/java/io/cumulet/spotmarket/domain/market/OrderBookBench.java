package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * How fast pools are cleared in memory: decisions alone, nothing is stored or told. Not a test: {@code deploy/bench/spot} runs
 * it. Figures are medians.
 */
class OrderBookBench {

    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");
    private static final HourlyRate FLOOR = HourlyRate.of("0.0100");
    private static final HourlyRate CAP = HourlyRate.of("0.1000");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int BIDS = 100_000;
    private static final int ROOMS = 60_000;
    private static final int POOLS = 10_000;

    private final Random random = new Random(7);
    private int made;
    private HourlyRate price = FLOOR;

    @Test
    void aClearing() {
        List<Bid> bids = new ArrayList<>();
        for (int i = 0; i < BIDS; i++) {
            bids.add(waiting().bid());
        }
        report("clearing of 100,000 bids, nothing known before", 15, 5, i -> Clearing.of(ROOMS, FLOOR, CAP, bids));
    }

    @Test
    void oneChangeAmongManyBids() {
        OrderBook book = new OrderBook(List.of());
        List<SpotRequest> bids = new ArrayList<>();
        for (int i = 0; i < BIDS; i++) {
            SpotRequest request = i % 100 < 60 ? running() : waiting();
            bids.add(request);
            book.put(request);
        }
        for (int i = 0; i < 3; i++) {
            settle(book, ROOMS);
        }
        report("one new bid among 100,000, and what it changes", 20_000, 10_000, i -> {
            book.put(waiting());
            settle(book, ROOMS);
        });
        report("one bid less", 20_000, 10_000, i -> {
            SpotRequest request = book.get(bids.get(i).id());
            if (request != null) {
                book.put(request.instanceGone(false).cancelled());
                settle(book, ROOMS);
            }
        });
        report("one room more or less", 20_000, 10_000, i -> settle(book, ROOMS + random.nextInt(3) - 1));
    }

    @Test
    void manyPools() {
        List<OrderBook> books = new ArrayList<>();
        for (int i = 0; i < POOLS; i++) {
            List<SpotRequest> ten = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                ten.add(j < 6 ? running() : waiting());
            }
            books.add(new OrderBook(ten));
        }
        report("10,000 pools of 10 bids cleared again, one room more or less in each", 25, 10, i -> {
            price = FLOOR;
            books.forEach(book -> settle(book, 6 + i % 2));
        });
    }

    private void settle(OrderBook book, int rooms) {
        PoolClearing decision = book.clear(
                price, PricingPolicy.AUCTION, FLOOR, CAP, new Room(made + 1L, Math.max(0, rooms), 0, 0), 90, START);
        decision.changed().forEach(book::put);
        decision.warned().forEach(request -> book.put(request.instanceGone(true)));
        price = decision.prices().isEmpty() ? price : decision.prices().getLast();
    }

    private static void report(String what, int times, int warmUp, IntConsumer action) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            action.accept(i);
            if (i >= warmUp) {
                nanos.add(System.nanoTime() - begin);
            }
        }
        nanos.sort(null);
        System.out.printf(
                "%s: median %.3f ms, p99 %.3f ms%n",
                what, nanos.get(nanos.size() / 2) / 1e6, nanos.get(nanos.size() * 99 / 100) / 1e6);
    }

    private SpotRequest running() {
        SpotRequest request = waiting();
        return request.allocated().instanceRequested("i-" + request.id()).instanceRuns("i-" + request.id());
    }

    private SpotRequest waiting() {
        Terms terms = new Terms(
                POOL,
                new HourlyRate(BigDecimal.valueOf(random.nextInt(20_000, 150_000), 6)),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                START.plusSeconds(made),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        return SpotRequest.open("sir-%08d".formatted(made++), new AccountId("123456789012"), terms, START);
    }
}
