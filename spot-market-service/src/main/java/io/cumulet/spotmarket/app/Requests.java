package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where spot requests are kept. Changes belong to the running transaction. */
public interface Requests {

    /** Adds new requests. */
    void add(Collection<SpotRequest> requests);

    /** Saves changed requests, each of them once. */
    void save(Collection<SpotRequest> requests);

    Optional<SpotRequest> find(String requestId);

    /** Those with the given ids; unknown ids are left out. */
    List<SpotRequest> find(Collection<String> requestIds);

    /** The pools of requests. To be asked first: a request is read for a change only once its pool is locked. */
    Set<PoolId> poolsOf(Collection<String> requestIds);

    /** All of a pool that bid or hold room. */
    default List<SpotRequest> live(PoolId pool) {
        return live(Set.of(pool)).getOrDefault(pool, List.of());
    }

    /** All of some pools that bid or hold room; a pool without any is left out. */
    Map<PoolId, List<SpotRequest>> live(Collection<PoolId> pools);

    /** The pools of families that have requests which bid or hold room. */
    Set<PoolId> livePools(Collection<String> familyKeys);

    /** How many requests are open. */
    long countOpen();

    /** The newest lifecycle event that was applied of the instance each request has; 0 if none was. */
    Map<String, Long> instanceVersions(Collection<String> requestIds);

    /** Remembers the newest lifecycle events by request. */
    void advance(Map<String, Long> instanceVersions);
}
