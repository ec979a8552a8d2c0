package io.cumulet.endpoint.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parameters of a query request ({@code Filter.1.Value.2=x}) into a tree by the names of the model's members
 * ({@code {"Filters": [{"Values": [.., "x"]}]}}), and refuses what the model doesn't know.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html">EC2 query protocol</a>
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">query protocol, of STS</a>
 */
public final class Parameters {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Deeper than any parameter of the models. */
    private static final int DEEPEST = 16;

    private final boolean ec2;

    private Parameters(boolean ec2) {
        this.ec2 = ec2;
    }

    /** One dot further in a parameter's name. */
    private static final class Level {
        @Nullable
        String value;

        final Map<String, Level> below = new LinkedHashMap<>();
    }

    /**
     * Reads all parameters but {@code Action}, {@code Version} and the signature's.
     *
     * @throws AwsError {@code UnknownParameter}, {@code InvalidParameterValue} or {@code MissingParameter}
     */
    public static ObjectNode read(Map<String, String> parameters, Shape input, boolean ec2) {
        Level root = new Level();
        parameters.forEach((name, value) -> {
            Level level = root;
            String[] parts = name.split("\\.", DEEPEST);
            for (String part : parts) {
                level = level.below.computeIfAbsent(part, unused -> new Level());
            }
            level.value = value;
        });
        return new Parameters(ec2).structure(root, input, "");
    }

    private ObjectNode structure(Level level, Shape shape, String path) {
        if (level.value != null) {
            throw AwsError.of("InvalidParameterValue", "The parameter " + path + " has parts, not a value");
        }
        ObjectNode node = JSON.objectNode();
        Map<String, Level> given = new LinkedHashMap<>(level.below);
        for (Shape.Member member : shape.members().values()) {
            Level found = given.remove(member.queryName());
            if (found != null && !isLeftOpen(found, shape)) {
                node.set(member.name(), value(found, member.shape(), member.flattened(), path + member.queryName()));
            }
        }
        for (String unknown : given.keySet()) {
            throw AwsError.unknown(path + unknown);
        }
        Validation.requireAll(node, shape, path);
        return node;
    }

    /** Terraform's provider says each part of a placement, with empty text what its user leaves open. */
    private static boolean isLeftOpen(Level level, Shape shape) {
        return shape.name().endsWith("Placement") && level.below.isEmpty() && "".equals(level.value);
    }

    private JsonNode value(Level level, Shape shape, boolean flattened, String path) {
        return switch (shape.type()) {
            case STRUCTURE -> structure(level, shape, path + ".");
            case LIST -> list(level, shape, flattened, path);
            case MAP -> map(level, shape, path);
            default -> scalar(level, shape, path);
        };
    }

    private ArrayNode list(Level level, Shape shape, boolean flattened, String path) {
        ArrayNode list = JSON.arrayNode();
        if (level.value != null) {
            // The query protocol's way to write an empty list.
            if (level.value.isEmpty() && level.below.isEmpty()) {
                return list;
            }
            throw AwsError.unknown(path);
        }
        Level elements = level;
        if (!ec2 && !flattened && !shape.flattened()) {
            elements = level.below.get(shape.elementName());
            if (elements == null || level.below.size() > 1) {
                throw AwsError.unknown(
                        path + "." + level.below.keySet().iterator().next());
            }
        }
        TreeMap<Integer, Level> ordered = new TreeMap<>();
        elements.below.forEach((index, element) -> ordered.put(index(index, path), element));
        ordered.forEach((index, element) -> list.add(value(element, shape.element(), false, path + "." + index)));
        Validation.checkSize(list, shape, path);
        return list;
    }

    private ObjectNode map(Level level, Shape shape, String path) {
        ObjectNode map = JSON.objectNode();
        Level entries = level.below.getOrDefault("entry", new Level());
        List<Level> pairs = new ArrayList<>(entries.below.values());
        for (Level pair : pairs) {
            Level key = pair.below.get("key");
            Level value = pair.below.get("value");
            if (key == null || key.value == null || value == null) {
                throw AwsError.missing(path + ".entry.N.key");
            }
            map.set(key.value, value(value, shape.element(), false, path + "." + key.value));
        }
        return map;
    }

    private static JsonNode scalar(Level level, Shape shape, String path) {
        if (!level.below.isEmpty()) {
            throw AwsError.unknown(path + "." + level.below.keySet().iterator().next());
        }
        return Validation.scalar(String.valueOf(level.value), shape, path);
    }

    private static int index(String text, String path) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw AwsError.unknown(path + "." + text);
    }
}
