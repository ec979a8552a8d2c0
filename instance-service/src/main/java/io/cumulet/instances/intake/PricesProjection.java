package io.cumulet.instances.intake;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Our copy of the market's current prices. */
@Singleton
class PricesProjection extends CopyProjection {

    private final PricesIntake prices;

    PricesProjection(CopyTables tables, PricesIntake prices) {
        super(tables, prices, Topic.SPOT_PRICES, "spot_price_copy", "pool");
        this.prices = prices;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        prices.apply(events);
    }
}
