package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance and its runs.
 *
 * @param place JSON pointer to it in the scenario it came with
 * @param scheduledInstanceId the scheduled Reserved Instances it was launched into; null for others
 */
public record InstanceUsage(
        String place,
        String id,
        AccountId account,
        InstanceType type,
        OperatingSystem os,
        Tenancy tenancy,
        AvailabilityZone zone,
        Market market,
        @Nullable String hostId,
        @Nullable String capacityReservationId,
        @Nullable String scheduledInstanceId,
        List<Run> runs) {

    /** One that wasn't launched into scheduled Reserved Instances. */
    public InstanceUsage(
            String place,
            String id,
            AccountId account,
            InstanceType type,
            OperatingSystem os,
            Tenancy tenancy,
            AvailabilityZone zone,
            Market market,
            @Nullable String hostId,
            @Nullable String capacityReservationId,
            List<Run> runs) {
        this(place, id, account, type, os, tenancy, zone, market, hostId, capacityReservationId, null, runs);
    }

    /** What ended a run. */
    public enum EndedBy {
        USER,
        INTERRUPTION
    }

    /**
     * One stay in {@code running}, in whole seconds.
     *
     * @param stop null while it goes on
     */
    public record Run(Instant start, @Nullable Instant stop, EndedBy endedBy) {}
}
