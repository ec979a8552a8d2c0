package io.cumulet.contract;

import java.time.Instant;

/**
 * The market takes an instance back: first as a warning, then as the eviction. Key: instance id.
 *
 * @param reason {@code price} or {@code capacity}
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
        Instant occurredAt) {}
