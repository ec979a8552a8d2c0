package io.cumulet.firewall.domain.rulesets;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.CidrSet;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.Collection;
import java.util.List;

/** What a pair of sets holds, as text: made once, however many hosts hold it. */
public record Elements(List<String> ipv4, List<String> ipv6) {

    static final Elements NONE = new Elements(List.of(), List.of());

    public static Elements ofAddresses(Collection<IpAddress> addresses) {
        return new Elements(texts(addresses, IpFamily.IPV4), texts(addresses, IpFamily.IPV6));
    }

    private static List<String> texts(Collection<IpAddress> addresses, IpFamily family) {
        return addresses.stream()
                .filter(address -> address.family() == family)
                .map(IpAddress::toString)
                .sorted()
                .distinct()
                .toList();
    }

    /** Without blocks that are in another: an interval set takes no two that overlap. */
    public static Elements ofBlocks(Collection<Cidr> blocks) {
        List<Cidr> apart = new CidrSet(blocks).apart();
        return new Elements(blocks(apart, IpFamily.IPV4), blocks(apart, IpFamily.IPV6));
    }

    private static List<String> blocks(List<Cidr> apart, IpFamily family) {
        return apart.stream()
                .filter(block -> block.family() == family)
                .map(Cidr::toString)
                .toList();
    }

    List<String> of(IpFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }
}
