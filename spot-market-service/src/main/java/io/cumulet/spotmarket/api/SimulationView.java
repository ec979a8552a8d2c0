package io.cumulet.spotmarket.api;

import io.cumulet.spotmarket.domain.simulation.SimulatedRun;
import io.cumulet.spotmarket.domain.simulation.Simulation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a strategy. USD, hours and percent are decimal texts.
 *
 * @param cost what a bill says of its runs
 * @param onDemandCost what the same runs cost on demand
 * @param savingsPercent of the cost on demand; missing if nothing ran
 * @param hoursRun of all runs, 4 decimals
 * @param hoursOfWorkDone without what interruptions undid, 4 decimals
 * @param finishedAt when all work was done; missing if it never was
 * @param interruptions how often the price ended a run
 * @param availability the share of the time from its start to its end, or the history's, in which it ran: 0 to 1
 * @param freeHours of interrupted hours that cost nothing, 4 decimals
 * @param runCount how many runs there were
 * @param runs the first of them
 */
public record SimulationView(
        String name,
        String cost,
        String onDemandCost,
        @Nullable String savingsPercent,
        String hoursRun,
        String hoursOfWorkDone,
        @Nullable Instant finishedAt,
        long interruptions,
        String availability,
        String freeHours,
        int runCount,
        List<RunView> runs) {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
    private static final int HOUR_DECIMALS = 4;

    /**
     * A run.
     *
     * @param pool such as {@code us-east-1a/m4.large/linux}
     * @param endedBy {@code finished}, {@code price} or {@code history-end}
     */
    public record RunView(String pool, Instant startedAt, Instant endedAt, String endedBy, String cost) {

        private static RunView of(SimulatedRun run) {
            return new RunView(
                    run.pool().toString(),
                    run.start(),
                    run.end(),
                    run.endedBy().code(),
                    run.cost().toString());
        }
    }

    static SimulationView of(Simulation simulation, int runsToList) {
        BigDecimal savings = simulation.savingsPercent();
        return new SimulationView(
                simulation.strategy().name(),
                simulation.cost().toString(),
                simulation.onDemandCost().toString(),
                savings == null ? null : savings.toPlainString(),
                hours(simulation.ranSeconds()),
                hours(simulation.workSeconds()),
                simulation.finishedAt(),
                simulation.interruptions(),
                simulation.availability().toPlainString(),
                hours(simulation.freeSeconds()),
                simulation.runs().size(),
                simulation.runs().stream().limit(runsToList).map(RunView::of).toList());
    }

    private static String hours(long seconds) {
        return BigDecimal.valueOf(seconds)
                .divide(SECONDS_PER_HOUR, HOUR_DECIMALS, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}
