package io.cumulet.firewall.domain.rulesets;

import io.cumulet.kernel.IpFamily;

/**
 * The name of a set of one family, such as {@code g4-0123456789abcdef0}.
 *
 * @param id of the group or prefix list
 */
public record SetName(Kind kind, IpFamily family, String id) {

    /** What a set stands for. */
    public enum Kind {
        /** Addresses of a group's members. */
        GROUP("g"),
        /** Blocks of a prefix list. */
        PREFIX_LIST("p");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    @Override
    public String toString() {
        return kind.letter + (family == IpFamily.IPV4 ? "4-" : "6-") + Names.digits(id);
    }
}
