package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.List;

/** Where it is kept when units ran, and what ended them. Changes belong to the running transaction. */
public interface SpotRuns {

    /** A unit of a request began to run. */
    record Start(String requestId, PoolId pool) {}

    /** @param interrupted whether the market took it back, for its price or for want of room */
    record End(String requestId, boolean interrupted) {}

    void start(List<Start> starts, Instant at);

    /** Ends the run of each request that is going on; one that never ran has none. */
    void end(List<End> ends, Instant at);

    /** Forgets runs that ended before a moment. */
    void forget(Instant endedBefore);
}
