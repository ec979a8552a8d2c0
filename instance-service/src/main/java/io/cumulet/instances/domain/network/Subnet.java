package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A part of a VPC in one Availability Zone. Immutable; a change makes the next version. Five addresses of each block nobody
 * gets: the first four and the last.
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
        SubnetSettings settings,
        Map<String, String> tags,
        long version,
        Instant createdAt) {

    private static final int DEFAULT_LENGTH = 20;
    private static final int FIRST_USABLE = 4;
    private static final long LAST_OF_IPV6 = -1;

    public Subnet {
        tags = Map.copyOf(tags);
    }

    /**
     * The default subnet of an account in a zone: a /20 of the default VPC, the first zone of the region having the first.
     *
     * @param zoneIndex the zone's place in its region, from 0
     */
    public static Subnet defaultOf(AccountId account, AvailabilityZone zone, int zoneIndex, Instant now) {
        return defaultOf(account, zone, defaultCidr(zoneIndex), 1, now);
    }

    /** @param version one more than it had when it was deleted; 1 the first time */
    public static Subnet defaultOf(AccountId account, AvailabilityZone zone, Cidr cidr, long version, Instant now) {
        return new Subnet(
                DefaultNetwork.subnetId(account, zone),
                account,
                zone,
                DefaultNetwork.vpcId(account, zone.region()),
                cidr,
                null,
                true,
                false,
                SubnetSettings.OF_DEFAULT,
                Map.of(),
                version,
                now);
    }

    /** The block that a zone's default subnet usually has. */
    public static Cidr defaultCidr(int zoneIndex) {
        IpAddress first = Vpc.DEFAULT_CIDR.address((long) zoneIndex << (IpFamily.IPV4.addressBits() - DEFAULT_LENGTH));
        return new Cidr(first, DEFAULT_LENGTH);
    }

    /**
     * The block for a default subnet that is made anew: the usual one, or the first that is free if somebody has made a
     * subnet there meanwhile.
     *
     * @param others all that the default VPC has
     * @return empty if the default VPC is full
     */
    public static Optional<Cidr> freeDefaultCidr(int zoneIndex, List<Subnet> others) {
        int blocks = 1 << (DEFAULT_LENGTH - Vpc.DEFAULT_CIDR.prefixLength());
        for (int i = 0; i < blocks; i++) {
            Cidr candidate = defaultCidr((zoneIndex + i) % blocks);
            if (others.stream().noneMatch(other -> other.cidr().overlaps(candidate))) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private Subnet next(@Nullable Cidr newIpv6Cidr, boolean newAssignIpv6, Map<String, String> newTags) {
        return next(newIpv6Cidr, newAssignIpv6, settings, newTags);
    }

    private Subnet next(
            @Nullable Cidr newIpv6Cidr,
            boolean newAssignIpv6,
            SubnetSettings newSettings,
            Map<String, String> newTags) {
        return new Subnet(
                id,
                account,
                zone,
                vpcId,
                cidr,
                newIpv6Cidr,
                isDefault,
                newAssignIpv6,
                newSettings,
                newTags,
                version + 1,
                createdAt);
    }

    /** Whether a launch gets addresses of the same kinds. */
    public boolean givesTheSameAs(Subnet other) {
        return assignIpv6 == other.assignIpv6 && settings.mapPublicIp() == other.settings.mapPublicIp();
    }

    /** As it is told of when it goes. */
    public Subnet last() {
        return next(ipv6Cidr, assignIpv6, tags);
    }

    /**
     * With these tags and settings, and giving IPv6 addresses to new interfaces or not; the same version if nothing of that
     * is new.
     */
    public Outcome<Subnet> modified(Map<String, String> newTags, SubnetSettings newSettings, boolean newAssignIpv6) {
        if (newAssignIpv6 && ipv6Cidr == null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "assignIpv6AddressOnCreation",
                    "The subnet " + id + " has no IPv6 block");
        }
        return Outcome.done(
                newTags.equals(tags) && newSettings.equals(settings) && newAssignIpv6 == assignIpv6
                        ? this
                        : next(ipv6Cidr, newAssignIpv6, newSettings, newTags));
    }

    /**
     * With an IPv6 block of its VPC's.
     *
     * @param others all that the VPC has
     */
    public Outcome<Subnet> withIpv6(Cidr block, Vpc vpc, List<Subnet> others) {
        if (ipv6Cidr != null) {
            return Outcome.refused(
                    ErrorCode.VPC_CIDR_LIMIT_EXCEEDED,
                    "ipv6CidrBlock",
                    "The subnet " + id + " has an IPv6 block already: " + ipv6Cidr);
        }
        Optional<Refusal> refusal = vpc.cannotHoldIpv6(block, others);
        return refusal.isPresent() ? Outcome.refused(refusal.get()) : Outcome.done(next(block, assignIpv6, tags));
    }

    /** Without its IPv6 block; then new interfaces get no such address either. */
    public Subnet withoutIpv6() {
        return next(null, false, tags);
    }

    /** The id of the association of its IPv6 block, which follows from both. */
    public static String associationId(String subnetId, Cidr ipv6Block) {
        return ResourceKind.SUBNET_CIDR_ASSOCIATION.derivedId(subnetId, ipv6Block.toString());
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

    /** Whether an interface can have an address of its IPv6 block; not of another, nor the first four and the last. */
    public boolean isUsable(IpAddress ipv6Address) {
        return ipv6Cidr != null && ipv6Cidr.contains(ipv6Address) && isUsable(ipv6Address.low());
    }

    private static boolean isUsable(long interfaceIdentifier) {
        return interfaceIdentifier != LAST_OF_IPV6 && Long.compareUnsigned(interfaceIdentifier, FIRST_USABLE) >= 0;
    }

    /**
     * An address of its IPv6 block that says nothing of who has it; that somebody has it already is as good as impossible
     * with 64 random bits.
     *
     * @throws IllegalStateException if it has no IPv6 block
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7217">RFC 7217</a>
     */
    public IpAddress randomIpv6Address(RandomGenerator random) {
        if (ipv6Cidr == null) {
            throw new IllegalStateException("The subnet " + id + " has no IPv6 block");
        }
        long identifier = random.nextLong();
        while (!isUsable(identifier)) {
            identifier = random.nextLong();
        }
        return ipv6Cidr.address(identifier);
    }
}
