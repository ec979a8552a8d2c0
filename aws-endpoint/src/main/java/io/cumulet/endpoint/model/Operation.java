package io.cumulet.endpoint.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service can be asked to do.
 *
 * @param resultWrapper the element around the answer in the query protocol of STS; null elsewhere
 * @param requestUri the path it is asked under; {@code /} but for REST services
 * @param filterNames the names of the filters that its documentation lists; {@code tag:<key>} stands for all tags
 */
public record Operation(
        String name,
        Shape input,
        Shape output,
        @Nullable String resultWrapper,
        String requestUri,
        Set<String> filterNames) {}
