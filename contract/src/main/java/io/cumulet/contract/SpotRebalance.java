package io.cumulet.contract;

import java.time.Instant;

/**
 * An instance is at an elevated risk of being taken back: nothing happens to it yet, and perhaps never will. Key: instance
 * id.
 */
public record SpotRebalance(
        String instanceId,
        String spotRequestId,
        String account,
        String region,
        String availabilityZone,
        String instanceType,
        String os,
        Instant occurredAt) {}
