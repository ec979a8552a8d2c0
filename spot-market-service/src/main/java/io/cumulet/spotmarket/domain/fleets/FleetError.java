package io.cumulet.spotmarket.domain.fleets;

import org.jspecify.annotations.Nullable;

/**
 * Why an instant fleet got less than it asked for; the code is one EC2 has.
 *
 * @param availabilityZone null for On-Demand Instances that might be in any
 * @param market {@code spot} or {@code on-demand}; null of old ones, which are spot
 */
public record FleetError(
        String instanceType,
        @Nullable String availabilityZone,
        String code,
        String message,
        @Nullable String market) {

    /** Of a spot pool. */
    FleetError(String instanceType, String availabilityZone, String code, String message) {
        this(instanceType, availabilityZone, code, message, "spot");
    }
}
