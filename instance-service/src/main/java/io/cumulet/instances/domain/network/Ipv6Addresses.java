package io.cumulet.instances.domain.network;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.random.RandomGenerator;

/** The IPv6 addresses of a subnet: all of its /64 but the first four and the last. */
public final class Ipv6Addresses {

    private static final long FIRST_USABLE = 4;
    private static final long LAST = -1;

    private Ipv6Addresses() {}

    /** Whether interfaces can have an address of a block. */
    public static boolean isUsable(Cidr block, IpAddress address) {
        long offset = address.minus(block.network());
        return block.contains(address) && offset != LAST && Long.compareUnsigned(offset, FIRST_USABLE) >= 0;
    }

    /** Any of them, each as likely as the others. */
    public static IpAddress random(Cidr block, RandomGenerator random) {
        while (true) {
            IpAddress address = block.address(random.nextLong());
            if (isUsable(block, address)) {
                return address;
            }
        }
    }
}
