package io.cumulet.spotmarket.app;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.market.OrderBook;
import io.cumulet.spotmarket.domain.market.PoolClearing;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Clears pools. Whoever clears a pool or changes one of its requests holds the pool's lock; several pools are locked in
 * their order, once, so that nobody waits in a circle. All in the caller's transaction.
 */
@ApplicationScoped
public class Market {

    /** Timers of evictions; the subject is the request. */
    static final String EVICTION = "spot.eviction";

    private final Pools pools;
    private final Requests requests;
    private final Books memory;
    private final MarketEvents events;
    private final Timers timers;
    private final Tariffs tariffs;
    private final StackClock clock;
    private final List<RequestWatch> watches;
    private final List<CapacityWatch> capacityWatches;
    private final List<PriceMoves> priceMoves;
    private final TransactionSynchronizationRegistry transactions;
    private final int rebalancePercent;
    private final Counter clearings;

    public Market(
            Pools pools,
            Requests requests,
            Books memory,
            MarketEvents events,
            Timers timers,
            Tariffs tariffs,
            StackClock clock,
            @All List<RequestWatch> watches,
            @All List<CapacityWatch> capacityWatches,
            @All List<PriceMoves> priceMoves,
            TransactionSynchronizationRegistry transactions,
            MarketConfig config,
            MeterRegistry metrics) {
        this.pools = pools;
        this.requests = requests;
        this.memory = memory;
        this.events = events;
        this.timers = timers;
        this.tariffs = tariffs;
        this.clock = clock;
        this.watches = watches;
        this.capacityWatches = capacityWatches;
        this.priceMoves = priceMoves;
        this.transactions = transactions;
        this.rebalancePercent = config.rebalancePercent();
        this.clearings = metrics.counter("cumulet.spot.clearings");
        metrics.gauge("cumulet.spot.requests.open", requests, Requests::countOpen);
    }

    /** What the running transaction holds of the market. */
    private Turn turn() {
        if (transactions.getResource(Turn.class) instanceof Turn turn) {
            return turn;
        }
        Turn turn = new Turn(memory);
        transactions.putResource(Turn.class, turn);
        transactions.registerInterposedSynchronization(turn);
        return turn;
    }

    /** Locks pools, in order, until the transaction ends; makes those that aren't there, at their floor. */
    public void lock(Collection<PoolId> ids) {
        Turn turn = turn();
        TreeSet<PoolId> wanted = new TreeSet<>(ids);
        wanted.removeIf(turn::holds);
        if (wanted.isEmpty()) {
            return;
        }
        pools.holdCapacity(wanted.stream().map(PoolId::familyKey).distinct().toList());
        Map<PoolId, Long> stamps = new HashMap<>(pools.lock(wanted));
        TreeSet<PoolId> missing = new TreeSet<>(wanted);
        missing.removeAll(stamps.keySet());
        if (!missing.isEmpty()) {
            create(missing, clock.instant(), null);
            stamps.putAll(pools.lock(missing));
        }
        turn.locked(wanted, stamps);
    }

    private Turn turnWith(Collection<PoolId> ids) {
        Turn turn = turn();
        for (PoolId id : ids) {
            if (!turn.holds(id)) {
                throw new IllegalStateException("Pool " + id + " isn't locked");
            }
        }
        return turn;
    }

    /** Clears pools that are locked, at the present supply and bids. */
    public void clear(Collection<PoolId> ids, @Nullable String causeId) {
        SortedMap<PoolId, Optional<String>> causes = new TreeMap<>();
        ids.forEach(id -> causes.put(id, Optional.ofNullable(causeId)));
        clear(causes);
    }

