package io.cumulet.firewall.api;

import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Filters of the form {@code tag:KEY=VALUE}. */
final class TagFilters {

    private static final String TAG = "tag:";

    private TagFilters() {}

    /** By key, the values of which any will do. */
    static Map<String, List<String>> of(UriInfo uri) {
        Map<String, List<String>> tags = new LinkedHashMap<>();
        uri.getQueryParameters().forEach((name, values) -> {
            if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), values);
            }
        });
        return tags;
    }
}
