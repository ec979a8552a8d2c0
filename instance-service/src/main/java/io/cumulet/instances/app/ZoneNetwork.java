package io.cumulet.instances.app;

import io.cumulet.instances.app.ZoneMemory.SubnetRoom;
import io.cumulet.instances.domain.interfaces.InterfaceChange;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.NetworkInterface.PrivateAddress;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies what was decided about interfaces, in memory and in what is to be written: the addresses they take and give back, the
 * elastic addresses that follow them, and the instances they are a part of.
 */
final class ZoneNetwork {

    private final BatchFacts facts;
    private final BatchResult result;
    private final Instant now;

    ZoneNetwork(BatchFacts facts, BatchResult result, Instant now) {
        this.facts = facts;
        this.result = result;
        this.now = now;
    }

    /** A new interface, with addresses that are free. */
    void insert(NetworkInterface one) {
        one.privateAddresses().forEach(address -> take(one, address.address()));
        one.ipv6Addresses().forEach(address -> takeIpv6(one, address));
        facts.launchAddresses().follow(null, one);
        facts.interfaces().remember(one);
        result.changes().insert(one);
        announce(Announcement.Change.CREATED, one);
    }

    /** The interfaces of an instance that is launched, which tells of them itself. */
    void give(List<LaunchInterfaces.Given> given) {
        for (LaunchInterfaces.Given one : given) {
            one.change().ifPresentOrElse(change -> applyToInterfaces(List.of(change)), () -> insert(one.after()));
        }
    }

    /** An interface of an instance as it is now; its private addresses are what they were. */
    void update(NetworkInterface before, NetworkInterface after) {
        facts.launchAddresses().follow(before, after);
        facts.interfaces().remember(after);
        result.changes().update(after);
        announce(Announcement.Change.CHANGED, after);
    }

    /** What is attached to an instance that ends: it goes too, or is detached. The instance tells of its end itself. */
    void releaseInterfaces(Instance ended) {
        List<InterfaceChange> changes = new ArrayList<>();
        for (NetworkInterface one : ended.interfaces()) {
            boolean goes = one.attachment() != null && one.attachment().deleteOnTermination();
            changes.add(new InterfaceChange(one, goes ? null : one.attachedAs(null)));
        }
        applyToInterfaces(changes);
    }

    /** The same with the public address that its instance is given for as long as it runs, if it is given one. */
    NetworkInterface launched(NetworkInterface one) {
        IpAddress given = one.lacksAutoPublicAddress() ? facts.launchAddresses().next() : null;
        return given == null ? one : one.givenAutoPublic(given);
    }

    /**
     * The public address that a stopped instance is to be started with; null if none. With more than one interface it isn't
     * given another.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html">IP addressing</a>
     */
    @Nullable
    IpAddress publicAddressFor(Instance stopped) {
        List<NetworkInterface> interfaces = stopped.interfaces();
        return interfaces.size() == 1 && interfaces.getFirst().lacksAutoPublicAddress()
                ? facts.launchAddresses().next()
                : null;
    }

    /** Where an elastic address went from, the instance is given one again that isn't its owner's. */
    private InterfaceChange regaining(InterfaceChange change) {
        NetworkInterface after = change.after();
        String instanceId = instanceOf(after);
        if (after == null
                || instanceId == null
                || !after.lacksAutoPublicAddress()
                || !after.zone().equals(facts.zone())) {
            return change;
        }
        Instance instance = instance(instanceId);
        boolean runs = instance.state() == InstanceState.PENDING || instance.state() == InstanceState.RUNNING;
        IpAddress given = runs && instance.interfaces().size() == 1
                ? facts.launchAddresses().next()
                : null;
        return given == null ? change : new InterfaceChange(change.before(), after.givenAutoPublic(given));
    }

    /** Applies one decision. Instances of which an interface changed are the next version then. */
    void apply(List<InterfaceChange> decided) {
        List<InterfaceChange> changes = decided.stream().map(this::regaining).toList();
        applyToInterfaces(changes);
        Map<String, List<NetworkInterface>> attached = new LinkedHashMap<>();
        for (InterfaceChange change : changes) {
            String wasAt = instanceOf(change.before());
            if (wasAt != null) {
                interfacesOf(wasAt, attached)
                        .removeIf(one -> one.id().equals(change.before().id()));
            }
            NetworkInterface after = change.after();
            String isAt = instanceOf(after);
            if (after != null && isAt != null) {
                interfacesOf(isAt, attached).add(after);
            }
        }
        attached.forEach((instanceId, interfaces) -> {
            Instance after = instance(instanceId).nextWith(interfaces);
            facts.remember(after);
            result.changes().update(after);
            result.announce(
                    new Announcement.OfInstance(new LifecycleEvent(LifecycleEvent.Kind.MODIFIED, after, now), null));
        });
    }

