package io.cumulet.billing.domain.metering;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import org.jspecify.annotations.Nullable;

/**
 * What is paid for and by whom, as far as a price depends on it.
 *
 * @param hostId the dedicated host it runs on; null for other tenancies
 * @param scheduledInstanceId the scheduled Reserved Instances it was launched into; null for others
 */
public record MeteredThing(
        AccountId account,
        AvailabilityZone zone,
        InstanceType instanceType,
        OperatingSystem os,
        Tenancy tenancy,
        Market market,
        @Nullable String hostId,
        @Nullable String scheduledInstanceId) {

    /** One that wasn't launched into scheduled Reserved Instances. */
    public MeteredThing(
            AccountId account,
            AvailabilityZone zone,
            InstanceType instanceType,
            OperatingSystem os,
            Tenancy tenancy,
            Market market,
            @Nullable String hostId) {
        this(account, zone, instanceType, os, tenancy, market, hostId, null);
    }

    public Region region() {
        return zone.region();
    }
}
