package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.util.Map;
import java.util.Optional;

/**
 * EC2's limits on tags.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Restrictions</a>
 */
final class Tags {

    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private Tags() {}

    static Optional<Refusal> fault(Map<String, String> tags) {
        if (tags.size() > MOST) {
            return refusal("tags", "A resource has at most " + MOST + " tags");
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            String key = tag.getKey();
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith("aws:")) {
                return refusal(
                        "tags." + key,
                        "A tag's key has 1 to " + LONGEST_KEY + " characters and doesn't begin with aws:");
            }
            if (tag.getValue().length() > LONGEST_VALUE) {
                return refusal("tags." + key, "A tag's value has at most " + LONGEST_VALUE + " characters");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
