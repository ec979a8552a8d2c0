package io.cumulet.billing.domain.metering;

import java.time.Instant;
import java.util.Map;

/**
 * The tags that an instance had from a moment on.
 *
 * @param version the version of the fact that came with them
 * @param at when that happened
 */
public record TagChange(String instanceId, long version, Instant at, Map<String, String> tags) {

    public TagChange {
        tags = Map.copyOf(tags);
    }
}
