package io.cumulet.contract;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the hosts of one family in one Availability Zone still hold, at one moment. Key: zone and family, such as {@code
 * us-east-1a/m4}.
 *
 * @param version counts up; a reader keeps the newest
 * @param fits how many more instances of each type would fit now, counted for each type alone; only types the hosts of
 *     this family can hold at all
 * @param spotUnits how many spot instances hold capacity at the same moment, by type and system ({@code
 *     m4.large/linux}); the units missing have none
 * @param reclaimed how many of these rooms on-demand takes back, by type and system as in {@code spotUnits}; units that
 *     leave already are counted. What on-demand waits for isn't counted in {@code fits}. Null in events of before
 */
public record CapacitySnapshot(
        String availabilityZone,
        String family,
        long version,
        Instant occurredAt,
        Map<String, Integer> fits,
        Map<String, Integer> spotUnits,
        @Nullable Map<String, Integer> reclaimed) {}
