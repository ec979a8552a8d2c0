package io.cumulet.firewall.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.VpcSnapshot;
import io.cumulet.firewall.app.Vpc;
import io.cumulet.firewall.app.Vpcs;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Follows which VPCs there are. */
@ApplicationScoped
public class VpcsIntake implements EventConsumer {

    private final Intake intake;
    private final Vpcs vpcs;

    public VpcsIntake(Intake intake, Vpcs vpcs) {
        this.intake = intake;
        this.vpcs = vpcs;
    }

    @Incoming("vpcs")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "vpc-copy";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.VPC_CREATED, EventType.VPC_CHANGED, EventType.VPC_DELETED);
    }

    /** The newest version wins. */
    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        vpcs.take(events.stream().map(VpcsIntake::vpc).toList());
    }

    static Vpc vpc(IncomingEvent event) {
        VpcSnapshot vpc = event.data(VpcSnapshot.class);
        return new Vpc(
                vpc.vpcId(),
                event.account(),
                event.region(),
                event.version(),
                vpc.ipv6CidrBlock() != null,
                event.type() == EventType.VPC_DELETED);
    }
}
