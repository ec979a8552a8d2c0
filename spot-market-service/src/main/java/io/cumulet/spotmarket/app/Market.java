package io.cumulet.spotmarket.app;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolClearing;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Clears pools. Whoever clears a pool or changes one of its requests holds the pool's lock; several pools are locked in
 * their order, so that nobody waits in a circle. All in the caller's transaction.
 */
@ApplicationScoped
public class Market {

    /** Timers of evictions; the subject is the request. */
    static final String EVICTION = "spot.eviction";

    private final Pools pools;
    private final Requests requests;
    private final MarketEvents events;
    private final Timers timers;
    private final Tariffs tariffs;
    private final StackClock clock;
    private final List<RequestWatch> watches;
    private final List<PriceMoves> moves;
    private final Counter clearings;

    public Market(
            Pools pools,
            Requests requests,
            MarketEvents events,
            Timers timers,
            Tariffs tariffs,
            StackClock clock,
            @All List<RequestWatch> watches,
            @All List<PriceMoves> moves,
            MeterRegistry metrics) {
        this.pools = pools;
        this.requests = requests;
        this.events = events;
        this.timers = timers;
        this.tariffs = tariffs;
        this.clock = clock;
        this.watches = watches;
        this.moves = moves;
        this.clearings = metrics.counter("cumulet.spot.clearings");
        metrics.gauge("cumulet.spot.requests.open", requests, Requests::countOpen);
    }

    /** Locks pools, in order, until the transaction ends; makes those that aren't there, at their floor. */
    public void lock(Collection<PoolId> ids) {
        ids.stream().map(PoolId::familyKey).distinct().sorted().forEach(pools::holdCapacity);
        for (PoolId id : new TreeSet<>(ids)) {
            if (pools.lock(id).isEmpty()) {
                create(List.of(id), clock.instant(), null);
                pools.lock(id);
            }
        }
    }

    /** Clears pools that are locked, at the present supply and bids. */
    public void clear(Collection<PoolId> ids, @Nullable String causeId) {
        new TreeSet<>(ids).forEach(id -> clear(id, causeId));
    }

    private void clear(PoolId id, @Nullable String causeId) {
        Instant now = clock.instant();
        Optional<HourlyRate> onDemand = tariffs.onDemand(id, now);
        Optional<Pools.Pool> known = pools.find(id);
        if (onDemand.isEmpty() || known.isEmpty()) {
            return;
        }
        clearings.increment();
        Pools.Pool pool = known.get();
        List<SpotRequest> live = requests.live(id);
        PoolClearing decision = PoolClearing.decide(
                pool.price(),
                pool.policy(),
                tariffs.floor(pool, onDemand.get()),
                tariffs.cap(pool, onDemand.get()),
                pools.room(id),
                live,
                now);
        for (HourlyRate price : decision.prices()) {
            Pools.Price changed = pools.reprice(pool, price, now);
            events.priceChanged(changed, causeId);
            pool = pool.priced(changed);
        }
        if (!pool.policy().isPricedByClearing()) {
            List<HourlyRate> auction = PoolClearing.decide(
                            pool.price(),
                            PricingPolicy.AUCTION,
                            tariffs.floor(pool, onDemand.get()),
                            tariffs.cap(pool, onDemand.get()),
                            pools.room(id),
                            live,
                            now)
                    .prices();
            Pools.Pool asPriced = pool;
            HourlyRate auctionPrice = auction.isEmpty() ? pool.price() : auction.getLast();
            moves.forEach(move -> move.cleared(asPriced, auctionPrice, now));
        }
        Map<String, SpotRequest> before = HashMap.newHashMap(live.size());
        live.forEach(request -> before.put(request.id(), request));
        for (SpotRequest request : decision.changed()) {
            change(Objects.requireNonNull(before.get(request.id())), request, causeId);
        }
        for (SpotRequest request : decision.allocated()) {
            events.allocated(request, now, causeId);
        }
        for (SpotRequest request : decision.warned()) {
            events.warned(request, now, causeId);
            timers.schedule(
                    EVICTION,
                    request.id(),
                    Objects.requireNonNull(request.progress().interruption()).actionAt(),
                    "");
        }
    }

