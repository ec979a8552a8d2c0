package io.cumulet.billing.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON document together with its place (an RFC 6901 pointer), so that what is wrong can be named. Its
 * methods throw {@link RefusedException} with the place at fault.
 */
final class JsonPlace {

    private static final Pattern WHOLE_SECONDS =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

    private final JsonNode node;
    private final String pointer;

    JsonPlace(JsonNode node, String pointer) {
        this.node = node;
        this.pointer = pointer;
    }

    String pointer() {
        return pointer;
    }

    /** An object whose fields are all among the known ones. */
    JsonPlace object(Set<String> known) {
        if (!node.isObject()) {
            throw refused(pointer, "An object is expected here");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw refused(pointer + "/" + escaped(name), "There is no such field; known are " + known);
            }
        }
        return this;
    }

    Optional<JsonPlace> optional(String field) {
        JsonNode value = node.get(field);
        return value == null ? Optional.empty() : Optional.of(new JsonPlace(value, pointer + "/" + field));
    }

    JsonPlace required(String field) {
        return optional(field).orElseThrow(() -> refused(pointer + "/" + field, "This field is required"));
    }

    /** The elements of an array field; none if the field isn't there. */
    List<JsonPlace> list(String field) {
        return optional(field).map(JsonPlace::elements).orElse(List.of());
    }

    List<JsonPlace> elements() {
        if (!node.isArray()) {
            throw refused(pointer, "An array is expected here");
        }
        List<JsonPlace> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonPlace(element, pointer + "/" + elements.size()));
        }
        return elements;
    }

    String text() {
        if (!node.isTextual()) {
            throw refused(pointer, "A string is expected here");
        }
        return node.textValue();
    }

    @Nullable
    String optionalText(String field) {
        return optional(field).map(JsonPlace::text).orElse(null);
    }

    /** A whole number of at least a minimum. */
    int wholeNumber(int minimum) {
        if (!node.isNumber() || !node.canConvertToExactIntegral() || !node.canConvertToInt()) {
            throw refused(pointer, "A whole number is expected here");
        }
        if (node.intValue() < minimum) {
            throw refused(pointer, "It is at least " + minimum);
        }
        return node.intValue();
    }

    /** A moment in whole seconds, UTC, written with Z. */
    Instant instant() {
        String text = text();
        if (!WHOLE_SECONDS.matcher(text).matches()) {
            throw refused(pointer, "A time in whole seconds, UTC, is expected here, such as 2026-01-01T00:00:00Z");
        }
        try {
            // Instant.parse would take 24:00 and leap seconds, which are other moments than they say.
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw refused(pointer, "There is no such time: " + text);
        }
    }

    @Nullable
    Instant optionalInstant(String field) {
        return optional(field).map(JsonPlace::instant).orElse(null);
    }

    /** An amount in USD, exactly; 0 or more. */
    BigFraction usd() {
        return hourlyAmount().exact();
    }

    /** An amount in USD an hour, 0 or more. */
    HourlyRate hourlyAmount() {
        String text = text();
        if (!HourlyRate.isValid(text)) {
            throw refused(pointer, "A price is expected here, as a string of digits such as \"0.10\"");
        }
        return HourlyRate.of(text);
    }

    /** A price in USD an hour, above 0. */
    HourlyRate price() {
        HourlyRate price = hourlyAmount();
        if (price.isZero()) {
            throw refused(pointer, "A price is above 0");
        }
        return price;
    }

    /** A text that stands for something; empty from the function means it doesn't. */
    <T> T named(Function<String, Optional<T>> byName, String what) {
        String text = text();
        return byName.apply(text).orElseThrow(() -> refused(pointer, "Not " + what + ": " + text));
    }

    <T> T optionalNamed(String field, Function<String, Optional<T>> byName, String what, T otherwise) {
        return optional(field).map(place -> place.named(byName, what)).orElse(otherwise);
    }

    static RefusedException refused(String pointer, String message) {
        return Refusal.of(ErrorCode.CANNOT_RATE, pointer, message).asException();
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
