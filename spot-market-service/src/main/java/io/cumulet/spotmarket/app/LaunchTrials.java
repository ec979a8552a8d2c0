package io.cumulet.spotmarket.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Asks the instance service, when a request is made, what it would say to the launch: what it would refuse must not wait for
 * room first. Not asked if the request names nothing but what the market knows too: image, type and zone.
 */
@ApplicationScoped
public class LaunchTrials {

    private final InstanceService instances;

    public LaunchTrials(InstanceService instances) {
        this.instances = instances;
    }

    /**
     * Tries a launch, without a transaction: it may have to wait for the answer.
     *
     * @return the zone that the launch's subnet says; empty if it names none
     */
    public Outcome<Optional<AvailabilityZone>> zoneOf(AccountId account, Region region, InstanceService.Launch launch) {
        Optional<String> subnetId = Optional.ofNullable(launch.subnetId());
        Optional<AvailabilityZone> known = subnetId.flatMap(id -> zoneOfDefault(account, region, id));
        Optional<String> unknown = subnetId.filter(id -> known.isEmpty());
        boolean needsAsking = unknown.isPresent()
                || launch.keyName() != null
                || launch.securityGroupIds() != null
                || launch.userData() != null;
        if (!needsAsking) {
            return Outcome.done(known);
        }
        Outcome<InstanceService.Launch> tried = instances.tried(account, region, launch);
        return unknown.map(id -> tried.flatMap(
                        unused -> instances.zoneOfSubnet(account, region, id).map(Optional::of)))
                .orElseGet(() -> tried.map(unused -> known));
    }

    private static Optional<AvailabilityZone> zoneOfDefault(AccountId account, Region region, String subnetId) {
        return Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .filter(zone -> DefaultNetwork.subnetId(account, zone).equals(subnetId))
                .findFirst();
    }
}
