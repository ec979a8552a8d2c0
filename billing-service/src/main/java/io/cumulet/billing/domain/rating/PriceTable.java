package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prices that were listed one by one. A price may be given twice, but not with two figures. */
public final class PriceTable implements Prices {

    private record OnDemandKey(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {}

    private record Pool(AvailabilityZone zone, InstanceType type, OperatingSystem os) {}

    private record HostKey(Region region, String family) {}

    private record PlanKey(String planId, OnDemandKey usage) {}

    private record PlanHostKey(String planId, HostKey hosts) {}

    private final Map<OnDemandKey, HourlyRate> onDemand = new HashMap<>();
    private final Map<Pool, NavigableMap<Instant, HourlyRate>> spot = new HashMap<>();
    private final Map<HostKey, HourlyRate> dedicatedHosts = new HashMap<>();
    private final Map<PlanKey, HourlyRate> plans = new HashMap<>();
    private final Map<PlanHostKey, HourlyRate> planHosts = new HashMap<>();
    private HourlyRate regionFee = USUAL_REGION_FEE;

    /** @return whether it was taken: false if there is another price for the same already */
    public boolean addOnDemand(
            Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, HourlyRate hourly) {
        return agrees(onDemand.putIfAbsent(new OnDemandKey(region, type, os, tenancy), hourly), hourly);
    }

    /** @return whether it was taken: false if there is another price for the same already */
    public boolean addSpot(
            AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant at, HourlyRate hourly) {
        return agrees(
                spot.computeIfAbsent(new Pool(zone, type, os), pool -> new TreeMap<>())
                        .putIfAbsent(at, hourly),
                hourly);
    }

    /** @return whether it was taken: false if there is another price for the same already */
    public boolean addDedicatedHost(Region region, String family, HourlyRate hourly) {
        return agrees(dedicatedHosts.putIfAbsent(new HostKey(region, family), hourly), hourly);
    }

    /** @return whether it was taken: false if there is another rate for the same already */
    public boolean addSavingsPlan(
            String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, HourlyRate hourly) {
        PlanKey key = new PlanKey(planId, new OnDemandKey(region, type, os, tenancy));
        return agrees(plans.putIfAbsent(key, hourly), hourly);
    }

    /** @return whether it was taken: false if there is another rate for the same already */
    public boolean addSavingsPlanHost(String planId, Region region, String family, HourlyRate hourly) {
        PlanHostKey key = new PlanHostKey(planId, new HostKey(region, family));
        return agrees(planHosts.putIfAbsent(key, hourly), hourly);
    }

    public void setDedicatedRegionFee(HourlyRate hourly) {
        regionFee = hourly;
    }

    private static boolean agrees(@Nullable HourlyRate before, HourlyRate now) {
        return before == null || before.compareTo(now) == 0;
    }

    @Override
    public Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return Optional.ofNullable(onDemand.get(new OnDemandKey(region, type, os, tenancy)));
    }

    @Override
    public Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant at) {
        NavigableMap<Instant, HourlyRate> history = spot.get(new Pool(zone, type, os));
        Map.Entry<Instant, HourlyRate> inForce = history == null ? null : history.floorEntry(at);
        return inForce == null ? Optional.empty() : Optional.of(inForce.getValue());
    }

    @Override
    public Optional<HourlyRate> dedicatedHost(Region region, String family) {
        return Optional.ofNullable(dedicatedHosts.get(new HostKey(region, family)));
    }

    @Override
    public HourlyRate dedicatedRegionFee() {
        return regionFee;
    }

    @Override
    public Optional<HourlyRate> savingsPlan(
            String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return Optional.ofNullable(plans.get(new PlanKey(planId, new OnDemandKey(region, type, os, tenancy))));
    }

    @Override
    public Optional<HourlyRate> savingsPlanHost(String planId, Region region, String family) {
        return Optional.ofNullable(planHosts.get(new PlanHostKey(planId, new HostKey(region, family))));
    }
}
