package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads query parameters strictly. */
final class Query {

    private Query() {}

    static @Nullable Instant instant(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Times.near(field, Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            field,
                            "It is a time such as 2026-01-31T12:00:00Z, not " + text)
                    .asException();
        }
    }
}
