package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The times between which requests bid. */
public final class Schedule {

    static final String VALID_FROM = "spot.valid-from";
    static final String VALID_UNTIL = "spot.valid-until";

    private Schedule() {}

    /** A request's time has come. */
    @Singleton
    static class Starts extends Turn {
        Starts(Market market, Requests requests, Timers timers) {
            super(VALID_FROM, SpotRequest::scheduled, market, requests, timers);
        }
    }

    /** A request's time is over. */
    @Singleton
    static class Ends extends Turn {
        Ends(Market market, Requests requests, Timers timers) {
            super(VALID_UNTIL, SpotRequest::expired, market, requests, timers);
        }
    }

    private abstract static class Turn implements TimerHandler {
        private final String kind;
        private final UnaryOperator<SpotRequest> turn;
        private final Market market;
        private final Requests requests;
        private final Timers timers;

        Turn(String kind, UnaryOperator<SpotRequest> turn, Market market, Requests requests, Timers timers) {
            this.kind = kind;
            this.turn = turn;
            this.market = market;
            this.requests = requests;
            this.timers = timers;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                // Whoever holds a pool may cancel such a timer: so the pools come first.
                Set<PoolId> touched =
                        requests.poolsOf(due.stream().map(DueTimer::subject).toList());
                market.lock(touched);
                List<String> ids =
                        timers.claim(due).stream().map(DueTimer::subject).toList();
                Changes changes = new Changes();
                for (SpotRequest before : requests.find(ids)) {
                    SpotRequest after = turn.apply(before);
                    changes.change(before, after, null);
                    changes.endStopped(before, after);
                }
                market.write(changes);
                market.clear(touched, null);
            });
        }
    }
}
