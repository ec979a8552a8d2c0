package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Expressions of Cost Explorer as billing's conditions. */
final class Expressions {

    private static final Map<String, String> MATCHES = Map.of(
            "EQUALS", "equals",
            "STARTS_WITH", "starts-with",
            "ENDS_WITH", "ends-with",
            "CONTAINS", "contains",
            "ABSENT", "absent");
    private static final Set<String> CASES = Set.of("CASE_SENSITIVE", "CASE_INSENSITIVE");
    private static final List<String> FORMS = List.of("Or", "And", "Not", "Dimensions", "Tags", "CostCategories");

    private Expressions() {}

    /** All of the conditions that there are; null if there are none. */
    static @Nullable ObjectNode all(@Nullable ObjectNode... conditions) {
        List<ObjectNode> given = new ArrayList<>();
        for (ObjectNode condition : conditions) {
            if (condition != null) {
                given.add(condition);
            }
        }
        if (given.size() < 2) {
            return given.isEmpty() ? null : given.getFirst();
        }
        ObjectNode all = Call.answer();
        given.forEach(all.putArray("and")::add);
        return all;
    }

    /** A dimension of billing's is one of some values. */
    static ObjectNode is(String dimension, String... values) {
        ObjectNode condition = Call.answer().put("dimension", dimension);
        ArrayNode wanted = condition.putArray("values");
        for (String value : values) {
            wanted.add(value);
        }
        return condition;
    }

    /** The call's {@code Filter}; null if there is none. */
    static @Nullable ObjectNode of(Call call) {
        return call.has("Filter") ? condition(call.get("Filter")) : null;
    }

    /** @throws AwsError {@code ValidationException} or {@code UnsupportedOperation} */
    static ObjectNode condition(JsonNode expression) {
        List<String> forms = FORMS.stream().filter(expression::has).toList();
        if (forms.size() != 1) {
            throw invalid("An expression has one of " + String.join(", ", FORMS) + ", not " + forms.size());
        }
        return switch (forms.getFirst()) {
            case "Or" -> several("or", expression.path("Or"));
            case "And" -> several("and", expression.path("And"));
            case "Not" -> {
                ObjectNode not = Call.answer();
                not.set("not", condition(expression.path("Not")));
                yield not;
            }
            case "Dimensions" -> ofDimension(expression.path("Dimensions"));
            case "Tags" -> ofTag(expression.path("Tags"));
            default -> throw AwsError.unsupported("There are no cost categories here");
        };
    }

    private static ObjectNode several(String name, JsonNode expressions) {
        if (expressions.isEmpty()) {
            throw invalid("An expression of " + name + " has no parts");
        }
        ObjectNode several = Call.answer();
        ArrayNode parts = several.putArray(name);
        expressions.forEach(part -> parts.add(condition(part)));
        return several;
    }

    private static ObjectNode ofDimension(JsonNode given) {
        String key = given.path("Key").asText();
        if (key.isEmpty()) {
            throw invalid("Dimensions need a Key");
        }
        CostDimension dimension = CostDimension.of(key);
        String match = match(given);
        boolean caseSensitive = isCaseSensitive(given);
        List<String> values = values(given, match);
        if (match.equals("absent") || dimension.words().isEmpty()) {
            return plain(
                    dimension.rest(),
                    match,
                    caseSensitive,
                    values.stream().map(dimension::restValue).toList());
        }
        List<String> found = dimension.restWords(matching(match, caseSensitive, values));
        // A word that nothing has is one of billing's that nothing has either.
        return found.isEmpty() ? is(dimension.rest(), "-") : is(dimension.rest(), found.toArray(String[]::new));
    }

    /** An empty value stands for having no such tag. */
    private static ObjectNode ofTag(JsonNode given) {
        String key = given.path("Key").asText();
        if (key.isEmpty()) {
            throw invalid("Tags need a Key");
        }
        String dimension = "tag:" + key;
        String match = match(given);
        List<String> values = new ArrayList<>(values(given, match));
        if (!match.equals("equals") || !values.remove("")) {
            return plain(dimension, match, isCaseSensitive(given), values);
        }
        ObjectNode absent = plain(dimension, "absent", true, List.of());
        if (values.isEmpty()) {
            return absent;
        }
        ObjectNode either = Call.answer();
        either.putArray("or").add(absent).add(plain(dimension, match, isCaseSensitive(given), values));
        return either;
    }

    private static ObjectNode plain(String dimension, String match, boolean caseSensitive, List<String> values) {
        ObjectNode condition = Call.answer().put("dimension", dimension).put("match", match);
        if (!match.equals("absent")) {
            condition.put("caseSensitive", caseSensitive);
            values.forEach(condition.putArray("values")::add);
        }
        return condition;
    }

    private static List<String> values(JsonNode given, String match) {
        List<String> values = new ArrayList<>();
        given.path("Values").forEach(value -> values.add(value.asText()));
        if (values.isEmpty() != match.equals("absent")) {
            throw invalid(
                    match.equals("absent")
                            ? "ABSENT has no Values"
                            : given.path("Key").asText() + " needs Values");
        }
        return values;
    }

    private static String match(JsonNode given) {
        Set<String> options = new TreeSet<>();
        given.path("MatchOptions").forEach(option -> options.add(option.asText()));
        options.removeAll(CASES);
        if (options.size() > 1) {
            throw invalid("MatchOptions exclude each other: " + String.join(", ", options));
        }
        String option = options.isEmpty() ? "EQUALS" : options.iterator().next();
        String match = MATCHES.get(option);
        if (match == null) {
            throw invalid("MatchOptions has " + option + ", which is for no dimension here");
        }
        return match;
    }

    private static boolean isCaseSensitive(JsonNode given) {
        for (JsonNode option : given.path("MatchOptions")) {
            if (option.asText().equals("CASE_INSENSITIVE")) {
                return false;
            }
        }
        return true;
    }

    private static Predicate<String> matching(String match, boolean caseSensitive, List<String> values) {
        return found -> values.stream().anyMatch(value -> {
            String one = caseSensitive ? found : found.toLowerCase(Locale.ROOT);
            String other = caseSensitive ? value : value.toLowerCase(Locale.ROOT);
            return switch (match) {
                case "starts-with" -> one.startsWith(other);
                case "ends-with" -> one.endsWith(other);
                case "contains" -> one.contains(other);
                default -> one.equals(other);
            };
        });
    }

    static AwsError invalid(String message) {
        return AwsError.of("ValidationException", message);
    }
}
