package io.cumulet.instances.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotRebalance;
import io.cumulet.instances.app.SpotIntake;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.suite.ResetMoments;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands the market's decisions to the zones' committers, which apply them in their own transactions. */
@ApplicationScoped
public class SpotMarketIntake implements EventConsumer {

    private final Intake intake;
    private final SpotIntake spot;
    private final ResetMoments moments;

    public SpotMarketIntake(Intake intake, SpotIntake spot, ResetMoments moments) {
        this.intake = intake;
        this.moments = moments;
        this.spot = spot;
    }

    @Incoming("spot-allocations")
    @Blocking
    public void onAllocations(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Incoming("spot-interruptions")
    @Blocking
    public void onInterruptions(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "spot-market";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(
                EventType.SPOT_ALLOCATED,
                EventType.SPOT_REBALANCE_RECOMMENDED,
                EventType.SPOT_INTERRUPTION_WARNED,
                EventType.SPOT_EVICTED);
    }

    @Override
    public Mode mode() {
        return Mode.OWN_TRANSACTION;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        // Handed in in order, so that each zone's queue has them in order; waited for together.
        Map<AccountId, Instant> resets = Transactions.read(
                () -> moments.of(events.stream().map(IncomingEvent::account).collect(Collectors.toSet())));
        CompletableFuture.allOf(events.stream()
                        // Room for a request that the market has forgotten.
                        .filter(event -> event.type() != EventType.SPOT_ALLOCATED
                                || !event.time().isBefore(resets.getOrDefault(event.account(), Instant.MIN)))
                        .map(this::handIn)
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private CompletableFuture<?> handIn(IncomingEvent event) {
        return switch (event.data()) {
            case SpotAllocation allocated -> spot.allocate(allocation(event, allocated));
            case SpotInterruption interruption ->
                spot.interrupt(
                        new AvailabilityZone(interruption.availabilityZone()),
                        interruption.instanceId(),
                        command(event.type(), interruption),
                        event.id());
            case SpotRebalance rebalance ->
                spot.interrupt(
                        new AvailabilityZone(rebalance.availabilityZone()),
                        rebalance.instanceId(),
                        new Command.RebalanceRecommended(rebalance.occurredAt()),
                        event.id());
            default -> throw new IllegalArgumentException("Not an event of the spot market: " + event.type());
        };
    }

    private static Command command(EventType type, SpotInterruption interruption) {
        if (type == EventType.SPOT_INTERRUPTION_WARNED) {
            return new Command.Warned(interruption.occurredAt(), interruption.actionAt());
        }
        return switch (interruption.reason()) {
            case SpotInterruption.REQUEST_ENDED -> new Command.RequestEnded();
            case SpotInterruption.FLEET -> new Command.GivenUpByFleet();
            default -> new Command.Evicted(interruption.reason(), interruption.actionAt());
        };
    }

    private static SpotIntake.Allocation allocation(IncomingEvent event, SpotAllocation allocated) {
        return new SpotIntake.Allocation(
                event.id(),
                allocated.spotRequestId(),
                allocated.unit(),
                allocated.instanceId(),
                event.account(),
                event.region(),
                new AvailabilityZone(allocated.availabilityZone()),
                allocated.imageId(),
                allocated.instanceType(),
                allocated.os(),
                allocated.maxPrice(),
                allocated.interruptionBehavior(),
                allocated.subnetId(),
                allocated.keyName(),
                allocated.securityGroupIds(),
                allocated.tags(),
                Boolean.TRUE.equals(allocated.hasUserData()),
                LaunchOptions.terminationProtected(allocated.options()),
                LaunchOptions.addresses(allocated.options()),
                LaunchOptions.interfaceTags(allocated.options()),
                LaunchOptions.of(allocated.options()));
    }
}
