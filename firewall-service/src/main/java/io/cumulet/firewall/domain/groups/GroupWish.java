package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceTags;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A group that is asked for.
 *
 * @param vpcId null for the default VPC
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html">CreateSecurityGroup</a>
 */
public record GroupWish(
        String name, String description, @Nullable String vpcId, Map<String, String> tags) {

    private static final int LONGEST = 255;
    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*");

    /** Why there can't be such a group, if there can't. Whether VPC and name are there is for the stores to say. */
    public Optional<Refusal> fault() {
        if (name.isBlank() || !name.equals(name.strip())) {
            return invalid("name", "A name is not empty and has no space at its ends");
        }
        if (!isText(name)) {
            return invalid(
                    "name",
                    "A name has up to " + LONGEST + " of EC2's characters: letters, digits, space, "
                            + "._-:/()#,@[]+=&;{}!$*");
        }
        if (name.startsWith("sg-")) {
            return invalid("name", "A name doesn't begin like an id");
        }
        if (name.equals(SecurityGroup.DEFAULT_NAME)) {
            return Optional.of(
                    Refusal.of(ErrorCode.INVALID_GROUP_RESERVED, "name", "The name 'default' is the default group's"));
        }
        if (description.isEmpty() || !isText(description)) {
            return invalid(
                    "description",
                    "A description has 1 to " + LONGEST
                            + " of EC2's characters: letters, digits, space, ._-:/()#,@[]+=&;{}!$*");
        }
        return ResourceTags.fault("tags", tags);
    }

    /** Whether EC2 takes it as a description, of a group or a rule. */
    public static boolean isText(String text) {
        return text.length() <= LONGEST && ALLOWED.matcher(text).matches();
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
