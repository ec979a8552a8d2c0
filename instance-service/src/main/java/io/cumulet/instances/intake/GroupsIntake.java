package io.cumulet.instances.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.instances.app.Copies;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps our copy of the firewall's groups. */
@ApplicationScoped
public class GroupsIntake implements EventConsumer {

    private final Intake intake;
    private final Copies copies;

    public GroupsIntake(Intake intake, Copies copies) {
        this.intake = intake;
        this.copies = copies;
    }

    @Incoming("firewall-groups")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "security-group-copy";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(
                EventType.SECURITY_GROUP_CREATED, EventType.SECURITY_GROUP_CHANGED, EventType.SECURITY_GROUP_DELETED);
    }

    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        Map<String, Copies.GroupCopy> newest = new LinkedHashMap<>();
        for (IncomingEvent event : events) {
            SecurityGroupSnapshot group = event.data(SecurityGroupSnapshot.class);
            newest.merge(
                    group.groupId(),
                    new Copies.GroupCopy(
                            group.groupId(),
                            event.account(),
                            event.region(),
                            group.vpcId(),
                            event.version(),
                            event.type() == EventType.SECURITY_GROUP_DELETED),
                    (a, b) -> a.version() >= b.version() ? a : b);
        }
        copies.takeGroups(newest.values());
    }
}
