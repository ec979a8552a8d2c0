package io.cumulet.endpoint.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A type of a service's API: a structure with members, a list of something, a map, or a simple value. */
public final class Shape {

    /** What a shape is; {@code long} and {@code float} are {@link #INTEGER} and {@link #DOUBLE} here. */
    public enum Type {
        STRUCTURE,
        LIST,
        MAP,
        STRING,
        INTEGER,
        DOUBLE,
        BOOLEAN,
        TIMESTAMP,
        BLOB;

        static Type of(String named) {
            return switch (named) {
                case "long" -> INTEGER;
                case "float" -> DOUBLE;
                default -> valueOf(named.toUpperCase(Locale.ROOT));
            };
        }
    }

    /**
     * A field of a structure.
     *
     * @param name what the API's documentation calls it
     * @param queryName its part of a query parameter's name
     * @param wireName its element in XML, its field in JSON
     * @param flattened a list whose elements stand without one around them
     * @param restName what services' REST APIs call it where they have it
     */
    public record Member(
            String name, Shape shape, String queryName, String wireName, boolean flattened, String restName) {}

    private final String name;
    private final Type type;
    final Map<String, Member> members = new LinkedHashMap<>();
    final Set<String> required = new LinkedHashSet<>();
    final Set<String> values = new LinkedHashSet<>();

    @Nullable
    Shape element;

    String elementName = "member";
    boolean flattened;

    @Nullable
    Long min;

    @Nullable
    Long max;

    Shape(String name, Type type) {
        this.name = name;
        this.type = type;
    }

    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    /** A structure's members by name, in the model's order. */
    public Map<String, Member> members() {
        return members;
    }

    public @Nullable Member member(String named) {
        return members.get(named);
    }

    /** A member whose element in XML has this name. */
    public @Nullable Member memberOnWire(String wireName) {
        for (Member member : members.values()) {
            if (member.wireName().equals(wireName)) {
                return member;
            }
        }
        return null;
    }

    /** The names of a structure's members that have to be given. */
    public Set<String> required() {
        return required;
    }

    /** What a string may be; empty if it may be anything. */
    public Set<String> values() {
        return values;
    }

    /** What a list or a map holds. */
    public Shape element() {
        return Objects.requireNonNull(element);
    }

    /** What an element of a list is called in XML. */
    public String elementName() {
        return elementName;
    }

    public boolean flattened() {
        return flattened;
    }

    /** The least an integer may be; of a string or list its least length. */
    public @Nullable Long min() {
        return min;
    }

    public @Nullable Long max() {
        return max;
    }

    @Override
    public String toString() {
        return name;
    }
}
