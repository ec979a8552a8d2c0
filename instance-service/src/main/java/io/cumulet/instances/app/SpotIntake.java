package io.cumulet.instances.app;

import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the spot market decides: who gets room, and who is taken back. */
@ApplicationScoped
public class SpotIntake {

    private final Launches launches;
    private final Zones zones;
    private final StackClock clock;

    public SpotIntake(Launches launches, Zones zones, StackClock clock) {
        this.launches = launches;
        this.zones = zones;
        this.clock = clock;
    }

    /** A request that was given room. */
    public record Allocation(
            String eventId,
            String spotRequestId,
            int unit,
            AccountId account,
            Region region,
            AvailabilityZone zone,
            String imageId,
            String instanceType,
            String maxPrice,
            String interruptionBehavior,
            @Nullable String keyName,
            List<String> securityGroupIds,
            Map<String, String> tags) {}

    /** Launches it; completes when that is done, or refused and told so. */
    public CompletableFuture<?> allocate(Allocation allocation) {
        return launches.allocate(order(allocation), allocation.unit(), allocation.eventId())
                .toCompletableFuture();
    }

    private LaunchOrder order(Allocation allocation) {
        LaunchWish wish = new LaunchWish(
                allocation.imageId(),
                allocation.instanceType(),
                1,
                1,
                allocation.zone().value(),
                null,
                null,
                allocation.keyName(),
                allocation.securityGroupIds(),
                null,
                null,
                new LaunchWish.MarketWish("spot", allocation.maxPrice(), allocation.interruptionBehavior()),
                allocation.tags(),
                false,
                List.of());
        LaunchOrder order = switch (LaunchChecks.check(
                wish, allocation.account(), allocation.region(), OnDemandPrices.shipped(), clock.instant())) {
            case Outcome.Done<LaunchOrder>(LaunchOrder checked) -> checked;
            case Outcome.Refused<LaunchOrder>(var refusal) ->
                // The market checks requests as we do, so this is a fault of the suite: it is parked for a person to
                // see.
                throw new IllegalArgumentException("An allocation that can't be launched: " + refusal);
        };
        return order.allocated(new LaunchOrder.SpotBid(
                HourlyRate.of(allocation.maxPrice()),
                InterruptionBehavior.ofCode(allocation.interruptionBehavior()).orElseThrow(),
                allocation.spotRequestId()));
    }

    public CompletableFuture<Outcome<Instance>> interrupt(
            AvailabilityZone zone, String instanceId, Command command, String eventId) {
        return zones.submit(zone, new ZoneWork.Order(instanceId, instance -> true, command, eventId));
    }
}
