package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How somebody would have bid, for one instance at a time.
 *
 * @param pools those it may run in; empty for all of the history
 * @param start from when on it bids, whole seconds
 */
public record Strategy(
        String name,
        MaxPrice maxPrice,
        Terms.Kind kind,
        Terms.InterruptionBehavior behavior,
        PoolChoice poolChoice,
        Set<PoolId> pools,
        Instant start,
        Work work,
        SpotInterruptionPolicy interruptionPolicy) {

    /** Where it runs after an interruption. Its first run is in the cheapest pool it can have. */
    public enum PoolChoice {
        /** Where it ran before, even if another is cheaper. */
        FIXED,
        /** In the pool that is cheapest then. */
        CHEAPEST;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What it has to do; lengths in whole seconds.
     *
     * @param needed running time after which it is done; null to run until the history ends
     * @param checkpoint after each such stretch of work the work is safe, and an interruption throws it back to the last one;
     *     null if it loses nothing, as one that saves its work during the notice
     * @param restart how long a run that follows an interruption takes until the work goes on
     */
    public record Work(@Nullable Duration needed, @Nullable Duration checkpoint, Duration restart) {

        /** It runs and runs, and loses nothing. */
        public static final Work ENDLESS = new Work(null, null, Duration.ZERO);
    }

    boolean mayRunIn(PoolId pool) {
        return pools.isEmpty() || pools.contains(pool);
    }

    /** What of the work is still there after an interruption: one that hibernates keeps its memory. */
    long keptSeconds(long workedSeconds) {
        Duration checkpoint = work.checkpoint();
        return checkpoint == null || behavior == Terms.InterruptionBehavior.HIBERNATE
                ? workedSeconds
                : workedSeconds / checkpoint.toSeconds() * checkpoint.toSeconds();
    }
}
