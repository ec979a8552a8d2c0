package io.cumulet.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The name of a region, such as {@code us-east-1}. Whether it exists is for the catalog to say. */
public record Region(String value) implements Comparable<Region> {

    private static final Pattern FORM = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}");

    /** Names that were found valid: there are few, and every event that is read has one. */
    private static final Set<String> KNOWN_VALID = ConcurrentHashMap.newKeySet();

    private static final int KNOWN_VALID_LIMIT = 1_000;

    /** The region of a call that names none. */
    public static final Region DEFAULT = new Region("us-east-1");

    public Region {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not a region name: " + value);
        }
    }

    public static boolean isValid(String value) {
        if (KNOWN_VALID.contains(value)) {
            return true;
        }
        boolean valid = FORM.matcher(value).matches();
        if (valid && KNOWN_VALID.size() < KNOWN_VALID_LIMIT) {
            KNOWN_VALID.add(value);
        }
        return valid;
    }

    /**
     * The domain of private host names in this region.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html">DNS attributes of a VPC</a>
     */
    public String privateDomain() {
        return equals(DEFAULT) ? "ec2.internal" : value + ".compute.internal";
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
