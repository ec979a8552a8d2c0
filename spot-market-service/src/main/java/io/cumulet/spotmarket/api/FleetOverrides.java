package io.cumulet.spotmarket.api;

import static io.cumulet.spotmarket.api.Fields.missing;
import static io.cumulet.spotmarket.api.Fields.refuse;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.InstanceRequirements;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.PriceProtection;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A body's overrides, each for one type: where it says attributes, one for each type that has them. */
final class FleetOverrides {

    private static final int MOST_OVERRIDES = 300;
    /** Once around the world's types and more: of all overrides together. */
    private static final int MOST_TYPES = 2_000;
    /** Of a price; see {@link HourlyRate#isValid}. */
    private static final int MOST_DECIMALS = 12;

    private static final Set<String> OF_OVERRIDE = Set.of("instanceType", "availabilityZone", "subnetId", "maxPrice");

    private final FleetBody body;
    private final AccountId account;
    private final Region region;
    private final Image image;
    private final Tariffs tariffs;
    private final List<ForType> forTypes;

    /**
     * An override for a type.
     *
     * @param field where the body says it
     * @param admitted how the type was chosen by its attributes; null if the body names it
     */
    record ForType(String field, FleetBody.OverrideBody said, PriceProtection.@Nullable Admitted admitted) {}

    private FleetOverrides(
            FleetBody body, AccountId account, Region region, Image image, Tariffs tariffs, List<ForType> forTypes) {
        this.body = body;
        this.account = account;
        this.region = region;
        this.image = image;
        this.tariffs = tariffs;
        this.forTypes = forTypes;
    }

