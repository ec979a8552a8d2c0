package io.cumulet.firewall.domain.rulesets;

import java.util.regex.Pattern;

/**
 * How a host calls the ports its instances are plugged into: the prefix, then as many digits of the interface's id as fit into
 * Linux' 15 characters. {@code eni-0123456789abcdef0} is at {@code cml0123456789ab}.
 *
 * @param prefix letters that no other port of a host begins with
 */
public record Ports(String prefix) {

    private static final int LONGEST_NAME = 15;
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9]{0,4}");

    public Ports {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A prefix of ports is a lower-case letter and up to four more letters or digits; not '" + prefix
                            + "'");
        }
    }

    public String name(String interfaceId) {
        String digits = Names.digits(interfaceId);
        return prefix + digits.substring(0, Math.min(digits.length(), LONGEST_NAME - prefix.length()));
    }
}
