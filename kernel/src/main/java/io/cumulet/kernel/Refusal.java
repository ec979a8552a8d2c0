package io.cumulet.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A decision not to do something: nothing was changed.
 *
 * @param code why, as a stable name
 * @param field the request's field at fault, as the caller wrote it ({@code placement.availabilityZone}, or a JSON
 *     pointer for a scenario); null if no single field is
 * @param message the cause in words, for a person
 */
public record Refusal(ErrorCode code, @Nullable String field, String message) {

    public static Refusal of(ErrorCode code, String field, String message) {
        return new Refusal(code, field, message);
    }

    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, null, message);
    }

    /** For the places that can't return a refusal, above all request records that check themselves. */
    public RefusedException asException() {
        return new RefusedException(this);
    }
}
