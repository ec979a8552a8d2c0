package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.InterfaceFacts;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The interfaces and elastic addresses that the works of one batch may come to change, as the works so far left them. Interfaces
 * that are attached come with their instances.
 */
final class BatchInterfaces implements InterfaceFacts {

    private final Set<AvailabilityZone> locked;
    private final ZoneMemory memory;
    private final ZoneStore store;
    private final Function<String, @Nullable Instance> instances;

    private final Map<String, NetworkInterface> interfaces = new HashMap<>();
    private final Map<IpAddress, ElasticAddress> elastic = new HashMap<>();
    private final Map<IpAddress, Boolean> ipv6Taken = new HashMap<>();

    private final Set<String> named = new LinkedHashSet<>(0);
    private final Set<String> allocationIds = new LinkedHashSet<>(0);
    private final Map<String, List<IpAddress>> wantedFromOthers = new HashMap<>(0);

    BatchInterfaces(
            Set<AvailabilityZone> locked,
            ZoneMemory memory,
            ZoneStore store,
            Function<String, @Nullable Instance> instances) {
        this.locked = locked;
        this.memory = memory;
        this.store = store;
        this.instances = instances;
    }

    /** An interface will be needed. */
    void need(String interfaceId) {
        named.add(interfaceId);
    }

    void need(ZoneWork.ChangeInterface change) {
        need(change.interfaceId);
        if (change.command instanceof InterfaceCommand.AssignPrivate assign && assign.allowReassignment()) {
            wantedFromOthers
                    .computeIfAbsent(change.interfaceId, id -> new ArrayList<>())
                    .addAll(assign.addresses());
        }
    }

    /** An elastic address will be needed, with the interface it is associated with. */
    void needElastic(String allocationId) {
        allocationIds.add(allocationId);
    }

    /** Reads the interfaces that are needed, and adds the instances they are attached to. */
    void load(Set<String> instanceIds) {
        if (!allocationIds.isEmpty()) {
            for (ElasticAddress address : store.elasticAddresses(allocationIds)) {
                if (address.association() != null) {
                    named.add(address.association().interfaceId());
                }
            }
        }
        if (named.isEmpty()) {
            return;
        }
        read(named);
        if (!wantedFromOthers.isEmpty()) {
            read(store.holders(places()));
        }
        for (NetworkInterface one : interfaces.values()) {
            if (one.attachment() != null) {
                instanceIds.add(one.attachment().instanceId());
            }
        }
    }

    /** An interface of a zone that isn't locked may have changed by now: it isn't looked at. */
    private void read(Collection<String> ids) {
        store.interfaces(ids).values().stream()
                .filter(one -> locked.contains(one.zone()))
                .forEach(this::remember);
    }

    private List<ZoneChanges.Place> places() {
        List<ZoneChanges.Place> places = new ArrayList<>();
        wantedFromOthers.forEach((interfaceId, addresses) -> {
            NetworkInterface one = interfaces.get(interfaceId);
            ZoneMemory.SubnetRoom room = one == null ? null : memory.subnets.get(one.subnetId());
            if (one != null) {
                // Memory reads subnets only once it is known which are needed: which this is a part of.
                Subnet subnet = room == null
                        ? store.subnets(one.zone(), List.of(one.subnetId())).get(one.subnetId())
                        : room.subnet();
                for (IpAddress address : addresses) {
                    if (subnet != null && subnet.cidr().contains(address)) {
                        places.add(new ZoneChanges.Place(subnet.id(), subnet.offset(address)));
                    }
                }
            }
        });
        return places;
    }

    /** Locks the elastic addresses that are needed: those that were named, and those of all interfaces that are here. */
    void lockElastic() {
        Set<IpAddress> publicAddresses = new LinkedHashSet<>(0);
        for (NetworkInterface one : interfaces.values()) {
            publicAddresses.addAll(one.publicAddresses());
        }
        if (!allocationIds.isEmpty() || !publicAddresses.isEmpty()) {
            store.lockElasticAddresses(allocationIds, publicAddresses).forEach(this::remember);
        }
    }

    /** Finds out which of these addresses interfaces have, unless that is known. */
    void lookUp(Collection<IpAddress> ipv6Addresses) {
        List<IpAddress> unknown = ipv6Addresses.stream()
                .filter(address -> !ipv6Taken.containsKey(address))
                .toList();
        if (!unknown.isEmpty()) {
            Set<IpAddress> taken = store.takenIpv6Addresses(unknown);
            unknown.forEach(address -> ipv6Taken.put(address, taken.contains(address)));
        }
    }

    Collection<NetworkInterface> all() {
        return interfaces.values();
    }

    void remember(NetworkInterface one) {
        interfaces.put(one.id(), one);
    }

    void forget(String interfaceId) {
        interfaces.remove(interfaceId);
    }

    void remember(ElasticAddress address) {
        elastic.put(address.publicAddress(), address);
    }

    void taken(IpAddress ipv6Address, boolean taken) {
        ipv6Taken.put(ipv6Address, taken);
    }

    /** Null if there is none, or if it isn't locked. */
    @Nullable
    ElasticAddress elastic(String allocationId) {
        return elastic.values().stream()
                .filter(address -> address.id().equals(allocationId))
                .findFirst()
                .orElse(null);
    }

    /** One that an interface has. */
    ElasticAddress elastic(IpAddress publicAddress) {
        ElasticAddress address = elastic.get(publicAddress);
        if (address == null) {
            throw new IllegalStateException("The elastic address " + publicAddress + " was not prepared");
        }
        return address;
    }

    @Override
    public @Nullable NetworkInterface networkInterface(String interfaceId) {
        return interfaces.get(interfaceId);
    }

    @Override
    public @Nullable Subnet subnet(String subnetId) {
        ZoneMemory.SubnetRoom room = memory.subnets.get(subnetId);
        return room == null ? null : room.subnet();
    }

    @Override
    public SubnetAddresses addresses(String subnetId) {
        ZoneMemory.SubnetRoom room = memory.subnets.get(subnetId);
        if (room == null) {
            throw new IllegalStateException("Subnet " + subnetId + " was not prepared");
        }
        return room.addresses();
    }

    @Override
    public @Nullable Instance instance(String instanceId) {
        return instances.apply(instanceId);
    }

    @Override
    public @Nullable NetworkInterface holder(String subnetId, IpAddress privateAddress) {
        return interfaces.values().stream()
                .filter(one -> one.subnetId().equals(subnetId) && one.has(privateAddress))
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean isTaken(IpAddress ipv6Address) {
        lookUp(List.of(ipv6Address));
        return Boolean.TRUE.equals(ipv6Taken.get(ipv6Address));
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }
}
