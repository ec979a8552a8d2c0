package io.cumulet.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tags a resource may have. Tags whose keys begin with {@value #RESERVED} are set by the suite alone and don't count.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">EC2: tag restrictions</a>
 */
public final class ResourceTags {

    public static final int MOST = 50;
    public static final String RESERVED = "aws:";

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private ResourceTags() {}

    /** What is wrong with tags that somebody gives something new. */
    public static Optional<Refusal> fault(String field, Map<String, ? extends @Nullable String> tags) {
        for (Map.Entry<String, ? extends @Nullable String> tag : tags.entrySet()) {
            if (tag.getValue() == null) {
                return invalid(field, "The value of tag '" + tag.getKey() + "' is missing");
            }
        }
        return patchFault(field, tags).or(() -> limitFault(field, tags));
    }

    /**
     * Tags after a change.
     *
     * @param patch what to set or, with null as value, to remove; null leaves all as they are
     */
    public static Outcome<Map<String, String>> patched(
            String field, Map<String, String> before, @Nullable Map<String, @Nullable String> patch) {
        if (patch == null) {
            return Outcome.done(before);
        }
        Map<String, @Nullable String> after = new TreeMap<>(before);
        after.putAll(patch);
        after.values().removeIf(value -> value == null);
        Optional<Refusal> fault = patchFault(field, patch).or(() -> limitFault(field, after));
        @SuppressWarnings("NullAway") // none of the values is null any more
        Map<String, String> left = after;
        return fault.<Outcome<Map<String, String>>>map(Outcome::refused).orElseGet(() -> Outcome.done(left));
    }

    /** What is wrong with a change by itself, whatever tags there are; null as value is what goes. */
    public static Optional<Refusal> patchFault(String field, Map<String, ? extends @Nullable String> tags) {
        for (Map.Entry<String, ? extends @Nullable String> tag : tags.entrySet()) {
            String key = tag.getKey();
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith(RESERVED)) {
                return invalid(
                        field,
                        "A tag key has 1 to " + LONGEST_KEY + " characters and doesn't begin with '" + RESERVED + "': '"
                                + key + "'");
            }
            String value = tag.getValue();
            if (value != null && value.length() > LONGEST_VALUE) {
                return invalid(field, "The value of tag '" + key + "' is longer than " + LONGEST_VALUE);
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> limitFault(String field, Map<String, ? extends @Nullable String> tags) {
        long own =
                tags.keySet().stream().filter(key -> !key.startsWith(RESERVED)).count();
        return own > MOST
                ? Optional.of(
                        Refusal.of(ErrorCode.TAG_LIMIT_EXCEEDED, field, "A resource has at most " + MOST + " tags"))
                : Optional.empty();
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
