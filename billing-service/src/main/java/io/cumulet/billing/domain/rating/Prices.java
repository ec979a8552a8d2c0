package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.Optional;

/** The prices of a scenario's period. Empty where nobody knows one: what needs it can't be rated. */
public interface Prices {

    /** What a dedicated instance in a region costs an account, flat, for each hour: 2 USD unless a list says otherwise. */
    HourlyRate USUAL_REGION_FEE = HourlyRate.of("2");

    Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy);

    /** The pool's price in force at a moment. */
    Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant at);

    Optional<HourlyRate> dedicatedHost(Region region, String family);

    HourlyRate dedicatedRegionFee();

    /** The rate of a Savings Plan; empty for what it doesn't cover. */
    default Optional<HourlyRate> savingsPlan(
            String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return Optional.empty();
    }

    /** The rate of a Savings Plan for Dedicated Hosts of a family; empty for what it doesn't cover. */
    default Optional<HourlyRate> savingsPlanHost(String planId, Region region, String family) {
        return Optional.empty();
    }
}
