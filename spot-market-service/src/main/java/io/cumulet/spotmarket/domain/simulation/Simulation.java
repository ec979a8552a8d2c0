package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What came of a strategy in a history.
 *
 * <pre>
 *   price  ───────────┐        ┌────╮ above the max
 *   max    ┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┼┄┄┄┄┼┄┄┄┄┄┄┄┄┄
 *                     └────────┘    └────────
 *   runs              ├────────┼─120 s┤
 *                              warned └ taken back; bids again if it is persistent
 * </pre>
 *
 * It runs as soon as the price is at most its max. When the price rises above that, it is taken back 120 s later, also if the
 * price has fallen again by then. There is room for it always: a history knows prices, and no capacity.
 *
 * @param runs in the order of time
 * @param finishedAt when the work was done; null if it never was
 * @param workSeconds work that is done at the end, without what was lost
 * @param askedUntil until when it asked for an instance: when the work was done, or the end of the history
 */
public record Simulation(
        Strategy strategy,
        List<SimulatedRun> runs,
        @Nullable Instant finishedAt,
        long workSeconds,
        Instant askedUntil) {

    private static final int SHARE_DECIMALS = 6;
    private static final int PERCENT_DECIMALS = 2;

    /** Tries a strategy. A pure function. */
    public static Simulation of(MarketHistory history, Strategy strategy) {
        return new Simulator(history, strategy).play();
    }

    public Money cost() {
        return sum(SimulatedRun::cost);
    }

    /** What the same runs cost on demand. */
    public Money onDemandCost() {
        return sum(SimulatedRun::onDemandCost);
    }

    /** Of the cost on demand, to {@value #PERCENT_DECIMALS} decimals, half to even; below 0 if spot cost more, null if nothing ran. */
    public @Nullable BigDecimal savingsPercent() {
        BigDecimal onDemand = onDemandCost().usd();
        return onDemand.signum() == 0
                ? null
                : onDemand.subtract(cost().usd())
                        .movePointRight(2)
                        .divide(onDemand, PERCENT_DECIMALS, RoundingMode.HALF_EVEN);
    }

    public long interruptions() {
        return runs.stream()
                .filter(run -> run.endedBy() == SimulatedRun.EndedBy.PRICE)
                .count();
    }

    public long ranSeconds() {
        return runs.stream().mapToLong(SimulatedRun::seconds).sum();
    }

    public long freeSeconds() {
        return runs.stream().mapToLong(SimulatedRun::freeSeconds).sum();
    }

    /** The share of the time in which it ran, from its start until {@link #askedUntil}; 0 to 1, {@value #SHARE_DECIMALS} decimals. */
    public BigDecimal availability() {
        long asked = askedUntil.getEpochSecond() - strategy.start().getEpochSecond();
        return asked <= 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(ranSeconds())
                        .divide(BigDecimal.valueOf(asked), SHARE_DECIMALS, RoundingMode.HALF_EVEN);
    }

    private Money sum(Function<SimulatedRun, Money> part) {
        return runs.stream().map(part).reduce(Money.ZERO, Money::plus);
    }
}
