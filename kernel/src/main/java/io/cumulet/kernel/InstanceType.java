package io.cumulet.kernel;

/** The name of an instance type, family and size, such as {@code m4.large}. */
public record InstanceType(String value) implements Comparable<InstanceType> {

    public InstanceType {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not the name of an instance type: " + value);
        }
    }

    // Checked for every event that is read: no regular expression.
    public static boolean isValid(String value) {
        int dot = value.indexOf('.');
        if (dot <= 0 || dot == value.length() - 1) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean isOfAName = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-';
            if (!isOfAName && i != dot) {
                return false;
            }
        }
        return true;
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