    /** Prices locked pools that clearings don't price, and tells of what changed. Whoever prices clears afterwards. */
    void price(Map<PoolId, HourlyRate> prices, @Nullable String causeId) {
        Instant now = clock.instant();
        new TreeMap<>(prices).forEach((id, price) -> {
            Pools.Pool pool = pools.find(id).orElseThrow();
            if (pool.price().compareTo(price) != 0) {
                events.priceChanged(pools.reprice(pool, price, now), causeId);
            }
        });
    }

    /** Adds a new request to a locked pool, and tells of it. */
    void add(SpotRequest request, @Nullable String causeId) {
        requests.add(request);
        tell(new RequestWatch.Change(null, request));
        events.requestChanged(request, clock.instant(), causeId);
    }

    private void tell(RequestWatch.Change change) {
        watches.forEach(watch -> watch.changed(List.of(change)));
    }

    /** Saves a changed request of a locked pool, and tells of it if somebody can see the difference. */
    void change(SpotRequest before, SpotRequest after, @Nullable String causeId) {
        if (after.equals(before)) {
            return;
        }
        requests.save(after);
        tell(new RequestWatch.Change(before, after));
        if (after.version() != before.version()) {
            events.requestChanged(after, clock.instant(), causeId);
        }
    }

    /** Where its owner or its time ended a request whose instance is stopped, the instance ends: nobody could start it. */
    void endStopped(SpotRequest before, SpotRequest after) {
        boolean isBeingStarted = after.progress().bid().takesRoom();
        if (before.hasStoppedInstance() && after.isOver() && !isBeingStarted) {
            endInstance(after, null);
        }
    }

    /** Has the instance of a request that is over terminated. */
    void endInstance(SpotRequest request, @Nullable String causeId) {
        SpotRequest told = request.evictionTold();
        change(request, told, causeId);
        events.requestEnded(told, clock.instant(), causeId);
    }

    /** The notice of a warned request is over: its instance is taken. */
    void evict(SpotRequest request) {
        SpotRequest told = request.evictionTold();
        change(request, told, null);
        events.evicted(told, clock.instant());
    }

    /** Takes over news of capacity: makes pools that are new, clears those that have bids. */
    public void capacityChanged(Map<String, CapacitySnapshot> newestByFamily, @Nullable String causeId) {
        TreeSet<PoolId> touched = new TreeSet<>();
        List<PoolId> unpriced = new ArrayList<>();
        new TreeMap<>(newestByFamily).forEach((familyKey, snapshot) -> {
            if (!pools.takeCapacity(snapshot)) {
                return;
            }
            var existing = pools.ofFamily(familyKey);
            for (String type : snapshot.fits().keySet()) {
                for (OperatingSystem os : OperatingSystem.values()) {
                    PoolId id = new PoolId(
                            new io.cumulet.kernel.AvailabilityZone(snapshot.availabilityZone()),
                            new InstanceType(type),
                            os);
                    if (!existing.contains(id)) {
                        unpriced.add(id);
                    }
                }
            }
            touched.addAll(requests.livePools(familyKey));
        });
        create(unpriced, clock.instant(), causeId);
        lock(touched);
        clear(touched, causeId);
    }

    private void create(List<PoolId> ids, Instant now, @Nullable String causeId) {
        List<Pools.Price> first = new ArrayList<>();
        for (PoolId id : ids) {
            tariffs.onDemand(id, now)
                    .ifPresent(onDemand -> first.add(new Pools.Price(id, 1, tariffs.floor(onDemand), now)));
        }
        for (Pools.Price made : pools.create(first)) {
            events.priceChanged(made, causeId);
        }
    }
}
