package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.LaunchAddresses;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public addresses that one batch gives to instances and takes back. A zone gives from blocks of the pool that are its own;
 * when it needs more it claims another, for good, as a part of the batch's transaction.
 */
final class BatchLaunchAddresses {

    private final AvailabilityZone zone;
    private final ZoneMemory memory;
    private final ZoneStore store;
    private final AddressPool pool;

    /** Given back, but not to be given again by this batch: the key of the addresses is looked at row by row. */
    private final List<IpAddress> givenBack = new ArrayList<>(0);

    private boolean claimedBlock;

    BatchLaunchAddresses(AvailabilityZone zone, ZoneMemory memory, ZoneStore store, AddressPool pool) {
        this.zone = zone;
        this.memory = memory;
        this.store = store;
        this.pool = pool;
    }

    /** Whether so many can be given. */
    boolean has(int count) {
        LaunchAddresses addresses = addresses();
        while (addresses.free() < count) {
            Optional<Long> block = store.claimLaunchBlock(zone, pool);
            if (block.isEmpty()) {
                return false;
            }
            claimedBlock = true;
            addresses.add(block.get());
        }
        return true;
    }

    /** The one to be given next; null if all of the pool are given. */
    @Nullable
    IpAddress next() {
        return has(1) ? addresses().next().orElseThrow() : null;
    }

    /** Follows an interface of this zone. */
    void follow(@Nullable NetworkInterface before, @Nullable NetworkInterface after) {
        IpAddress was = before == null ? null : before.autoPublicAddress();
        IpAddress is = after == null ? null : after.autoPublicAddress();
        boolean isHere = before == null || before.zone().equals(zone);
        if (was != null && !was.equals(is) && isHere) {
            givenBack.add(was);
        }
        if (is != null && !is.equals(was)) {
            addresses().take(is);
        }
    }

    /** Whether there is something to commit, even if nothing else changed. */
    boolean claimedBlock() {
        return claimedBlock;
    }

    /** After the commit. */
    void keep() {
        LaunchAddresses known = memory.launchAddresses;
        if (known != null) {
            givenBack.forEach(known::release);
        }
    }

    private LaunchAddresses addresses() {
        LaunchAddresses known = memory.launchAddresses;
        if (known == null) {
            known = new LaunchAddresses(store.launchBlocks(zone), store.takenLaunchAddresses(zone));
            memory.launchAddresses = known;
        }
        return known;
    }
}
