package io.cumulet.instances.publish;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.HostSnapshot;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.instances.app.Announced;
import io.cumulet.instances.app.Announcement;
import io.cumulet.instances.app.Announcer;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.lifecycle.StateReason;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Tenancy;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what happened into the outbox, in the contract's words. */
@ApplicationScoped
public class OutboxAnnouncer implements Announcer {

    private final Outbox outbox;

    public OutboxAnnouncer(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void announce(List<Announced> announcements) {
        outbox.append(announcements.stream()
                .map(announced -> event(announced.announcement(), announced.trace()))
                .toList());
    }

    private static NewEvent event(Announcement announcement, @Nullable TraceContext trace) {
        return switch (announcement) {
            case Announcement.OfInstance ofInstance -> {
                LifecycleEvent happened = ofInstance.event();
                Instance instance = happened.after();
                yield new NewEvent(
                        type(happened.kind()),
                        instance.id(),
                        instance.account(),
                        instance.region(),
                        instance.version(),
                        happened.at(),
                        ofInstance.causeId(),
                        snapshot(instance, happened.at(), ofInstance.launch()),
                        trace);
            }
            case Announcement.OfHost(Host host, Instant at) ->
                new NewEvent(
                        host.version() == 1 ? EventType.HOST_ADDED : EventType.HOST_CHANGED,
                        host.id(),
                        AccountId.OPERATOR,
                        host.zone().region(),
                        host.version(),
                        at,
                        null,
                        snapshot(host, at),
                        trace);
            case Announcement.OfInterface(Announcement.Change change, NetworkInterface one, Instant at) ->
                new NewEvent(
                        switch (change) {
                            case CREATED -> EventType.NETWORK_INTERFACE_CREATED;
                            case CHANGED -> EventType.NETWORK_INTERFACE_CHANGED;
                            case DELETED -> EventType.NETWORK_INTERFACE_DELETED;
                        },
                        one.id(),
                        one.account(),
                        one.zone().region(),
                        one.version(),
                        at,
                        null,
                        NetworkSnapshots.of(one, at),
                        trace);
            case Announcement.OfAddress(Announcement.Change change, ElasticAddress address, Instant at) ->
                new NewEvent(
                        switch (change) {
                            case CREATED -> EventType.ADDRESS_ALLOCATED;
                            case CHANGED -> EventType.ADDRESS_CHANGED;
                            case DELETED -> EventType.ADDRESS_RELEASED;
                        },
                        address.id(),
                        address.account(),
                        address.region(),
                        address.version(),
                        at,
                        null,
                        NetworkSnapshots.of(address, at),
                        trace);
            case Announcement.OfVpc(Announcement.Change change, Vpc vpc, Instant at) ->
                new NewEvent(
                        switch (change) {
                            case CREATED -> EventType.VPC_CREATED;
                            case CHANGED -> EventType.VPC_CHANGED;
                            case DELETED -> EventType.VPC_DELETED;
                        },
                        vpc.id(),
                        vpc.account(),
                        vpc.region(),
                        vpc.version(),
                        at,
                        null,
                        NetworkSnapshots.of(vpc, at),
                        trace);
            case Announcement.OfSubnet(Announcement.Change change, Subnet subnet, Instant at) ->
                new NewEvent(
                        switch (change) {
                            case CREATED -> EventType.SUBNET_CREATED;
                            case CHANGED -> EventType.SUBNET_CHANGED;
                            case DELETED -> EventType.SUBNET_DELETED;
                        },
                        subnet.id(),
                        subnet.account(),
                        subnet.zone().region(),
                        subnet.version(),
                        at,
                        null,
                        NetworkSnapshots.of(subnet, at),
                        trace);
            case Announcement.OfCapacity capacity ->
                new NewEvent(
                        EventType.CAPACITY_CHANGED,
                        capacity.zone() + "/" + capacity.family(),
                        AccountId.OPERATOR,
                        capacity.zone().region(),
                        capacity.version(),
                        capacity.at(),
                        null,
                        new CapacitySnapshot(
                                capacity.zone().value(),
                                capacity.family(),
                                capacity.version(),
                                capacity.at(),
                                capacity.fits(),
                                capacity.spotUnits(),
                                capacity.reclaimed()),
                        trace);
        };
    }

    private static EventType type(LifecycleEvent.Kind kind) {
        return switch (kind) {
            case REQUESTED -> EventType.INSTANCE_REQUESTED;
            case LAUNCHED -> EventType.INSTANCE_LAUNCHED;
            case STARTED -> EventType.INSTANCE_STARTED;
            case FAILED -> EventType.INSTANCE_FAILED;
            case STOPPING -> EventType.INSTANCE_STOPPING;
            case STOPPED -> EventType.INSTANCE_STOPPED;
            case REBOOTED -> EventType.INSTANCE_REBOOTED;
            case MODIFIED -> EventType.INSTANCE_MODIFIED;
            case TERMINATING -> EventType.INSTANCE_TERMINATING;
            case TERMINATED -> EventType.INSTANCE_TERMINATED;
            case REBALANCE_RECOMMENDED -> EventType.INSTANCE_REBALANCE_RECOMMENDED;
            case INTERRUPTION_WARNED -> EventType.INSTANCE_INTERRUPTION_WARNED;
            case INTERRUPTED -> EventType.INSTANCE_INTERRUPTED;
        };
    }

    private static InstanceSnapshot snapshot(Instance instance, Instant at, @Nullable LaunchOrder launch) {
        SpotTerms spot = instance.spot();
        StateReason reason = instance.stateReason();
        return new InstanceSnapshot(
                instance.id(),
                instance.account().value(),
                instance.region().value(),
                instance.zone().value(),
                instance.version(),
                instance.state().code(),
                at,
                instance.launch().reservationId(),
                instance.launch().imageId(),
                instance.type().value(),
                instance.launch().os().code(),
                Tenancy.DEFAULT.code(),
                (spot == null ? Market.ON_DEMAND : Market.SPOT).code(),
                spot == null ? null : spot.maxPrice().toString(),
                spot == null ? null : spot.requestId(),
                spot == null ? null : spot.behavior().code(),
                instance.interruptionActionAt(),
                instance.hostId(),
                instance.launch().vpcId(),
                instance.launch().subnetId(),
                instance.privateAddress(),
                instance.launch().keyName(),
                instance.groupIds(),
                instance.tags(),
                instance.launchTime(),
                reason == null ? null : new InstanceSnapshot.StateReason(reason.code(), reason.message()),
                instance.launch().scheduledInstanceId(),
                instance.interfaces().stream().map(NetworkSnapshots::attached).toList(),
                Relaunches.of(launch),
                launch == null || launch.spot() == null ? null : launch.spot().requestTags());
    }

    private static HostSnapshot snapshot(Host host, Instant at) {
        Capacity capacity = host.capacity();
        return new HostSnapshot(
                host.id(),
                host.zone().value(),
                host.family(),
                host.version(),
                host.state().code(),
                at,
                host.sockets(),
                host.cores(),
                capacity.vcpus(),
                capacity.memoryMib(),
                capacity.localStorageGb(),
                capacity.gpus());
    }
}
