package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
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
        String subnetId = launch.subnetId();
        boolean needsAsking = subnetId != null
                || launch.keyName() != null
                || launch.securityGroupIds() != null
                || launch.userData() != null
                || launch.options() != null;
        if (!needsAsking) {
            return Outcome.done(Optional.empty());
        }
        Outcome<InstanceService.Launch> tried = instances.tried(account, region, launch);
        // A default subnet may have been deleted, so its id says nothing either.
        return subnetId == null
                ? tried.map(unused -> Optional.empty())
                : tried.flatMap(unused ->
                        instances.zoneOfSubnet(account, region, subnetId).map(Optional::of));
    }
}
