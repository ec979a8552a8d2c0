package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one transaction of a zone's committer changes, each row at most once. */
public final class ZoneChanges {

    /** @param spotUnitsKey type and system of a spot instance; null for others */
    public record Allocation(
            String instanceId,
            String hostId,
            String family,
            @Nullable String spotUnitsKey,
            Capacity amount) {}

    /** An IPv4 address of a subnet. */
    public record Place(String subnetId, int offset) {}

    /** An IPv4 address of an interface. */
    public record Address(String subnetId, int offset, String interfaceId) {}

    /** An IPv6 address of an interface. */
    public record Ipv6Address(String subnetId, IpAddress address, String interfaceId) {}

    private final Map<String, Instance> inserted = new LinkedHashMap<>();
    private final Map<String, Instance> updated = new LinkedHashMap<>();
    private final Map<String, Allocation> allocated = new LinkedHashMap<>();
    private final Set<String> deallocated = new LinkedHashSet<>();
    private final Map<String, NetworkInterface> insertedInterfaces = new LinkedHashMap<>();
    private final Map<String, NetworkInterface> updatedInterfaces = new LinkedHashMap<>();
    private final Set<String> deletedInterfaces = new LinkedHashSet<>();
    private final Map<Address, Boolean> addresses = new LinkedHashMap<>();
    private final Map<Ipv6Address, Boolean> ipv6Addresses = new LinkedHashMap<>();
    private final Map<String, ElasticAddress> elasticAddresses = new LinkedHashMap<>();
    private final Map<String, String> userData = new LinkedHashMap<>();
    private final Map<String, UserDataOfRequest> userDataOfRequests = new LinkedHashMap<>();
    private final Map<String, Host> insertedHosts = new LinkedHashMap<>();
    private final Map<String, Host> updatedHosts = new LinkedHashMap<>();
    private final Map<String, Capacity> usedByHost = new LinkedHashMap<>();
    private final Map<CapacityDemand.Key, Optional<CapacityDemand>> demands = new LinkedHashMap<>();
    private final Map<TokenUse, String> completedTokens = new LinkedHashMap<>();
    private final Set<TokenUse> droppedTokens = new LinkedHashSet<>();

    void insert(Instance instance) {
        inserted.put(instance.id(), instance);
    }

    void update(Instance instance) {
        (inserted.containsKey(instance.id()) ? inserted : updated).put(instance.id(), instance);
    }

    void allocate(Allocation allocation) {
        allocated.put(allocation.instanceId(), allocation);
    }

    void deallocate(String instanceId) {
        if (allocated.remove(instanceId) == null) {
            deallocated.add(instanceId);
        }
    }

    void insert(NetworkInterface one) {
        insertedInterfaces.put(one.id(), one);
    }

    void update(NetworkInterface one) {
        (insertedInterfaces.containsKey(one.id()) ? insertedInterfaces : updatedInterfaces).put(one.id(), one);
    }

    void deleteInterface(String interfaceId) {
        updatedInterfaces.remove(interfaceId);
        if (insertedInterfaces.remove(interfaceId) == null) {
            deletedInterfaces.add(interfaceId);
        }
    }

    void take(Address address) {
        take(addresses, address);
    }

    void release(Address address) {
        release(addresses, address);
    }

    void take(Ipv6Address address) {
        take(ipv6Addresses, address);
    }

    void release(Ipv6Address address) {
        release(ipv6Addresses, address);
    }

    /** What is given back and taken again by the same interface stays where it is. */
    private static <A> void take(Map<A, Boolean> addresses, A address) {
        if (Boolean.FALSE.equals(addresses.get(address))) {
            addresses.remove(address);
        } else {
            addresses.put(address, true);
        }
    }

    private static <A> void release(Map<A, Boolean> addresses, A address) {
        if (Boolean.TRUE.equals(addresses.get(address))) {
            addresses.remove(address);
        } else {
            addresses.put(address, false);
        }
    }

    void update(ElasticAddress address) {
        elasticAddresses.put(address.id(), address);
    }

