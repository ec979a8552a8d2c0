package io.cumulet.spotmarket.api;

import io.cumulet.plumbing.api.InstanceRequirementsBody;
import io.cumulet.spotmarket.domain.fleets.PriceProtection;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fleet as it is sent, in the words of EC2's CreateFleet.
 *
 * @param type {@code maintain} (if not said), {@code request} or {@code instant}
 * @param targetCapacity of spot instances, in units of weight, at most 10,000; above 0 unless there are On-Demand Instances
 * @param onDemandTargetCapacity of On-Demand Instances, likewise; 0 if not said
 * @param onDemandOptions how those are chosen
 * @param allocationStrategy {@code lowest-price} (if not said), {@code capacity-optimized}, {@code capacity-optimized-prioritized},
 *     {@code price-capacity-optimized} or {@code diversified}
 * @param instancePoolsToUseCount over how many of the cheapest pools {@code lowest-price} spreads; 1 if not said
 * @param maxTotalPrice USD per hour for all instances at present prices, a decimal string
 * @param minTargetCapacity what an {@code instant} fleet reaches, or it launches nothing
 * @param singleInstanceType whether all instances of an {@code instant} fleet are of one type
 * @param singleAvailabilityZone whether all instances of an {@code instant} fleet are in one zone
 * @param interruptionBehavior {@code terminate}: the fleet replaces what is interrupted
 * @param capacityRebalance {@code launch} or {@code launch-before-terminate}, for {@code maintain}
 * @param terminationDelaySeconds from when the new instance runs to the end of the old one, 120 to 7,200; with
 *     {@code launch-before-terminate} only, which needs it
 * @param excessCapacityTerminationPolicy {@code termination} (if not said) or {@code no-termination}
 * @param terminateInstancesWithExpiration whether instances end with {@code validUntil}
 * @param overrides 1 to 300, no two for one pool
 * @param kind {@code fleet} (if not said) or {@code spot-fleet-request}: the same with an id that begins with {@code sfr-}
 * @param requestedAs how it was asked for, a JSON object of at most 64 KiB: recorded and shown, and nothing else
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html">CreateFleet</a>
 */
