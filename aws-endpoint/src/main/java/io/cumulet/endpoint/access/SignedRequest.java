package io.cumulet.endpoint.access;

import java.util.List;
import java.util.Map;

/**
 * A request as it came, with all that a signature is made of.
 *
 * @param method in capitals
 * @param path as it was sent, still escaped
 * @param rawQuery as it was sent, still escaped; empty if there was none
 * @param headers by name in small letters
 */
public record SignedRequest(
        String method, String path, String rawQuery, Map<String, List<String>> headers, byte[] body) {}