    private List<NetworkInterface> interfacesOf(String instanceId, Map<String, List<NetworkInterface>> attached) {
        return attached.computeIfAbsent(
                instanceId, id -> new ArrayList<>(instance(id).interfaces()));
    }

    private Instance instance(String id) {
        Instance instance = facts.instance(id);
        if (instance == null) {
            throw new IllegalStateException("Instance " + id + " was not prepared");
        }
        return instance;
    }

    private static @Nullable String instanceOf(@Nullable NetworkInterface one) {
        return one == null || one.attachment() == null ? null : one.attachment().instanceId();
    }

    private void applyToInterfaces(List<InterfaceChange> changes) {
        // What one gives back another may take.
        changes.forEach(this::giveBack);
        for (InterfaceChange change : changes) {
            NetworkInterface before = change.before();
            NetworkInterface after = change.after();
            if (after == null) {
                facts.interfaces().forget(before.id());
                result.changes().deleteInterface(before.id());
                announce(Announcement.Change.DELETED, before.next().done());
            } else {
                takeWhatIsNew(before, after);
                facts.interfaces().remember(after);
                result.changes().update(after);
                // Of one that was only a part of its instance nobody has heard yet.
                announce(
                        before.isPartOfItsInstance() ? Announcement.Change.CREATED : Announcement.Change.CHANGED,
                        after);
            }
        }
        follow(changes);
    }

    private void giveBack(InterfaceChange change) {
        NetworkInterface before = change.before();
        NetworkInterface after = change.after();
        facts.launchAddresses().follow(before, after);
        for (PrivateAddress address : before.privateAddresses()) {
            if (after == null || !after.has(address.address())) {
                SubnetRoom room = subnet(before.subnetId());
                int offset = room.subnet().offset(address.address());
                room.addresses().release(offset);
                result.changes().release(new ZoneChanges.Address(before.subnetId(), offset, before.id()));
            }
        }
        for (IpAddress address : before.ipv6Addresses()) {
            if (after == null || !after.ipv6Addresses().contains(address)) {
                facts.interfaces().taken(address, false);
                result.changes().release(new ZoneChanges.Ipv6Address(before.subnetId(), address, before.id()));
            }
        }
    }

    private void takeWhatIsNew(NetworkInterface before, NetworkInterface after) {
        for (PrivateAddress address : after.privateAddresses()) {
            if (!before.has(address.address())) {
                take(after, address.address());
            }
        }
        for (IpAddress address : after.ipv6Addresses()) {
            if (!before.ipv6Addresses().contains(address)) {
                takeIpv6(after, address);
            }
        }
    }

    private void take(NetworkInterface one, IpAddress address) {
        SubnetRoom room = subnet(one.subnetId());
        int offset = room.subnet().offset(address);
        room.addresses().take(offset);
        result.changes().take(new ZoneChanges.Address(one.subnetId(), offset, one.id()));
    }

    private void takeIpv6(NetworkInterface one, IpAddress address) {
        facts.interfaces().taken(address, true);
        result.changes().take(new ZoneChanges.Ipv6Address(one.subnetId(), address, one.id()));
    }

    /** Elastic addresses are where the interfaces say. */
    private void follow(List<InterfaceChange> changes) {
        List<NetworkInterface> before =
                changes.stream().map(InterfaceChange::before).toList();
        List<NetworkInterface> after = changes.stream()
                .map(InterfaceChange::after)
                .filter(Objects::nonNull)
                .toList();
        Set<IpAddress> touched = new LinkedHashSet<>(0);
        addPublic(touched, before);
        addPublic(touched, after);
        for (IpAddress publicAddress : touched) {
            ElasticAddress was = facts.interfaces().elastic(publicAddress);
            ElasticAddress is = was.following(before, after, ResourceKind.ELASTIC_ADDRESS_ASSOCIATION.newId());
            if (!is.equals(was)) {
                facts.interfaces().remember(is);
                result.changes().update(is);
                result.announce(new Announcement.OfAddress(Announcement.Change.CHANGED, is, now));
            }
        }
    }

    private static void addPublic(Set<IpAddress> addresses, Collection<NetworkInterface> interfaces) {
        interfaces.forEach(one -> addresses.addAll(one.publicAddresses()));
    }

    private void announce(Announcement.Change change, NetworkInterface one) {
        if (!one.isPartOfItsInstance()) {
            result.announce(new Announcement.OfInterface(change, one, now));
        }
    }

    private SubnetRoom subnet(String subnetId) {
        SubnetRoom room = facts.subnet(subnetId);
        if (room == null) {
            throw new IllegalStateException("Subnet " + subnetId + " was not prepared");
        }
        return room;
    }
}
