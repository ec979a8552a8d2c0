package io.cumulet.billing.intake;

import io.cumulet.billing.app.SpotPrice;
import io.cumulet.billing.app.SpotPriceHistory;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears every spot price. */
@ApplicationScoped
public class SpotPriceIntake implements EventConsumer {

    static final String NAME = "spot-price-history";

    private final Intake intake;
    private final SpotPriceHistory prices;
    private final TopicProgress progress;

    public SpotPriceIntake(Intake intake, SpotPriceHistory prices, TopicProgress progress) {
        this.intake = intake;
        this.prices = prices;
        this.progress = progress;
    }

    @Incoming("spot-prices")
    @Blocking
    public void onSpotPrice(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
        progress.applied(records);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.SPOT_PRICE_CHANGED);
    }

    /** Prices are kept by pool and version: the history is the inbox. */
    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        prices.take(events.stream().map(SpotPriceIntake::price).toList());
    }

    /**
     * To the second, like the start of a run: else a price would come into force up to a second after the run that was
     * launched under it. Of several prices in one second the last counts.
     */
    static SpotPrice price(IncomingEvent event) {
        SpotPriceSnapshot snapshot = event.data(SpotPriceSnapshot.class);
        SpotPool pool = new SpotPool(
                new AvailabilityZone(snapshot.availabilityZone()),
                new InstanceType(snapshot.instanceType()),
                OperatingSystem.ofCode(snapshot.os())
                        .orElseThrow(() ->
                                new IllegalArgumentException("Billing knows no operating system " + snapshot.os())));
        return new SpotPrice(
                pool,
                event.version(),
                snapshot.occurredAt().truncatedTo(ChronoUnit.SECONDS),
                HourlyRate.of(snapshot.price()));
    }
}