    /** Clears pools that are locked, each with its cause. */
    void clear(SortedMap<PoolId, Optional<String>> causes) {
        if (causes.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Turn turn = turnWith(causes.keySet());
        Map<PoolId, Pools.State> states = pools.find(causes.keySet());
        Map<PoolId, OrderBook> books = books(turn, states.keySet());
        Changes changes = new Changes();
        List<Pools.Price> prices = new ArrayList<>();
        List<Runnable> moves = new ArrayList<>();
        causes.forEach((id, cause) -> {
            Pools.State state = states.get(id);
            Optional<HourlyRate> onDemand = tariffs.onDemand(id, now);
            if (state == null || onDemand.isEmpty()) {
                return;
            }
            clearings.increment();
            OrderBook book = Objects.requireNonNull(books.get(id));
            Pools.Pool pool = state.pool();
            PoolClearing decision = book.clear(
                    pool.price(),
                    pool.policy(),
                    tariffs.floor(pool, onDemand.get()),
                    tariffs.cap(pool, onDemand.get()),
                    state.room(),
                    rebalancePercent,
                    now);
            for (HourlyRate price : decision.prices()) {
                Pools.Price next = pool.next(price, now);
                prices.add(next);
                changes.priced(next, cause.orElse(null));
                pool = pool.priced(next);
            }
            collect(decision, book, changes, cause.orElse(null));
            HourlyRate auctionPrice = decision.auctionPrice();
            if (auctionPrice != null) {
                Pools.Pool cleared = pool;
                priceMoves.forEach(moving -> moves.add(() -> moving.cleared(cleared, auctionPrice, now)));
            }
        });
        pools.reprice(prices);
        write(changes);
        moves.forEach(Runnable::run);
    }

    private static void collect(PoolClearing decision, OrderBook book, Changes changes, @Nullable String causeId) {
        for (SpotRequest request : decision.changed()) {
            changes.change(Objects.requireNonNull(book.get(request.id())), request, causeId);
        }
        decision.allocated().forEach(request -> changes.allocated(request, causeId));
        decision.warned().forEach(request -> changes.warned(request, causeId));
        decision.recommended().forEach(request -> changes.rebalanceRecommended(request, causeId));
    }

    /** The books of locked pools; those that aren't in memory are read in one query. */
    private Map<PoolId, OrderBook> books(Turn turn, Set<PoolId> ids) {
        Map<PoolId, OrderBook> books = HashMap.newHashMap(ids.size());
        List<PoolId> unread = new ArrayList<>();
        for (PoolId id : ids) {
            turn.book(id).ifPresentOrElse(book -> books.put(id, book), () -> unread.add(id));
        }
        if (!unread.isEmpty()) {
            Map<PoolId, List<SpotRequest>> live = requests.live(unread);
            for (PoolId id : unread) {
                OrderBook book = new OrderBook(live.getOrDefault(id, List.of()));
                turn.read(id, book);
                books.put(id, book);
            }
        }
        return books;
    }

    /** Writes what changed in locked pools, and tells of it. */
    public void write(Changes changes) {
        if (!changes.steps().isEmpty()) {
            Set<PoolId> touched = changes.pools();
            Turn turn = turnWith(touched);
            Map<PoolId, OrderBook> books = new HashMap<>();
            touched.forEach(id -> turn.book(id).ifPresent(book -> books.put(id, book)));
            pools.stamp(turn.changes(touched), turn.stamp());
            requests.add(changes.made());
            requests.save(changes.saved());
            putIntoBooks(books, changes.made());
            putIntoBooks(books, changes.saved());
            watches.forEach(watch -> watch.changed(changes.steps()));
        }
        List<MarketNews> news = changes.news();
        if (!news.isEmpty()) {
            events.tell(news, clock.instant());
        }
        timers.schedule(changes.timers());
    }

    private static void putIntoBooks(Map<PoolId, OrderBook> books, Collection<SpotRequest> changed) {
        for (SpotRequest request : changed) {
            OrderBook book = books.get(request.terms().pool());
            if (book != null) {
                book.put(request);
            }
        }
    }

    /** Adds a new request to a locked pool, and tells of it. */
    public void add(SpotRequest request, @Nullable String causeId) {
        Changes changes = new Changes();
        changes.add(request, causeId);
        write(changes);
    }

    /** Saves a changed request of a locked pool, and tells of it if somebody can see the difference. */
    public void change(SpotRequest before, SpotRequest after, @Nullable String causeId) {
        Changes changes = new Changes();
        changes.change(before, after, causeId);
        write(changes);
    }

    /** Where its owner or its time ended a request whose instance is stopped, the instance ends: nobody could start it. */
    public void endStopped(SpotRequest before, SpotRequest after) {
        Changes changes = new Changes();
        changes.endStopped(before, after);
        write(changes);
    }

    /** Has the instance of a request that is over terminated. */
    public void endInstance(SpotRequest request, @Nullable String causeId) {
        Changes changes = new Changes();
        changes.endInstance(request, causeId);
        write(changes);
    }

    /** The notice of a warned request is over: its instance is taken. */
    public void evict(SpotRequest request) {
        Changes changes = new Changes();
        changes.evict(request);
        write(changes);
    }

    /** Gives locked pools their prices, and tells of those that are new; nothing is cleared. */
    public void price(Map<PoolId, HourlyRate> prices, @Nullable String causeId) {
        turnWith(prices.keySet());
        Instant now = clock.instant();
        Map<PoolId, Pools.State> states = pools.find(prices.keySet());
        List<Pools.Price> changed = new ArrayList<>();
        new TreeMap<>(prices).forEach((id, price) -> {
            Pools.State state = states.get(id);
            if (state == null) {
                throw new IllegalStateException("There is no pool " + id);
            }
            if (state.pool().price().compareTo(price) != 0) {
                changed.add(state.pool().next(price, now));
            }
        });
        pools.reprice(changed);
        List<MarketNews> news = new ArrayList<>();
        changed.forEach(price -> news.add(new MarketNews.PriceChanged(price, causeId)));
        events.tell(news, now);
    }

    /** Takes over news of capacity: makes pools that are new, clears those that have bids. */
    public void capacityChanged(Map<String, CapacitySnapshot> newestByFamily, @Nullable String causeId) {
        Set<String> families = pools.takeCapacity(newestByFamily.values());
        if (families.isEmpty()) {
            return;
        }
        Set<PoolId> existing = pools.ofFamilies(families);
        TreeSet<PoolId> unpriced = new TreeSet<>();
        for (CapacitySnapshot snapshot : newestByFamily.values()) {
            AvailabilityZone zone = new AvailabilityZone(snapshot.availabilityZone());
            if (!families.contains(zone + "/" + snapshot.family())) {
                continue;
            }
            for (String type : snapshot.fits().keySet()) {
                for (OperatingSystem os : OperatingSystem.values()) {
                    PoolId id = new PoolId(zone, new InstanceType(type), os);
                    if (!existing.contains(id)) {
                        unpriced.add(id);
                    }
                }
            }
        }
        create(unpriced, clock.instant(), causeId);
        Set<PoolId> touched = requests.livePools(families);
        lock(touched);
        clear(touched, causeId);
        capacityWatches.forEach(watch -> watch.capacityChanged(families));
    }

    private void create(Collection<PoolId> ids, Instant now, @Nullable String causeId) {
        List<Pools.Price> first = new ArrayList<>();
        for (PoolId id : ids) {
            tariffs.onDemand(id, now)
                    .ifPresent(onDemand -> first.add(new Pools.Price(id, 1, tariffs.floor(onDemand), now)));
        }
        List<MarketNews> news = new ArrayList<>();
        for (Pools.Price made : pools.create(first)) {
            news.add(new MarketNews.PriceChanged(made, causeId));
        }
        events.tell(news, now);
    }
}
