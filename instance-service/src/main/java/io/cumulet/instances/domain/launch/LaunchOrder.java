package io.cumulet.instances.domain.launch;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.PlacementRule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A launch whose facts were checked; whether there is room is still open.
 *
 * @param zone where it has to be; null if any zone of the region will do
 * @param subnetId the subnet it goes into, which is in {@code zone}; null for the default subnet of the zone
 * @param vpcId the VPC of that subnet; null until the subnet was looked up
 * @param groupIds the security groups that were asked for; if none, it is the default group of the VPC
 * @param userData base64, or null
 * @param clientToken with it the same request gives the same instances; null: none was given
 * @param spot null for on-demand
 * @param scheduled the Scheduled Instances that it launches; null for others
 * @param interfaceTags of the interface that each instance comes with
 */
public record LaunchOrder(
        AccountId account,
        Region region,
        Image image,
        InstanceTypeFacts type,
        int minCount,
        int maxCount,
        @Nullable AvailabilityZone zone,
        @Nullable String subnetId,
        @Nullable String vpcId,
        @Nullable String keyName,
        List<String> groupIds,
        Addresses addresses,
        @Nullable String userData,
        @Nullable String clientToken,
        @Nullable SpotBid spot,
        Map<String, String> tags,
        boolean terminationProtected,
        @Nullable ScheduledReservation scheduled,
        Map<String, String> interfaceTags,
        InstanceOptions options) {

    /**
     * @param requestId the spot request that was given room; null if the launch itself is the bid
     * @param persistence how long what it launches is launched anew; null if it isn't, or by a request that was there before
     * @param requestTags of the request that the launch makes; null: it has those of its instance
     */
    public record SpotBid(
            HourlyRate maxPrice,
            InterruptionBehavior behavior,
            @Nullable String requestId,
            @Nullable Persistence persistence,
            @Nullable Map<String, String> requestTags) {

        /** Of a request that the market knows already. */
        public SpotBid(HourlyRate maxPrice, InterruptionBehavior behavior, @Nullable String requestId) {
            this(maxPrice, behavior, requestId, null, null);
        }

        /** Whether the market has let it in already: then its price needs no second look. */
        public boolean isAllocated() {
            return requestId != null;
        }
    }

    /** @param validUntil null: for ever */
    public record Persistence(@Nullable Instant validUntil) {}

    /** Whether the launch makes a persistent spot request, of which the market has to know all. */
    public boolean isLaunchedAnew() {
        return spot != null && spot.persistence() != null;
    }

    /** Whether the launch makes a spot request that its instances don't tell all of. */
    public boolean saysMoreOfItsRequest() {
        return isLaunchedAnew() || spot != null && spot.requestTags() != null;
    }

    /**
     * What is asked for of the primary interface's addresses.
     *
     * @param privateAddress null: any
     * @param ipv6Count how many IPv6 addresses, whichever; null: as many as the subnet gives
     * @param ipv6Addresses these IPv6 addresses; then there is no count
     * @param publicAddress whether it has a public address for as long as it runs; null: as the subnet says
     */
    public record Addresses(
            @Nullable IpAddress privateAddress,
            @Nullable Integer ipv6Count,
            List<IpAddress> ipv6Addresses,
            @Nullable Boolean publicAddress) {

        public static final Addresses ANY = new Addresses(null, null, List.of(), null);

        public Addresses {
            ipv6Addresses = List.copyOf(ipv6Addresses);
        }
    }

    public Capacity need() {
        return capacityOf(type);
    }

    public PlacementRule.Wish wish() {
        return new PlacementRule.Wish(type.family(), need());
    }

    /** The same for a bid that the market has let in, with the tags that it gives. */
    public LaunchOrder allocated(SpotBid bid, Map<String, String> given) {
        return new LaunchOrder(
                account,
                region,
                image,
                type,
                minCount,
                maxCount,
                zone,
                subnetId,
                vpcId,
                keyName,
                groupIds,
                addresses,
                userData,
                clientToken,
                bid,
                Map.copyOf(given),
                terminationProtected,
                scheduled,
                interfaceTags,
                options);
    }

    /** The same, now that the subnet it names was found. */
    public LaunchOrder in(Subnet subnet) {
        return new LaunchOrder(
                account,
                region,
                image,
                type,
                minCount,
                maxCount,
                subnet.zone(),
                subnet.id(),
                subnet.vpcId(),
                keyName,
                groupIds,
                addresses,
                userData,
                clientToken,
                spot,
                tags,
                terminationProtected,
                scheduled,
                interfaceTags,
                options);
    }

    /** The same as a launch of Scheduled Instances, in their zone. */
    LaunchOrder into(ScheduledReservation reservation) {
        return new LaunchOrder(
                account,
                region,
                image,
                type,
                minCount,
                maxCount,
                reservation.zone(),
                subnetId,
                vpcId,
                keyName,
                groupIds,
                addresses,
                userData,
                clientToken,
                spot,
                tags,
                terminationProtected,
                reservation,
                interfaceTags,
                options);
    }

    /** What an instance of a type takes of its host. */
    public static Capacity capacityOf(InstanceTypeFacts type) {
        return new Capacity(
                type.vcpus(),
                type.memoryMib(),
                type.localDisks().totalGb(),
                type.gpus().count());
    }
}
