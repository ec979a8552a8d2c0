package io.cumulet.endpoint.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One service's API as its public model says: operations, shapes, names on the wire. Read once, then never changed.
 *
 * @see <a href="https://github.com/aws/api-models-aws">the models, Apache-2.0</a>
 */
public final class ServiceModel {

    private static final Pattern FILTER_NAME = Pattern.compile("<li> *<p> *<code>([^<]+?)</code>");
    private static final Shape NOTHING = new Shape("Nothing", Shape.Type.STRUCTURE);

    private final String protocol;
    private final String apiVersion;
    private final String xmlNamespace;
    private final String targetPrefix;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new HashMap<>();

    private ServiceModel(JsonNode model) {
        JsonNode metadata = model.path("metadata");
        this.protocol = metadata.path("protocol").asText();
        this.apiVersion = metadata.path("apiVersion").asText();
        this.xmlNamespace = metadata.path("xmlNamespace").asText();
        this.targetPrefix = metadata.path("targetPrefix").asText();
        JsonNode shapeNodes = model.path("shapes");
        for (Map.Entry<String, JsonNode> entry : shapeNodes.properties()) {
            shapes.put(
                    entry.getKey(),
                    new Shape(
                            entry.getKey(),
                            Shape.Type.of(entry.getValue().path("type").asText())));
        }
        shapeNodes.properties().forEach(entry -> fill(shape(entry.getKey()), entry.getValue()));
        for (JsonNode operation : model.path("operations")) {
            String name = operation.path("name").asText();
            Set<String> newerFilters = texts(model.path("filters").path(name));
            operations.put(name, operation(name, operation, shapeNodes, newerFilters));
        }
    }

    /**
     * Reads the model of a service.
     *
     * @param resource its file name, such as {@code ec2-2016-11-15}
     */
    public static ServiceModel load(String resource) {
        String path = "/models/" + resource + "-model.json";
        JsonNode model = read(path).orElseThrow(() -> new IllegalStateException("The API model is missing: " + path));
        read("/models/" + resource + "-newer.json").ifPresent(newer -> add(newer, (ObjectNode) model));
        return new ServiceModel(model);
    }

    private static Optional<JsonNode> read(String path) {
        try (InputStream in = ServiceModel.class.getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What AWS added after the models were published for the last time, and newer SDKs know: members of shapes, shapes,
     * operations (most by their names alone, since nothing here speaks them), and documented filters.
     */
    private static void add(JsonNode newer, ObjectNode model) {
        newer.properties().forEach(part -> {
            if (model.get(part.getKey()) instanceof ObjectNode known) {
                add(part.getValue(), known);
            } else {
                model.set(part.getKey(), part.getValue());
            }
        });
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new LinkedHashSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private Operation operation(String name, JsonNode node, JsonNode shapeNodes, Set<String> newerFilters) {
        String input = node.path("input").path("shape").asText();
        String output = node.path("output").path("shape").asText();
        JsonNode wrapper = node.path("output").path("resultWrapper");
        Set<String> filters = filterNames(shapeNodes.path(input).path("members"));
        filters.addAll(newerFilters);
        return new Operation(
                name,
                input.isEmpty() ? NOTHING : shape(input),
                output.isEmpty() ? NOTHING : shape(output),
                wrapper.isMissingNode() ? null : wrapper.asText(),
                node.path("http").path("requestUri").asText("/"),
                filters);
    }

    /**
     * EC2 lists the filters of an operation in the documentation of its parameter alone. Tags' own is written there in two
     * ways, {@code <code>tag</code>:<key>} and {@code <code>tag:<key></code>}.
     */
    private static Set<String> filterNames(JsonNode members) {
        JsonNode filters = members.path("Filters").isMissingNode() ? members.path("Filter") : members.path("Filters");
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = FILTER_NAME.matcher(filters.path("documentation").asText());
        while (matcher.find()) {
            String name = matcher.group(1).strip().replace("&lt;", "<").replace("&gt;", ">");
            names.add(name.equals("tag") ? "tag:<key>" : name);
        }
        return names;
    }

    private void fill(Shape shape, JsonNode node) {
        for (Map.Entry<String, JsonNode> entry : node.path("members").properties()) {
            JsonNode member = entry.getValue();
            String location = member.path("locationName").asText(null);
            String wire = location == null ? entry.getKey() : location;
            shape.members.put(
                    entry.getKey(),
                    new Shape.Member(
                            entry.getKey(),
                            shape(member.path("shape").asText()),
                            queryName(member.path("queryName").asText(null), wire),
                            wire,
                            member.path("flattened").asBoolean(),
                            Character.toLowerCase(entry.getKey().charAt(0))
                                    + entry.getKey().substring(1)));
        }
        node.path("required").forEach(name -> shape.required.add(name.asText()));
        node.path("enum").forEach(value -> shape.values.add(value.asText()));
        JsonNode element = shape.type() == Shape.Type.MAP ? node.path("value") : node.path("member");
        if (!element.isMissingNode()) {
            shape.element = shape(element.path("shape").asText());
            shape.elementName = element.path("locationName").asText("member");
        }
        shape.flattened = node.path("flattened").asBoolean();
        shape.min = node.has("min") ? node.path("min").asLong() : null;
        shape.max = node.has("max") ? node.path("max").asLong() : null;
    }

    /** EC2's rule: a name of its own, else the wire's with a capital. The query protocol of STS takes it as it is. */
    private String queryName(@Nullable String queryName, String wire) {
        if (queryName != null) {
            return queryName;
        }
        return isEc2() ? Character.toUpperCase(wire.charAt(0)) + wire.substring(1) : wire;
    }

    /** {@code ec2}, {@code query}, {@code json} or {@code rest-json}. */
    public String protocol() {
        return protocol;
    }

    public boolean isEc2() {
        return protocol.equals("ec2");
    }

    public String apiVersion() {
        return apiVersion;
    }

    public String xmlNamespace() {
        return xmlNamespace;
    }

    /** What {@code X-Amz-Target} begins with in the JSON protocol. */
    public String targetPrefix() {
        return targetPrefix;
    }

    public Map<String, Operation> operations() {
        return operations;
    }

    public @Nullable Operation operation(String name) {
        return operations.get(name);
    }

    /** @throws IllegalArgumentException if the service has no such shape */
    public Shape shape(String name) {
        Shape shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("There is no shape " + name);
        }
        return shape;
    }
}
