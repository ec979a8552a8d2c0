package io.cumulet.endpoint.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Shape;
import java.time.Instant;
import java.util.Map;

/**
 * The JSON protocols of all APIs but EC2 and STS: the same trees as {@link Parameters} reads and {@link
 * XmlWriter} writes, by the names on the wire.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1 protocol</a>
 */
public final class JsonForm {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double MILLIS = 1000.0;

    private JsonForm() {}

    /**
     * @param invalidCode what the API refuses a request with that can't be right
     * @throws AwsError {@code SerializationException}, or with that code
     */
    public static ObjectNode read(String body, Shape input, String invalidCode) {
        JsonNode given;
        try {
            given = body.isBlank() ? JSON.objectNode() : MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw AwsError.of("SerializationException", "The body isn't JSON");
        }
        try {
            return structure(given, input, "");
        } catch (AwsError e) {
            throw AwsError.of(invalidCode, e.getMessage());
        }
    }

    private static ObjectNode structure(JsonNode given, Shape shape, String path) {
        if (!given.isObject()) {
            throw AwsError.invalidValue(path, given.toString(), "It has to be an object");
        }
        ObjectNode node = JSON.objectNode();
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            Shape.Member member = shape.memberOnWire(entry.getKey());
            if (member == null) {
                throw AwsError.unknown(path + entry.getKey());
            }
            if (!entry.getValue().isNull()) {
                node.set(member.name(), value(entry.getValue(), member.shape(), path + entry.getKey()));
            }
        }
        Validation.requireAll(node, shape, path);
        return node;
    }

    private static JsonNode value(JsonNode given, Shape shape, String path) {
        return switch (shape.type()) {
            case STRUCTURE -> structure(given, shape, path + ".");
            case LIST -> {
                if (!given.isArray()) {
                    throw AwsError.invalidValue(path, given.toString(), "It has to be a list");
                }
                ArrayNode list = JSON.arrayNode();
                for (int i = 0; i < given.size(); i++) {
                    list.add(value(given.get(i), shape.element(), path + "." + (i + 1)));
                }
                Validation.checkSize(list, shape, path);
                yield list;
            }
            case MAP -> {
                ObjectNode map = JSON.objectNode();
                given.properties()
                        .forEach(entry -> map.set(
                                entry.getKey(), value(entry.getValue(), shape.element(), path + "." + entry.getKey())));
                yield map;
            }
            case TIMESTAMP -> {
                if (given.isNumber()) {
                    yield JSON.textNode(Instant.ofEpochMilli(Math.round(given.doubleValue() * MILLIS))
                            .toString());
                }
                yield Validation.scalar(given.asText(), shape, path);
            }
            default -> {
                if (given.isContainerNode()) {
                    throw AwsError.invalidValue(path, given.toString(), "It has to be a single value");
                }
                yield Validation.scalar(given.asText(), shape, path);
            }
        };
    }

    /** @throws IllegalStateException if the answer has a member that the operation's answer doesn't have */
    public static String write(ObjectNode answer, Shape output) {
        return wire(answer, output).toString();
    }

    private static JsonNode wire(JsonNode value, Shape shape) {
        return switch (shape.type()) {
            case STRUCTURE -> {
                ObjectNode node = JSON.objectNode();
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    Shape.Member member = shape.member(entry.getKey());
                    if (member == null) {
                        throw new IllegalStateException("An answer has no " + shape.name() + "." + entry.getKey());
                    }
                    if (!entry.getValue().isNull()) {
                        node.set(member.wireName(), wire(entry.getValue(), member.shape()));
                    }
                }
                yield node;
            }
            case LIST -> {
                ArrayNode list = JSON.arrayNode();
                value.forEach(element -> list.add(wire(element, shape.element())));
                yield list;
            }
            case MAP -> {
                ObjectNode map = JSON.objectNode();
                value.properties().forEach(entry -> map.set(entry.getKey(), wire(entry.getValue(), shape.element())));
                yield map;
            }
            case TIMESTAMP -> JSON.numberNode(Instant.parse(value.asText()).toEpochMilli() / MILLIS);
            default -> value;
        };
    }

    public static String error(AwsError error) {
        return JSON.objectNode()
                .put("__type", error.code())
                .put("message", error.getMessage())
                .toString();
    }
}
