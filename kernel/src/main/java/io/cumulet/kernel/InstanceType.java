package io.cumulet.kernel;

import java.util.regex.Pattern;

/** The name of an instance type, family and size, such as {@code m4.large}. */
public record InstanceType(String value) implements Comparable<InstanceType> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9-]+\\.[a-z0-9-]+");

    public InstanceType {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not the name of an instance type: " + value);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    /** What stands before the dot, such as {@code m4}. */
    public String family() {
        return value.substring(0, value.indexOf('.'));
    }

    /** What stands behind the dot, such as {@code large}. */
    public String size() {
        return value.substring(value.indexOf('.') + 1);
    }

    @Override
    public int compareTo(InstanceType other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
