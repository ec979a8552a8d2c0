package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The end of the notice: an instance that was warned and is still there is evicted. */
@ApplicationScoped
public class Evictions implements TimerHandler {

    private final Market market;
    private final Requests requests;
    private final MarketEvents events;
    private final Timers timers;
    private final StackClock clock;

    public Evictions(Market market, Requests requests, MarketEvents events, Timers timers, StackClock clock) {
        this.market = market;
        this.requests = requests;
        this.events = events;
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Market.EVICTION;
    }

    @Override
    public void fire(List<DueTimer> due) {
        QuarkusTransaction.requiringNew().run(() -> {
            List<String> ids = timers.claim(due).stream().map(DueTimer::subject).toList();
            market.lock(requests.poolsOf(ids));
            for (SpotRequest request : requests.find(ids)) {
                if (request.progress().interruption() != null
                        && request.progress().bid().isLeaving()) {
                    events.evicted(request, clock.instant());
                }
            }
        });
    }
}
