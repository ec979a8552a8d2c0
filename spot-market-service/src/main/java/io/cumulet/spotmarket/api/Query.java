package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads query parameters strictly. */
final class Query {

    private static final int LARGEST_PAGE = 1000;
    private static final int PAGE = 100;

    private Query() {}

    static int pageSize(@Nullable String maxResults) {
        if (maxResults == null) {
            return PAGE;
        }
        if (!maxResults.matches("[0-9]{1,4}")
                || Integer.parseInt(maxResults) < 1
                || Integer.parseInt(maxResults) > LARGEST_PAGE) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "maxResults",
                            "A page has 1 to " + LARGEST_PAGE + " entries, not " + maxResults)
                    .asException();
        }
        return Integer.parseInt(maxResults);
    }

    static @Nullable Instant instant(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            field,
                            "It is a time such as 2026-01-31T12:00:00Z, not " + text)
                    .asException();
        }
    }
}
