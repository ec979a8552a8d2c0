package io.cumulet.spotmarket.api;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.requests.Terms.InterruptionBehavior;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for spot instances as it is sent.
 *
 * @param availabilityZone where; without it, where the price is lowest among the zones with room
 * @param maxPrice USD per hour, a decimal string; On-Demand's if not said
 * @param count how many requests of one unit to make, 1 to 1,000; 1 if not said
 * @param type {@code one-time} (if not said) or {@code persistent}
 * @param interruptionBehavior {@code terminate} (if not said), {@code stop} or {@code hibernate}; the latter two for persistent
 *     requests only, as in EC2
 * @param validFrom from when on it bids
 * @param validUntil until when it bids
 * @param subnetId any subnet of the account; says the zone too
 * @param userData what each instance is started with: base64 of at most 16 KiB
 * @param launchGroup requests of a pool with this name are launched only all together, and taken back all together
 * @param availabilityZoneGroup requests with this name share a zone; one that names another zone waits until they are over
 * @param tags of the requests; and of their instances, unless these have their own
 * @param instanceTags of the instances alone
 * @param launchOptions what else an instance is launched with, in the words of the instance service, such as monitoring
 */
public record SpotRequestBody(
        @Nullable String imageId,
        @Nullable String instanceType,
        @Nullable String availabilityZone,
        @Nullable String maxPrice,
        @Nullable Integer count,
        @Nullable String type,
        @Nullable String interruptionBehavior,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        @Nullable String subnetId,
        @Nullable String keyName,
        @Nullable List<String> securityGroupIds,
        @Nullable Map<String, String> tags,
        @Nullable Map<String, String> instanceTags,
        @Nullable Map<String, Object> launchOptions,
        @Nullable String userData,
        @Nullable String launchGroup,
        @Nullable String availabilityZoneGroup,
        @Nullable String clientToken) {

    private static final int MOST_AT_ONCE = 1000;
    private static final int LONGEST_GROUP_NAME = 255;

    SpotRequestBody withoutToken() {
        return new SpotRequestBody(
                imageId,
                instanceType,
                availabilityZone,
                maxPrice,
                count,
                type,
                interruptionBehavior,
                validFrom,
                validUntil,
                subnetId,
                keyName,
                securityGroupIds,
                tags,
                instanceTags,
                launchOptions,
                userData,
                launchGroup,
                availabilityZoneGroup,
                null);
    }

    /** The requests' own tags; null if they have those of their instances. */
    @Nullable
    Map<String, String> ownTags() {
        return instanceTags == null ? null : tags == null ? Map.of() : tags;
    }

    int units() {
        if (count == null) {
            return 1;
        }
        if (count < 1 || count > MOST_AT_ONCE) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE, "count", "It is 1 to " + MOST_AT_ONCE + ", not " + count);
        }
        return count;
    }

    /** What the instance service would have to launch. */
    InstanceService.Launch launch() {
        checkGroups("securityGroupIds", securityGroupIds);
        LaunchOptions.write("launchOptions", launchOptions);
        return new InstanceService.Launch(
                imageId,
                instanceType,
                availabilityZone,
                subnetId,
                keyName,
                securityGroupIds,
                userData,
                launchOptions == null || launchOptions.isEmpty() ? null : launchOptions);
    }

    /**
     * Checks everything that the instance service wasn't asked, and says what is asked for.
     *
     * @param image the one that it names
     * @param ofSubnet the zone of the subnet that it names
     */
    Terms terms(
            AccountId account,
            Region region,
            Image image,
            Optional<AvailabilityZone> ofSubnet,
            Instant now,
            Tariffs tariffs,
            PoolChoice choice) {
        Terms.Membership membership = new Terms.Membership(
                groupName("launchGroup", launchGroup), groupName("availabilityZoneGroup", availabilityZoneGroup), null);
        InstanceTypeFacts facts = facts(image);
        InstanceType wanted = facts.type();
        PoolId pool = pool(account, region, ofSubnet.orElse(null), wanted, image, choice);
        HourlyRate onDemand = tariffs.onDemand(pool, now)
                .orElseThrow(() -> Fields.refuse(
                        ErrorCode.UNSUPPORTED,
                        "instanceType",
                        wanted + " isn't on offer for " + image.os() + " in " + region));
        Terms.Kind kind = Fields.oneOf("type", type, Terms.Kind.values(), Terms.Kind::code, Terms.Kind.ONE_TIME);
        InterruptionBehavior behavior = Fields.oneOf(
                "interruptionBehavior",
                interruptionBehavior,
                InterruptionBehavior.values(),
                InterruptionBehavior::code,
                InterruptionBehavior.TERMINATE);
        if (behavior != InterruptionBehavior.TERMINATE && kind != Terms.Kind.PERSISTENT) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "interruptionBehavior",
                    "A one-time request's instance can only be terminated; " + behavior.code()
                            + " needs a persistent request");
        }
        checkTimes(now);
        RequestTags.check("tags", tags);
        RequestTags.check("instanceTags", instanceTags);
        Map<String, String> ofInstances = instanceTags == null ? tags : instanceTags;
        checkGroups("securityGroupIds", securityGroupIds);
        return new Terms(
                pool,
                maxPrice == null ? onDemand : Fields.price("maxPrice", maxPrice),
                kind,
                behavior,
                validFrom,
                validUntil,
                now,
                new Terms.Launch(
                        image.imageId(),
                        subnetId,
                        keyName,
                        securityGroupIds == null ? List.of() : List.copyOf(securityGroupIds),
                        ofInstances == null ? Map.of() : Map.copyOf(ofInstances),
                        userData != null,
                        LaunchOptions.write("launchOptions", launchOptions)),
                membership);
    }

    private void checkTimes(Instant now) {
        Times.near("validFrom", validFrom);
        Times.near("validUntil", validUntil);
        if (validUntil == null) {
            return;
        }
        if (!validUntil.isAfter(now)) {
            throw Fields.refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies in the past: " + validUntil);
        }
        if (validFrom != null && !validUntil.isAfter(validFrom)) {
            throw Fields.refuse(ErrorCode.INVALID_PARAMETER_VALUE, "validUntil", "It lies before validFrom");
        }
    }

    private InstanceTypeFacts facts(Image image) {
        String name = Fields.required("instanceType", instanceType);
        InstanceTypeFacts facts = InstanceTypes.find(name)
                .orElseThrow(() -> Fields.refuse(
                        ErrorCode.INVALID_INSTANCE_TYPE, "instanceType", "There is no instance type " + name));
        if (!facts.runs(image.architecture())) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instanceType",
                    name + " can't run " + image.imageId() + ", an image for " + image.architecture());
        }
        if (!facts.supportedUsageClasses().isEmpty()
                && !facts.supportedUsageClasses().contains("spot")) {
            throw Fields.refuse(ErrorCode.UNSUPPORTED, "instanceType", name + " is not on offer as spot");
        }
        return facts;
    }

    static void checkGroups(String field, @Nullable List<String> ids) {
        // List.contains(null) would throw for lists that can't have it.
        if (ids != null && ids.stream().anyMatch(id -> id == null || id.isBlank())) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE, field, "Each names a security group; one is missing");
        }
    }

    private PoolId pool(
            AccountId account,
            Region region,
            @Nullable AvailabilityZone ofSubnet,
            InstanceType wanted,
            Image image,
            PoolChoice choice) {
        AvailabilityZone named = availabilityZone == null ? null : zone(region, availabilityZone);
        if (named != null && ofSubnet != null && !named.equals(ofSubnet)) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION, "subnetId", "Subnet " + subnetId + " is in " + ofSubnet);
        }
        AvailabilityZone zone = named == null ? ofSubnet : named;
        if (zone == null) {
            return choice.of(account, region, availabilityZoneGroup, wanted, image.os())
                    .orElseThrow(() -> Fields.refuse(
                            ErrorCode.UNSUPPORTED,
                            "instanceType",
                            "No zone of " + region + " has hosts for " + wanted + " with " + image.os()));
        }
        return new PoolId(zone, wanted, image.os());
    }

    private static AvailabilityZone zone(Region region, String name) {
        if (AvailabilityZone.isValid(name)) {
            AvailabilityZone zone = new AvailabilityZone(name);
            if (Regions.exists(zone) && zone.region().equals(region)) {
                return zone;
            }
        }
        throw Fields.refuse(
                ErrorCode.INVALID_AVAILABILITY_ZONE,
                "availabilityZone",
                "There is no Availability Zone " + name + " in " + region);
    }

    private static @Nullable String groupName(String field, @Nullable String name) {
        if (name != null && (name.isBlank() || name.length() > LONGEST_GROUP_NAME)) {
            throw Fields.refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "A name has 1 to " + LONGEST_GROUP_NAME + " characters, not only blanks");
        }
        return name;
    }
}
