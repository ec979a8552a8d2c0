package io.cumulet.instances.domain.launch;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.PlacementRule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A launch whose facts were checked; whether there is room is still open.
 *
 * @param zone where it has to be; null if any zone of the region will do
 * @param subnetId the subnet it goes into, which is in {@code zone}; null for the default subnet of the zone
 * @param groupIds the security groups, the default group if none was asked for
 * @param groupsAreDefault whether they are just the default group, which is always there
 * @param userData base64, or null
 * @param clientToken with it the same request gives the same instances; null: none was given
 * @param spot null for on-demand
 * @param scheduled the Scheduled Instances that it launches; null for others
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
        @Nullable String keyName,
        List<String> groupIds,
        boolean groupsAreDefault,
        @Nullable String userData,
        @Nullable String clientToken,
        @Nullable SpotBid spot,
        Map<String, String> tags,
        boolean terminationProtected,
        @Nullable ScheduledReservation scheduled) {

    /**
     * @param requestId the spot request that was given room; null if the launch itself is the bid
     */
    public record SpotBid(
            HourlyRate maxPrice,
            InterruptionBehavior behavior,
            @Nullable String requestId) {

        /** Whether the market has let it in already: then its price needs no second look. */
        public boolean isAllocated() {
            return requestId != null;
        }
    }

    public Capacity need() {
        return capacityOf(type);
    }

    public PlacementRule.Wish wish() {
        return new PlacementRule.Wish(type.family(), need());
    }

    /** The same for a bid that the market has let in. */
    public LaunchOrder allocated(SpotBid bid) {
        return new LaunchOrder(
                account,
                region,
                image,
                type,
                minCount,
                maxCount,
                zone,
                subnetId,
                keyName,
                groupIds,
                groupsAreDefault,
                userData,
                clientToken,
                bid,
                tags,
                terminationProtected,
                scheduled);
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
                keyName,
                groupIds,
                groupsAreDefault,
                userData,
                clientToken,
                spot,
                tags,
                terminationProtected,
                reservation);
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
