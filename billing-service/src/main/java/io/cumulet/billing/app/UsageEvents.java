package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import java.util.List;

/** Tells the world of ended runs, in the running transaction. */
public interface UsageEvents {

    void metered(List<Metered> runs);

    /**
     * An ended run.
     *
     * @param cause the fact that ended it
     */
    record Metered(MeteredRun run, Fact cause) {}
}
