package io.cumulet.spotmarket.app;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.pricing.Smoothing;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Moves smoothed prices towards the auction's. A pool has a timer only while its price isn't there yet.
 *
 * @see <a href="https://aws.amazon.com/blogs/compute/new-amazon-ec2-spot-pricing/">New Amazon EC2 Spot pricing model</a>
 */
@ApplicationScoped
public class PriceSmoothing implements PriceMoves {

    /** Timers of steps; the subject is the pool. */
    static final String MOVE = "spot.price-move";

    private final PriceTargets targets;
    private final Timers timers;

    public PriceSmoothing(PriceTargets targets, Timers timers) {
        this.targets = targets;
        this.timers = timers;
    }

    @Override
    public void cleared(Pools.Pool pool, HourlyRate auctionPrice, Instant now) {
        if (!(pool.policy() instanceof PricingPolicy.Smoothed smoothed)) {
            return;
        }
        if (auctionPrice.compareTo(pool.price()) == 0) {
            stop(pool.id());
        } else if (targets.aim(pool.id(), auctionPrice)) {
            timers.schedule(MOVE, pool.id().toString(), Smoothing.nextStep(now, smoothed.interval()), "");
        }
    }

    /** A locked pool's price stays where it is. */
    void stop(PoolId pool) {
        if (targets.forget(List.of(pool))) {
            timers.cancel(MOVE, pool.toString());
        }
    }

    /** The next step is due. */
    @Singleton
    static class Step implements TimerHandler {

        private final Market market;
        private final Pools pools;
        private final PriceTargets targets;
        private final Tariffs tariffs;
        private final Timers timers;
        private final StackClock clock;

        Step(Market market, Pools pools, PriceTargets targets, Tariffs tariffs, Timers timers, StackClock clock) {
            this.market = market;
            this.pools = pools;
            this.targets = targets;
            this.tariffs = tariffs;
            this.timers = timers;
            this.clock = clock;
        }

        @Override
        public String kind() {
            return MOVE;
        }

        /** Pools are locked before timers are claimed: whoever holds a pool may set or cancel its timer. */
        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                market.lock(
                        due.stream().map(timer -> PoolId.parse(timer.subject())).toList());
                TreeSet<PoolId> claimed = new TreeSet<>();
                timers.claim(due).forEach(timer -> claimed.add(PoolId.parse(timer.subject())));
                move(claimed, clock.instant());
            });
        }

        private void move(TreeSet<PoolId> claimed, Instant now) {
            Map<PoolId, HourlyRate> aims = targets.find(claimed);
            Map<PoolId, Pools.State> states = pools.find(claimed);
            Map<PoolId, HourlyRate> prices = new HashMap<>();
            List<PoolId> arrived = new ArrayList<>();
            List<DueTimer> next = new ArrayList<>();
            for (PoolId id : claimed) {
                Pools.State state = states.get(id);
                HourlyRate target = aims.get(id);
                if (state == null
                        || target == null
                        || !(state.pool().policy() instanceof PricingPolicy.Smoothed smoothed)) {
                    arrived.add(id);
                    continue;
                }
                Pools.Pool pool = state.pool();
                HourlyRate stepped =
                        tariffs.within(pool, Smoothing.step(pool.price(), target, smoothed.percent()), now);
                prices.put(id, stepped);
                if (stepped.compareTo(target) == 0 || stepped.compareTo(pool.price()) == 0) {
                    arrived.add(id);
                } else {
                    next.add(new DueTimer(MOVE, id.toString(), Smoothing.nextStep(now, smoothed.interval()), ""));
                }
            }
            targets.forget(arrived);
            timers.schedule(next);
            market.price(prices, null);
            market.clear(prices.keySet(), null);
        }
    }
}
