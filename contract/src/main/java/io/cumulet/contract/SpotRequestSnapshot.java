package io.cumulet.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A spot request as it is after the event. Key: request id.
 *
 * @param type {@code one-time} or {@code persistent}
 * @param state EC2's: {@code open}, {@code active}, {@code disabled}, {@code closed}, {@code cancelled}, {@code failed}
 * @param statusCode EC2's, such as {@code pending-evaluation}, {@code fulfilled}, {@code instance-terminated-by-price}
 * @param fleetId the fleet that made it; null for others
 * @param launchGroup those of this name are launched and taken back together; null if it is on its own
 * @param availabilityZoneGroup those of this name share a zone; null if it is on its own
 */
public record SpotRequestSnapshot(
        String spotRequestId,
        String account,
        String region,
        String availabilityZone,
        String instanceType,
        String os,
        long version,
        String type,
        String state,
        String statusCode,
        String maxPrice,
        String interruptionBehavior,
        @Nullable String instanceId,
        Instant createdAt,
        Instant occurredAt,
        @Nullable String fleetId,
        @Nullable String launchGroup,
        @Nullable String availabilityZoneGroup) {}
