package io.cumulet.instances.app;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.launch.Unlaunched;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the spot market decides: who gets room, and who is taken back. */
@ApplicationScoped
public class SpotIntake {

    private static final HourlyRate NOTHING = HourlyRate.of("0");
    private static final InstanceType NO_TYPE = new InstanceType("none.none");

    private final Launches launches;
    private final LaunchNames launchNames;
    private final Zones zones;
    private final SpotMarket market;
    private final InstanceReads reads;
    private final StackClock clock;
    private final Executor asking =
            task -> Thread.ofVirtual().name("allocation").start(TraceContext.handedOver(task));

    public SpotIntake(
            Launches launches,
            LaunchNames launchNames,
            Zones zones,
            SpotMarket market,
            InstanceReads reads,
            StackClock clock) {
        this.launches = launches;
        this.launchNames = launchNames;
        this.zones = zones;
        this.market = market;
        this.reads = reads;
        this.clock = clock;
    }

    /** The market's REST API. */
    public interface SpotMarket {

        /**
         * The user data of a spot request, base64; empty if there is none, or no such request.
         *
         * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if that can't be known now
         */
        Optional<String> userData(String spotRequestId, Region region);
    }

    /**
     * A request that was given room.
     *
     * @param instanceId the stopped instance that is to be started again; null if a new one is to be launched
     * @param subnetId any of the account's in the zone; null for the default one
     * @param tags also those that accounts can't set themselves
     * @param hasUserData whether there is user data of the request: here if it came with a launch, else the market keeps it
     * @param terminationProtected whether its launch was
     * @param os the pool's; null from a market of before
     */
    public record Allocation(
            String eventId,
            String spotRequestId,
            int unit,
            @Nullable String instanceId,
            AccountId account,
            Region region,
            AvailabilityZone zone,
            String imageId,
            String instanceType,
            @Nullable String os,
            String maxPrice,
            String interruptionBehavior,
            @Nullable String subnetId,
            @Nullable String keyName,
            List<String> securityGroupIds,
            Map<String, String> tags,
            boolean hasUserData,
            boolean terminationProtected,
            LaunchWish.@Nullable AddressWish addresses,
            @Nullable Map<String, String> interfaceTags,
            @Nullable InstanceOptions options) {

        /**
         * Its terms; in place of what can't be read, the least. Such a one is refused like any that isn't in order, and the
         * failed instance that answers it has to say something.
         */
        SpotTerms terms() {
            return new SpotTerms(
                    HourlyRate.isValid(maxPrice) ? HourlyRate.of(maxPrice) : NOTHING,
                    spotRequestId,
                    InterruptionBehavior.ofCode(interruptionBehavior).orElse(InterruptionBehavior.TERMINATE));
        }

        /** The type it names; a name that no type can have is as good as any that doesn't exist. */
        InstanceType type() {
            return InstanceType.isValid(instanceType) ? new InstanceType(instanceType) : NO_TYPE;
        }
    }

    /**
     * Launches it, or starts it again; completes when that is done, or refused and told so. Exceptionally, as unavailable,
     * if it has to be tried again.
     */
    public CompletableFuture<?> allocate(Allocation allocation) {
        String instanceId = allocation.instanceId();
        if (instanceId != null) {
            return zones.submit(
                    allocation.zone(),
                    new ZoneWork.Order(
                            instanceId,
                            instance -> belongsTo(instance, allocation),
                            new Command.Restart(null),
                            allocation.eventId()));
        }
        if (!allocation.hasUserData()) {
            return launch(allocation, null);
        }
        // Each of its own, not one after the other: a fleet may have hundreds of them.
        return CompletableFuture.supplyAsync(() -> userData(allocation), asking)
                .thenCompose(userData -> userData.isPresent()
                        ? launch(allocation, userData.get())
                        : refuse(
                                allocation,
                                Refusal.of(
                                        ErrorCode.SPOT_REQUEST_NOT_FOUND,
                                        "The spot market doesn't know the user data of "
                                                + allocation.spotRequestId())));
    }

