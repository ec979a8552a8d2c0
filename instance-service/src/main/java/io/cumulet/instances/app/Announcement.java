package io.cumulet.instances.app;

import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something the other services are told. */
public sealed interface Announcement {

    /**
     * @param causeId the event that led to it, if one did
     * @param launch the launch that made it, if that says more of the spot request it made; null for all else
     */
    record OfInstance(
            LifecycleEvent event,
            @Nullable String causeId,
            @Nullable LaunchOrder launch) implements Announcement {

        OfInstance(LifecycleEvent event, @Nullable String causeId) {
            this(event, causeId, null);
        }
    }

    record OfHost(Host host, Instant at) implements Announcement {}

    /** An interface that isn't only a part of its instance. */
    record OfInterface(Change change, NetworkInterface after, Instant at) implements Announcement {}

    record OfAddress(Change change, ElasticAddress after, Instant at) implements Announcement {}

    record OfVpc(Change change, Vpc after, Instant at) implements Announcement {}

    record OfSubnet(Change change, Subnet after, Instant at) implements Announcement {}

    /** What became of a thing; after a deletion it is told as it last was. */
    enum Change {
        CREATED,
        CHANGED,
        DELETED
    }

    /**
     * @param version the zone's version at that moment
     * @param fits how many more of each type would fit beside what on-demand waits for
     * @param spotUnits spot instances that hold capacity, by type and system
     * @param reclaimed how many of their rooms on-demand takes back, by type and system
     */
    record OfCapacity(
            AvailabilityZone zone,
            String family,
            long version,
            Map<String, Integer> fits,
            Map<String, Integer> spotUnits,
            Map<String, Integer> reclaimed,
            Instant at)
            implements Announcement {}
}
