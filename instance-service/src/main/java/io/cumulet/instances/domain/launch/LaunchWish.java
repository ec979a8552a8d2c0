package io.cumulet.instances.domain.launch;

import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A launch as it was asked for, unchecked. Field names in refusals are those of the REST request.
 *
 * @param launchedBy who launches for the account, such as a fleet; null if nobody does
 * @param unsupportedFields fields that EC2 knows, the caller filled in, and we don't do yet
 * @param zone the zone by name; null if any will do
 * @param addresses null if nothing is said of them
 * @param interfaceTags of the interface that each instance comes with
 * @param options null if nothing is said of them
 */
public record LaunchWish(
        @Nullable String imageId,
        @Nullable String instanceType,
        @Nullable Integer minCount,
        @Nullable Integer maxCount,
        @Nullable String zone,
        @Nullable String tenancy,
        @Nullable String subnetId,
        @Nullable String keyName,
        @Nullable List<String> securityGroupIds,
        @Nullable String userData,
        @Nullable String clientToken,
        @Nullable MarketWish market,
        @Nullable Map<String, String> tags,
        @Nullable LaunchedBy launchedBy,
        @Nullable Boolean terminationProtected,
        @Nullable String scheduledInstanceId,
        @Nullable AddressWish addresses,
        List<String> unsupportedFields,
        @Nullable Map<String, String> interfaceTags,
        @Nullable InstanceOptions options) {

    /** Says nothing of its options. */
    public LaunchWish(
            @Nullable String imageId,
            @Nullable String instanceType,
            @Nullable Integer minCount,
            @Nullable Integer maxCount,
            @Nullable String zone,
            @Nullable String tenancy,
            @Nullable String subnetId,
            @Nullable String keyName,
            @Nullable List<String> securityGroupIds,
            @Nullable String userData,
            @Nullable String clientToken,
            @Nullable MarketWish market,
            @Nullable Map<String, String> tags,
            @Nullable Boolean terminationProtected,
            @Nullable String scheduledInstanceId,
            @Nullable AddressWish addresses,
            List<String> unsupportedFields) {
        this(
                imageId,
                instanceType,
                minCount,
                maxCount,
                zone,
                tenancy,
                subnetId,
                keyName,
                securityGroupIds,
                userData,
                clientToken,
                market,
                tags,
                null,
                terminationProtected,
                scheduledInstanceId,
                addresses,
                unsupportedFields,
                null,
                null);
    }

    /** What is asked for, whatever the token. */
    public LaunchWish withoutToken() {
        return new LaunchWish(
                imageId,
                instanceType,
                minCount,
                maxCount,
                zone,
                tenancy,
                subnetId,
                keyName,
                securityGroupIds,
                userData,
                null,
                market,
                tags,
                launchedBy,
                terminationProtected,
                scheduledInstanceId,
                addresses,
                unsupportedFields,
                interfaceTags,
                options);
    }

    /**
     * @param type {@code on-demand} or {@code spot}
     * @param requestType {@code one-time} or {@code persistent}; null: the behavior says it, and nothing is launched anew
     * @param validUntil until when a persistent request launches anew; null: for ever
     * @param requestTags of the request; null: those of its instance
     */
    public record MarketWish(
            @Nullable String type,
            @Nullable String maxPrice,
            @Nullable String interruptionBehavior,
            @Nullable String requestType,
            @Nullable Instant validUntil,
            @Nullable Map<String, String> requestTags) {

        /** Says nothing of its request. */
        public MarketWish(@Nullable String type, @Nullable String maxPrice, @Nullable String interruptionBehavior) {
            this(type, maxPrice, interruptionBehavior, null, null, null);
        }
    }

    /**
     * Addresses of the primary interface.
     *
     * @param ipv6AddressCount null if it isn't said: then the subnet says
     * @param associatePublicIpAddress likewise
     */
    public record AddressWish(
            @Nullable String privateIpAddress,
            @Nullable Integer ipv6AddressCount,
            @Nullable List<String> ipv6Addresses,
            @Nullable Boolean associatePublicIpAddress) {}
}
