package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where VPCs and subnets are kept. Every call is part of the running transaction, and those that take an account and a region
 * see these alone.
 *
 * <p>Locks, always in this order, so that no two transactions wait for each other:
 *
 * <ol>
 *   <li>a client token's row;
 *   <li>the zone's row ({@link #lock(AvailabilityZone)}), by whoever changes more than the tags of a subnet that is there, or
 *       deletes it. The zone's committer holds it in each of its transactions, so none is under way meanwhile; and since the lock counts the zone's
 *       version up, every committer reads its memory of subnets and addresses anew afterwards. A new subnet needs no such
 *       thing: nobody remembers that it wasn't there;
 *   <li>the subnet's row ({@link #lockSubnet}), by whoever changes or deletes it: one who changes its tags holds no zone;
 *   <li>the VPC's row ({@link #lockVpc}), by whoever changes its blocks, or looks at them to give some of them away;
 *   <li>the IPv6 pool.
 * </ol>
 *
 * <p>The default VPC's row, which always is there, also stands for all VPCs of its account and region while they are counted.
 */
public interface NetworkStore {

    /** Whether the account has or had a default VPC in a region. */
    boolean hadDefault(AccountId account, Region region);

    /** Keeps a default VPC with its subnets, unless the account has or had one. */
    boolean insertDefault(Vpc vpc, List<Subnet> subnets);

    /** Where an account has interfaces and never had a default VPC. */
    List<Place> interfacesWithoutVpc();

    record Place(AccountId account, Region region) {}

    /** The VPCs that are there, in the order of their ids. */
    List<Vpc> vpcs(AccountId account, Region region);

    Optional<Vpc> vpc(AccountId account, Region region, String vpcId);

    /** The same, locked until the transaction ends. */
    Optional<Vpc> lockVpc(AccountId account, Region region, String vpcId);

    /** Locks the default VPC's row, whether it is there or was deleted. It has to have been made before. */
    DefaultVpc lockDefaultVpc(AccountId account, Region region);

    /** @param vpc as it is, or as it was when it was deleted */
    record DefaultVpc(Vpc vpc, boolean deleted) {}

    /** Keeps a VPC as it is now: a new one, one that was changed, or the default one made anew. */
    void keep(Vpc vpc);

    /**
     * A VPC is gone.
     *
     * @param last with the version of its deletion
     */
    void remove(Vpc last, Instant now);

    /** The subnets that are there, in the order of their ids. */
    List<Subnet> subnets(AccountId account, Region region);

    Optional<Subnet> subnet(AccountId account, Region region, String subnetId);

    /** The same, locked until the transaction ends. */
    Optional<Subnet> lockSubnet(AccountId account, Region region, String subnetId);

    /** The subnets that a VPC has, in the order of their ids. */
    List<Subnet> subnetsOf(String vpcId);

    /** The last versions of subnets that are there or were deleted; those that never were are left out. */
    Map<String, Long> lastVersions(Collection<String> subnetIds);

    /** Keeps a subnet as it is now: a new one, one that was changed, or a default one made anew. */
    void keep(Subnet subnet);

    /**
     * A subnet is gone.
     *
     * @param last with the version of its deletion
     */
    void remove(Subnet last, Instant now);

    /** Whether an interface has an address of a subnet, of either family. */
    boolean hasAddresses(String subnetId);

    /** Whether an interface has an IPv6 address of a subnet. */
    boolean hasIpv6Addresses(String subnetId);

    /** Locks a zone and counts its version up. */
    void lock(AvailabilityZone zone);

    /** Until the transaction ends nobody else gives away IPv6 blocks of VPCs. */
    void lockIpv6Pool();

    boolean isTaken(Cidr ipv6BlockOfVpc);

    /** All IPv6 blocks that VPCs have. */
    Set<Cidr> takenIpv6Blocks();
}
