package io.cumulet.plumbing;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A consumer for tests: notes the prices of each key, and refuses those it is told to. */
@Singleton
class PriceBook implements EventConsumer {

    static final String NAME = "price-book";

    final Map<String, List<String>> prices = new ConcurrentHashMap<>();
    final Set<String> refused = ConcurrentHashMap.newKeySet();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.SPOT_PRICE_CHANGED);
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        for (IncomingEvent event : events) {
            String price = event.data(SpotPriceSnapshot.class).price();
            if (refused.contains(price)) {
                throw new IllegalArgumentException("No room in the book for " + price);
            }
        }
        for (IncomingEvent event : events) {
            prices.computeIfAbsent(event.key(), key -> new CopyOnWriteArrayList<>())
                    .add(event.data(SpotPriceSnapshot.class).price());
        }
    }
}
