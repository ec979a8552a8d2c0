package io.cumulet.instances.domain.network;

import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The public addresses that a zone may give to instances for as long as they run, and which of them are given: whole blocks of
 * {@value #BLOCK} that are this zone's alone. What is given back is given again last, so that a stopped instance starts with
 * another address than it had. Not thread-safe.
 */
public final class LaunchAddresses {

    /** How many addresses a block has; as many as a /24. */
    public static final int BLOCK = 256;

    private final TreeMap<Long, BitSet> blocks = new TreeMap<>();
    private int free;
    private long last = -1;

    /** @param blocks their first addresses */
    public LaunchAddresses(Collection<Long> blocks, Collection<Long> taken) {
        blocks.forEach(this::add);
        taken.forEach(number -> take(address(number)));
    }

    /** One more block, all of it free. */
    public void add(long first) {
        if (first % BLOCK != 0 || blocks.put(first, new BitSet(BLOCK)) != null) {
            throw new IllegalArgumentException("A block begins at a multiple of " + BLOCK + ", once: " + first);
        }
        free += BLOCK;
    }

    public int free() {
        return free;
    }

    /** The address that is to be given next; it stays free until it is taken. Empty if all are taken. */
    public Optional<IpAddress> next() {
        if (free == 0) {
            return Optional.empty();
        }
        long from = last + 1;
        Map.Entry<Long, BitSet> block = blocks.floorEntry(from);
        if (block == null || from - block.getKey() >= BLOCK) {
            block = blockAfter(from);
            from = block.getKey();
        }
        // One block more than there are: the one it begins in may have its free addresses before the beginning.
        for (int i = 0; i <= blocks.size(); i++) {
            int offset = block.getValue().nextClearBit((int) (from - block.getKey()));
            if (offset < BLOCK) {
                return Optional.of(address(block.getKey() + offset));
            }
            block = blockAfter(block.getKey() + BLOCK);
            from = block.getKey();
        }
        throw new IllegalStateException("Free addresses were counted wrong");
    }

    /** The block at an address or behind it; behind the last comes the first. */
    private Map.Entry<Long, BitSet> blockAfter(long from) {
        Map.Entry<Long, BitSet> block = blocks.ceilingEntry(from);
        return block == null ? blocks.firstEntry() : block;
    }

    /** One that is free. */
    public void take(IpAddress address) {
        set(address, true);
        free--;
        last = address.low();
    }

    /** One that was taken. */
    public void release(IpAddress address) {
        set(address, false);
        free++;
    }

    private void set(IpAddress address, boolean taken) {
        Map.Entry<Long, BitSet> block = blocks.floorEntry(address.low());
        if (block == null || address.low() - block.getKey() >= BLOCK) {
            throw new IllegalArgumentException(address + " is in no block of this zone");
        }
        int offset = (int) (address.low() - block.getKey());
        if (block.getValue().get(offset) == taken) {
            throw new IllegalStateException(address + (taken ? " is taken already" : " isn't taken"));
        }
        block.getValue().set(offset, taken);
    }

    /** An address by its number. */
    public static IpAddress address(long number) {
        return new IpAddress(IpFamily.IPV4, 0, number);
    }
}
