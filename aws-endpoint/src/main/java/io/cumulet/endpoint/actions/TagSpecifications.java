package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tags that a resource gets as it is made. */
public final class TagSpecifications {

    private TagSpecifications() {}

    /**
     * The tags of one kind of resource, as a map by key for REST; null if none are given.
     *
     * @param type such as {@code vpc}
     * @param alsoAllowed what else the action makes
     * @throws AwsError for another kind, or a key given twice
     */
    public static @Nullable ObjectNode of(Call call, String type, String... alsoAllowed) {
        ObjectNode tags = JsonNodeFactory.instance.objectNode();
        for (JsonNode specification :
                call.has("TagSpecifications") ? call.get("TagSpecifications") : call.get("TagSpecification")) {
            String given = specification.path("ResourceType").asText();
            if (given.isEmpty()) {
                throw AwsError.of("InvalidParameter", "Tag specification resource type must have a value");
            }
            if (!given.equals(type) && !Set.of(alsoAllowed).contains(given)) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "'" + given + "' is not a valid taggable resource type for this operation.");
            }
            if (specification.path("Tags").isEmpty()) {
                throw AwsError.of("InvalidParameter", "Tag specification must have at least one tag");
            }
            for (JsonNode tag : specification.path("Tags")) {
                put(tags, tag, given.equals(type));
            }
        }
        return tags.isEmpty() ? null : tags;
    }

    private static void put(ObjectNode tags, JsonNode tag, boolean wanted) {
        String key = tag.path("Key").asText();
        if (key.isEmpty()) {
            throw AwsError.of("InvalidParameterValue", "Tag key cannot be empty");
        }
        if (!wanted) {
            return;
        }
        if (tags.has(key)) {
            throw AwsError.of("InvalidParameterValue", "Tag keys must be unique; '" + key + "' is given twice");
        }
        tags.put(key, tag.path("Value").asText(""));
    }
}
