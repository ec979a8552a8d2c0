package io.cumulet.firewall.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.firewall.app.Attachment;
import io.cumulet.firewall.app.Attachments;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Follows which instance has which groups. Groups and address change with these four types alone; the rest isn't parsed. */
@ApplicationScoped
public class LifecycleIntake implements EventConsumer {

    private static final String TERMINATED = "terminated";

    private final Intake intake;
    private final Attachments attachments;

    public LifecycleIntake(Intake intake, Attachments attachments) {
        this.intake = intake;
        this.attachments = attachments;
    }

    @Incoming("lifecycle")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "attachments";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(
                EventType.INSTANCE_REQUESTED,
                EventType.INSTANCE_MODIFIED,
                EventType.INSTANCE_TERMINATED,
                EventType.INSTANCE_FAILED);
    }

    /** The newest version wins, so that the inbox would only cost. */
    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        attachments.take(events.stream().map(LifecycleIntake::attachment).toList());
    }

    private static Attachment attachment(IncomingEvent event) {
        InstanceSnapshot instance = event.data(InstanceSnapshot.class);
        return new Attachment(
                instance.instanceId(),
                event.account(),
                event.region(),
                instance.privateIpAddress(),
                instance.securityGroupIds(),
                event.version(),
                instance.state().equals(TERMINATED));
    }
}
