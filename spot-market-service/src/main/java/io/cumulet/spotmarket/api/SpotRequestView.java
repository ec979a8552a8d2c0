package io.cumulet.spotmarket.api;

import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.StatusTimes;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A spot request as it is shown.
 *
 * @param maxPrice USD per hour
 * @param state {@code open}, {@code active}, {@code disabled}, {@code closed}, {@code cancelled} or {@code failed}
 * @param statusCode why it is in this state, as EC2 names it
 * @param statusMessage the same in words
 * @param statusUpdatedAt since when
 * @param hasUserData whether its instances are started with user data, which is shown to nobody
 * @param interruption set once its instance has been warned
 */
public record SpotRequestView(
        String spotRequestId,
        String account,
        String availabilityZone,
        String instanceType,
        String os,
        String imageId,
        String maxPrice,
        String type,
        String interruptionBehavior,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        String state,
        String statusCode,
        String statusMessage,
        Instant statusUpdatedAt,
        @Nullable String instanceId,
        @Nullable Interruption interruption,
        @Nullable String subnetId,
        @Nullable String keyName,
        List<String> securityGroupIds,
        Map<String, String> tags,
        @Nullable Map<String, Object> launchOptions,
        boolean hasUserData,
        @Nullable String launchGroup,
        @Nullable String availabilityZoneGroup,
        @Nullable String fleetId,
        Instant createdAt) {

    /** Why the instance is taken back, and when. */
    public record Interruption(String reason, Instant actionAt) {}

    static SpotRequestView of(SpotRequest request, StatusTimes.Times times, RequestTags.Tags tags) {
        Terms terms = request.terms();
        Terms.Launch launch = terms.launch();
        Progress progress = request.progress();
        Progress.Interruption interruption = progress.interruption();
        return new SpotRequestView(
                request.id(),
                request.account().value(),
                terms.pool().zone().value(),
                terms.pool().type().value(),
                terms.pool().os().code(),
                launch.imageId(),
                terms.maxPrice().toString(),
                terms.kind().code(),
                terms.behavior().code(),
                terms.validFrom(),
                terms.validUntil(),
                progress.state().code(),
                progress.status().code(),
                progress.status().message(),
                times.of(request),
                progress.instanceId(),
                interruption == null
                        ? null
                        : new Interruption(interruption.reason().code(), interruption.actionAt()),
                launch.subnetId(),
                launch.keyName(),
                launch.securityGroupIds(),
                tags.of(request),
                LaunchOptions.read(launch.options()),
                launch.hasUserData(),
                terms.membership().launchGroup(),
                terms.membership().zoneGroup(),
                terms.membership().fleetId(),
                terms.createdAt());
    }
}