    /**
     * Chooses the types, by the catalog and the prices at a moment.
     *
     * @throws RefusedException if there is no override, or none of the types that there are for one
     */
    static FleetOverrides of(
            FleetBody body, AccountId account, Region region, Image image, Tariffs tariffs, Instant now) {
        List<FleetBody.OverrideBody> given = body.overrides();
        if (given == null || given.isEmpty()) {
            throw missing("overrides");
        }
        if (given.size() > MOST_OVERRIDES) {
            throw refuse(
                    ErrorCode.INVALID_FLEET_CONFIG, "overrides", "At most " + MOST_OVERRIDES + ", not " + given.size());
        }
        FleetOverrides none = new FleetOverrides(body, account, region, image, tariffs, List.of());
        List<ForType> forTypes = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            FleetBody.OverrideBody override = given.get(i);
            String field = "overrides[" + i + "]";
            if (override == null) {
                throw missing(field);
            }
            if (override.instanceRequirements() == null) {
                mustHaveNoProtection(override, field);
                forTypes.add(new ForType(field, override, null));
            } else {
                none.chosen(override, field, now).forEach(forTypes::add);
                if (forTypes.size() > MOST_TYPES) {
                    throw refuse(
                            ErrorCode.INVALID_FLEET_CONFIG,
                            field + ".instanceRequirements",
                            "The overrides stand for more than " + MOST_TYPES
                                    + " types, each counted where it is wanted");
                }
            }
        }
        return new FleetOverrides(body, account, region, image, tariffs, List.copyOf(forTypes));
    }

    private static void mustHaveNoProtection(FleetBody.OverrideBody override, String field) {
        if (override.priceProtection() != null) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    field + ".priceProtection",
                    "It goes with instanceRequirements");
        }
    }

    private Stream<ForType> chosen(FleetBody.OverrideBody override, String field, Instant now) {
        if (override.instanceType() != null) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    field + ".instanceRequirements",
                    "Either an instanceType or instanceRequirements");
        }
        InstanceRequirements wanted = Objects.requireNonNull(override.instanceRequirements())
                .read(field + ".instanceRequirements", Set.of(image.architecture()));
        AvailabilityZone anywhere = zones().getFirst();
        List<PriceProtection.Candidate> candidates = InstanceTypes.all().stream()
                .filter(wanted::fits)
                .filter(facts -> facts.supportedUsageClasses().isEmpty()
                        || facts.supportedUsageClasses().contains("spot"))
                .flatMap(facts -> tariffs
                        .onDemand(new PoolId(anywhere, facts.type(), image.os()), now)
                        .map(price -> new PriceProtection.Candidate(facts, price))
                        .stream())
                .toList();
        List<PriceProtection.Admitted> admitted = protection(field + ".priceProtection", override.priceProtection())
                .admit(candidates);
        if (admitted.isEmpty()) {
            throw refuse(
                    ErrorCode.INVALID_FLEET_CONFIG,
                    field + ".instanceRequirements",
                    "No instance type on offer for " + image.os() + " in " + region + " has all of them");
        }
        return admitted.stream()
                .map(one -> new ForType(field, override.ofType(one.type().value()), one));
    }

    private static PriceProtection protection(String field, FleetBody.@Nullable PriceProtectionBody said) {
        if (said == null) {
            return new PriceProtection(PriceProtection.USUAL_SPOT, PriceProtection.USUAL_ON_DEMAND, null);
        }
        Integer over =
                percent(field + ".spotMaxPricePercentageOverLowestPrice", said.spotMaxPricePercentageOverLowestPrice());
        Integer ofOnDemand = percent(
                field + ".maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
                said.maxSpotPriceAsPercentageOfOptimalOnDemandPrice());
        Integer onDemand = percent(
                field + ".onDemandMaxPricePercentageOverLowestPrice", said.onDemandMaxPricePercentageOverLowestPrice());
        if (ofOnDemand != null && ofOnDemand == 0) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field + ".maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
                    "It is at least 1, not 0: nothing is had for nothing");
        }
        if (over != null && ofOnDemand != null) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    field + ".maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
                    "Either this or spotMaxPricePercentageOverLowestPrice");
        }
        return new PriceProtection(
                over == null && ofOnDemand == null ? Integer.valueOf(PriceProtection.USUAL_SPOT) : over,
                onDemand == null ? PriceProtection.USUAL_ON_DEMAND : onDemand,
                ofOnDemand);
    }

    private static @Nullable Integer percent(String field, @Nullable Integer said) {
        if (said != null && said < 0) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, field, "It is at least 0, not " + said);
        }
        return said;
    }

    List<ForType> forTypes() {
        return forTypes;
    }

    FleetOverrides without(Set<ForType> some) {
        return some.isEmpty()
                ? this
                : new FleetOverrides(
                        body,
                        account,
                        region,
                        image,
                        tariffs,
                        forTypes.stream().filter(one -> !some.contains(one)).toList());
    }

    FleetBody.Launch launch() {
        return body.requiredLaunch();
    }

    /** A refusal of a request, of the field where the fleet says it. */
    static Refusal placed(Refusal refusal, String override) {
        String at = refusal.field();
        String prefix = at != null && OF_OVERRIDE.contains(at) ? override : "launch";
        return new Refusal(refusal.code(), at == null ? null : prefix + "." + at, refusal.message());
    }

    /** Which of the two a type may still be for, where overrides before have spoken of its pools. */
    private record Purpose(boolean asSpot, boolean onDemand) {}

    /**
     * Each is checked like a spot request; so nothing is refused later that a request would have been refused for. Where an
     * override of attributes comes to the pool of another, the one that names the type counts, else the first, for spot and
     * on demand each for itself.
     *
     * @param zonesOfSubnets see {@link FleetTrials}
     */
    List<FleetTerms.LaunchOverride> kinds(
            Map<String, AvailabilityZone> zonesOfSubnets, Instant now, PoolChoice choice) {
        List<AvailabilityZone> zones = zones();
        List<FleetTerms.LaunchOverride> kinds = new ArrayList<>();
        Map<PoolId, String> seenAsSpot = new HashMap<>();
        Map<PoolId, String> seenOnDemand = new HashMap<>();
        for (ForType one : namedFirst()) {
            FleetBody.OverrideBody override = one.said();
            boolean everywhere = override.availabilityZone() == null && override.subnetId() == null;
            Terms checked = checked(
                    one,
                    everywhere ? zones.getFirst().value() : override.availabilityZone(),
                    Optional.ofNullable(zonesOfSubnets.get(String.valueOf(override.subnetId()))),
                    now,
                    choice);
            PoolId pool = checked.pool();
            List<PoolId> pools = (everywhere ? zones : List.of(pool.zone()))
                    .stream()
                            .map(zone -> new PoolId(zone, pool.type(), pool.os()))
                            .toList();
            PriceProtection.Admitted admitted = one.admitted();
            Purpose purpose = admitted == null
                    ? new Purpose(true, true)
                    : new Purpose(
                            admitted.asSpot() && !pools.stream().allMatch(seenAsSpot::containsKey),
                            admitted.onDemand() && !pools.stream().allMatch(seenOnDemand::containsKey));
            if (!purpose.asSpot() && !purpose.onDemand()) {
                continue;
            }
            for (PoolId id : pools) {
                String asSpot = purpose.asSpot() ? seenAsSpot.putIfAbsent(id, one.field()) : null;
                String onDemand = purpose.onDemand() ? seenOnDemand.putIfAbsent(id, one.field()) : null;
                String other = asSpot == null ? onDemand : asSpot;
                if (other != null && admitted == null) {
                    throw refuse(
                            ErrorCode.INVALID_FLEET_CONFIG,
                            one.field(),
                            other + " is for " + pool.type() + " in " + id.zone() + " already");
                }
            }
            kinds.add(kind(one, purpose, pool.type(), everywhere ? null : pool.zone()));
        }
        return List.copyOf(kinds);
    }

    private List<ForType> namedFirst() {
        return Stream.concat(
                        forTypes.stream().filter(one -> one.admitted() == null),
                        forTypes.stream().filter(one -> one.admitted() != null))
                .toList();
    }

    private List<AvailabilityZone> zones() {
        return Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .toList();
    }

    private Terms checked(
            ForType one, @Nullable String zone, Optional<AvailabilityZone> ofSubnet, Instant now, PoolChoice choice) {
        FleetBody.Launch common = launch();
        FleetBody.OverrideBody override = one.said();
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
            throw placed(e.refusal(), one.field()).asException();
        }
    }

    private static FleetTerms.LaunchOverride kind(
            ForType one, Purpose purpose, InstanceType type, @Nullable AvailabilityZone zone) {
        FleetBody.OverrideBody override = one.said();
        BigDecimal weight = override.weightedCapacity() == null
                ? BigDecimal.ONE
                : FleetCapacity.weight(one.field() + ".weightedCapacity", override.weightedCapacity());
        BigDecimal priority = override.priority() == null
                ? null
                : FleetCapacity.of(one.field() + ".priority", override.priority(), true);
        HourlyRate perUnit = override.maxPrice() == null ? null : HourlyRate.of(override.maxPrice());
        if (perUnit != null
                && !HourlyRate.isValid(FleetTerms.bid(perUnit, weight).toString())) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    one.field() + ".maxPrice",
                    "For an instance of weight " + weight + " that is "
                            + FleetTerms.bid(perUnit, weight)
                            + " USD per hour; a price has at most 12 digits before the point and 12 behind it");
        }
        PriceProtection.Admitted admitted = one.admitted();
        return admitted == null
                ? new FleetTerms.LaunchOverride(type, zone, override.subnetId(), perUnit, weight, priority)
                : new FleetTerms.LaunchOverride(
                        type,
                        zone,
                        override.subnetId(),
                        lower(perUnit, admitted.mostSpot(), weight),
                        weight,
                        priority,
                        purpose.asSpot(),
                        purpose.onDemand());
    }

    /** Rounded down: nothing may cost more than the limit. */
    private static @Nullable HourlyRate lower(
            @Nullable HourlyRate perUnit, @Nullable HourlyRate mostForInstance, BigDecimal weight) {
        if (mostForInstance == null) {
            return perUnit;
        }
        // So that the bid for an instance, which is this by the weight, is a price.
        int decimals = MOST_DECIMALS - Math.max(0, weight.scale());
        HourlyRate most = new HourlyRate(mostForInstance.usd().divide(weight, decimals, RoundingMode.DOWN));
        return perUnit == null || most.compareTo(perUnit) < 0 ? most : perUnit;
    }
}
