package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet was made with; never changes.
 *
 * @param poolsToUse over how many of the cheapest pools {@code lowest-price} spreads
 * @param maxTotalPrice USD per hour for all of its units, at present prices; null: no limit
 * @param minTarget what an instant fleet has to reach, or it gives up what it got; in units of weight
 * @param rebalance what it does about a unit at an elevated risk; null: nothing
 * @param terminatesAtEnd whether its instances end with {@code validUntil}
 * @param launch what its units have in common; the subnet is an override's
 * @param tags of the fleet itself
 * @param requestedAs how it was asked for, a JSON object that is recorded for its owner; null if nothing was said of that
 * @param onDemandStrategy how it chooses among overrides for its On-Demand part
 */
public record FleetTerms(
        FleetType type,
        AllocationStrategy strategy,
        int poolsToUse,
        @Nullable HourlyRate maxTotalPrice,
        @Nullable BigDecimal minTarget,
        boolean singleType,
        boolean singleZone,
        @Nullable Rebalance rebalance,
        boolean terminatesAtEnd,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        OperatingSystem os,
        Terms.Launch launch,
        List<LaunchOverride> overrides,
        Map<String, String> tags,
        @Nullable String requestedAs,
        OnDemandStrategy onDemandStrategy) {

    /** Nothing is recorded of how it was asked for. */
    public FleetTerms(
            FleetType type,
            AllocationStrategy strategy,
            int poolsToUse,
            @Nullable HourlyRate maxTotalPrice,
            @Nullable BigDecimal minTarget,
            boolean singleType,
            boolean singleZone,
            @Nullable Rebalance rebalance,
            boolean terminatesAtEnd,
            @Nullable Instant validFrom,
            @Nullable Instant validUntil,
            OperatingSystem os,
            Terms.Launch launch,
            List<LaunchOverride> overrides,
            Map<String, String> tags) {
        this(
                type,
                strategy,
                poolsToUse,
                maxTotalPrice,
                minTarget,
                singleType,
                singleZone,
                rebalance,
                terminatesAtEnd,
                validFrom,
                validUntil,
                os,
                launch,
                overrides,
                tags,
                null,
                OnDemandStrategy.LOWEST_PRICE);
    }

    FleetTerms tagged(Map<String, String> newTags) {
        return new FleetTerms(
                type,
                strategy,
                poolsToUse,
                maxTotalPrice,
                minTarget,
                singleType,
                singleZone,
                rebalance,
                terminatesAtEnd,
                validFrom,
                validUntil,
                os,
                launch,
                overrides,
                Map.copyOf(newTags),
                requestedAs,
                onDemandStrategy);
    }

    /** Of a price; see {@link HourlyRate#isValid}. */
    private static final int MOST_DECIMALS = 12;

    /** The tag that tells of which fleet an instance is; EC2's. */
    public static final String FLEET_TAG = "aws:ec2:fleet-id";

    /**
     * Replacing what is at an elevated risk.
     *
     * @param terminates whether the old one is given up once the new one runs
     * @param delay how long after that
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-capacity-rebalance.html">Capacity Rebalancing</a>
     */
    public record Rebalance(boolean terminates, Duration delay) {}

    /**
     * A kind of instance the fleet may launch.
     *
     * @param zone null: all zones of the region
     * @param maxPrice USD per hour for a unit of weight; null: the instance's On-Demand price
     * @param weight how much capacity one instance is
     * @param priority the smaller is tried first where all else is equal; null comes last
     * @param asSpot whether spot instances may be of it
     * @param onDemand whether On-Demand Instances may be of it
     */
    public record LaunchOverride(
            InstanceType type,
            @Nullable AvailabilityZone zone,
            @Nullable String subnetId,
            @Nullable HourlyRate maxPrice,
            BigDecimal weight,
            @Nullable BigDecimal priority,
            boolean asSpot,
            boolean onDemand) {

        /** For both. */
        public LaunchOverride(
                InstanceType type,
                @Nullable AvailabilityZone zone,
                @Nullable String subnetId,
                @Nullable HourlyRate maxPrice,
                BigDecimal weight,
                @Nullable BigDecimal priority) {
            this(type, zone, subnetId, maxPrice, weight, priority, true, true);
        }

        boolean covers(PoolId pool) {
            return type.equals(pool.type()) && (zone == null || zone.equals(pool.zone()));
        }
    }

    /** What an instance costs at most: a max price is for a unit of weight, as in EC2. With no more digits than it needs. */
    public static HourlyRate bid(HourlyRate maxPrice, BigDecimal weight) {
        BigDecimal usd = maxPrice.usd().multiply(weight);
        BigDecimal shortest = usd.stripTrailingZeros();
        return new HourlyRate(usd.scale() > MOST_DECIMALS ? shortest.setScale(Math.max(0, shortest.scale())) : usd);
    }

    /** How much capacity one spot instance of a pool is. */
    public BigDecimal weightOf(PoolId pool) {
        return overrides.stream()
                .filter(override -> override.covers(pool))
                .sorted(Comparator.comparing(override -> !override.asSpot()))
                .findFirst()
                .map(LaunchOverride::weight)
                .orElse(BigDecimal.ONE);
    }
}
