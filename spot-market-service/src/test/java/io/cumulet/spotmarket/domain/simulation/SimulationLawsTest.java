package io.cumulet.spotmarket.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem.Granularity;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.simulation.SimulatedRun.EndedBy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every strategy on every history; each run of a test prints its seed as its name. */
class SimulationLawsTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<String> POOLS =
            List.of("us-east-1a/m4.large/linux", "us-east-1b/m4.large/rhel", "us-east-1c/m4.xlarge/windows");

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPlainProgramThatLooksEverySecondGivesTheSame(long seed) {
        Random random = new Random(seed);
        MarketHistory history = history(random);
        Strategy strategy = strategy(random, history);

        Simulation simulation = Simulation.of(history, strategy);

        List<Plain> plain = plain(history, strategy);
        assertThat(simulation.runs())
                .extracting(run -> new Plain(run.pool(), run.start(), run.end(), run.endedBy()))
                .isEqualTo(plain);
        assertThat(simulation.cost())
                .isEqualTo(
                        plain.stream().map(run -> bill(run, history, strategy)).reduce(Money.ZERO, Money::plus));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyIsInterruptedWhileThePriceIsAtMostHisMax(long seed) {
        Random random = new Random(seed);
        MarketHistory history = history(random);
        Strategy strategy = strategy(random, history);

        for (SimulatedRun run : Simulation.of(history, strategy).runs()) {
            SimulatedPool pool = pool(history, run.pool());
            HourlyRate max = strategy.maxPrice().in(pool);
            Instant calm = run.endedBy() == EndedBy.PRICE ? run.end().minusSeconds(120) : run.start();
            for (Instant at = run.start(); at.isBefore(calm); at = at.plusSeconds(1)) {
                assertThat(price(pool, at).orElseThrow()).isLessThanOrEqualTo(max);
            }
            assertThat(price(pool, run.start()).orElseThrow()).isLessThanOrEqualTo(max);
            if (run.endedBy() == EndedBy.PRICE) {
                assertThat(price(pool, calm).orElseThrow()).isGreaterThan(max);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inOnePoolAHigherMaxRunsWheneverThePriceIsAtMostALowerOne(long seed) {
        Random random = new Random(seed);
        MarketHistory history = history(random);
        SimulatedPool pool = history.pools().getFirst();
        int low = 1 + random.nextInt(12);
        Strategy bold = endless(low + random.nextInt(5), pool.id());

        List<SimulatedRun> runs = Simulation.of(history, bold).runs();

        // Not whenever the lower one runs: that one may be in its notice when the higher one's is over.
        Instant until = history.period().until();
        for (Instant at = START; at.isBefore(until); at = at.plusSeconds(7)) {
            if (price(pool, at).orElseThrow().compareTo(cents(low)) <= 0) {
                Instant moment = at;
                assertThat(runs).anyMatch(run -> !moment.isBefore(run.start()) && moment.isBefore(run.end()));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverOffersMoreThanAnyPriceIsNeverInterrupted(long seed) {
        Random random = new Random(seed);
        MarketHistory history = history(random);

        Simulation simulation =
                Simulation.of(history, endless(1000, history.pools().getFirst().id()));

        assertThat(simulation.interruptions()).isZero();
        assertThat(simulation.runs()).hasSize(1);
        assertThat(simulation.freeSeconds()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void withTheInterruptedHourFreeARunThatWasInterruptedNeverCostsMoreThanItsMax(long seed) {
        Random random = new Random(seed);
        MarketHistory history = history(random);
        PoolId pool = history.pools().getFirst().id();
        int cents = 1 + random.nextInt(10);

        for (SimulatedRun run : Simulation.of(history, endless(cents, pool)).runs()) {
            if (run.endedBy() == EndedBy.PRICE) {
                BigDecimal most = cents(cents)
                        .usd()
                        .multiply(BigDecimal.valueOf(run.seconds()))
                        .divide(BigDecimal.valueOf(3600), 10, RoundingMode.UP);
                assertThat(run.cost().usd()).isLessThanOrEqualTo(most);
            }
        }
    }

    private record Plain(PoolId pool, Instant start, Instant end, EndedBy endedBy) {}

    /** The same by looking at each second. */
    private static List<Plain> plain(MarketHistory history, Strategy strategy) {
        List<Plain> runs = new ArrayList<>();
        Duration needed = strategy.work().needed();
        SimulatedPool in = null;
        PoolId first = null;
        Instant launched = START;
        Instant workBegins = START;
        Instant evicted = null;
        long kept = 0;
        Instant until = history.period().until();
        for (Instant now = strategy.start(); !now.isAfter(until); now = now.plusSeconds(1)) {
            if (in != null) {
                long worked =
                        kept + Math.max(0, Duration.between(workBegins, now).toSeconds());
                if (needed != null && worked >= needed.toSeconds()) {
                    runs.add(new Plain(in.id(), launched, now, EndedBy.FINISHED));
                    return runs;
                }
                if (now.equals(evicted)) {
                    runs.add(new Plain(in.id(), launched, now, EndedBy.PRICE));
                    if (strategy.kind() == Terms.Kind.ONE_TIME) {
                        return runs;
                    }
                    Duration checkpoint = strategy.work().checkpoint();
                    boolean keepsAll =
                            checkpoint == null || strategy.behavior() == Terms.InterruptionBehavior.HIBERNATE;
                    kept = keepsAll ? worked : worked - worked % checkpoint.toSeconds();
                    in = null;
                    evicted = null;
                } else if (now.equals(until)) {
                    runs.add(new Plain(in.id(), launched, now, EndedBy.HISTORY_END));
                } else if (evicted == null
                        && price(in, now)
                                        .orElseThrow()
                                        .compareTo(strategy.maxPrice().in(in))
                                > 0) {
                    evicted = now.plusSeconds(120);
                }
            }
            if (in == null && now.isBefore(until)) {
                Instant moment = now;
                PoolId only = strategy.poolChoice() == Strategy.PoolChoice.FIXED ? first : null;
                in = history.pools().stream()
                        .filter(pool ->
                                strategy.pools().isEmpty() || strategy.pools().contains(pool.id()))
                        .filter(pool -> only == null || pool.id().equals(only))
                        .filter(pool -> price(pool, moment)
                                .filter(price ->
                                        price.compareTo(strategy.maxPrice().in(pool)) <= 0)
                                .isPresent())
                        .min(Comparator.comparing((SimulatedPool pool) ->
                                        price(pool, moment).orElseThrow())
                                .thenComparing(SimulatedPool::id))
                        .orElse(null);
                if (in != null) {
                    first = in.id();
                    launched = now;
                    workBegins = runs.isEmpty() ? now : now.plus(strategy.work().restart());
                }
            }
        }
        return runs;
    }

    /** Billing's rule, hour by hour. */
    private static Money bill(Plain run, MarketHistory history, Strategy strategy) {
        SimulatedPool pool = pool(history, run.pool());
        boolean bySecond = run.pool().os().granularity() == Granularity.PER_SECOND;
        boolean interrupted = run.endedBy() == EndedBy.PRICE;
        Instant end = run.end();
        if (run.endedBy() == EndedBy.FINISHED
                && bySecond
                && end.isBefore(run.start().plusSeconds(60))) {
            end = run.start().plusSeconds(60);
        }
        Money cost = Money.ZERO;
        for (Instant begin = run.start(); begin.isBefore(end); begin = begin.plusSeconds(3600)) {
            long used = Math.min(3600, Duration.between(begin, end).toSeconds());
            boolean free = interrupted
                    && used < 3600
                    && (strategy.interruptionPolicy() == SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE
                            || begin.equals(run.start())
                            || !bySecond);
            if (!free) {
                BigDecimal exact = price(pool, begin)
                        .orElseThrow()
                        .usd()
                        .multiply(BigDecimal.valueOf(bySecond ? used : 3600))
                        .divide(BigDecimal.valueOf(3600), 10, RoundingMode.HALF_EVEN);
                cost = cost.plus(new Money(exact));
            }
        }
        return cost;
    }

    private static SimulatedPool pool(MarketHistory history, PoolId id) {
        return history.pools().stream()
                .filter(pool -> pool.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<HourlyRate> price(SimulatedPool pool, Instant at) {
        return pool.prices().at(at);
    }

    private static Strategy endless(int maxCents, PoolId pool) {
        return new Strategy(
                "endless",
                new MaxPrice.Fixed(cents(maxCents)),
                Terms.Kind.PERSISTENT,
                Terms.InterruptionBehavior.TERMINATE,
                Strategy.PoolChoice.FIXED,
                Set.of(pool),
                START,
                Strategy.Work.ENDLESS,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
    }

    /** Some hours of one to three pools, each with a price from the begin on, calm or wild. */
    private static MarketHistory history(Random random) {
        Instant until = START.plusSeconds(3 * 3600 + random.nextInt(5 * 3600));
        List<SimulatedPool> pools = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int longest = List.of(60, 300, 3600).get(random.nextInt(3));
            List<PriceSeries.Change> changes = new ArrayList<>();
            for (Instant at = START; at.isBefore(until); at = at.plusSeconds(1 + random.nextInt(longest))) {
                changes.add(new PriceSeries.Change(at, cents(1 + random.nextInt(12))));
            }
            pools.add(new SimulatedPool(
                    PoolId.parse(POOLS.get(i)), PriceSeries.of(changes), cents(8 + random.nextInt(4))));
        }
        return new MarketHistory(pools, new Interval(START, until));
    }

    private static Strategy strategy(Random random, MarketHistory history) {
        boolean persistent = random.nextInt(4) > 0;
        Terms.InterruptionBehavior behavior =
                persistent ? pick(random, Terms.InterruptionBehavior.values()) : Terms.InterruptionBehavior.TERMINATE;
        Duration needed = random.nextBoolean() ? null : Duration.ofSeconds(1 + random.nextInt(4 * 3600));
        return new Strategy(
                "random",
                random.nextBoolean()
                        ? new MaxPrice.Fixed(cents(1 + random.nextInt(12)))
                        : new MaxPrice.ShareOfOnDemand(BigDecimal.valueOf(10 + random.nextInt(120))),
                persistent ? Terms.Kind.PERSISTENT : Terms.Kind.ONE_TIME,
                behavior,
                pick(random, Strategy.PoolChoice.values()),
                random.nextInt(3) == 0 ? Set.of(history.pools().getLast().id()) : Set.of(),
                START.plusSeconds(random.nextInt(3600)),
                new Strategy.Work(
                        needed,
                        random.nextBoolean() ? null : Duration.ofMinutes(1 + random.nextInt(40)),
                        Duration.ofSeconds(random.nextInt(400))),
                pick(random, SpotInterruptionPolicy.values()));
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static HourlyRate cents(int count) {
        return new HourlyRate(BigDecimal.valueOf(count, 2));
    }
}
