package io.cumulet.billing.intake;

import io.cumulet.billing.app.SpotPriceHistory;
import io.cumulet.billing.app.SpotPriceStore;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.Projection;
import jakarta.inject.Singleton;
import java.util.List;

/** The history of spot prices. */
@Singleton
class SpotPricesProjection implements Projection {

    private final SpotPriceIntake intake;
    private final SpotPriceStore prices;
    private final SpotPriceHistory history;

    SpotPricesProjection(SpotPriceIntake intake, SpotPriceStore prices, SpotPriceHistory history) {
        this.history = history;
        this.intake = intake;
        this.prices = prices;
    }

    @Override
    public EventConsumer consumer() {
        return intake;
    }

    @Override
    public Topic topic() {
        return Topic.SPOT_PRICES;
    }

    @Override
    public void begin() {
        prices.clear();
    }

    /** Nothing follows from a price, so it doesn't matter who takes it in first. */
    @Override
    public void take(List<IncomingEvent> events, boolean taken) {
        history.restore(events.stream().map(SpotPriceIntake::price).toList());
    }
}
