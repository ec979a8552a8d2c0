package io.cumulet.spotmarket.app;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.pricing.ReplayClock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replays recorded histories on pools.
 *
 * <pre>
 *   POST replays ─► a timer per pool, due now ─► the pool has policy trace and its price ─► a timer for its next change ─┐
 *                                                                  ▲                                                    │
 *                                                                  └── price, clearing ◄────────────────────────────────┘
 * </pre>
 *
 * Thousands of pools are turned in the batches in which timers come, not in the transaction of the call. After the last
 * change of its history a pool keeps its price.
 */
@ApplicationScoped
public class TraceReplays {

    /** Timers of pools that begin or end a replay; the subject is the pool. */
    static final String TURN = "spot.replay";

    /** Timers of a replayed pool's next change; the subject is the pool, the payload the change's moment in the history. */
    static final String CHANGE = "spot.trace-price";

    /**
     * How many changes of a pool that came since the last time are gone through one by one, each with its clearing: a peak
     * between two looks interrupts too. Of more, as after a long standstill or where more come in one second, only the newest
     * happen.
     */
    private static final int MOST_AT_ONCE = 100;

    private final Traces traces;
    private final Replays replays;
    private final Market market;
    private final Pools pools;
    private final Tariffs tariffs;
    private final Timers timers;
    private final StackClock clock;

    public TraceReplays(
            Traces traces,
            Replays replays,
            Market market,
            Pools pools,
            Tariffs tariffs,
            Timers timers,
            StackClock clock) {
        this.traces = traces;
        this.replays = replays;
        this.market = market;
        this.pools = pools;
        this.tariffs = tariffs;
        this.timers = timers;
        this.clock = clock;
    }

    /** A replay as it was asked for: the pools turn to it within moments, and the stack's clock waits for them. */
    public record Begun(PricingPolicy.Trace replay, int pools) {}

