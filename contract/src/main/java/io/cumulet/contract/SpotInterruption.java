package io.cumulet.contract;

import java.time.Instant;

/**
 * The market takes an instance back: first as a warning, then as the eviction. An instance that is stopped when its request
 * is cancelled, or runs out, is evicted without a warning. Key: instance id.
 *
 * @param reason {@code price}, {@code capacity}, {@code launch-group}, {@code injected}; and without a warning {@value
 *     #REQUEST_ENDED} or {@value #FLEET}
 * @param action what happens to the instance: {@code terminate}, {@code stop} or {@code hibernate}
 * @param actionAt when the eviction is due, or was
 */
public record SpotInterruption(
        String instanceId,
        String spotRequestId,
        String account,
        String region,
        String availabilityZone,
        String instanceType,
        String os,
        String reason,
        String action,
        Instant actionAt,
        Instant occurredAt) {

    /** The reason of an eviction that ends a stopped instance whose request is over. */
    public static final String REQUEST_ENDED = "request-ended";

    /** The reason of an eviction by which a fleet gives up an instance, running or not: as if its owner terminated it. */
    public static final String FLEET = "fleet";
}
