package io.cumulet.spotmarket.intake;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.spotmarket.app.Units;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** What happens to spot instances; all others are skipped by their header. */
@ApplicationScoped
public class LifecycleIntake implements EventConsumer {

    private final Intake intake;
    private final Units units;

    public LifecycleIntake(Intake intake, Units units) {
        this.intake = intake;
        this.units = units;
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
        return "spot".equals(EventHeaders.text(headers, CloudEventHeaders.MARKET));
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        units.apply(events.stream()
                .map(event -> new Units.Happening(event.type(), event.data(InstanceSnapshot.class), event.id()))
                .toList());
    }
}
