package io.cumulet.instances.domain.launch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A launch as it was asked for, unchecked. Field names in refusals are those of the REST request.
 *
 * @param unsupportedFields fields that EC2 knows, the caller filled in, and we don't do yet
 * @param zone the zone by name; null if any will do
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
        @Nullable Boolean terminationProtected,
        @Nullable String scheduledInstanceId,
        List<String> unsupportedFields) {

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
                terminationProtected,
                scheduledInstanceId,
                unsupportedFields);
    }

    /** @param type {@code on-demand} or {@code spot} */
    public record MarketWish(
            @Nullable String type,
            @Nullable String maxPrice,
            @Nullable String interruptionBehavior) {}
}
