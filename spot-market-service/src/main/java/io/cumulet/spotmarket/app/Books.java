package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.market.OrderBook;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The order books this process has in memory, each with the stamp its pool had when it was right: as long as the pool's row
 * has it, nobody, in whichever process, has changed a request of the pool. Those used longest ago go when there are too many
 * requests. Thread-safe; a book itself belongs to the transaction that has taken it.
 */
@Singleton
class Books {

    private final int mostRequests;
    private final Map<PoolId, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private int requests;

    Books(MarketConfig config) {
        mostRequests = config.requestsInMemory();
    }

    private record Held(long stamp, OrderBook book, int weight) {}

    /** Takes a pool's book out; empty if there is none, or it isn't right any more. */
    synchronized Optional<OrderBook> take(PoolId pool, long stamp) {
        Held found = held.remove(pool);
        if (found == null) {
            return Optional.empty();
        }
        requests -= found.weight;
        return found.stamp == stamp ? Optional.of(found.book) : Optional.empty();
    }

    /** Puts a pool's book in. */
    synchronized void keep(PoolId pool, long stamp, OrderBook book) {
        int weight = 1 + book.size();
        Held before = held.put(pool, new Held(stamp, book, weight));
        requests += weight - (before == null ? 0 : before.weight);
        Iterator<Held> oldest = held.values().iterator();
        while (requests > mostRequests && oldest.hasNext()) {
            requests -= oldest.next().weight;
            oldest.remove();
        }
    }
}
