package io.cumulet.instances.app;

import io.cumulet.instances.app.SecurityGroups.Attachable;
import io.cumulet.instances.app.SecurityGroups.Wanted;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a zone's committer keeps in the database. All but the first few questions are asked inside its transaction. */
public interface ZoneStore {

    /** Locks a zone for the running transaction and counts its version up; answers the new one. */
    long lock(AvailabilityZone zone);

    /** The hosts of a zone and what is used of them. */
    ZoneFleet fleet(AvailabilityZone zone);

    /** Room that on-demand waits for in a zone, or waited for in vain a while ago. */
    List<CapacityDemand> demands(AvailabilityZone zone);

    /** The spot instances of a zone that hold room of a family. */
    List<SpotUnit> spotUnits(AvailabilityZone zone, String family);

    /** The room of a family that on-demand instances of a zone hold and are about to leave, by instance id. */
    Map<String, TakeBack.Room> leaving(AvailabilityZone zone, String family);

    /** Hosts by their ids, also removed ones, in that order. */
    List<Host> hosts(List<String> ids);

    /**
     * Whether a zone has or had hosts.
     *
     * @param family null for any
     */
    boolean hasHosts(AvailabilityZone zone, @Nullable String family);

    /** Instances by id; what isn't there, or is in another zone, is left out. */
    Map<String, Instance> instances(AvailabilityZone zone, Collection<String> ids);

    /** An instance that is known to exist, in whatever zone. */
    Instance anywhere(String id);

    /** Subnets of a zone by id; what isn't there, or is in another zone, is left out. */
    Map<String, Subnet> subnets(AvailabilityZone zone, Collection<String> ids);

    /** The offsets taken in each subnet. */
    Map<String, List<Integer>> takenAddresses(Collection<String> subnetIds);

    /** Interfaces by id, of whatever zone; what isn't there is left out. */
    Map<String, NetworkInterface> interfaces(Collection<String> ids);

    /** The ids of the interfaces that have private addresses. */
    Set<String> holders(Collection<ZoneChanges.Place> addresses);

    /** Elastic addresses by allocation id, as they are without being locked; what isn't there is left out. */
    List<ElasticAddress> elasticAddresses(Collection<String> allocationIds);

    /** Locks elastic addresses, in the order of their ids: those with these ids and those that are these addresses. */
    List<ElasticAddress> lockElasticAddresses(Collection<String> allocationIds, Collection<IpAddress> publicAddresses);

    /** The first addresses of the blocks that a zone gives public addresses from to its instances, for as long as they run. */
    List<Long> launchBlocks(AvailabilityZone zone);

    /** Which addresses of those blocks are given. */
    List<Long> takenLaunchAddresses(AvailabilityZone zone);

    /** Makes a block of the pool that is no zone's yet the zone's; empty if there is none. */
    Optional<Long> claimLaunchBlock(AvailabilityZone zone, AddressPool pool);

    /** Which of these IPv6 addresses interfaces have. */
    Set<IpAddress> takenIpv6Addresses(Collection<IpAddress> addresses);

    /**
     * What accounts let launches and interfaces have. Until the transaction ends none of the groups is retired: they are
     * locked, in their order.
     */
    LaunchTerms lockTerms(SortedSet<Wanted> groups, Region region, Collection<AccountId> launching);

    /** How many instances that aren't terminated belong to Scheduled Instances; those without any are left out. */
    Map<String, Integer> scheduledInstances(Collection<String> scheduledInstanceIds);

    /** The current prices of pools; a pool the market hasn't priced yet is left out. */
    Map<SpotPool, HourlyRate> spotPrices(Collection<SpotPool> pools);

    /** Claims client tokens, in the order given; answers those that were claimed before. */
    Map<TokenUse, EarlierUse> claimTokens(List<TokenUse> tokens);

    /** Remembers events in an inbox; answers those that are new. */
    Set<String> claimEvents(String consumer, Collection<String> eventIds);

    /** Writes what a transaction changed. */
    void write(AvailabilityZone zone, ZoneChanges changes);

    /** The zones of a region that have hosts of a family that take instances. */
    Set<AvailabilityZone> zonesWith(Region region, String family);

    /** @param requestHash of the request the token came with first, and what came of it */
    record EarlierUse(String requestHash, String result) {}

    /**
     * @param attachable those of the groups that take attachments, by id, whoever's they are
     * @param metadataDefaults what accounts say of the metadata of all their instances in a region; those that say nothing
     *     are left out
     */
    record LaunchTerms(Map<String, Attachable> attachable, Map<AccountId, InstanceOptions.Metadata> metadataDefaults) {}
}
