package io.cumulet.instances.intake;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.FirstHosts;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
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

/** Keeps our copy of the market's current prices. */
@ApplicationScoped
public class PricesIntake implements EventConsumer {

    private final Intake intake;
    private final Copies copies;
    private final FirstHosts firstHosts;

    public PricesIntake(Intake intake, Copies copies, FirstHosts firstHosts) {
        this.intake = intake;
        this.copies = copies;
        this.firstHosts = firstHosts;
    }

    @Incoming("spot-prices")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "spot-price-copy";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.SPOT_PRICE_CHANGED);
    }

    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        Map<String, Copies.PriceCopy> newest = new LinkedHashMap<>();
        for (IncomingEvent event : events) {
            SpotPriceSnapshot price = event.data(SpotPriceSnapshot.class);
            newest.merge(
                    event.key(),
                    new Copies.PriceCopy(event.key(), event.version(), price.price()),
                    (a, b) -> a.version() >= b.version() ? a : b);
        }
        copies.takePrices(newest.values());
        newest.keySet().forEach(this::haveHosts);
    }

    /** A pool where the market has a price though there are no hosts was asked for by a spot request. */
    private void haveHosts(String pool) {
        String[] parts = pool.split("/", -1);
        firstHosts.ensure(new AvailabilityZone(parts[0]), new InstanceType(parts[1]).family());
    }
}
