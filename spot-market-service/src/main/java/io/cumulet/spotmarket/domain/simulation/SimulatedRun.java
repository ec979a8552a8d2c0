package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.SpotRunHours;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One stay of the instance in a pool, in whole seconds, and what a bill says of it.
 *
 * @param cost each instance-hour rounded as a row of a bill is
 * @param onDemandCost what the same time costs on demand, as the bill's list cost has it
 * @param freeSeconds those of an interrupted hour that costs nothing
 */
public record SimulatedRun(
        PoolId pool, Instant start, Instant end, EndedBy endedBy, Money cost, Money onDemandCost, long freeSeconds) {

    /** What ended a run. */
    public enum EndedBy {
        /** Its work was done. */
        FINISHED(SpotRunHours.End.OWNER),
        /** The price rose above the max, a notice before. */
        PRICE(SpotRunHours.End.INTERRUPTION),
        /** Nothing: it still ran when the history ended. */
        HISTORY_END(SpotRunHours.End.NONE);

        private final SpotRunHours.End end;

        EndedBy(SpotRunHours.End end) {
            this.end = end;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static SimulatedRun of(
            SimulatedPool pool, Instant start, Instant end, EndedBy endedBy, SpotInterruptionPolicy policy) {
        SpotRunHours hours = SpotRunHours.of(start, end, endedBy.end, pool.id().os(), policy);
        Money cost = Money.ZERO;
        Money onDemandCost = Money.ZERO;
        long freeSeconds = 0;
        Hour last = null;
        for (long index = 0; index < hours.count(); index++) {
            HourlyRate price = pool.prices()
                    .at(Instant.ofEpochSecond(hours.begin(index)))
                    .orElseThrow(() -> new IllegalStateException("A run in " + pool.id() + " without a price"));
            Hour hour = Hour.of(last, hours.seconds(index), price, pool.onDemand());
            last = hour;
            onDemandCost = onDemandCost.plus(hour.onDemandCost);
            if (hours.isFree(index)) {
                freeSeconds += hour.seconds;
            } else {
                cost = cost.plus(hour.cost);
            }
        }
        return new SimulatedRun(pool.id(), start, end, endedBy, cost, onDemandCost, freeSeconds);
    }

    long seconds() {
        return end.getEpochSecond() - start.getEpochSecond();
    }

    /** An instance-hour's cost; most are like the one before, and exact division takes far longer than a look. */
    private record Hour(long seconds, HourlyRate price, Money cost, Money onDemandCost) {

        static Hour of(@Nullable Hour last, long seconds, HourlyRate price, HourlyRate onDemand) {
            return last != null && last.seconds == seconds && last.price.equals(price)
                    ? last
                    : new Hour(seconds, price, price.roundedCostOf(seconds), onDemand.roundedCostOf(seconds));
        }
    }
}
