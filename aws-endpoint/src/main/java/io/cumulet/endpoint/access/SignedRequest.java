package io.cumulet.endpoint.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came, with all that a signature is made of.
 *
 * @param method in capitals
 * @param path as it was sent, still escaped
 * @param rawQuery as it was sent, still escaped; empty if there was none
 * @param headers by name in small letters
 * @param sourceAddress the IP address it came from
 */
public record SignedRequest(
        String method,
        String path,
        String rawQuery,
        Map<String, List<String>> headers,
        byte[] body,
        String sourceAddress) {

    /** A header's first value; null if it wasn't sent. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
