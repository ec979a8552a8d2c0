package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Capacity held from {@code start} on, used or not.
 *
 * @param end null while it goes on
 */
public record CapacityReservation(
        String place,
        String id,
        AccountId account,
        InstanceType type,
        OperatingSystem os,
        Tenancy tenancy,
        AvailabilityZone zone,
        int count,
        Instant start,
        @Nullable Instant end) {}
