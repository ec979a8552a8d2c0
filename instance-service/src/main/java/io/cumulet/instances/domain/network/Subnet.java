package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;

/**
 * The default subnet of an account in a zone: a /20 of the default VPC's 172.31.0.0/16, the first zone of the region
 * having the first. EC2 keeps five addresses of each subnet for itself: the first four and the last.
 *
 * @param zoneIndex the zone's place in its region, from 0
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html">Subnet sizing</a>
 */
public record Subnet(String id, String vpcId, AccountId account, AvailabilityZone zone, int zoneIndex) {

    static final int SIZE = 4096;
    static final int FIRST_USABLE = 4;
    static final int LAST_USABLE = SIZE - 2;

    /** Addresses that instances can have. */
    public static final int USABLE = LAST_USABLE - FIRST_USABLE + 1;

    public static final String VPC_CIDR = "172.31.0.0/16";

    /** The addresses that no instance gets. */
    public static final int RESERVED = SIZE - USABLE;

    private static final int VPC_BASE = (172 << 24) | (31 << 16);
    private static final int MOST_ZONES = 16;

    public Subnet {
        if (zoneIndex < 0 || zoneIndex >= MOST_ZONES) {
            throw new IllegalArgumentException("A default VPC has room for 16 zones, not for number " + zoneIndex);
        }
    }

    public static Subnet defaultOf(AccountId account, AvailabilityZone zone, int zoneIndex) {
        return new Subnet(
                DefaultNetwork.subnetId(account, zone),
                DefaultNetwork.vpcId(account, zone.region()),
                account,
                zone,
                zoneIndex);
    }

    public String cidr() {
        return text(base()) + "/20";
    }

    /** The address at an offset from the subnet's start. */
    public String address(int offset) {
        return text(base() + offset);
    }

    /** Where in its subnet an address stands. */
    public static int offset(String address) {
        int first = address.lastIndexOf('.', address.lastIndexOf('.') - 1);
        int second = address.lastIndexOf('.');
        int third = Integer.parseInt(address.substring(first + 1, second));
        int fourth = Integer.parseInt(address.substring(second + 1));
        return ((third << 8) | fourth) % SIZE;
    }

    private int base() {
        return VPC_BASE + zoneIndex * SIZE;
    }

    private static String text(int address) {
        return ((address >>> 24) & 255) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }
}
