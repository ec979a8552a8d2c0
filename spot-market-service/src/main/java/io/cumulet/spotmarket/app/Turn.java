package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.OrderBook;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What one transaction holds of the market: the pools it locked, their books and which of them it changed.
 *
 * <p>It takes books out of memory and puts them back when it ends. Those it changed go back just before the commit, with the
 * stamp that their pools get by it: if it fails after all, no pool will ever have that stamp, and the book is as good as
 * none. Put back after the commit they would come too late for the next one who waits for the pool.
 */
final class Turn implements Synchronization {

    private final Books memory;
    private final Thread thread = Thread.currentThread();
    private final long stamp = ThreadLocalRandom.current().nextLong();
    private final Set<PoolId> locked = new HashSet<>();
    private final Map<PoolId, Long> stampsFound = new HashMap<>();
    private final Set<PoolId> changed = new HashSet<>();
    private final Map<PoolId, OrderBook> books = new HashMap<>();

    Turn(Books memory) {
        this.memory = memory;
    }

    /** The stamp of all pools that this transaction changes. */
    long stamp() {
        return stamp;
    }

    boolean holds(PoolId pool) {
        return locked.contains(pool);
    }

    /** @param stamps of those that there are */
    void locked(Collection<PoolId> pools, Map<PoolId, Long> stamps) {
        locked.addAll(pools);
        stampsFound.putAll(stamps);
    }

    /** Says that pools are about to change, and answers those that need the stamp. */
    Set<PoolId> changes(Collection<PoolId> pools) {
        Set<PoolId> unstamped = new HashSet<>(pools);
        unstamped.retainAll(stampsFound.keySet());
        unstamped.removeAll(changed);
        changed.addAll(unstamped);
        return unstamped;
    }

    /** The pool's book, if it is in memory and right. One that wasn't there before the pool changed would lack the change. */
    Optional<OrderBook> book(PoolId pool) {
        OrderBook held = books.get(pool);
        Long found = stampsFound.get(pool);
        if (held == null && found != null && !changed.contains(pool)) {
            held = memory.take(pool, found).orElse(null);
            if (held != null) {
                books.put(pool, held);
            }
        }
        return Optional.ofNullable(held);
    }

    /** A book that was read anew, with what this transaction changed before. */
    void read(PoolId pool, OrderBook book) {
        books.put(pool, book);
    }

    @Override
    public void beforeCompletion() {
        books.forEach((pool, book) -> memory.keep(pool, stampAtTheEnd(pool), book));
        books.clear();
    }

    private long stampAtTheEnd(PoolId pool) {
        Long found = stampsFound.get(pool);
        return found == null || changed.contains(pool) ? stamp : found;
    }

    /** A transaction that is rolled back gives back what it only looked at; but not while its own thread may still look. */
    @Override
    public void afterCompletion(int status) {
        if (status == Status.STATUS_ROLLEDBACK && Thread.currentThread().equals(thread)) {
            books.keySet().removeAll(changed);
            beforeCompletion();
        }
    }
}
