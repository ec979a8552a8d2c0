package io.cumulet.spotmarket.api;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetError;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fleet as it is shown, in the words it was made with.
 *
 * @param state {@code submitted}, {@code active}, {@code modifying}, {@code deleted-running}, {@code deleted-terminating} or
 *     {@code deleted}
 * @param activityStatus {@code pending_fulfillment}, {@code pending_termination}, {@code fulfilled} or {@code error}
 * @param targetCapacity of spot instances, in units of weight
 * @param fulfilledCapacity what of it has an instance; may lie above the target
 * @param onDemandTargetCapacity of On-Demand Instances, in units of weight
 * @param fulfilledOnDemandCapacity what of it has an instance
 * @param requestedAs how it was asked for, as whoever asked has it recorded
 * @param errors of an {@code instant} fleet: why it got less than it asked for
 */
public record FleetView(
        String fleetId,
        String account,
        String type,
        String state,
        String activityStatus,
        BigDecimal targetCapacity,
        BigDecimal fulfilledCapacity,
        BigDecimal onDemandTargetCapacity,
        BigDecimal fulfilledOnDemandCapacity,
        OnDemandOptionsView onDemandOptions,
        String allocationStrategy,
        @Nullable Integer instancePoolsToUseCount,
        @Nullable String maxTotalPrice,
        @Nullable BigDecimal minTargetCapacity,
        boolean singleInstanceType,
        boolean singleAvailabilityZone,
        String interruptionBehavior,
        @Nullable String capacityRebalance,
        @Nullable Long terminationDelaySeconds,
        String excessCapacityTerminationPolicy,
        boolean terminateInstancesWithExpiration,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        LaunchView launch,
        List<OverrideView> overrides,
        List<FleetError> errors,
        Map<String, String> tags,
        @Nullable Map<String, Object> requestedAs,
        Instant createdAt) {

    /** How On-Demand Instances are chosen. */
    public record OnDemandOptionsView(String allocationStrategy) {}

    /** What all instances have in common. */
    public record LaunchView(
            String imageId,
            @Nullable String keyName,
            List<String> securityGroupIds,
            Map<String, String> tags,
            @Nullable Map<String, Object> launchOptions) {}

    /** A kind of instance the fleet may launch. */
    public record OverrideView(
            String instanceType,
            @Nullable String availabilityZone,
            @Nullable String subnetId,
            @Nullable String maxPrice,
            BigDecimal weightedCapacity,
            @Nullable BigDecimal priority) {

        static OverrideView of(FleetTerms.LaunchOverride override) {
            AvailabilityZone zone = override.zone();
            HourlyRate maxPrice = override.maxPrice();
            return new OverrideView(
                    override.type().value(),
                    zone == null ? null : zone.value(),
                    override.subnetId(),
                    maxPrice == null ? null : maxPrice.toString(),
                    override.weight(),
                    override.priority());
        }
    }

    static FleetView of(Fleet fleet) {
        FleetTerms terms = fleet.terms();
        FleetTerms.Rebalance rebalance = terms.rebalance();
        HourlyRate limit = terms.maxTotalPrice();
        Terms.Launch launch = terms.launch();
        boolean spreads = switch (terms.strategy()) {
            case LOWEST_PRICE -> true;
            case CAPACITY_OPTIMIZED, CAPACITY_OPTIMIZED_PRIORITIZED, PRICE_CAPACITY_OPTIMIZED, DIVERSIFIED -> false;
        };
        return new FleetView(
                fleet.id(),
                fleet.account().value(),
                terms.type().code(),
                fleet.state().code(),
                fleet.activity().code(),
                fleet.target(),
                fleet.fulfilled(),
                fleet.onDemand().target(),
                fleet.onDemand().fulfilled(),
                new OnDemandOptionsView(terms.onDemandStrategy().code()),
                terms.strategy().code(),
                spreads ? terms.poolsToUse() : null,
                limit == null ? null : limit.toString(),
                terms.minTarget(),
                terms.singleType(),
                terms.singleZone(),
                Terms.InterruptionBehavior.TERMINATE.code(),
                rebalance == null ? null : rebalance.terminates() ? "launch-before-terminate" : "launch",
                rebalance == null || !rebalance.terminates()
                        ? null
                        : rebalance.delay().toSeconds(),
                fleet.keepsExcess() ? "no-termination" : "termination",
                terms.terminatesAtEnd(),
                terms.validFrom(),
                terms.validUntil(),
                new LaunchView(
                        launch.imageId(),
                        launch.keyName(),
                        launch.securityGroupIds(),
                        launch.tags(),
                        LaunchOptions.read(launch.options())),
                terms.overrides().stream().map(OverrideView::of).toList(),
                fleet.memory().errors(),
                terms.tags(),
                LaunchOptions.read(terms.requestedAs()),
                fleet.createdAt());
    }
}
