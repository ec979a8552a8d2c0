package io.cumulet.endpoint.actions.savingsplans;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Call;
import java.util.List;

/** Which items a call wants: those that are one of the values of each parameter and filter that it has. */
final class Wanted {

    private Wanted() {}

    /** Whether a parameter isn't given, or has a value. */
    static boolean is(Call call, String parameter, JsonNode value) {
        List<String> wanted = call.texts(parameter);
        return wanted.isEmpty() || wanted.contains(value.asText());
    }

    /** Whether an item has what the filters say among its properties. */
    static boolean byProperties(Call call, JsonNode item) {
        for (JsonNode filter : call.get("filters")) {
            boolean found = false;
            for (JsonNode property : item.path("properties")) {
                found |= property.path("name")
                                .asText()
                                .equals(filter.path("name").asText())
                        && hasValue(filter, property.path("value").asText());
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    static boolean hasValue(JsonNode filter, String value) {
        for (JsonNode wanted : filter.path("values")) {
            if (wanted.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }
}
