package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which times callers may name: those farther away can neither be kept nor reckoned with. */
final class Times {

    static final Instant FIRST = Instant.EPOCH;
    static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Times() {}

    static boolean isNear(Instant time) {
        return !time.isBefore(FIRST) && !time.isAfter(LAST);
    }

    /** Answers the time, or refuses it by its field's name; null if none was said. */
    static @Nullable Instant near(String field, @Nullable Instant time) {
        if (time != null && !isNear(time)) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            field,
                            "It lies between " + FIRST + " and " + LAST + ", not at " + time)
                    .asException();
        }
        return time;
    }
}
