package io.cumulet.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fleet as it is after the event. Key: fleet id.
 *
 * @param type EC2's: {@code instant}, {@code request} or {@code maintain}
 * @param state EC2's: {@code submitted}, {@code active}, {@code modifying}, {@code deleted-running}, {@code
 *     deleted-terminating}, {@code deleted}, {@code failed}
 * @param activityStatus EC2's: {@code pending_fulfillment}, {@code pending_termination}, {@code fulfilled} or {@code error}
 * @param targetCapacity of spot instances, in units of weight, as a decimal string
 * @param fulfilledCapacity what of it runs, in units of weight, as a decimal string; may lie above the target
 * @param onDemandTargetCapacity of On-Demand Instances, likewise; null in events from before there were any
 * @param fulfilledOnDemandCapacity what of that has an instance, likewise
 */
public record SpotFleetSnapshot(
        String fleetId,
        String account,
        String region,
        long version,
        String type,
        String state,
        String activityStatus,
        String targetCapacity,
        String fulfilledCapacity,
        Instant createdAt,
        Instant occurredAt,
        @Nullable String onDemandTargetCapacity,
        @Nullable String fulfilledOnDemandCapacity) {}
