package io.cumulet.billing.api;

import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(name = "TagPatch")
record TagPatch(
        @Schema(required = true, description = "What to set or, with null as value, to remove") @Nullable
        Map<String, @Nullable String> tags) {}
