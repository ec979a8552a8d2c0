package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reading fields of bodies; what isn't as it has to be is refused by the field's name. */
final class Fields {

    private Fields() {}

    /** A word that stands for one of some values. */
    static <T> T oneOf(String field, @Nullable String text, T[] values, Function<T, String> code, T otherwise) {
        if (text == null) {
            return otherwise;
        }
        for (T value : values) {
            if (code.apply(value).equals(text)) {
                return value;
            }
        }
        throw refuse(
                ErrorCode.INVALID_PARAMETER_VALUE,
                field,
                "It is one of " + Arrays.stream(values).map(code).toList() + ", not " + text);
    }

    static HourlyRate price(String field, String text) {
        if (!HourlyRate.isValid(text) || HourlyRate.of(text).isZero()) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "It is USD per hour as a decimal above 0, such as 0.0500, not " + text);
        }
        return HourlyRate.of(text);
    }

    static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw missing(field);
        }
        return value;
    }

    static RefusedException missing(String field) {
        return refuse(ErrorCode.MISSING_PARAMETER, field, "Missing: " + field);
    }

    static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