    void userData(String instanceId, String base64) {
        userData.put(instanceId, base64);
    }

    /** What a persistent spot request launches anew with, whatever becomes of its first instance's. */
    void userDataOfRequest(String spotRequestId, AccountId account, String base64) {
        userDataOfRequests.put(spotRequestId, new UserDataOfRequest(spotRequestId, account, base64));
    }

    void insertHost(Host host) {
        insertedHosts.put(host.id(), host);
    }

    void updateHost(Host host) {
        (insertedHosts.containsKey(host.id()) ? insertedHosts : updatedHosts).put(host.id(), host);
    }

    void used(String hostId, Capacity used) {
        usedByHost.put(hostId, used);
    }

    /** @param demand null: nobody waits for it any more */
    void demand(CapacityDemand.Key key, @Nullable CapacityDemand demand) {
        demands.put(key, Optional.ofNullable(demand));
    }

    void completeToken(TokenUse token, String result) {
        droppedTokens.remove(token.key());
        completedTokens.put(token, result);
    }

    void dropToken(TokenUse token) {
        droppedTokens.add(token.key());
    }

    public Collection<Instance> inserted() {
        return inserted.values();
    }

    public Collection<Instance> updated() {
        return updated.values();
    }

    public Collection<Allocation> allocated() {
        return allocated.values();
    }

    public Set<String> deallocated() {
        return deallocated;
    }

    public Collection<NetworkInterface> insertedInterfaces() {
        return insertedInterfaces.values();
    }

    public Collection<NetworkInterface> updatedInterfaces() {
        return updatedInterfaces.values();
    }

    public Set<String> deletedInterfaces() {
        return deletedInterfaces;
    }

    /** Released before taken: the same address may pass from one interface to another in one transaction. */
    public List<Address> releasedAddresses() {
        return those(addresses, false);
    }

    public List<Address> takenAddresses() {
        return those(addresses, true);
    }

    public List<Ipv6Address> releasedIpv6Addresses() {
        return those(ipv6Addresses, false);
    }

    public List<Ipv6Address> takenIpv6Addresses() {
        return those(ipv6Addresses, true);
    }

    private static <A> List<A> those(Map<A, Boolean> addresses, boolean taken) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue() == taken)
                .map(Map.Entry::getKey)
                .toList();
    }

    public Collection<ElasticAddress> elasticAddresses() {
        return elasticAddresses.values();
    }

    public record UserDataOfRequest(String spotRequestId, AccountId account, String base64) {}

    public Collection<UserDataOfRequest> userDataOfRequests() {
        return userDataOfRequests.values();
    }

    /** Base64 by instance id. */
    public Map<String, String> userData() {
        return userData;
    }

    public Collection<Host> insertedHosts() {
        return insertedHosts.values();
    }

    public Collection<Host> updatedHosts() {
        return updatedHosts.values();
    }

    /** What is used now of each host on which that changed. */
    public Map<String, Capacity> usedByHost() {
        return usedByHost;
    }

    /** What on-demand waits for, by who waits; empty where it no longer does. */
    public Map<CapacityDemand.Key, Optional<CapacityDemand>> demands() {
        return demands;
    }

    public Map<TokenUse, String> completedTokens() {
        return completedTokens;
    }

    public Set<TokenUse> droppedTokens() {
        return droppedTokens;
    }

    public boolean isEmpty() {
        return inserted.isEmpty()
                && updated.isEmpty()
                && allocated.isEmpty()
                && deallocated.isEmpty()
                && insertedInterfaces.isEmpty()
                && updatedInterfaces.isEmpty()
                && deletedInterfaces.isEmpty()
                && addresses.isEmpty()
                && ipv6Addresses.isEmpty()
                && elasticAddresses.isEmpty()
                && userData.isEmpty()
                && userDataOfRequests.isEmpty()
                && insertedHosts.isEmpty()
                && updatedHosts.isEmpty()
                && usedByHost.isEmpty()
                && demands.isEmpty()
                && completedTokens.isEmpty();
    }
}
