package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** The list prices in force at a moment, the spot prices of every moment, and the rates of what was bought. */
final class PricesInForce implements Prices {

    private final OnDemandPrices onDemandPrices;
    private final Offerings offerings;
    private final Instant at;
    private final Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot;
    private final Map<String, PurchasedCommitment> bought = new HashMap<>();

    PricesInForce(
            OnDemandPrices onDemandPrices,
            Offerings offerings,
            Instant at,
            Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot,
            List<PurchasedCommitment> commitments) {
        this.onDemandPrices = onDemandPrices;
        this.offerings = offerings;
        this.at = at;
        this.spot = spot;
        commitments.forEach(commitment -> bought.put(commitment.id(), commitment));
    }

    @Override
    public Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return onDemandPrices.inForce(region, type, os, tenancy, at).map(OnDemandPrice::hourly);
    }

    @Override
    public Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant begin) {
        NavigableMap<Instant, HourlyRate> history = spot.get(new SpotPool(zone, type, os));
        Map.Entry<Instant, HourlyRate> inForce = history == null ? null : history.floorEntry(begin);
        return inForce == null ? Optional.empty() : Optional.of(inForce.getValue());
    }

    @Override
    public Optional<HourlyRate> dedicatedHost(Region region, String family) {
        return Optional.empty();
    }

    @Override
    public Optional<HourlyRate> savingsPlan(
            String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        PurchasedCommitment plan = bought.get(planId);
        return plan == null
                ? Optional.empty()
                : offerings.planRate(plan.terms(), plan.purchasedAt(), region, type, os, tenancy);
    }

    @Override
    public HourlyRate dedicatedRegionFee() {
        return USUAL_REGION_FEE;
    }
}
