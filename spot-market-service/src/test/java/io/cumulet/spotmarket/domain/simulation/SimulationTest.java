package io.cumulet.spotmarket.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.simulation.SimulatedRun.EndedBy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final PoolId A = PoolId.parse("us-east-1a/m4.large/linux");
    private static final PoolId B = PoolId.parse("us-east-1b/m4.large/linux");
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");

    /** Dear from 02:30 until 03:00. */
    private static final SimulatedPool SPIKE = pool(A, "00:00:00", "0.02", "02:30:00", "0.30", "03:00:00", "0.04");

    @Test
    void itRunsWhilePriceIsAtMostItsMaxAndIsTakenBackTwoMinutesAfterItRises() {
        Simulation result = simulate("06:00:00", persistent("0.05"), SPIKE);

        assertThat(result.runs()).hasSize(2);
        SimulatedRun first = result.runs().getFirst();
        assertThat(first.start()).isEqualTo(MIDNIGHT);
        assertThat(first.end()).isEqualTo(at("02:32:00"));
        assertThat(first.endedBy()).isEqualTo(EndedBy.PRICE);
        assertThat(first.cost())
                .as("two hours at 0.02, the interrupted one free")
                .isEqualTo(Money.of("0.04"));
        SimulatedRun second = result.runs().getLast();
        assertThat(second.start()).isEqualTo(at("03:00:00"));
        assertThat(second.end()).isEqualTo(at("06:00:00"));
        assertThat(second.endedBy()).isEqualTo(EndedBy.HISTORY_END);
        assertThat(result.cost()).isEqualTo(Money.of("0.16"));
        assertThat(result.interruptions()).isEqualTo(1);
        assertThat(result.freeSeconds()).isEqualTo(32 * 60);
        assertThat(result.ranSeconds()).isEqualTo(5 * 3600 + 32 * 60);
        assertThat(result.onDemandCost()).as("5:32 h at 0.1").isEqualTo(Money.of("0.5533333333"));
        assertThat(result.savingsPercent()).isEqualTo("71.08");
        assertThat(result.availability()).as("332 of 360 minutes").isEqualTo("0.922222");
        assertThat(result.finishedAt()).isNull();
    }

    @Test
    void eachInstanceHourCostsThePriceAtItsBegin() {
        SimulatedPool pool = pool(A, "00:00:00", "0.02", "00:59:59", "0.03", "01:00:01", "0.04");

        Simulation result = simulate("02:30:00", persistent("0.05"), pool);

        assertThat(result.cost()).as("0.02 + 0.03 + half of 0.04").isEqualTo(Money.of("0.07"));
    }

    @Test
    void aOneTimeRequestRunsOnceAndAPersistentOneWithTooLowAMaxNever() {
        Simulation once = simulate("06:00:00", strategy("0.05", Terms.Kind.ONE_TIME, Strategy.Work.ENDLESS), SPIKE);
        assertThat(once.runs()).hasSize(1);
        assertThat(once.askedUntil()).isEqualTo(at("06:00:00"));

        Simulation never = simulate("06:00:00", persistent("0.01"), SPIKE);
        assertThat(never.runs()).isEmpty();
        assertThat(never.cost()).isEqualTo(Money.ZERO);
        assertThat(never.savingsPercent()).isNull();
        assertThat(never.availability()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void aPriceThatFallsAgainDuringTheNoticeDoesNotKeepIt() {
        SimulatedPool pool = pool(A, "00:00:00", "0.02", "01:00:00", "0.30", "01:00:30", "0.02");

        Simulation result = simulate("02:00:00", persistent("0.05"), pool);

        assertThat(result.runs()).extracting(SimulatedRun::end).containsExactly(at("01:02:00"), at("02:00:00"));
        assertThat(result.runs().getLast().start()).isEqualTo(at("01:02:00"));
    }

    @Test
    void anInterruptionUndoesTheWorkSinceTheLastCheckpoint() {
        Strategy.Work work = new Strategy.Work(Duration.ofHours(4), Duration.ofMinutes(60), Duration.ofMinutes(5));

        Simulation result = simulate("12:00:00", strategy("0.05", Terms.Kind.PERSISTENT, work), SPIKE);

        assertThat(result.finishedAt())
                .as("2 h are kept of 2:32; back at 03:00, working from 03:05 for 2 h")
                .isEqualTo(at("05:05:00"));
        assertThat(result.workSeconds()).isEqualTo(4 * 3600);
        assertThat(result.askedUntil()).isEqualTo(at("05:05:00"));
    }

    @Test
    void oneThatHibernatesLosesNoWork() {
        Strategy.Work work = new Strategy.Work(Duration.ofHours(4), Duration.ofMinutes(60), Duration.ZERO);
        Strategy hibernating = new Strategy(
                "hibernates",
                new MaxPrice.Fixed(HourlyRate.of("0.05")),
                Terms.Kind.PERSISTENT,
                Terms.InterruptionBehavior.HIBERNATE,
                Strategy.PoolChoice.FIXED,
                Set.of(),
                MIDNIGHT,
                work,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);

        assertThat(simulate("12:00:00", hibernating, SPIKE).finishedAt())
                .as("2:32 h until 02:32, the rest of 1:28 h from 03:00")
                .isEqualTo(at("04:28:00"));
    }

    @Test
    void workThatIsDoneDuringTheNoticeIsDone() {
        Strategy.Work work = new Strategy.Work(Duration.ofMinutes(151), null, Duration.ZERO);

        Simulation result = simulate("12:00:00", strategy("0.05", Terms.Kind.PERSISTENT, work), SPIKE);

        assertThat(result.finishedAt()).isEqualTo(at("02:31:00"));
        assertThat(result.interruptions()).isZero();
        assertThat(result.freeSeconds()).isZero();
    }

    @Test
    void afterAnInterruptionItGoesToTheCheapestPoolOrStays() {
        SimulatedPool other = pool(B, "00:00:00", "0.03");

        Simulation moving = simulate("06:00:00", choosing(Strategy.PoolChoice.CHEAPEST), SPIKE, other);
        assertThat(moving.runs()).extracting(SimulatedRun::pool).containsExactly(A, B);
        assertThat(moving.runs().getLast().start()).isEqualTo(at("02:32:00"));

        Simulation staying = simulate("06:00:00", choosing(Strategy.PoolChoice.FIXED), SPIKE, other);
        assertThat(staying.runs()).extracting(SimulatedRun::pool).containsExactly(A, A);
        assertThat(staying.runs().getLast().start()).isEqualTo(at("03:00:00"));
    }

    @Test
    void aShareOfOnDemandIsOfEachPoolsOwnPrice() {
        MaxPrice max = new MaxPrice.ShareOfOnDemand(new BigDecimal("40"));

        assertThat(max.in(SPIKE)).isEqualByComparingTo(HourlyRate.of("0.04"));
        assertThat(MaxPrice.ON_DEMAND.in(SPIKE)).isEqualByComparingTo(HourlyRate.of("0.1"));
    }

    @Test
    void whatHappensInsideOfASecondIsOverWhenItIs() {
        SimulatedPool pool = new SimulatedPool(
                A,
                PriceSeries.of(List.of(
                        new PriceSeries.Change(MIDNIGHT.plusNanos(1_000), HourlyRate.of("0.02")),
                        new PriceSeries.Change(MIDNIGHT.plusMillis(1_500), HourlyRate.of("0.30")),
                        new PriceSeries.Change(MIDNIGHT.plusMillis(1_700), HourlyRate.of("0.04")))),
                HourlyRate.of("0.1"));

        Simulation result = simulate("01:00:00", persistent("0.05"), pool);

        assertThat(result.runs()).extracting(SimulatedRun::start).containsExactly(at("00:00:01"), at("00:02:02"));
        assertThat(result.runs().getFirst().end()).isEqualTo(at("00:02:02"));
    }

    private static Strategy choosing(Strategy.PoolChoice choice) {
        Strategy usual = persistent("0.05");
        return new Strategy(
                usual.name(),
                usual.maxPrice(),
                usual.kind(),
                usual.behavior(),
                choice,
                usual.pools(),
                usual.start(),
                usual.work(),
                usual.interruptionPolicy());
    }

    private static Strategy persistent(String maxPrice) {
        return strategy(maxPrice, Terms.Kind.PERSISTENT, Strategy.Work.ENDLESS);
    }

    private static Strategy strategy(String maxPrice, Terms.Kind kind, Strategy.Work work) {
        return new Strategy(
                "at most " + maxPrice,
                new MaxPrice.Fixed(HourlyRate.of(maxPrice)),
                kind,
                Terms.InterruptionBehavior.TERMINATE,
                Strategy.PoolChoice.FIXED,
                Set.of(),
                MIDNIGHT,
                work,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
    }

    private static Simulation simulate(String until, Strategy strategy, SimulatedPool... pools) {
        return Simulation.of(new MarketHistory(List.of(pools), new Interval(MIDNIGHT, at(until))), strategy);
    }

    private static SimulatedPool pool(PoolId id, String... timesAndPrices) {
        List<PriceSeries.Change> changes = new ArrayList<>();
        for (int i = 0; i < timesAndPrices.length; i += 2) {
            changes.add(new PriceSeries.Change(at(timesAndPrices[i]), HourlyRate.of(timesAndPrices[i + 1])));
        }
        return new SimulatedPool(id, PriceSeries.of(changes), HourlyRate.of("0.1"));
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + "Z");
    }
}
