package io.cumulet.spotmarket.api;

import static io.cumulet.spotmarket.api.Fields.refuse;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.app.LaunchTrials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has the launches of a fleet tried that name what only the instance service knows: one for each subnet, and one for all
 * overrides without.
 */
final class FleetTrials {

    /** The instance service is asked about each, one after the other. */
    private static final int MOST_SUBNETS = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private FleetTrials() {}

    /**
     * Asks.
     *
     * @param realTime by which it is given up if that takes too long
     * @return the zones of the subnets; or why a launch would be refused
     */
    static Outcome<Map<String, AvailabilityZone>> zonesOfSubnets(
            FleetOverrides overrides, AccountId account, Region region, LaunchTrials trials, InstantSource realTime) {
        FleetBody.Launch launch;
        try {
            launch = overrides.launch();
            mustNameFewSubnets(overrides.forTypes());
            SpotRequestBody.checkGroups("launch.securityGroupIds", launch.securityGroupIds());
        } catch (RefusedException e) {
            return Outcome.refused(e.refusal());
        }
        Instant until = realTime.instant().plus(PATIENCE);
        Map<String, AvailabilityZone> zones = new HashMap<>();
        Set<String> tried = new HashSet<>();
        for (FleetOverrides.ForType one : overrides.forTypes()) {
            FleetBody.OverrideBody override = one.said();
            if (!tried.add(String.valueOf(override.subnetId()))) {
                continue;
            }
            if (!realTime.instant().isBefore(until)) {
                return Outcome.refused(
                        ErrorCode.UNAVAILABLE,
                        one.field(),
                        "The instance service takes too long to tell whether the instances could be launched");
            }
            Outcome<Optional<AvailabilityZone>> zone = trials.zoneOf(
                    account,
                    region,
                    new InstanceService.Launch(
                            launch.imageId(),
                            override.instanceType(),
                            override.availabilityZone(),
                            override.subnetId(),
                            launch.keyName(),
                            launch.securityGroupIds(),
                            launch.userData(),
                            launch.launchOptions()));
            switch (zone) {
                case Outcome.Refused<Optional<AvailabilityZone>>(Refusal refusal) -> {
                    return Outcome.refused(FleetOverrides.placed(refusal, one.field()));
                }
                case Outcome.Done<Optional<AvailabilityZone>>(Optional<AvailabilityZone> known) ->
                    known.ifPresent(named -> zones.put(String.valueOf(override.subnetId()), named));
            }
        }
        return Outcome.done(zones);
    }

    private static void mustNameFewSubnets(List<FleetOverrides.ForType> forTypes) {
        Set<String> subnets = new HashSet<>();
        for (FleetOverrides.ForType one : forTypes) {
            String subnet = one.said().subnetId();
            if (subnet != null && subnets.add(subnet) && subnets.size() > MOST_SUBNETS) {
                throw refuse(
                        ErrorCode.INVALID_FLEET_CONFIG,
                        one.field() + ".subnetId",
                        "The overrides name at most " + MOST_SUBNETS + " subnets");
            }
        }
    }
}
