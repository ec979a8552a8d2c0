package io.cumulet.instances.domain.placement;

import io.cumulet.kernel.HourlyRate;
import java.time.Instant;
import java.util.Comparator;

/**
 * A spot instance that holds room on a host.
 *
 * @param pool its type and system, such as {@code m4.large/linux}
 * @param launchTime when it was last asked to run
 * @param leaving whether its room becomes free without anybody's doing: it was warned, is shutting down or stopping
 */
public record SpotUnit(
        String instanceId,
        String pool,
        String hostId,
        Capacity amount,
        HourlyRate maxPrice,
        Instant launchTime,
        boolean leaving) {

    /** Who makes room first: those that leave anyway, then who bids least, then who came last. */
    static final Comparator<SpotUnit> FIRST_TO_GO = Comparator.comparing(SpotUnit::leaving, Comparator.reverseOrder())
            .thenComparing(SpotUnit::maxPrice)
            .thenComparing(SpotUnit::launchTime, Comparator.reverseOrder())
            .thenComparing(SpotUnit::instanceId);
}
