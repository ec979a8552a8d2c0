package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Wildcards;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a describe action. Which there are, the model's documentation says; what most of them look at follows from
 * their names ({@code attachment.instance-id} is the item's {@code attachment}, its {@code instanceId}), the rest is given by
 * the action. All filters have to hold, of a filter's values one: a filter without any lets nothing pass, as in EC2.
 */
public final class Filters {

    private static final String TAG = "tag:";
    private static final String TAG_KEY = "tag-key";
    private static final String TAG_VALUE = "tag-value";

    /** What a filter looks at, of an item by the names of the model's members. */
    public interface Values extends Function<JsonNode, List<String>> {}

    private final Map<String, List<String>> wanted = new LinkedHashMap<>();
    /** Filters whose name came before: they have to hold, too. */
    private final List<Map.Entry<String, List<String>>> again = new ArrayList<>();

    private Filters() {}

    /**
     * Reads a call's filters.
     *
     * @throws AwsError {@code InvalidParameterValue} for one that the action's documentation doesn't list
     */
    public static Filters of(Call call) {
        return of(call, call.has("Filter") ? "Filter" : "Filters", Set.of());
    }

    /** @param more names of filters that the documentation forgets */
    public static Filters of(Call call, String member, Set<String> more) {
        Filters filters = new Filters();
        for (JsonNode filter : call.get(member)) {
            String name = filter.path("Name").asText();
            if (name.isEmpty()) {
                throw AwsError.of("InvalidParameterValue", "The filter 'null' is invalid");
            }
            if (!isKnown(name, call.operation().filterNames()) && !more.contains(name)) {
                throw AwsError.of("InvalidParameterValue", "The filter '" + name + "' is invalid");
            }
            List<String> values = new ArrayList<>();
            filter.path("Values").forEach(value -> values.add(value.asText()));
            if (filters.wanted.putIfAbsent(name, values) != null) {
                filters.again.add(Map.entry(name, values));
            }
        }
        return filters;
    }

    private static boolean isKnown(String name, Set<String> documented) {
        // It works wherever tag-key does, also where the documentation has forgotten it.
        if (documented.contains(name) || name.equals(TAG_VALUE) && documented.contains(TAG_KEY)) {
            return true;
        }
        // Where tags can be asked for, EC2 takes all three, whichever the documentation still lists.
        return isOfTags(name)
                && name.length() > TAG.length()
                && documented.stream().anyMatch(Filters::isOfTags);
    }

    public boolean isEmpty() {
        return wanted.isEmpty() && again.isEmpty();
    }

    /** The filters by name; of those that are given twice the first. */
    public Map<String, List<String>> wanted() {
        return wanted;
    }

    /** Takes a filter out that a service applies itself: its values, if all of them are texts as they stand; else null. */
    public @Nullable List<String> takePlain(String name) {
        List<String> values = wanted.get(name);
        if (values == null || values.isEmpty() || !values.stream().allMatch(Wildcards::isPlain)) {
            return null;
        }
        wanted.remove(name);
        return values;
    }

    /** A filter's values, if it is given and all of them are texts as they stand; else null. */
    public @Nullable List<String> plain(String name) {
        List<String> values = wanted.get(name);
        return values != null && !values.isEmpty() && values.stream().allMatch(Wildcards::isPlain) ? values : null;
    }

    /**
     * Also where there is no item to try a filter on: an answer that is right by chance hides it.
     *
     * @throws AwsError {@code UnsupportedOperation} for a filter that EC2 has and nothing here knows
     */
    void requireKnown(Shape shape, Map<String, ? extends Values> own) {
        for (String name : wanted.keySet()) {
            if (!own.containsKey(name) && !isOfTags(name) && path(name, shape) == null) {
                throw AwsError.unsupported("The filter '" + name + "' is not supported");
            }
        }
    }

    private static boolean isOfTags(String name) {
        return name.startsWith(TAG) || name.equals(TAG_KEY) || name.equals(TAG_VALUE);
    }

    /**
     * Whether an item passes all filters, which are known to lead somewhere.
     *
     * @param shape the item's
     * @param own what filters look at whose names don't say it
     */
    public boolean pass(JsonNode item, Shape shape, Map<String, ? extends Values> own) {
        return Stream.concat(wanted.entrySet().stream(), again.stream())
                .allMatch(filter -> passes(filter.getValue(), values(filter.getKey(), item, shape, own)));
    }

    private static boolean passes(List<String> patterns, List<String> found) {
        return patterns.stream().anyMatch(pattern -> found.stream().anyMatch(text -> Wildcards.matches(pattern, text)));
    }

    private static List<String> values(String name, JsonNode item, Shape shape, Map<String, ? extends Values> own) {
        Values values = own.get(name);
        if (values != null) {
            return values.apply(item);
        }
        if (name.startsWith(TAG)) {
            String key = name.substring(TAG.length());
            return tags(item, shape, tag -> tag.path("Key").asText().equals(key), "Value");
        }
        if (isOfTags(name)) {
            return tags(item, shape, tag -> true, name.equals(TAG_KEY) ? "Key" : "Value");
        }
        List<String> path = path(name, shape);
        return path == null ? List.of() : at(item, path);
    }

    private static List<String> tags(JsonNode item, Shape shape, Function<JsonNode, Boolean> which, String what) {
        Shape.Member tagSet = shape.memberOnWire("tagSet");
        List<String> found = new ArrayList<>();
        for (JsonNode tag : item.path(tagSet == null ? "Tags" : tagSet.name())) {
            if (which.apply(tag)) {
                found.add(tag.path(what).asText());
            }
        }
        return found;
    }

    /** The texts at a path of member names; lists on the way are gone through. */
    public static List<String> at(JsonNode item, List<String> path) {
        Set<JsonNode> here = Set.of(item);
        for (String member : path) {
            Set<JsonNode> next = new LinkedHashSet<>();
            for (JsonNode node : here) {
                JsonNode found = node.path(member);
                if (found.isArray()) {
                    found.forEach(next::add);
                } else if (!found.isMissingNode() && !found.isNull()) {
                    next.add(found);
                }
            }
            here = next;
        }
        return here.stream().map(JsonNode::asText).toList();
    }

    /** A filter that looks at this path of member names, such as {@code Attachments.VpcId}. */
    public static Values at(String path) {
        List<String> members = List.of(path.split("\\."));
        return item -> at(item, members);
    }

    /** The members that a filter's name leads to; null if it leads nowhere. */
    static @Nullable List<String> path(String name, Shape shape) {
        List<String> path = new ArrayList<>();
        Shape here = shape;
        for (String part : name.split("\\.")) {
            while (here.type() == Shape.Type.LIST) {
                here = here.element();
            }
            Shape.Member member = member(here, camel(part));
            if (member == null) {
                return null;
            }
            path.add(member.name());
            here = member.shape();
        }
        while (here.type() == Shape.Type.LIST) {
            here = here.element();
        }
        return here.type() == Shape.Type.STRUCTURE ? null : path;
    }

    /** A filter's name doesn't say where {@code sizeInMiB} has its capitals, nor whether there are several. */
    private static Shape.@Nullable Member member(Shape shape, String camel) {
        for (String end : List.of("", "Set", "s", "es")) {
            for (Shape.Member member : shape.members().values()) {
                if (member.wireName().equalsIgnoreCase(camel + end)) {
                    return member;
                }
            }
        }
        return null;
    }

    private static String camel(String kebab) {
        StringBuilder camel = new StringBuilder();
        for (String word : kebab.split("-")) {
            camel.append(
                    camel.isEmpty() || word.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }
}
