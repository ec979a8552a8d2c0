package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.catalog.DedicatedHosts;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The prices of usage, with the rates of what a portfolio buys, and derived prices where there is none: of dedicated instances that
 * of default tenancy, of hosts the catalog's.
 *
 * @param at the moment of the purchases
 * @param plans what is bought, by the id it has in the scenario
 */
record PortfolioPrices(Prices prices, Offerings offerings, Instant at, Map<String, Terms> plans) implements Prices {

    @Override
    public Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return prices.onDemand(region, type, os, tenancy)
                .or(() -> tenancy == Tenancy.DEDICATED
                        ? prices.onDemand(region, type, os, Tenancy.DEFAULT)
                        : Optional.empty());
    }

    @Override
    public Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant begin) {
        return prices.spot(zone, type, os, begin);
    }

    @Override
    public Optional<HourlyRate> dedicatedHost(Region region, String family) {
        return prices.dedicatedHost(region, family)
                .or(() -> DedicatedHosts.find(region, family).map(DedicatedHosts.Host::hourly));
    }

    @Override
    public HourlyRate dedicatedRegionFee() {
        return prices.dedicatedRegionFee();
    }

    @Override
    public Optional<HourlyRate> savingsPlan(
            String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        Terms plan = plans.get(planId);
        return plan == null
                ? prices.savingsPlan(planId, region, type, os, tenancy)
                : offerings.planRate(plan, at, region, type, os, tenancy);
    }

    @Override
    public Optional<HourlyRate> savingsPlanHost(String planId, Region region, String family) {
        return prices.savingsPlanHost(planId, region, family);
    }
}
