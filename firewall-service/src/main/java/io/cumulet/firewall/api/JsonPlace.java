package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value in a request and where it stands, such as {@code groups[0].ingress[1].peer.cidr}. Read by hand rather than
 * bound, so that nothing is converted silently ({@code "80"} is no port, 1.5 neither) and each fault names its place.
 */
final class JsonPlace {

    private final JsonNode node;
    private final String path;

    private JsonPlace(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /** The body of a request: an object with some of these fields. */
    static JsonPlace body(@Nullable JsonNode body, Set<String> fields) {
        if (body == null || body.isMissingNode() || body.isNull()) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "A JSON object is expected as the body")
                    .asException();
        }
        if (!body.isObject()) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A JSON object is expected as the body")
                    .asException();
        }
        return new JsonPlace(body, "").object(fields);
    }

    String path() {
        return path;
    }

    /** Checks that it is an object whose fields are all among the known ones. */
    JsonPlace object(Set<String> known) {
        if (!node.isObject()) {
            throw invalid("an object is expected here");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw Refusal.of(ErrorCode.UNKNOWN_PARAMETER, below(name), "There is no field " + below(name))
                        .asException();
            }
        }
        return this;
    }

    /** A field; empty if it isn't there or null. */
    Optional<JsonPlace> optional(String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(new JsonPlace(value, below(field)));
    }

    JsonPlace required(String field) {
        return optional(field)
                .orElseThrow(() -> Refusal.of(
                                ErrorCode.MISSING_PARAMETER, below(field), "The field " + below(field) + " is missing")
                        .asException());
    }

    boolean has(String field) {
        return optional(field).isPresent();
    }

    /** Whether a field is there, if only to say null. */
    boolean mentions(String field) {
        return node.has(field);
    }

    /** At most so many elements; of more none is looked at. */
    List<JsonPlace> elements(int most) {
        if (node.size() > most) {
            throw invalid("at most " + most + " elements are expected here; not " + node.size());
        }
        return elements();
    }

    List<JsonPlace> elements() {
        if (!node.isArray()) {
            throw invalid("an array is expected here");
        }
        List<JsonPlace> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonPlace(element, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    String text() {
        if (!node.isTextual()) {
            throw invalid("a string is expected here");
        }
        return node.textValue();
    }

    /** A text that isn't empty. */
    String name() {
        String text = text();
        if (text.isEmpty()) {
            throw invalid("it can't be empty");
        }
        return text;
    }

    @Nullable
    String optionalText(String field) {
        return optional(field).map(JsonPlace::text).orElse(null);
    }

    int wholeNumber(int least, int most) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw invalid("a whole number from " + least + " to " + most + " is expected here");
        }
        return node.intValue();
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw invalid("true or false is expected here");
        }
        return node.booleanValue();
    }

    /** An object whose values are all texts. */
    Map<String, String> texts() {
        if (!node.isObject()) {
            throw invalid("an object is expected here");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(entry ->
                        texts.put(entry.getKey(), new JsonPlace(entry.getValue(), below(entry.getKey())).text()));
        return texts;
    }

    /** An object whose values are texts, or null where something is to go. */
    Map<String, Optional<String>> changes() {
        if (!node.isObject()) {
            throw invalid("an object is expected here");
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        node.properties()
                .forEach(entry ->
                        changes.put(entry.getKey(), optional(entry.getKey()).map(JsonPlace::text)));
        return changes;
    }

    RefusedException invalid(String what) {
        return refused(ErrorCode.INVALID_PARAMETER_VALUE, path + ": " + what);
    }

    RefusedException refused(ErrorCode code, String message) {
        return Refusal.of(code, path, message).asException();
    }

    private String below(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