public record FleetBody(
        @Nullable String type,
        @Nullable BigDecimal targetCapacity,
        @Nullable BigDecimal onDemandTargetCapacity,
        @Nullable OnDemandOptions onDemandOptions,
        @Nullable String allocationStrategy,
        @Nullable Integer instancePoolsToUseCount,
        @Nullable String maxTotalPrice,
        @Nullable BigDecimal minTargetCapacity,
        @Nullable Boolean singleInstanceType,
        @Nullable Boolean singleAvailabilityZone,
        @Nullable String interruptionBehavior,
        @Nullable String capacityRebalance,
        @Nullable Integer terminationDelaySeconds,
        @Nullable String excessCapacityTerminationPolicy,
        @Nullable Boolean terminateInstancesWithExpiration,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        @Nullable Launch launch,
        @Nullable List<OverrideBody> overrides,
        @Nullable Map<String, String> tags,
        @Nullable String kind,
        @Nullable Map<String, Object> requestedAs,
        @Nullable String clientToken) {

    /** @param allocationStrategy {@code lowest-price} (if not said) or {@code prioritized}, by the overrides' priorities */
    public record OnDemandOptions(@Nullable String allocationStrategy) {}

    /** What all instances have in common. */
    public record Launch(
            @Nullable String imageId,
            @Nullable String keyName,
            @Nullable List<String> securityGroupIds,
            @Nullable Map<String, String> tags,
            @Nullable String userData,
            @Nullable Map<String, Object> launchOptions) {}

    /**
     * A kind of instance the fleet may launch.
     *
     * @param instanceType either this or {@code instanceRequirements}
     * @param availabilityZone without it, all zones of the region with hosts
     * @param maxPrice USD per hour for a unit of weight, a decimal string; the instance's On-Demand price if not said
     * @param weightedCapacity how much capacity an instance is, above 0, at most 999; 1 if not said
     * @param priority the smaller is tried first where all else is equal
     * @param instanceRequirements what types have to have: the fleet may launch all types on offer that have it, as the catalog
     *     and prices are when it is made
     * @param priceProtection which of them cost too much; EC2's usual one if not said
     */
    public record OverrideBody(
            @Nullable String instanceType,
            @Nullable String availabilityZone,
            @Nullable String subnetId,
            @Nullable String maxPrice,
            @Nullable BigDecimal weightedCapacity,
            @Nullable BigDecimal priority,
            @Nullable InstanceRequirementsBody instanceRequirements,
            @Nullable PriceProtectionBody priceProtection) {

        OverrideBody ofType(String type) {
            return new OverrideBody(type, availabilityZone, subnetId, maxPrice, weightedCapacity, priority, null, null);
        }
    }

    /**
     * By how much a type may cost more than the cheapest of current general purpose, compute or memory types with the same
     * attributes; see {@link PriceProtection}. At least 0; 999,999 for no limit.
     *
     * @param spotMaxPricePercentageOverLowestPrice for spot instances, by On-Demand prices; 100 if not said
     * @param maxSpotPriceAsPercentageOfOptimalOnDemandPrice instead: what a spot instance costs at most, of that type's
     *     On-Demand price
     * @param onDemandMaxPricePercentageOverLowestPrice for On-Demand Instances; 20 if not said
     */
    public record PriceProtectionBody(
            @Nullable Integer spotMaxPricePercentageOverLowestPrice,
            @Nullable Integer maxSpotPriceAsPercentageOfOptimalOnDemandPrice,
            @Nullable Integer onDemandMaxPricePercentageOverLowestPrice) {}

    /** What may be changed of a fleet; a tag with null as value is removed. */
    public record Change(
            @Nullable BigDecimal targetCapacity,
            @Nullable BigDecimal onDemandTargetCapacity,
            @Nullable String excessCapacityTerminationPolicy,
            @Nullable Map<String, @Nullable String> tags) {

        @Nullable
        BigDecimal target() {
            return targetCapacity == null ? null : FleetCapacity.of("targetCapacity", targetCapacity, true);
        }

        @Nullable
        BigDecimal onDemandTarget() {
            return onDemandTargetCapacity == null
                    ? null
                    : FleetCapacity.of("onDemandTargetCapacity", onDemandTargetCapacity, true);
        }

        @Nullable
        Boolean keepsExcess() {
            return excessCapacityTerminationPolicy == null
                    ? null
                    : FleetBody.keepsExcess(excessCapacityTerminationPolicy);
        }
    }

    /** Whether instances above a target that is lowered go on. */
    boolean keepsExcess() {
        return excessCapacityTerminationPolicy != null && keepsExcess(excessCapacityTerminationPolicy);
    }

    private static boolean keepsExcess(String policy) {
        return Fields.oneOf(
                "excessCapacityTerminationPolicy",
                policy,
                new Boolean[] {false, true},
                keeps -> keeps ? "no-termination" : "termination",
                false);
    }

    Launch requiredLaunch() {
        if (launch == null) {
            throw Fields.missing("launch");
        }
        return launch;
    }

    FleetBody withoutToken() {
        return new FleetBody(
                type,
                targetCapacity,
                onDemandTargetCapacity,
                onDemandOptions,
                allocationStrategy,
                instancePoolsToUseCount,
                maxTotalPrice,
                minTargetCapacity,
                singleInstanceType,
                singleAvailabilityZone,
                interruptionBehavior,
                capacityRebalance,
                terminationDelaySeconds,
                excessCapacityTerminationPolicy,
                terminateInstancesWithExpiration,
                validFrom,
                validUntil,
                launch,
                overrides,
                tags,
                kind,
                requestedAs,
                null);
    }
}
