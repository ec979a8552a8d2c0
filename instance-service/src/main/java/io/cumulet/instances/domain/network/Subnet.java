package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a VPC in one Availability Zone. Immutable. Five addresses of each IPv4 block nobody gets: the first four and the
 * last.
 *
 * @param cidr from a /16 to a /28 of its VPC's blocks
 * @param ipv6Cidr a /64 of its VPC's block; null unless it has one
 * @param isDefault whether launches into the zone that name no subnet go here
 * @param assignIpv6 whether every new interface gets an IPv6 address
 * @param version counts up by one with each change, from 1
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html">Subnet sizing</a>
 */
public record Subnet(
        String id,
        AccountId account,
        AvailabilityZone zone,
        String vpcId,
        Cidr cidr,
        @Nullable Cidr ipv6Cidr,
        boolean isDefault,
        boolean assignIpv6,
        Map<String, String> tags,
        long version,
        Instant createdAt) {

    public static final int LARGEST = 16;
    public static final int SMALLEST = 28;

    private static final int DEFAULT_LENGTH = 20;

    public Subnet {
        tags = Map.copyOf(tags);
    }

    /**
     * The default subnet of an account in a zone: a /20 of the default VPC, the first zone of the region having the first.
     *
     * @param zoneIndex the zone's place in its region, from 0
     */
    public static Subnet defaultOf(AccountId account, AvailabilityZone zone, int zoneIndex, Instant now) {
        return new Subnet(
                DefaultNetwork.subnetId(account, zone),
                account,
                zone,
                DefaultNetwork.vpcId(account, zone.region()),
                defaultCidr(zoneIndex),
                null,
                true,
                false,
                Map.of(),
                1,
                now);
    }

    private static Cidr defaultCidr(int zoneIndex) {
        IpAddress first = Vpc.DEFAULT_CIDR.address((long) zoneIndex << (IpFamily.IPV4.addressBits() - DEFAULT_LENGTH));
        return new Cidr(first, DEFAULT_LENGTH);
    }

    /** Addresses of its IPv4 block. */
    public int size() {
        return 1 << cidr.hostBits();
    }

    /** How many of them interfaces can have. */
    public int usable() {
        return SubnetAddresses.usable(size());
    }

    /** The address at an offset from the subnet's start. */
    public IpAddress address(int offset) {
        return cidr.address(offset);
    }

    /** Where an address of its IPv4 block stands. */
    public int offset(IpAddress address) {
        return (int) address.minus(cidr.network());
    }
}
