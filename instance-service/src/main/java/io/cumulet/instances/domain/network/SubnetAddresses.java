package io.cumulet.instances.domain.network;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which IPv4 addresses of a subnet are taken. Not thread-safe: it belongs to its zone's committer. */
public final class SubnetAddresses {

    private static final int FIRST_USABLE = 4;

    private final int lastUsable;
    private final int usable;
    private final BitSet taken;
    private int takenCount;

    /** Where the search goes on: an address that was just given back rests until the others were used. */
    private int next = FIRST_USABLE;

    /** @param size of the subnet, with the addresses that nobody gets */
    public SubnetAddresses(int size) {
        lastUsable = size - 2;
        usable = usable(size);
        taken = new BitSet(size);
    }

    static int usable(int size) {
        return size - 2 - FIRST_USABLE + 1;
    }

    /** Offsets of up to {@code wanted} free addresses; fewer if there are no more. Nothing is taken by asking. */
    public List<Integer> free(int wanted) {
        List<Integer> offsets = new ArrayList<>(wanted);
        int available = Math.min(wanted, usable - takenCount);
        int offset = next;
        while (offsets.size() < available) {
            offset = taken.nextClearBit(offset);
            if (offset > lastUsable) {
                offset = FIRST_USABLE;
                continue;
            }
            offsets.add(offset);
            offset++;
        }
        return offsets;
    }

    /** Whether interfaces can have an address at this offset, now or once it is given back. */
    public boolean isUsable(int offset) {
        return offset >= FIRST_USABLE && offset <= lastUsable;
    }

    public boolean isTaken(int offset) {
        return taken.get(offset);
    }

    public int freeCount() {
        return usable - takenCount;
    }

    /** @throws IllegalStateException if it is taken */
    public void take(int offset) {
        if (!isUsable(offset)) {
            throw new IllegalArgumentException("Not an address for interfaces: offset " + offset);
        }
        if (taken.get(offset)) {
            throw new IllegalStateException("Address at offset " + offset + " is taken");
        }
        taken.set(offset);
        takenCount++;
        next = offset + 1;
    }

    /** @throws IllegalStateException if it is free */
    public void release(int offset) {
        if (!taken.get(offset)) {
            throw new IllegalStateException("Address at offset " + offset + " is free");
        }
        taken.clear(offset);
        takenCount--;
    }
}
