package io.cumulet.endpoint.templates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a launch template.
 *
 * @param data by the names of {@code RequestLaunchTemplateData}
 */
public record TemplateVersion(
        LaunchTemplate template,
        long number,
        @Nullable String description,
        Instant createdAt,
        String createdBy,
        ObjectNode data) {

    public boolean isDefault() {
        return number == template.defaultVersion();
    }
}
