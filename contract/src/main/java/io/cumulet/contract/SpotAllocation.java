package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The market gave a request room: the instance service launches it, once for each request and unit, and answers with
 * {@code instance.launched} or {@code instance.failed}. If it names an instance, one that the market stopped, that one is
 * started again; the answer is {@code instance.started}, or {@code instance.stopped} once more if there was no room. Key:
 * request id.
 *
 * @param unit which allocation of this request it is, from 1: a persistent request gets several over its life. Request
 *     and unit together are the client token of the launch.
 * @param instanceId the stopped instance to start again; null if a new one is to be launched
 * @param os of the pool; null in events of before it was told
 * @param hasUserData whether the market keeps user data of the request, to be asked for over REST; null is no
 * @param options what else the launch says, in the words of {@code POST /v1/instances}; null if nothing
 */
public record SpotAllocation(
        String spotRequestId,
        int unit,
        @Nullable String instanceId,
        String account,
        String region,
        String availabilityZone,
        Instant occurredAt,
        String imageId,
        String instanceType,
        @Nullable String os,
        String maxPrice,
        String interruptionBehavior,
        @Nullable String subnetId,
        @Nullable String keyName,
        List<String> securityGroupIds,
        Map<String, String> tags,
        @Nullable Boolean hasUserData,
        @Nullable Map<String, Object> options) {}
