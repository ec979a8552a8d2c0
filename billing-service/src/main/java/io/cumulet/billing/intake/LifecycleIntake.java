package io.cumulet.billing.intake;

import io.cumulet.billing.app.Metering;
import io.cumulet.billing.app.Told;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.billing.domain.metering.FactKind;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears what happens to instances. */
@ApplicationScoped
public class LifecycleIntake implements EventConsumer {

    static final String NAME = "metering";

    static final Map<EventType, FactKind> KINDS = new EnumMap<>(Map.ofEntries(
            Map.entry(EventType.INSTANCE_REQUESTED, FactKind.REQUESTED),
            Map.entry(EventType.INSTANCE_LAUNCHED, FactKind.LAUNCHED),
            Map.entry(EventType.INSTANCE_STARTED, FactKind.STARTED),
            Map.entry(EventType.INSTANCE_FAILED, FactKind.FAILED),
            Map.entry(EventType.INSTANCE_STOPPING, FactKind.STOPPING),
            Map.entry(EventType.INSTANCE_STOPPED, FactKind.STOPPED),
            Map.entry(EventType.INSTANCE_REBOOTED, FactKind.REBOOTED),
            Map.entry(EventType.INSTANCE_MODIFIED, FactKind.MODIFIED),
            Map.entry(EventType.INSTANCE_TERMINATING, FactKind.TERMINATING),
            Map.entry(EventType.INSTANCE_TERMINATED, FactKind.TERMINATED),
            Map.entry(EventType.INSTANCE_REBALANCE_RECOMMENDED, FactKind.REBALANCE_RECOMMENDED),
            Map.entry(EventType.INSTANCE_INTERRUPTION_WARNED, FactKind.INTERRUPTION_WARNED),
            Map.entry(EventType.INSTANCE_INTERRUPTED, FactKind.INTERRUPTED)));

    private final Intake intake;
    private final Metering metering;
    private final TopicProgress progress;

    public LifecycleIntake(Intake intake, Metering metering, TopicProgress progress) {
        this.intake = intake;
        this.metering = metering;
        this.progress = progress;
    }

    @Incoming("lifecycle")
    @Blocking
    public void onLifecycle(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
        progress.applied(records);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<EventType> wants() {
        return KINDS.keySet();
    }

    /** Facts are kept by instance and version: the table of facts is the inbox. */
    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        metering.take(events.stream().map(LifecycleIntake::told).toList());
    }

    static Told told(IncomingEvent event) {
        InstanceSnapshot snapshot = event.data(InstanceSnapshot.class);
        return new Told(fact(event, snapshot), snapshot.tags());
    }

    private static Fact fact(IncomingEvent event, InstanceSnapshot snapshot) {
        MeteredThing thing = new MeteredThing(
                event.account(),
                new AvailabilityZone(snapshot.availabilityZone()),
                new InstanceType(snapshot.instanceType()),
                known(OperatingSystem.ofCode(snapshot.os()), "operating system", snapshot.os()),
                known(Tenancy.ofCode(snapshot.tenancy()), "tenancy", snapshot.tenancy()),
                known(Market.ofCode(snapshot.market()), "market", snapshot.market()),
                Tenancy.HOST.code().equals(snapshot.tenancy()) ? snapshot.hostId() : null,
                snapshot.scheduledInstanceId());
        return new Fact(
                event.key(),
                event.version(),
                Objects.requireNonNull(KINDS.get(event.type()), "only wanted types arrive"),
                event.time().truncatedTo(ChronoUnit.MICROS),
                thing,
                event.id());
    }

    private static <T> T known(Optional<T> value, String what, String name) {
        return value.orElseThrow(() -> new IllegalArgumentException("Billing knows no " + what + " " + name));
    }
}
