package io.cumulet.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Many blocks, such as a prefix list. Two blocks are apart or one is in the other; without those that are in another, the one
 * that may hold an address is the last that begins at it or before: a binary search. Immutable.
 */
public final class CidrSet {

    private static final Comparator<IpAddress> ORDER = (a, b) -> {
        int high = Long.compareUnsigned(a.high(), b.high());
        return high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
    };

    private final Cidr[] ipv4;
    private final Cidr[] ipv6;

    public CidrSet(Collection<Cidr> blocks) {
        ipv4 = apart(blocks, IpFamily.IPV4);
        ipv6 = apart(blocks, IpFamily.IPV6);
    }

    private static Cidr[] apart(Collection<Cidr> blocks, IpFamily family) {
        List<Cidr> sorted = blocks.stream()
                .filter(block -> block.family() == family)
                .sorted(Comparator.comparing(Cidr::network, ORDER).thenComparingInt(Cidr::prefixLength))
                .toList();
        List<Cidr> apart = new ArrayList<>();
        for (Cidr block : sorted) {
            if (apart.isEmpty() || !apart.getLast().contains(block)) {
                apart.add(block);
            }
        }
        return apart.toArray(Cidr[]::new);
    }

    public boolean contains(IpAddress address) {
        Cidr[] blocks = switch (address.family()) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
        int low = 0;
        int high = blocks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ORDER.compare(blocks[middle].network(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && blocks[low - 1].contains(address);
    }

    /** The blocks of both families without those that are in another, in the order of their addresses. */
    public List<Cidr> apart() {
        List<Cidr> all = new ArrayList<>(List.of(ipv4));
        all.addAll(List.of(ipv6));
        return List.copyOf(all);
    }
}
