package io.cumulet.instances.domain.network;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The public addresses there are to give away: all of some IPv4 blocks. Thread-safe.
 *
 * @param blocks no two overlap
 */
public record AddressPool(List<Cidr> blocks) {

    /** A part of a block, both ends included. */
    public record Stretch(IpAddress first, IpAddress last) {}

    public AddressPool {
        blocks = List.copyOf(blocks);
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).family() != IpFamily.IPV4) {
                throw new IllegalArgumentException("A pool has blocks of IPv4: " + blocks.get(i));
            }
            for (Cidr other : blocks.subList(0, i)) {
                if (other.overlaps(blocks.get(i))) {
                    throw new IllegalArgumentException("Blocks of a pool overlap: " + other + ", " + blocks.get(i));
                }
            }
        }
    }

    /**
     * The pool that a configuration says.
     *
     * @param property where it says it
     */
    public static AddressPool of(String property, List<String> blocks) {
        return new AddressPool(blocks.stream()
                .map(block -> Cidr.parse(block)
                        .orElseThrow(() -> new IllegalArgumentException(
                                property + " has blocks such as 198.18.0.0/15; not '" + block + "'")))
                .toList());
    }

    public boolean overlaps(AddressPool other) {
        return blocks.stream().anyMatch(block -> other.blocks.stream().anyMatch(block::overlaps));
    }

    public boolean contains(IpAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static long size(Cidr block) {
        return 1L << block.hostBits();
    }

    /** Any of them, each as likely as the others. There has to be one. */
    public IpAddress random(RandomGenerator random) {
        long number =
                random.nextLong(blocks.stream().mapToLong(AddressPool::size).sum());
        for (Cidr block : blocks) {
            if (number < size(block)) {
                return block.address(number);
            }
            number -= size(block);
        }
        throw new IllegalStateException("The pool has no blocks");
    }

    /** All of them, once: from an address on, block after block, round to the address before it. */
    public List<Stretch> from(IpAddress start) {
        List<Stretch> later = new ArrayList<>();
        List<Stretch> earlier = new ArrayList<>();
        boolean passed = false;
        for (Cidr block : blocks) {
            IpAddress last = block.address(size(block) - 1);
            if (!block.contains(start)) {
                (passed ? later : earlier).add(new Stretch(block.network(), last));
                continue;
            }
            passed = true;
            later.add(new Stretch(start, last));
            if (!start.equals(block.network())) {
                earlier.add(new Stretch(block.network(), start.plus(-1)));
            }
        }
        later.addAll(earlier);
        return later;
    }
}
