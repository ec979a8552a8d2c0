package io.cumulet.endpoint.templates;

import java.time.Instant;
import java.util.Map;

/**
 * A launch template; what it says is in its versions.
 *
 * @param createdBy the ARN of whoever made it
 * @param latestVersion the highest that is there
 */
public record LaunchTemplate(
        String id,
        String name,
        Instant createdAt,
        String createdBy,
        long defaultVersion,
        long latestVersion,
        Map<String, String> tags) {}
