package io.cumulet.spotmarket.app;

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
    private final Timers timers;

    public Evictions(Market market, Requests requests, Timers timers) {
        this.market = market;
        this.requests = requests;
        this.timers = timers;
    }

    @Override
    public String kind() {
        return Market.EVICTION;
    }

    @Override
    public void fire(List<DueTimer> due) {
        QuarkusTransaction.requiringNew().run(() -> {
            // Whoever holds a pool may set or cancel such a timer: so the pools come first.
            market.lock(requests.poolsOf(due.stream().map(DueTimer::subject).toList()));
            List<String> ids = timers.claim(due).stream().map(DueTimer::subject).toList();
            Changes changes = new Changes();
            for (SpotRequest request : requests.find(ids)) {
                if (request.progress().interruption() != null
                        && request.progress().bid().isLeaving()) {
                    changes.evict(request);
                }
            }
            market.write(changes);
        });
    }
}
