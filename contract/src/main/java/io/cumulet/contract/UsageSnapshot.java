package io.cumulet.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One ended run of an instance as it was metered. Key: instance id. A later event for the same run replaces it.
 *
 * @param run which run of the instance, from 1
 * @param version counts up for the instance
 * @param startedAt start of the run, truncated to the second
 * @param endedAt end of the run: start + metered seconds
 * @param endedBy {@code user} or {@code interruption}
 * @param seconds exact stop − exact start, rounded up, at least 1; before any minimum of the price list
 * @param provisional true while an event of the instance is missing
 */
public record UsageSnapshot(
        String instanceId,
        String account,
        String region,
        String availabilityZone,
        int run,
        long version,
        String instanceType,
        String os,
        String tenancy,
        String market,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        long seconds,
        boolean provisional) {}
