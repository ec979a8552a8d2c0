package io.cumulet.spotmarket.app;

import io.cumulet.kernel.Outcome;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Prices as they change, in order for each pool, whichever process changed them. */
public interface PriceFeed {

    /**
     * Follows the prices of some pools.
     *
     * @param after the position of the last change that was taken, of this or another process: goes on behind it without a
     *     gap; null begins with what changes from now on
     * @return refused if the position has no meaning, or nobody more can be served
     */
    Outcome<Follower> follow(@Nullable String after, Predicate<PoolId> wanted);

    /**
     * A price.
     *
     * @param position where another may go on behind it
     */
    record Change(Pools.Price price, String position) {}

    /** Somebody who follows; used by one thread. */
    interface Follower extends AutoCloseable {

        /** The next change; empty if none came in this time. */
        Optional<Change> next(Duration patience) throws InterruptedException;

        /** Behind what was taken, and behind what came since then and wasn't wanted. */
        String position();

        /** Whether it will hear nothing more: it was too far behind, Kafka failed, or the process stops. */
        boolean isOver();

        /** Runs once it is over, at once if it is: whoever waits for a slow reader needn't wait on. */
        void onOver(Runnable action);

        @Override
        void close();
    }
}
