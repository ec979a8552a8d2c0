package io.cumulet.endpoint.app;

import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.suite.AfterReset;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Access keys in memory, for requests. What this process changes is known to it at once, what another one changes after
 * {@link #KEPT}. Thread-safe.
 */
@ApplicationScoped
public class KnownKeys implements AfterReset {

    /** For how long a key is taken as it was read. */
    static final Duration KEPT = Duration.ofSeconds(3);

    /** Ids that don't exist are remembered too, and anybody can make some up. */
    private static final int MOST = 10_000;

    private record Known(Optional<AccessKey> key, long readAtNanos) {}

    private final AccessKeyStore store;
    private final Map<String, Known> keys = new ConcurrentHashMap<>();
    /** Counts changes: what was read before one isn't kept after it. */
    private final AtomicLong changes = new AtomicLong();

    public KnownKeys(AccessKeyStore store) {
        this.store = store;
    }

    /** The key of this id, whoever's; an id that isn't of an access key's form is never looked for. */
    public Optional<AccessKey> find(String id) {
        if (!AccessKeyIds.isId(AccessKeyIds.LASTING, id)) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        Known known = keys.get(id);
        if (known != null && now - known.readAtNanos() < KEPT.toNanos()) {
            return known.key();
        }
        long before = changes.get();
        Optional<AccessKey> read = Transactions.read(() -> store.find(id));
        if (keys.size() >= MOST) {
            keys.clear();
        }
        Known fresh = new Known(read, now);
        keys.put(id, fresh);
        if (changes.get() != before) {
            keys.remove(id, fresh);
        }
        return read;
    }

    void forget(String id) {
        changes.incrementAndGet();
        keys.remove(id);
    }

    @Override
    public void afterReset() {
        changes.incrementAndGet();
        keys.clear();
    }
}
