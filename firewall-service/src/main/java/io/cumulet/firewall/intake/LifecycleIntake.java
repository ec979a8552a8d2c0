package io.cumulet.firewall.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Members;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Follows who is in which group. Groups, addresses, host and state change with these types alone; the rest isn't parsed. A stopped
 * instance keeps its groups and addresses, but has no host.
 */
@ApplicationScoped
public class LifecycleIntake implements EventConsumer {

    private static final String TERMINATED = "terminated";

    private final Intake intake;
    private final Members members;

    public LifecycleIntake(Intake intake, Members members) {
        this.intake = intake;
        this.members = members;
    }

    @Incoming("lifecycle")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    /** From when an instance had one address: the inbox and parked records go by this name. */
    @Override
    public String name() {
        return "attachments";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(
                EventType.INSTANCE_REQUESTED,
                EventType.INSTANCE_LAUNCHED,
                EventType.INSTANCE_STARTED,
                EventType.INSTANCE_MODIFIED,
                EventType.INSTANCE_STOPPING,
                EventType.INSTANCE_STOPPED,
                EventType.INSTANCE_TERMINATING,
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
        members.take(events.stream().map(LifecycleIntake::told).toList());
    }

    static Told told(IncomingEvent event) {
        InstanceSnapshot instance = event.data(InstanceSnapshot.class);
        return new Told(
                instance.instanceId(), event.account(), event.region(), event.version(), members(event, instance));
    }

    private static List<Member> members(IncomingEvent event, InstanceSnapshot instance) {
        if (instance.state().equals(TERMINATED)) {
            return List.of();
        }
        List<InstanceSnapshot.Interface> interfaces = instance.networkInterfaces();
        if (interfaces == null) {
            return List.of(member(
                    event,
                    instance,
                    DefaultNetwork.primaryInterfaceId(instance.instanceId()),
                    Stream.ofNullable(instance.privateIpAddress()),
                    instance.securityGroupIds(),
                    List.of()));
        }
        return interfaces.stream()
                .map(one -> member(
                        event,
                        instance,
                        one.networkInterfaceId(),
                        Stream.concat(one.privateIpAddresses().stream(), one.ipv6Addresses().stream()),
                        one.securityGroupIds(),
                        one.publicIpAddresses()))
                .toList();
    }

    private static Member member(
            IncomingEvent event,
            InstanceSnapshot instance,
            String interfaceId,
            Stream<String> addresses,
            List<String> groupIds,
            List<String> publicAddresses) {
        return new Member(
                interfaceId,
                instance.instanceId(),
                event.account(),
                event.region(),
                instance.vpcId(),
                instance.hostId(),
                addresses.map(LifecycleIntake::address).toList(),
                groupIds,
                instance.state(),
                publicAddresses.stream().map(LifecycleIntake::address).toList());
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new IllegalArgumentException("Not an address: " + text));
    }
}
