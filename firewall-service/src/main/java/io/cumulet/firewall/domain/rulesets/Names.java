package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.traffic.Direction;
import java.util.regex.Pattern;

/** How things are called in a host's table. */
final class Names {

    /** Nothing else may get into a command. */
    private static final Pattern DIGITS = Pattern.compile("[0-9a-z]{1,32}");

    private Names() {}

    /** An id without what it begins with. */
    static String digits(String id) {
        String digits = id.substring(id.lastIndexOf('-') + 1);
        if (!DIGITS.matcher(digits).matches()) {
            throw new IllegalArgumentException("Not an id: " + id);
        }
        return digits;
    }

    static String groupChain(Direction direction, String groupId) {
        return (direction == Direction.INGRESS ? "in-sg-" : "out-sg-") + digits(groupId);
    }

    static String memberChain(Direction direction, Member member) {
        return (direction == Direction.INGRESS ? "in-eni-" : "out-eni-") + digits(member.interfaceId());
    }
}