    /**
     * Has pools replay a history from now on. One that replays another leaves that.
     *
     * @param speed how many seconds of the history pass in one of the stack's
     * @param from the moment of the history it begins at; its first change if null
     * @param wanted the pools, each with prices in the history; all of its pools if empty
     */
    @Transactional
    public Outcome<Begun> begin(String traceId, int speed, @Nullable Instant from, List<PoolId> wanted) {
        replays.hold();
        return policy(traceId, speed, from).flatMap(policy -> {
            List<PoolId> ofTrace = traces.pools(traceId);
            Set<PoolId> known = new HashSet<>(ofTrace);
            for (int i = 0; i < wanted.size(); i++) {
                if (!known.contains(wanted.get(i))) {
                    return Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "pools[" + i + "]",
                            "The history has no prices of " + wanted.get(i));
                }
            }
            Collection<PoolId> turned = new TreeSet<>(wanted.isEmpty() ? ofTrace : wanted);
            turn(turned);
            replays.put(turned, policy);
            return Outcome.done(new Begun(policy, turned.size()));
        });
    }

    /** Has all pools that replay a history go back to the policy they had before; answers how many. */
    @Transactional
    public Outcome<Integer> end(String traceId) {
        replays.hold();
        return found(traceId).map(trace -> {
            List<PoolId> ended = replays.end(traceId);
            turn(new TreeSet<>(ended));
            return ended.size();
        });
    }

    /** The policy that replays a history from now on. */
    Outcome<PricingPolicy.Trace> policy(String traceId, int speed, @Nullable Instant from) {
        return found(traceId)
                .map(trace ->
                        new PricingPolicy.Trace(traceId, from == null ? trace.from() : from, clock.instant(), speed));
    }

    private Outcome<Traces.Trace> found(String traceId) {
        return traces.find(traceId).map(Outcome::done).orElseGet(() -> PriceTraces.notFound(traceId));
    }

    private void turn(Collection<PoolId> turned) {
        Instant now = clock.instant();
        timers.schedule(turned.stream()
                .map(pool -> new DueTimer(TURN, pool.toString(), now, ""))
                .toList());
    }

    /** Has one locked pool replay a history, without a clearing. Replays are held. */
    void begin(PoolId pool, PricingPolicy.Trace policy) {
        replays.put(List.of(pool), policy);
        timers.cancel(TURN, pool.toString());
        begin(replays.find(List.of(pool)));
    }

    /** A locked pool gets another policy: it leaves the history it replays. Replays are held. */
    void leave(PoolId pool) {
        replays.remove(List.of(pool));
        timers.cancel(TURN, pool.toString());
        timers.cancel(CHANGE, pool.toString());
    }

    private void begin(List<Replays.Replay> beginning) {
        Instant now = clock.instant();
        Map<PoolId, Pools.Pool> known =
                known(beginning.stream().map(Replays.Replay::pool).toList());
        Map<PoolId, PricingPolicy.Trace> policies = new TreeMap<>();
        replays.begin(beginning.stream()
                .filter(replay -> !replay.begun())
                .map(Replays.Replay::pool)
                .toList());
        for (Replays.Replay replay : beginning) {
            if (known.containsKey(replay.pool())) {
                pools.setPolicy(replay.pool(), replay.policy());
                policies.put(replay.pool(), replay.policy());
            }
        }
        Map<PoolId, Traces.Course> courses = courses(policies, Map.of(), now, 1);
        Map<PoolId, HourlyRate> prices = new HashMap<>();
        courses.forEach((pool, course) -> course.price().ifPresent(price -> prices.put(pool, price)));
        price(prices, known, now);
        awaitNext(policies, courses);
    }

    private Map<PoolId, Pools.Pool> known(Collection<PoolId> ids) {
        Map<PoolId, Pools.Pool> known = HashMap.newHashMap(ids.size());
        pools.find(ids).forEach((id, state) -> known.put(id, state.pool()));
        return known;
    }

    /** @param since the moment of the history from which changes count; from its beginning if it isn't said */
    private Map<PoolId, Traces.Course> courses(
            Map<PoolId, PricingPolicy.Trace> policies, Map<PoolId, Instant> since, Instant now, int most) {
        List<Traces.Position> positions = new ArrayList<>();
        policies.forEach((pool, policy) -> positions.add(new Traces.Position(
                pool, policy.traceId(), since.getOrDefault(pool, Instant.EPOCH), ReplayClock.momentAt(policy, now))));
        return traces.courses(positions, most);
    }

    /** Nobody is charged more than on-demand, whatever a history says; the pool's floor doesn't hold here. */
    private void price(Map<PoolId, HourlyRate> prices, Map<PoolId, Pools.Pool> known, Instant now) {
        Map<PoolId, HourlyRate> capped = HashMap.newHashMap(prices.size());
        prices.forEach((id, price) -> {
            Pools.Pool pool = known.get(id);
            if (pool != null) {
                capped.put(id, capped(pool, price, now));
            }
        });
        market.price(capped, null);
    }

    private HourlyRate capped(Pools.Pool pool, HourlyRate price, Instant now) {
        return tariffs.onDemand(pool.id(), now)
                .map(onDemand -> tariffs.cap(pool, onDemand))
                .filter(cap -> cap.compareTo(price) < 0)
                .orElse(price);
    }

    private void awaitNext(Map<PoolId, PricingPolicy.Trace> policies, Map<PoolId, Traces.Course> courses) {
        List<DueTimer> next = new ArrayList<>();
        policies.forEach((pool, policy) -> {
            Traces.Course course = courses.get(pool);
            PriceSeries.Change change = course == null ? null : course.next();
            if (change != null) {
                next.add(new DueTimer(
                        CHANGE,
                        pool.toString(),
                        ReplayClock.dueAt(policy, change.at()),
                        change.at().toString()));
            } else {
                timers.cancel(CHANGE, pool.toString());
            }
        });
        timers.schedule(next);
    }

    /** Pools are locked before timers are claimed: whoever holds a pool may cancel its timer. */
    void turnDue(List<DueTimer> due) {
        market.lock(subjects(due));
        replays.hold();
        Collection<PoolId> claimed = moments(timers.claim(due)).keySet();
        List<Replays.Replay> beginning = new ArrayList<>();
        List<PoolId> ended = new ArrayList<>();
        for (Replays.Replay replay : replays.find(claimed)) {
            if (!replay.ending()) {
                beginning.add(replay);
                continue;
            }
            ended.add(replay.pool());
            timers.cancel(CHANGE, replay.pool().toString());
        }
        replays.goBack(ended);
        begin(beginning);
        market.clear(claimed, null);
    }

    /** See {@link #turnDue} for the order. */
    void changeDue(List<DueTimer> timersDue) {
        market.lock(subjects(timersDue));
        Map<PoolId, Instant> due = moments(timers.claim(timersDue));
        Instant now = clock.instant();
        Map<PoolId, PricingPolicy.Trace> policies = new TreeMap<>();
        Map<PoolId, Pools.Pool> known = known(due.keySet());
        known.forEach((id, pool) -> {
            if (pool.policy() instanceof PricingPolicy.Trace trace) {
                policies.put(id, trace);
            }
        });
        Map<PoolId, Traces.Course> courses = courses(policies, due, now, MOST_AT_ONCE);
        Map<PoolId, Deque<PriceSeries.Change>> happened = new TreeMap<>();
        courses.forEach((pool, course) -> happened.put(pool, new ArrayDeque<>(course.happened())));
        while (true) {
            Map<PoolId, HourlyRate> prices = new TreeMap<>();
            happened.forEach((pool, changes) -> {
                PriceSeries.Change first = changes.poll();
                if (first != null) {
                    prices.put(pool, first.price());
                }
            });
            if (prices.isEmpty()) {
                break;
            }
            price(prices, known, now);
            market.clear(prices.keySet(), null);
        }
        awaitNext(policies, courses);
    }

    private static TreeMap<PoolId, Instant> moments(List<DueTimer> claimed) {
        TreeMap<PoolId, Instant> moments = new TreeMap<>();
        claimed.forEach(timer -> moments.put(
                PoolId.parse(timer.subject()),
                timer.payload().isEmpty() ? Instant.EPOCH : Instant.parse(timer.payload())));
        return moments;
    }

    private static List<PoolId> subjects(List<DueTimer> due) {
        return due.stream().map(timer -> PoolId.parse(timer.subject())).toList();
    }

    /** Pools begin or end a replay. */
    @Singleton
    static class Turns implements TimerHandler {

        private final TraceReplays traceReplays;

        Turns(TraceReplays traceReplays) {
            this.traceReplays = traceReplays;
        }

        @Override
        public String kind() {
            return TURN;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> traceReplays.turnDue(due));
        }
    }

    /** Replayed prices change. */
    @Singleton
    static class Changes implements TimerHandler {

        private final TraceReplays traceReplays;

        Changes(TraceReplays traceReplays) {
            this.traceReplays = traceReplays;
        }

        @Override
        public String kind() {
            return CHANGE;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> traceReplays.changeDue(due));
        }
    }
}
