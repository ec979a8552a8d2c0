package io.cumulet.spotmarket.intake;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.spotmarket.app.Market;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Free capacity: only the newest snapshot of each family counts, and its version tells a redelivery. */
@ApplicationScoped
public class CapacityIntake implements EventConsumer {

    private final Intake intake;
    private final Market market;

    public CapacityIntake(Intake intake, Market market) {
        this.intake = intake;
        this.market = market;
    }

    @Incoming("capacity")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "spot-capacity";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.CAPACITY_CHANGED);
    }

    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        Map<String, CapacitySnapshot> newest = new TreeMap<>();
        for (IncomingEvent event : events) {
            newest.merge(event.key(), event.data(CapacitySnapshot.class), (a, b) -> a.version() >= b.version() ? a : b);
        }
        market.capacityChanged(newest, events.getLast().id());
    }
}