    private Optional<String> userData(Allocation allocation) {
        return Transactions.read(() -> reads.userDataOfRequest(allocation.spotRequestId(), allocation.account()))
                .or(() -> market.userData(allocation.spotRequestId(), allocation.region()));
    }

    private CompletableFuture<Outcome<Launched>> launch(Allocation allocation, @Nullable String userData) {
        SpotTerms terms = allocation.terms();
        LaunchWish wish = wish(allocation, userData);
        LaunchNames.Found names = launchNames.find(wish, allocation.account(), allocation.region());
        if (names.missing() != null) {
            return refuse(allocation, names.missing());
        }
        return switch (LaunchChecks.check(
                wish,
                names.images(),
                allocation.account(),
                allocation.region(),
                OnDemandPrices.shipped(),
                clock.instant())) {
            case Outcome.Done<LaunchOrder>(LaunchOrder order) ->
                launches.allocate(
                        order.allocated(
                                new LaunchOrder.SpotBid(terms.maxPrice(), terms.behavior(), terms.requestId()),
                                allocation.tags()),
                        allocation.unit(),
                        allocation.eventId());
            // The market checks requests as we do, but it may be of another version, or prices have changed since.
            case Outcome.Refused<LaunchOrder>(Refusal refusal) -> refuse(allocation, refusal);
        };
    }

    private CompletableFuture<Outcome<Launched>> refuse(Allocation allocation, Refusal refusal) {
        return launches.refuse(
                unlaunched(allocation, allocation.terms()),
                allocation.zone(),
                allocation.unit(),
                refusal,
                allocation.eventId());
    }

    private static boolean belongsTo(Instance instance, Allocation allocation) {
        SpotTerms spot = instance.spot();
        return instance.ownedBy(allocation.account(), allocation.region())
                && spot != null
                && spot.requestId().equals(allocation.spotRequestId());
    }

    /** As an account would ask for it; what only the suite may ask for is added once this is checked. */
    private static LaunchWish wish(Allocation allocation, @Nullable String userData) {
        Map<String, String> tags = new HashMap<>(allocation.tags());
        tags.keySet().removeIf(key -> key.startsWith(Lifecycle.RESERVED_TAGS));
        return new LaunchWish(
                allocation.imageId(),
                allocation.instanceType(),
                1,
                1,
                allocation.zone().value(),
                null,
                allocation.subnetId(),
                allocation.keyName(),
                allocation.securityGroupIds(),
                userData,
                null,
                new LaunchWish.MarketWish("spot", allocation.maxPrice(), allocation.interruptionBehavior()),
                tags,
                null,
                allocation.terminationProtected(),
                null,
                allocation.addresses(),
                List.of(),
                allocation.interfaceTags(),
                allocation.options());
    }

    /** What isn't known of an image that doesn't exist is taken from the pool, or is what most have. */
    private Unlaunched unlaunched(Allocation allocation, SpotTerms terms) {
        Optional<Image> image = switch (launchNames
                .find(wish(allocation, null), allocation.account(), allocation.region())
                .images()
                .find(allocation.imageId())) {
            case Outcome.Done<Image>(Image known) -> Optional.of(known);
            case Outcome.Refused<Image> refused -> Optional.empty();
        };
        OperatingSystem ofPool = Optional.ofNullable(allocation.os())
                .flatMap(OperatingSystem::ofCode)
                .orElse(OperatingSystem.LINUX);
        List<String> groups = allocation.securityGroupIds();
        return new Unlaunched(
                allocation.account(),
                allocation.imageId(),
                image.map(Image::os).orElse(ofPool),
                image.map(Image::architecture).orElse(Architecture.X86_64).code(),
                allocation.type(),
                allocation.keyName(),
                groups.isEmpty()
                        ? List.of(DefaultNetwork.securityGroupId(allocation.account(), allocation.region()))
                        : groups,
                allocation.tags(),
                terms);
    }

    /** Warns it, evicts it, or ends what is stopped. */
    public CompletableFuture<Outcome<Instance>> interrupt(
            AvailabilityZone zone, String instanceId, Command command, String eventId) {
        return zones.submit(zone, new ZoneWork.Order(instanceId, instance -> true, command, eventId));
    }
}
