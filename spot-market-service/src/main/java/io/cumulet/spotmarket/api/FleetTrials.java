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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Has the launches of a fleet tried that name what only the instance service knows: one for each subnet, and one for all
 * overrides without. Where an override says attributes, options that go with some types alone are tried with each of its
 * types: those that they don't suit are none of the fleet's, and only if none is left it is refused.
 */
final class FleetTrials {

    /** The instance service is asked about each, one after the other. */
    private static final int MOST_SUBNETS = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Options of a launch that not every type can have, in the words of the instance service. */
    private static final Set<String> OF_TYPES = Set.of(
            "cpuOptions",
            "creditSpecification",
            "ebsOptimized",
            "enclaveOptions",
            "hibernationOptions",
            "instanceType");

    private FleetTrials() {}

    /**
     * What came of it.
     *
     * @param overrides without the types that the launch's options don't suit
     */
    record Tried(FleetOverrides overrides, Map<String, AvailabilityZone> zonesOfSubnets) {}

    /**
     * Asks.
     *
     * @param realTime by which it is given up if that takes too long
     * @return or why a launch would be refused
     */
    static Outcome<Tried> of(
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
        Set<String> triedSubnets = new HashSet<>();
        Map<String, Boolean> suited = new HashMap<>();
        Map<String, Refusal> whyNot = new HashMap<>();
        Set<FleetOverrides.ForType> unsuited = new HashSet<>();
        boolean isOfTypes = saysWhatNotAllTypesHave(launch);
        for (FleetOverrides.ForType one : overrides.forTypes()) {
            FleetBody.OverrideBody override = one.said();
            String type = String.valueOf(override.instanceType());
            boolean isChosen = one.admitted() != null;
            if (isChosen && Boolean.FALSE.equals(suited.get(type))) {
                unsuited.add(one);
                continue;
            }
            boolean isTypeTried = !isChosen || !isOfTypes || suited.containsKey(type);
            if (isTypeTried && triedSubnets.contains(String.valueOf(override.subnetId()))) {
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
                    if (!isChosen || !isOfType(refusal)) {
                        return Outcome.refused(FleetOverrides.placed(refusal, one.field()));
                    }
                    suited.put(type, false);
                    unsuited.add(one);
                    whyNot.putIfAbsent(type, refusal);
                }
                case Outcome.Done<Optional<AvailabilityZone>>(Optional<AvailabilityZone> known) -> {
                    suited.put(type, true);
                    triedSubnets.add(String.valueOf(override.subnetId()));
                    known.ifPresent(named -> zones.put(String.valueOf(override.subnetId()), named));
                }
            }
        }
        return withoutThem(overrides, unsuited, whyNot).map(left -> new Tried(left, zones));
    }

    private static boolean saysWhatNotAllTypesHave(FleetBody.Launch launch) {
        Map<String, Object> options = launch.launchOptions();
        return options != null && options.keySet().stream().anyMatch(OF_TYPES::contains);
    }

    private static boolean isOfType(Refusal refusal) {
        String field = refusal.field();
        return field != null && OF_TYPES.contains(field.split("\\.", 2)[0]);
    }

    private static Outcome<FleetOverrides> withoutThem(
            FleetOverrides overrides, Set<FleetOverrides.ForType> unsuited, Map<String, Refusal> whyNot) {
        FleetOverrides left = overrides.without(unsuited);
        Set<String> fields = new HashSet<>();
        left.forTypes().forEach(one -> fields.add(one.field()));
        return overrides.forTypes().stream()
                .filter(one -> !fields.contains(one.field()))
                .findFirst()
                .<Outcome<FleetOverrides>>map(one -> Outcome.refused(FleetOverrides.placed(
                        Objects.requireNonNull(
                                whyNot.get(String.valueOf(one.said().instanceType()))),
                        one.field())))
                .orElseGet(() -> Outcome.done(left));
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
