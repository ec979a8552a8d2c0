package io.cumulet.spotmarket.api;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.LaunchTrials;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.app.fleets.Fleets;
import io.cumulet.spotmarket.domain.fleets.AllocationStrategy;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.FleetType;
import io.cumulet.spotmarket.domain.fleets.OnDemandStrategy;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

    private static final BigDecimal MOST_CAPACITY = BigDecimal.valueOf(10_000);
    private static final BigDecimal MOST_WEIGHT = BigDecimal.valueOf(999);
    private static final int MOST_DIGITS = 3;
    private static final int MOST_OVERRIDES = 300;
    /** The instance service is asked about each, one after the other. */
    private static final int MOST_SUBNETS = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_RECORD = 65_536;
    private static final int SHORTEST_DELAY = 120;
    private static final int LONGEST_DELAY = 7_200;
    /** One is left for the tag that names the fleet. */
    private static final int MOST_LAUNCH_TAGS = 49;

    private static final Set<String> OF_OVERRIDE = Set.of("instanceType", "availabilityZone", "subnetId", "maxPrice");

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
     * @param availabilityZone without it, all zones of the region with hosts
     * @param maxPrice USD per hour for a unit of weight, a decimal string; the instance's On-Demand price if not said
     * @param weightedCapacity how much capacity an instance is, above 0, at most 999; 1 if not said
     * @param priority the smaller is tried first where all else is equal
     */
    public record OverrideBody(
            @Nullable String instanceType,
            @Nullable String availabilityZone,
            @Nullable String subnetId,
            @Nullable String maxPrice,
            @Nullable BigDecimal weightedCapacity,
            @Nullable BigDecimal priority) {}

    /** What may be changed of a fleet; a tag with null as value is removed. */
    public record Change(
            @Nullable BigDecimal targetCapacity,
            @Nullable BigDecimal onDemandTargetCapacity,
            @Nullable String excessCapacityTerminationPolicy,
            @Nullable Map<String, @Nullable String> tags) {

        @Nullable
        BigDecimal target() {
            return targetCapacity == null ? null : capacity("targetCapacity", targetCapacity, true);
        }

        @Nullable
        BigDecimal onDemandTarget() {
            return onDemandTargetCapacity == null
                    ? null
                    : capacity("onDemandTargetCapacity", onDemandTargetCapacity, true);
        }

        @Nullable
        Boolean keepsExcess() {
            return excessCapacityTerminationPolicy == null ? null : keeps(excessCapacityTerminationPolicy);
        }
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

    /**
     * Has the launches tried that name what only the instance service knows: one for each subnet, and one for all overrides
     * without.
     *
     * @param realTime by which it is given up if that takes too long
     * @return the zones of the subnets; or why a launch would be refused
     */
    Outcome<Map<String, AvailabilityZone>> zonesOfSubnets(
            AccountId account, Region region, LaunchTrials trials, InstantSource realTime) {
        if (launch == null || overrides == null || overrides.size() > MOST_OVERRIDES) {
            return Outcome.done(Map.of());
        }
        try {
            mustNameFewSubnets();
            SpotRequestBody.checkGroups("launch.securityGroupIds", launch.securityGroupIds());
        } catch (RefusedException e) {
            return Outcome.refused(e.refusal());
        }
        Instant until = realTime.instant().plus(PATIENCE);
        Map<String, AvailabilityZone> zones = new HashMap<>();
        Set<String> tried = new HashSet<>();
        for (int i = 0; i < overrides.size(); i++) {
            OverrideBody override = overrides.get(i);
            if (override == null || !tried.add(String.valueOf(override.subnetId()))) {
                continue;
            }
            if (!realTime.instant().isBefore(until)) {
                return Outcome.refused(
                        ErrorCode.UNAVAILABLE,
                        "overrides[" + i + "]",
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
                    return Outcome.refused(placed(refusal, "overrides[" + i + "]"));
                }
                case Outcome.Done<Optional<AvailabilityZone>>(Optional<AvailabilityZone> known) ->
                    known.ifPresent(named -> zones.put(String.valueOf(override.subnetId()), named));
            }
        }
        return Outcome.done(zones);
    }

    private void mustNameFewSubnets() {
        Set<String> subnets = new HashSet<>();
        List<OverrideBody> given = overrides == null ? List.of() : overrides;
        for (int i = 0; i < given.size(); i++) {
            OverrideBody override = given.get(i);
            if (override != null
                    && override.subnetId() != null
                    && subnets.add(override.subnetId())
                    && subnets.size() > MOST_SUBNETS) {
                throw refuse(
                        ErrorCode.INVALID_FLEET_CONFIG,
                        "overrides[" + i + "].subnetId",
                        "The overrides name at most " + MOST_SUBNETS + " subnets");
            }
        }
    }

    /** A refusal of a request, of the field where the fleet says it. */
    private static Refusal placed(Refusal refusal, String override) {
        String at = refusal.field();
        String prefix = at != null && OF_OVERRIDE.contains(at) ? override : "launch";
        return new Refusal(refusal.code(), at == null ? null : prefix + "." + at, refusal.message());
    }

    /**
     * Checks everything and says what is asked for.
     *
     * @param image the one that it names
     * @param zonesOfSubnets see {@link #zonesOfSubnets}
     */
    Fleets.Wish wish(
            AccountId account,
            Region region,
            Image image,
            Map<String, AvailabilityZone> zonesOfSubnets,
            Instant now,
            Tariffs tariffs,
            PoolChoice choice) {
        FleetType wanted = oneOf("type", type, FleetType.values(), FleetType::code, FleetType.MAINTAIN);
        if (targetCapacity == null) {
            throw missing("targetCapacity");
        }
        BigDecimal onDemandTarget = onDemandTargetCapacity == null
                ? BigDecimal.ZERO
                : capacity("onDemandTargetCapacity", onDemandTargetCapacity, true);
        BigDecimal target = capacity("targetCapacity", targetCapacity, onDemandTarget.signum() > 0);
        AllocationStrategy strategy = oneOf(
                "allocationStrategy",
                allocationStrategy,
                AllocationStrategy.values(),
                AllocationStrategy::code,
                AllocationStrategy.LOWEST_PRICE);
        Terms.InterruptionBehavior behavior = oneOf(
                "interruptionBehavior",
                interruptionBehavior,
                Terms.InterruptionBehavior.values(),
                Terms.InterruptionBehavior::code,
                Terms.InterruptionBehavior.TERMINATE);
        if (behavior != Terms.InterruptionBehavior.TERMINATE) {
            throw refuse(
                    ErrorCode.UNSUPPORTED_OPERATION,
                    "interruptionBehavior",
                    "A fleet's instances are terminated and replaced, not " + behavior.code());
        }
        List<FleetTerms.LaunchOverride> kinds = kinds(account, region, image, zonesOfSubnets, now, tariffs, choice);
        mustNotBeTooMany(target.add(onDemandTarget), kinds);
        checkTimes(now);
        FleetTerms terms = new FleetTerms(
                wanted,
                strategy,
                poolsToUse(strategy),
                maxTotalPrice == null ? null : price("maxTotalPrice", maxTotalPrice),
                minTarget(wanted, target),
                instantOnly(wanted, "singleInstanceType", singleInstanceType),
                instantOnly(wanted, "singleAvailabilityZone", singleAvailabilityZone),
                rebalance(wanted),
                Boolean.TRUE.equals(terminateInstancesWithExpiration),
                validFrom,
                validUntil,
                image.os(),
                launchOf(image),
                kinds,
                fleetTags(),
                recorded(),
                oneOf(
                        "onDemandOptions.allocationStrategy",
                        onDemandOptions == null ? null : onDemandOptions.allocationStrategy(),
                        OnDemandStrategy.values(),
                        OnDemandStrategy::code,
                        OnDemandStrategy.LOWEST_PRICE));
        return new Fleets.Wish(
                oneOf(
                        "kind",
                        kind,
                        new ResourceKind[] {ResourceKind.SPOT_FLEET, ResourceKind.SPOT_FLEET_REQUEST},
                        one -> one == ResourceKind.SPOT_FLEET ? "fleet" : "spot-fleet-request",
                        ResourceKind.SPOT_FLEET),
                terms,
                target,
                onDemandTarget,
                excessCapacityTerminationPolicy != null && keeps(excessCapacityTerminationPolicy),
                requiredLaunch().userData());
    }

    private Launch requiredLaunch() {
        if (launch == null) {
            throw missing("launch");
        }
        return launch;
    }

    private Terms.Launch launchOf(Image image) {
        Launch given = requiredLaunch();
        Map<String, String> launchTags = given.tags() == null ? Map.of() : given.tags();
        if (launchTags.size() > MOST_LAUNCH_TAGS) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "launch.tags",
                    "At most " + MOST_LAUNCH_TAGS + " tags, since one more names the fleet");
        }
        List<String> groups = given.securityGroupIds() == null ? List.of() : given.securityGroupIds();
        return new Terms.Launch(
                image.imageId(),
                null,
                given.keyName(),
                List.copyOf(groups),
                Map.copyOf(launchTags),
                given.userData() != null,
                LaunchOptions.write("launch.launchOptions", given.launchOptions()));
    }

    /** Each is checked like a spot request; so nothing is refused later that a request would have been refused for. */
    private List<FleetTerms.LaunchOverride> kinds(
            AccountId account,
            Region region,
            Image image,
            Map<String, AvailabilityZone> zonesOfSubnets,
            Instant now,
            Tariffs tariffs,
            PoolChoice choice) {
        if (overrides == null || overrides.isEmpty()) {
            throw missing("overrides");
        }
        if (overrides.size() > MOST_OVERRIDES) {
            throw refuse(
                    ErrorCode.INVALID_FLEET_CONFIG,
                    "overrides",
                    "At most " + MOST_OVERRIDES + ", not " + overrides.size());
        }
        List<AvailabilityZone> zones = Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .toList();
        List<FleetTerms.LaunchOverride> kinds = new ArrayList<>();
        Map<PoolId, Integer> seen = new HashMap<>();
        for (int i = 0; i < overrides.size(); i++) {
            OverrideBody override = overrides.get(i);
            String field = "overrides[" + i + "]";
            if (override == null) {
                throw missing(field);
            }
            boolean everywhere = override.availabilityZone() == null && override.subnetId() == null;
            Terms checked = checked(
                    override,
                    field,
                    everywhere ? zones.getFirst().value() : override.availabilityZone(),
                    account,
                    region,
                    image,
                    Optional.ofNullable(zonesOfSubnets.get(String.valueOf(override.subnetId()))),
                    now,
                    tariffs,
                    choice);
            PoolId pool = checked.pool();
            for (AvailabilityZone zone : everywhere ? zones : List.of(pool.zone())) {
                Integer other = seen.putIfAbsent(new PoolId(zone, pool.type(), pool.os()), i);
                if (other != null) {
                    throw refuse(
                            ErrorCode.INVALID_FLEET_CONFIG,
                            field,
                            "overrides[" + other + "] is for " + pool.type() + " in " + zone + " already");
                }
            }
            kinds.add(kind(override, field, pool.type(), everywhere ? null : pool.zone()));
        }
        return List.copyOf(kinds);
    }

    private Terms checked(
            OverrideBody override,
            String field,
            @Nullable String zone,
            AccountId account,
            Region region,
            Image image,
            Optional<AvailabilityZone> ofSubnet,
            Instant now,
            Tariffs tariffs,
            PoolChoice choice) {
        Launch common = requiredLaunch();
        SpotRequestBody request = new SpotRequestBody(
                common.imageId(),
                override.instanceType(),
                zone,
                override.maxPrice(),
                null,
                null,
                null,
                null,
                null,
                override.subnetId(),
                common.keyName(),
                common.securityGroupIds(),
                common.tags(),
                null,
                common.launchOptions(),
                null,
                null,
                null,
                null);
        try {
            return request.terms(account, region, image, ofSubnet, now, tariffs, choice);
        } catch (RefusedException e) {
            throw placed(e.refusal(), field).asException();
        }
    }

    private static FleetTerms.LaunchOverride kind(
            OverrideBody override, String field, InstanceType type, @Nullable AvailabilityZone zone) {
        BigDecimal weight = override.weightedCapacity() == null
                ? BigDecimal.ONE
                : decimal(field + ".weightedCapacity", override.weightedCapacity(), MOST_WEIGHT, false);
        BigDecimal priority = override.priority() == null
                ? null
                : decimal(field + ".priority", override.priority(), MOST_CAPACITY, true);
        HourlyRate perUnit = override.maxPrice() == null ? null : HourlyRate.of(override.maxPrice());
        if (perUnit != null
                && !HourlyRate.isValid(FleetTerms.bid(perUnit, weight).toString())) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field + ".maxPrice",
                    "For an instance of weight " + weight + " that is "
                            + FleetTerms.bid(perUnit, weight)
                            + " USD per hour; a price has at most 12 digits before the point and 12 behind it");
        }
        return new FleetTerms.LaunchOverride(type, zone, override.subnetId(), perUnit, weight, priority);
    }

    private static void mustNotBeTooMany(BigDecimal target, List<FleetTerms.LaunchOverride> kinds) {
        for (FleetTerms.LaunchOverride kind : kinds) {
            if (target.compareTo(kind.weight().multiply(MOST_CAPACITY)) > 0) {
                throw refuse(
                        ErrorCode.INVALID_FLEET_CONFIG,
                        "targetCapacity",
                        "A fleet has at most " + MOST_CAPACITY + " instances; with " + kind.type() + " of weight "
                                + kind.weight() + " it might need more");
            }
        }
    }

    private int poolsToUse(AllocationStrategy strategy) {
        if (instancePoolsToUseCount == null) {
            return 1;
        }
        if (strategy != AllocationStrategy.LOWEST_PRICE) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instancePoolsToUseCount",
                    "It goes with allocationStrategy lowest-price, not with " + strategy.code());
        }
        if (instancePoolsToUseCount < 1) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "instancePoolsToUseCount",
                    "It is at least 1, not " + instancePoolsToUseCount);
        }
        return instancePoolsToUseCount;
    }

    private @Nullable BigDecimal minTarget(FleetType wanted, BigDecimal target) {
        if (minTargetCapacity == null) {
            return null;
        }
        if (wanted != FleetType.INSTANT
                || !Boolean.TRUE.equals(singleInstanceType) && !Boolean.TRUE.equals(singleAvailabilityZone)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "minTargetCapacity",
                    "It goes with type instant, and singleInstanceType or singleAvailabilityZone");
        }
        BigDecimal least = capacity("minTargetCapacity", minTargetCapacity, false);
        if (least.compareTo(target) > 0) {
            throw refuse(ErrorCode.INVALID_FLEET_CONFIG, "minTargetCapacity", "It is above targetCapacity");
        }
        return least;
    }

    private static boolean instantOnly(FleetType wanted, String field, @Nullable Boolean value) {
        if (Boolean.TRUE.equals(value) && wanted != FleetType.INSTANT) {
            throw refuse(ErrorCode.INVALID_PARAMETER_COMBINATION, field, "It goes with type instant");
        }
        return Boolean.TRUE.equals(value);
    }

    private FleetTerms.@Nullable Rebalance rebalance(FleetType wanted) {
        if (capacityRebalance == null) {
            if (terminationDelaySeconds != null) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                        "terminationDelaySeconds",
                        "It goes with capacityRebalance launch-before-terminate");
            }
            return null;
        }
        if (wanted != FleetType.MAINTAIN) {
            throw refuse(ErrorCode.INVALID_PARAMETER_COMBINATION, "capacityRebalance", "It goes with type maintain");
        }
        boolean terminates = oneOf(
                "capacityRebalance",
                capacityRebalance,
                new Boolean[] {false, true},
                ends -> ends ? "launch-before-terminate" : "launch",
                false);
        if (terminates != (terminationDelaySeconds != null)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "terminationDelaySeconds",
                    "It goes with capacityRebalance launch-before-terminate, which needs it");
        }
        int delay = terminationDelaySeconds == null ? 0 : terminationDelaySeconds;
        if (terminates && (delay < SHORTEST_DELAY || delay > LONGEST_DELAY)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "terminationDelaySeconds",
                    "It is " + SHORTEST_DELAY + " to " + LONGEST_DELAY + ", not " + delay);
        }
        return new FleetTerms.Rebalance(terminates, Duration.ofSeconds(delay));
    }

    private void checkTimes(Instant now) {
        Times.near("validFrom", validFrom);
        Times.near("validUntil", validUntil);
        if (validUntil != null && !validUntil.isAfter(now)) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies in the past: " + validUntil);
        }
        if (validUntil != null && validFrom != null && !validUntil.isAfter(validFrom)) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies before validFrom");
        }
        if (validFrom != null
                && validFrom.isAfter(now)
                && FleetType.INSTANT.code().equals(type)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION, "validFrom", "A fleet of type instant launches at once");
        }
    }

    private @Nullable String recorded() {
        if (requestedAs == null) {
            return null;
        }
        String text = new String(ContractJson.write(requestedAs), StandardCharsets.UTF_8);
        if (text.length() > LONGEST_RECORD) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "requestedAs",
                    "It is at most " + LONGEST_RECORD + " characters long");
        }
        return text;
    }

    private Map<String, String> fleetTags() {
        RequestTags.check("tags", tags);
        return tags == null ? Map.of() : Map.copyOf(tags);
    }

    private static boolean keeps(String policy) {
        return oneOf(
                "excessCapacityTerminationPolicy",
                policy,
                new Boolean[] {false, true},
                keeps -> keeps ? "no-termination" : "termination",
                false);
    }

    private static BigDecimal capacity(String field, BigDecimal value, boolean mayBeZero) {
        return decimal(field, value, MOST_CAPACITY, mayBeZero);
    }

    private static BigDecimal decimal(String field, BigDecimal value, BigDecimal most, boolean mayBeZero) {
        if (value.signum() < 0
                || value.signum() == 0 && !mayBeZero
                || value.compareTo(most) > 0
                || value.stripTrailingZeros().scale() > MOST_DIGITS) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "It is a number " + (mayBeZero ? "from 0" : "above 0") + " to " + most + " with at most "
                            + MOST_DIGITS + " digits behind the point");
        }
        // A zero may have any number of digits behind the point, too many to be written.
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static HourlyRate price(String field, String text) {
        if (!HourlyRate.isValid(text) || HourlyRate.of(text).isZero()) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "It is USD per hour as a decimal above 0, such as 0.0500, not " + text);
        }
        return HourlyRate.of(text);
    }

    private static <T> T oneOf(String field, @Nullable String text, T[] values, Function<T, String> code, T otherwise) {
        if (text == null) {
            return otherwise;
        }
        for (T value : values) {
            if (code.apply(value).equals(text)) {
                return value;
            }
        }
        throw refuse(
                ErrorCode.INVALID_PARAMETER_VALUE,
                field,
                "It is one of " + Arrays.stream(values).map(code).toList() + ", not " + text);
    }

    private static RefusedException missing(String field) {
        return refuse(ErrorCode.MISSING_PARAMETER, field, "Missing: " + field);
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
