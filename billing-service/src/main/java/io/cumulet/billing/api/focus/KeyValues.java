package io.cumulet.billing.api.focus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** Writes key-value columns as JSON objects. Rows of one charge share their values: each is written once. */
final class KeyValues {

    private static final JsonMapper JSON = new JsonMapper();

    private record Written(Object value, String json) {}

    private @Nullable Written last;

    String json(Object value) {
        Written written = last;
        if (written == null || written.value() != value) {
            try {
                written = new Written(value, JSON.writeValueAsString(value));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Keys and values are text: " + value, e);
            }
            last = written;
        }
        return written.json();
    }
}
