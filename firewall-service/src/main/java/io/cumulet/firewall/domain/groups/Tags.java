package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * EC2's limits on tags.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Restrictions</a>
 */
public final class Tags {

    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private Tags() {}

    public static Optional<Refusal> fault(Map<String, String> tags) {
        return fault("tags", tags);
    }

    /** @param place where they stand in the request, such as {@code rules[1].tags} */
    public static Optional<Refusal> fault(String place, Map<String, String> tags) {
        if (tags.size() > MOST) {
            return Optional.of(
                    Refusal.of(ErrorCode.TAG_LIMIT_EXCEEDED, place, "A resource has at most " + MOST + " tags"));
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            String key = tag.getKey();
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith("aws:")) {
                return refusal(
                        place + "." + key,
                        "A tag's key has 1 to " + LONGEST_KEY + " characters and doesn't begin with aws:");
            }
            if (tag.getValue().length() > LONGEST_VALUE) {
                return refusal(place + "." + key, "A tag's value has at most " + LONGEST_VALUE + " characters");
            }
        }
        return Optional.empty();
    }

    /**
     * What is left after a change.
     *
     * @param change by key, the new value, or nothing where the tag goes
     */
    public static Map<String, String> changed(Map<String, String> tags, Map<String, Optional<String>> change) {
        Map<String, String> after = new HashMap<>(tags);
        change.forEach((key, value) -> value.ifPresentOrElse(there -> after.put(key, there), () -> after.remove(key)));
        return after;
    }

    private static Optional<Refusal> refusal(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
