package io.cumulet.spotmarket.api;

import static io.cumulet.spotmarket.api.Fields.oneOf;
import static io.cumulet.spotmarket.api.Fields.price;
import static io.cumulet.spotmarket.api.Fields.refuse;

import io.cumulet.catalog.Image;
import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.fleets.Fleets;
import io.cumulet.spotmarket.domain.fleets.AllocationStrategy;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.FleetType;
import io.cumulet.spotmarket.domain.fleets.OnDemandStrategy;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a body asks for, checked. */
final class FleetWish {

    private static final int LONGEST_RECORD = 65_536;
    private static final int SHORTEST_DELAY = 120;
    private static final int LONGEST_DELAY = 7_200;
    /** One is left for the tag that names the fleet. */
    private static final int MOST_LAUNCH_TAGS = 49;

    private final FleetBody body;

    private FleetWish(FleetBody body) {
        this.body = body;
    }

    /**
     * Checks everything and says what is asked for.
     *
     * @param image the one that it names
     * @param tried see {@link FleetTrials}
     */
    static Fleets.Wish of(FleetBody body, Image image, FleetTrials.Tried tried, Instant now, PoolChoice choice) {
        return new FleetWish(body).read(image, tried, now, choice);
    }

    private Fleets.Wish read(Image image, FleetTrials.Tried tried, Instant now, PoolChoice choice) {
        FleetType wanted = oneOf("type", body.type(), FleetType.values(), FleetType::code, FleetType.MAINTAIN);
        if (body.targetCapacity() == null) {
            throw Fields.missing("targetCapacity");
        }
        BigDecimal onDemandTarget = body.onDemandTargetCapacity() == null
                ? BigDecimal.ZERO
                : FleetCapacity.of("onDemandTargetCapacity", body.onDemandTargetCapacity(), true);
        BigDecimal target = FleetCapacity.of("targetCapacity", body.targetCapacity(), onDemandTarget.signum() > 0);
        AllocationStrategy strategy = oneOf(
                "allocationStrategy",
                body.allocationStrategy(),
                AllocationStrategy.values(),
                AllocationStrategy::code,
                AllocationStrategy.LOWEST_PRICE);
        Terms.InterruptionBehavior behavior = oneOf(
                "interruptionBehavior",
                body.interruptionBehavior(),
                Terms.InterruptionBehavior.values(),
                Terms.InterruptionBehavior::code,
                Terms.InterruptionBehavior.TERMINATE);
        if (behavior != Terms.InterruptionBehavior.TERMINATE) {
            throw refuse(
                    ErrorCode.UNSUPPORTED_OPERATION,
                    "interruptionBehavior",
                    "A fleet's instances are terminated and replaced, not " + behavior.code());
        }
        List<FleetTerms.LaunchOverride> kinds = tried.overrides().kinds(tried.zonesOfSubnets(), now, choice);
        FleetCapacity.mustBeFewInstances(target.add(onDemandTarget), kinds);
        checkTimes(now);
        FleetTerms terms = new FleetTerms(
                wanted,
                strategy,
                poolsToUse(strategy),
                body.maxTotalPrice() == null ? null : price("maxTotalPrice", body.maxTotalPrice()),
                minTarget(wanted, target),
                instantOnly(wanted, "singleInstanceType", body.singleInstanceType()),
                instantOnly(wanted, "singleAvailabilityZone", body.singleAvailabilityZone()),
                rebalance(wanted),
                Boolean.TRUE.equals(body.terminateInstancesWithExpiration()),
                body.validFrom(),
                body.validUntil(),
                image.os(),
                launchOf(image),
                kinds,
                fleetTags(),
                recorded(),
                oneOf(
                        "onDemandOptions.allocationStrategy",
                        body.onDemandOptions() == null
                                ? null
                                : body.onDemandOptions().allocationStrategy(),
                        OnDemandStrategy.values(),
                        OnDemandStrategy::code,
                        OnDemandStrategy.LOWEST_PRICE));
        return new Fleets.Wish(
                oneOf(
                        "kind",
                        body.kind(),
                        new ResourceKind[] {ResourceKind.SPOT_FLEET, ResourceKind.SPOT_FLEET_REQUEST},
                        one -> one == ResourceKind.SPOT_FLEET ? "fleet" : "spot-fleet-request",
                        ResourceKind.SPOT_FLEET),
                terms,
                target,
                onDemandTarget,
                body.keepsExcess(),
                body.requiredLaunch().userData());
    }

    private Terms.Launch launchOf(Image image) {
        FleetBody.Launch given = body.requiredLaunch();
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

    private int poolsToUse(AllocationStrategy strategy) {
        if (body.instancePoolsToUseCount() == null) {
            return 1;
        }
        if (strategy != AllocationStrategy.LOWEST_PRICE) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instancePoolsToUseCount",
                    "It goes with allocationStrategy lowest-price, not with " + strategy.code());
        }
        if (body.instancePoolsToUseCount() < 1) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "instancePoolsToUseCount",
                    "It is at least 1, not " + body.instancePoolsToUseCount());
        }
        return body.instancePoolsToUseCount();
    }

    private @Nullable BigDecimal minTarget(FleetType wanted, BigDecimal target) {
        if (body.minTargetCapacity() == null) {
            return null;
        }
        if (wanted != FleetType.INSTANT
                || !Boolean.TRUE.equals(body.singleInstanceType())
                        && !Boolean.TRUE.equals(body.singleAvailabilityZone())) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "minTargetCapacity",
                    "It goes with type instant, and singleInstanceType or singleAvailabilityZone");
        }
        BigDecimal least = FleetCapacity.of("minTargetCapacity", body.minTargetCapacity(), false);
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
        if (body.capacityRebalance() == null) {
            if (body.terminationDelaySeconds() != null) {
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
                body.capacityRebalance(),
                new Boolean[] {false, true},
                ends -> ends ? "launch-before-terminate" : "launch",
                false);
        if (terminates != (body.terminationDelaySeconds() != null)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "terminationDelaySeconds",
                    "It goes with capacityRebalance launch-before-terminate, which needs it");
        }
        int delay = body.terminationDelaySeconds() == null ? 0 : body.terminationDelaySeconds();
        if (terminates && (delay < SHORTEST_DELAY || delay > LONGEST_DELAY)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "terminationDelaySeconds",
                    "It is " + SHORTEST_DELAY + " to " + LONGEST_DELAY + ", not " + delay);
        }
        return new FleetTerms.Rebalance(terminates, Duration.ofSeconds(delay));
    }

    private void checkTimes(Instant now) {
        Times.near("validFrom", body.validFrom());
        Times.near("validUntil", body.validUntil());
        if (body.validUntil() != null && !body.validUntil().isAfter(now)) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies in the past: " + body.validUntil());
        }
        if (body.validUntil() != null
                && body.validFrom() != null
                && !body.validUntil().isAfter(body.validFrom())) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies before validFrom");
        }
        if (body.validFrom() != null
                && body.validFrom().isAfter(now)
                && FleetType.INSTANT.code().equals(body.type())) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION, "validFrom", "A fleet of type instant launches at once");
        }
    }

    private @Nullable String recorded() {
        if (body.requestedAs() == null) {
            return null;
        }
        String text = new String(ContractJson.write(body.requestedAs()), StandardCharsets.UTF_8);
        if (text.length() > LONGEST_RECORD) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "requestedAs",
                    "It is at most " + LONGEST_RECORD + " characters long");
        }
        return text;
    }

    private Map<String, String> fleetTags() {
        RequestTags.check("tags", body.tags());
        return body.tags() == null ? Map.of() : Map.copyOf(body.tags());
    }
}
