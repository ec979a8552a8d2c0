package io.cumulet.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Many blocks, such as a prefix list: one look-up for each length that occurs, however many blocks there are. */
public final class CidrSet {

    private record Length(IpFamily family, int prefixLength) {}

    private final List<Length> lengths;
    private final Set<Cidr> blocks;

    public CidrSet(Collection<Cidr> blocks) {
        this.blocks = Set.copyOf(blocks);
        Set<Length> distinct = new HashSet<>();
        blocks.forEach(block -> distinct.add(new Length(block.family(), block.prefixLength())));
        lengths = new ArrayList<>(distinct);
    }

    public boolean contains(IpAddress address) {
        for (Length length : lengths) {
            if (length.family() == address.family()
                    && blocks.contains(new Cidr(Cidr.masked(address, length.prefixLength()), length.prefixLength()))) {
                return true;
            }
        }
        return false;
    }
}
