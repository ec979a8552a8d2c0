package io.cumulet.kernel;

import java.util.regex.Pattern;

/** The name of a region, such as {@code us-east-1}. Whether it exists is for the catalog to say. */
public record Region(String value) implements Comparable<Region> {

    private static final Pattern FORM = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}");

    /** The region of a call that names none. */
    public static final Region DEFAULT = new Region("us-east-1");

    public Region {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not a region name: " + value);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(Region other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
