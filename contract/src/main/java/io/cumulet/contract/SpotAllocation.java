package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The market gave a request room: the instance service launches it, once for each request and unit, and answers with
 * {@code instance.launched} or {@code instance.failed}. Key: request id.
 *
 * @param unit which allocation of this request it is, from 1: a persistent request gets several over its life. Request
 *     and unit together are the client token of the launch.
 */
public record SpotAllocation(
        String spotRequestId,
        int unit,
        String account,
        String region,
        String availabilityZone,
        Instant occurredAt,
        String imageId,
        String instanceType,
        String maxPrice,
        String interruptionBehavior,
        @Nullable String subnetId,
        @Nullable String keyName,
        List<String> securityGroupIds,
        Map<String, String> tags) {}
