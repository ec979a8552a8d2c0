package io.cumulet.spotmarket.intake;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Market;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.spotmarket.app.Units;
import io.cumulet.spotmarket.app.fleets.OnDemandInstances;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** What happens to spot instances and On-Demand Instances of fleets; all others are skipped by their headers. */
@ApplicationScoped
public class LifecycleIntake implements EventConsumer {

    private static final String SPOT = Market.SPOT.code();
    private static final Set<EventType> GOING =
            EnumSet.of(EventType.INSTANCE_TERMINATING, EventType.INSTANCE_TERMINATED, EventType.INSTANCE_FAILED);

    private final Intake intake;
    private final Units units;
    private final OnDemandInstances onDemand;

    public LifecycleIntake(Intake intake, Units units, OnDemandInstances onDemand) {
        this.intake = intake;
        this.units = units;
        this.onDemand = onDemand;
    }

    @Incoming("lifecycle")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "spot-units";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(
                EventType.INSTANCE_REQUESTED,
                EventType.INSTANCE_LAUNCHED,
                EventType.INSTANCE_STARTED,
                EventType.INSTANCE_FAILED,
                EventType.INSTANCE_STOPPING,
                EventType.INSTANCE_STOPPED,
                EventType.INSTANCE_TERMINATING,
                EventType.INSTANCE_TERMINATED,
                EventType.INSTANCE_INTERRUPTED);
    }

    @Override
    public boolean wantsHeaders(Headers headers) {
        return SPOT.equals(EventHeaders.text(headers, CloudEventHeaders.MARKET))
                || EventHeaders.text(headers, CloudEventHeaders.FLEET) != null;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        List<Units.Happening> happenings = new ArrayList<>();
        List<OnDemandInstances.Going> goings = new ArrayList<>();
        for (IncomingEvent event : events) {
            InstanceSnapshot instance = event.data(InstanceSnapshot.class);
            if (instance.market().equals(SPOT)) {
                happenings.add(new Units.Happening(event.type(), instance, event.id()));
            } else if (GOING.contains(event.type())) {
                goings.add(new OnDemandInstances.Going(
                        new AccountId(instance.account()),
                        OnDemandInstances.fleetOf(instance.tags()),
                        instance.instanceId(),
                        instance.instanceType(),
                        instance.availabilityZone(),
                        event.type() != EventType.INSTANCE_TERMINATING));
            }
        }
        // Fleets before pools, as everybody locks them.
        onDemand.apply(goings);
        if (!happenings.isEmpty()) {
            units.apply(happenings);
        }
    }
}
