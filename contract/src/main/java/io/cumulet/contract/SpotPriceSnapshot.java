package io.cumulet.contract;

import java.time.Instant;

/**
 * The price of a spot pool from a moment on. Key: the pool, such as {@code us-east-1a/m4.large/linux}.
 *
 * @param price USD per hour as a decimal string
 * @param occurredAt from when on it is in force
 */
public record SpotPriceSnapshot(
        String availabilityZone, String instanceType, String os, long version, String price, Instant occurredAt) {}
