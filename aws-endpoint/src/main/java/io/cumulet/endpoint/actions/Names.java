package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Shape;
import java.util.Map;
import java.util.TreeMap;

/**
 * Between the names of the services' REST APIs and those of the AWS models: mostly the same with a small first letter
 * ({@code cidrBlock}, {@code CidrBlock}), and tags, a map here and a list there.
 */
public final class Names {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Names() {}

    /**
     * A service's object as the model's shape: every member that it has under the same name. What is called otherwise is put
     * by the action afterwards.
     */
    public static ObjectNode toAws(JsonNode view, Shape shape) {
        ObjectNode node = JSON.objectNode();
        for (Shape.Member member : shape.members().values()) {
            JsonNode value = view.path(member.restName());
            if (member.name().equals("Tags") || member.wireName().equals("tagSet")) {
                JsonNode tags = view.path("tags");
                if (tags.isObject()) {
                    node.set(member.name(), tagList(tags));
                }
            } else if (!value.isMissingNode() && !value.isNull() && fits(value, member.shape())) {
                node.set(member.name(), toAwsValue(value, member.shape()));
            }
        }
        return node;
    }

    private static boolean fits(JsonNode value, Shape shape) {
        return switch (shape.type()) {
            case STRUCTURE, MAP -> value.isObject();
            case LIST -> value.isArray();
            default -> value.isValueNode();
        };
    }

    private static JsonNode toAwsValue(JsonNode value, Shape shape) {
        return switch (shape.type()) {
            case STRUCTURE -> toAws(value, shape);
            case LIST -> {
                ArrayNode list = JSON.arrayNode();
                value.forEach(element -> {
                    if (fits(element, shape.element())) {
                        list.add(toAwsValue(element, shape.element()));
                    }
                });
                yield list;
            }
            default -> value;
        };
    }

    /** A call's parameters by the names of REST: every member with a small first letter, at any depth. */
    public static JsonNode toRest(JsonNode value) {
        if (value.isObject()) {
            ObjectNode node = JSON.objectNode();
            value.properties().forEach(entry -> node.set(Call.lowerCamel(entry.getKey()), toRest(entry.getValue())));
            return node;
        }
        if (value.isArray()) {
            ArrayNode list = JSON.arrayNode();
            value.forEach(element -> list.add(toRest(element)));
            return list;
        }
        return value;
    }

    /**
     * Parameters without those that say nothing: empty texts, and structures that hold nothing else. EC2 takes them as unsaid,
     * and Terraform sends them. Missing if nothing is left of it.
     */
    public static JsonNode said(JsonNode value) {
        if (value.isTextual() && value.asText().isEmpty()) {
            return MissingNode.getInstance();
        }
        if (value.isArray()) {
            ArrayNode list = JSON.arrayNode();
            value.forEach(element -> {
                JsonNode said = said(element);
                if (!said.isMissingNode()) {
                    list.add(said);
                }
            });
            return list;
        }
        if (value.isObject()) {
            ObjectNode node = JSON.objectNode();
            value.properties().forEach(entry -> {
                JsonNode said = said(entry.getValue());
                if (!said.isMissingNode()) {
                    node.set(entry.getKey(), said);
                }
            });
            return node.isEmpty() && !value.isEmpty() ? MissingNode.getInstance() : node;
        }
        return value;
    }

    /** Tags as AWS lists them, by key. */
    public static ArrayNode tagList(JsonNode tags) {
        ArrayNode list = JSON.arrayNode();
        new TreeMap<>(Map.copyOf(asMap(tags)))
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return list;
    }

    private static Map<String, String> asMap(JsonNode tags) {
        Map<String, String> map = new TreeMap<>();
        tags.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}
