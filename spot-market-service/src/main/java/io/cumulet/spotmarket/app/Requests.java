package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where spot requests are kept. Changes belong to the running transaction. */
public interface Requests {

    void add(SpotRequest request);

    /** Saves a changed request. */
    void save(SpotRequest request);

    Optional<SpotRequest> find(String requestId);

    /** Those with the given ids; unknown ids are left out. */
    List<SpotRequest> find(Collection<String> requestIds);

    /** The pools of requests. To be asked first: a request is read for a change only once its pool is locked. */
    Set<PoolId> poolsOf(Collection<String> requestIds);

    /** All of a pool that bid or hold room. */
    List<SpotRequest> live(PoolId pool);

    /** The pools of a family that have requests which bid or hold room. */
    List<PoolId> livePools(String familyKey);

    /** How many requests are open. */
    long countOpen();

    /**
     * Remembers the newest lifecycle event of a request's instance.
     *
     * @return whether it is newer than what was applied before
     */
    boolean advance(String requestId, String instanceId, long instanceVersion);

    /**
     * A page of an account's requests, ordered by id.
     *
     * @param after the last id of the page before; null for the first
     */
    List<SpotRequest> page(AccountId account, Region region, Filter filter, @Nullable String after, int size);

    /** What a list is narrowed to; empty means all. */
    record Filter(List<String> requestIds, List<String> states, List<String> instanceIds) {}
}
