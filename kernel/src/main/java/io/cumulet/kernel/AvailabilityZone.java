package io.cumulet.kernel;

/** The name of an Availability Zone: its region's name and one letter, such as {@code us-east-1a}. */
public record AvailabilityZone(String value) implements Comparable<AvailabilityZone> {

    public AvailabilityZone {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not the name of an Availability Zone: " + value);
        }
    }

    public static boolean isValid(String value) {
        int last = value.length() - 1;
        return last > 0
                && value.charAt(last) >= 'a'
                && value.charAt(last) <= 'z'
                && Region.isValid(value.substring(0, last));
    }

    public Region region() {
        return new Region(value.substring(0, value.length() - 1));
    }

    /** The zone's letter, such as {@code a}. */
    public char letter() {
        return value.charAt(value.length() - 1);
    }

    @Override
    public int compareTo(AvailabilityZone other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
