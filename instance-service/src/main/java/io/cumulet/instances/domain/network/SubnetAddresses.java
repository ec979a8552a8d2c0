package io.cumulet.instances.domain.network;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which addresses of a subnet are taken. Not thread-safe: it belongs to its zone's committer. */
public final class SubnetAddresses {

    private final BitSet taken = new BitSet(Subnet.SIZE);
    private int takenCount;

    /** Where the search goes on: an address that was just given back rests until the others were used. */
    private int next = Subnet.FIRST_USABLE;

    /** Offsets of up to {@code wanted} free addresses; fewer if there are no more. Nothing is taken by asking. */
    public List<Integer> free(int wanted) {
        List<Integer> offsets = new ArrayList<>(wanted);
        int available = Math.min(wanted, Subnet.USABLE - takenCount);
        int offset = next;
        while (offsets.size() < available) {
            offset = taken.nextClearBit(offset);
            if (offset > Subnet.LAST_USABLE) {
                offset = Subnet.FIRST_USABLE;
                continue;
            }
            offsets.add(offset);
            offset++;
        }
        return offsets;
    }

    public int freeCount() {
        return Subnet.USABLE - takenCount;
    }

    /** @throws IllegalStateException if it is taken */
    public void take(int offset) {
        if (offset < Subnet.FIRST_USABLE || offset > Subnet.LAST_USABLE) {
            throw new IllegalArgumentException("Not an address for instances: offset " + offset);
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
