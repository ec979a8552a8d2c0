package io.cumulet.instances.domain.network;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A numbered rule of a network ACL, for one direction.
 *
 * @param protocol an IANA number; -1 is every protocol
 * @param fromPort with {@code toPort} of TCP and UDP; null for others
 * @param icmpType with {@code icmpCode} of ICMP, -1 being any; null for others
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html">Network ACL rules</a>
 */
public record AclEntry(
        boolean egress,
        int ruleNumber,
        int protocol,
        boolean allow,
        Cidr block,
        @Nullable Integer fromPort,
        @Nullable Integer toPort,
        @Nullable Integer icmpType,
        @Nullable Integer icmpCode) {

    public static final int EVERY_PROTOCOL = -1;

    /** What no rule matches is denied under this number; of IPv6 under the next. */
    public static final int LAST = 32767;

    private static final int FIRST_DEFAULT = 100;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int MOST_PROTOCOL = 255;
    private static final int MOST_PORT = 65535;

    private static final Map<String, Integer> NAMES =
            Map.of("all", EVERY_PROTOCOL, "icmp", ICMP, "tcp", TCP, "udp", UDP, "icmpv6", ICMPV6);

    /** An entry as a caller writes it, unchecked. */
    public record Wish(
            @Nullable Boolean egress,
            @Nullable Integer ruleNumber,
            @Nullable String protocol,
            @Nullable String ruleAction,
            @Nullable String cidrBlock,
            @Nullable String ipv6CidrBlock,
            @Nullable PortRange portRange,
            @Nullable IcmpTypeCode icmpTypeCode) {}

    public record PortRange(
            @Nullable Integer from, @Nullable Integer to) {}

    public record IcmpTypeCode(
            @Nullable Integer type, @Nullable Integer code) {}

    /** The rule of a VPC's first ACL that lets everything through. */
    public static AclEntry everything(boolean egress, IpFamily family) {
        return every(egress, family, true, FIRST_DEFAULT);
    }

    /** The rule that every ACL ends with. */
    public static AclEntry nothingElse(boolean egress, IpFamily family) {
        return every(egress, family, false, LAST);
    }

    private static AclEntry every(boolean egress, IpFamily family, boolean allow, int number) {
        boolean ipv4 = family == IpFamily.IPV4;
        return new AclEntry(
                egress,
                ipv4 ? number : number + 1,
                EVERY_PROTOCOL,
                allow,
                ipv4 ? Cidr.EVERY_IPV4 : Cidr.EVERY_IPV6,
                null,
                null,
                null,
                null);
    }

    public static Outcome<AclEntry> checked(Wish wish) {
        if (wish.egress() == null || wish.ruleNumber() == null) {
            return missing(wish.egress() == null ? "egress" : "ruleNumber");
        }
        if (wish.ruleNumber() < 1 || wish.ruleNumber() >= LAST) {
            return invalid("ruleNumber", "A rule number is from 1 to 32766; " + wish.ruleNumber() + " isn't");
        }
        if (wish.protocol() == null || wish.ruleAction() == null) {
            return missing(wish.protocol() == null ? "protocol" : "ruleAction");
        }
        Integer protocol = protocol(wish.protocol());
        if (protocol == null) {
            return invalid("protocol", "A protocol is a number from -1 to 255, not '" + wish.protocol() + "'");
        }
        if (!wish.ruleAction().equals("allow") && !wish.ruleAction().equals("deny")) {
            return invalid("ruleAction", "allow or deny, not '" + wish.ruleAction() + "'");
        }
        if ((wish.cidrBlock() == null) == (wish.ipv6CidrBlock() == null)) {
            return Outcome.refused(
                    wish.cidrBlock() == null ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "cidrBlock",
                    "Name cidrBlock or ipv6CidrBlock, one of both");
        }
        Cidr block = wish.cidrBlock() != null
                ? Cidr.parse(wish.cidrBlock()).orElse(null)
                : Cidr.parse(wish.ipv6CidrBlock()).orElse(null);
        if (block == null || (block.family() == IpFamily.IPV4) != (wish.cidrBlock() != null)) {
            String text = wish.cidrBlock() != null ? wish.cidrBlock() : wish.ipv6CidrBlock();
            return invalid(
                    wish.cidrBlock() != null ? "cidrBlock" : "ipv6CidrBlock",
                    "Value (" + text + ") is no block such as 10.0.0.0/16 or 2001:db8::/32");
        }
        return withPorts(wish, protocol, block);
    }

    private static Outcome<AclEntry> withPorts(Wish wish, int protocol, Cidr block) {
        PortRange ports = wish.portRange();
        Integer from = null;
        Integer to = null;
        if (protocol == TCP || protocol == UDP) {
            if (ports == null || ports.from() == null || ports.to() == null) {
                return missing("portRange");
            }
            from = ports.from();
            to = ports.to();
            if (from < 0 || to > MOST_PORT || from > to) {
                return invalid(
                        "portRange", "Ports are from 0 to 65535, the first not above the last: " + from + "-" + to);
            }
        }
        IcmpTypeCode icmp = wish.icmpTypeCode();
        boolean isIcmp = protocol == ICMP || protocol == ICMPV6;
        if (isIcmp && (icmp == null || icmp.type() == null || icmp.code() == null)) {
            return missing("icmpTypeCode");
        }
        return Outcome.done(new AclEntry(
                Boolean.TRUE.equals(wish.egress()),
                wish.ruleNumber() == null ? 0 : wish.ruleNumber(),
                protocol,
                "allow".equals(wish.ruleAction()),
                block,
                from,
                to,
                isIcmp && icmp != null ? icmp.type() : null,
                isIcmp && icmp != null ? icmp.code() : null));
    }

    private static @Nullable Integer protocol(String text) {
        Integer named = NAMES.get(text);
        if (named != null) {
            return named;
        }
        try {
            int number = Integer.parseInt(text);
            return number >= EVERY_PROTOCOL && number <= MOST_PROTOCOL ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static <T> Outcome<T> missing(String field) {
        return Outcome.refused(ErrorCode.MISSING_PARAMETER, field, "The request must contain the parameter " + field);
    }

    private static <T> Outcome<T> invalid(String field, String message) {
        return Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }
}
