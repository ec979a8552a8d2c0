package io.cumulet.billing.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Query parameters as values, refused by name where they aren't any. */
final class Query {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");

    private Query() {}

    static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw refused(name, "A time is expected, such as 2026-01-01T00:00:00Z, not " + text);
        }
    }

    static YearMonth requiredMonth(String name, @Nullable String text) {
        String month = required(name, text);
        try {
            if (MONTH.matcher(month).matches()) {
                return YearMonth.parse(month);
            }
        } catch (DateTimeException e) {
            // Thirteen months: refused below.
        }
        throw refused(name, "A month is expected, such as 2026-01, not " + month);
    }

    static <T> @Nullable T named(String name, @Nullable String text, Function<String, Optional<T>> byName) {
        return text == null
                ? null
                : byName.apply(text).orElseThrow(() -> refused(name, "There is no " + name + " " + text));
    }

    static <T> T requiredNamed(String name, @Nullable String text, Function<String, Optional<T>> byName) {
        return required(name, named(name, required(name, text), byName));
    }

    /** None if none are given. */
    static Map<String, String> tags(@Nullable Map<String, String> given) {
        return given == null ? Map.of() : given;
    }

    static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, name, "Missing: " + name)
                    .asException();
        }
        return value;
    }

    /** The number that a page follows; 0 for the first page. */
    static long number(@Nullable String afterKey) {
        try {
            return afterKey == null ? 0 : Long.parseLong(afterKey);
        } catch (NumberFormatException e) {
            throw Refusal.of(ErrorCode.INVALID_NEXT_TOKEN, "nextToken", "This is not a token of a page of this list")
                    .asException();
        }
    }

    static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /** How many of something: 1 if it isn't said. */
    static int count(String name, @Nullable Integer count, int most) {
        int wanted = orElse(count, 1);
        if (wanted < 1 || wanted > most) {
            throw refused(name, "It is 1 to " + most + ", not " + wanted);
        }
        return wanted;
    }

    static RefusedException refused(String name, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, name, message).asException();
    }
}
