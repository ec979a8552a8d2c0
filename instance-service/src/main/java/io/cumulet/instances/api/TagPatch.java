package io.cumulet.instances.api;

import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Tags to set; one with null as value is removed. */
@Schema(name = "TagPatch")
public record TagPatch(@Nullable Map<String, @Nullable String> tags) {}
