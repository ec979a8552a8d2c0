package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What changes in locked pools, and what is to be told of it; nothing happens before {@link Market#write}. Ten thousand
 * requests that change together cost a handful of statements.
 */
public final class Changes {

    private final List<RequestWatch.Change> changes = new ArrayList<>();

    /** What instances have to hear comes first: for each of them the time runs, and no order is promised between topics. */
    private final List<MarketNews> toInstances = new ArrayList<>();

    private final List<MarketNews> news = new ArrayList<>();
    private final List<DueTimer> timers = new ArrayList<>();
    private final Map<String, SpotRequest> made = new LinkedHashMap<>();
    private final Map<String, SpotRequest> saved = new LinkedHashMap<>();

    /** A new request. */
    public void add(SpotRequest request, @Nullable String causeId) {
        made.put(request.id(), request);
        changes.add(new RequestWatch.Change(null, request));
        news.add(new MarketNews.RequestChanged(request, causeId));
    }

    /** A changed request; told of only if its owner can see the difference. */
    public void change(SpotRequest before, SpotRequest after, @Nullable String causeId) {
        if (after.equals(before)) {
            return;
        }
        (made.containsKey(after.id()) ? made : saved).put(after.id(), after);
        changes.add(new RequestWatch.Change(before, after));
        if (after.version() != before.version()) {
            news.add(new MarketNews.RequestChanged(after, causeId));
        }
    }

    /** Where its owner or its time ended a request whose instance is stopped, the instance ends: nobody could start it. */
    public void endStopped(SpotRequest before, SpotRequest after) {
        boolean isBeingStarted = after.progress().bid().takesRoom();
        if (before.hasStoppedInstance() && after.isOver() && !isBeingStarted) {
            endInstance(after, null);
        }
    }

    /** Has the instance of a request that is over terminated; answers the request as it is then. */
    public SpotRequest endInstance(SpotRequest request, @Nullable String causeId) {
        SpotRequest told = request.evictionTold();
        change(request, told, causeId);
        toInstances.add(new MarketNews.RequestEnded(told, causeId));
        return told;
    }

    /** The notice of a warned request is over: its instance is taken. */
    public void evict(SpotRequest request) {
        SpotRequest told = request.evictionTold();
        change(request, told, null);
        toInstances.add(new MarketNews.Evicted(told));
    }

    /** Tells of a request that was given room. */
    void allocated(SpotRequest request, @Nullable String causeId) {
        news.add(new MarketNews.Allocated(request, causeId));
    }

    /** Warns the instance of a request that has to leave, and sets the timer of its eviction. */
    void warned(SpotRequest request, @Nullable String causeId) {
        toInstances.add(new MarketNews.Warned(request, causeId));
        timers.add(new DueTimer(
                Market.EVICTION,
                request.id(),
                Objects.requireNonNull(request.progress().interruption()).actionAt(),
                ""));
    }

    /** Tells an instance that it is at an elevated risk. */
    void rebalanceRecommended(SpotRequest request, @Nullable String causeId) {
        toInstances.add(new MarketNews.RebalanceRecommended(request, causeId));
    }

    /** Tells of a pool's new price. */
    void priced(Pools.Price price, @Nullable String causeId) {
        news.add(new MarketNews.PriceChanged(price, causeId));
    }

    Set<PoolId> pools() {
        Set<PoolId> pools = new TreeSet<>();
        changes.forEach(change -> pools.add(change.after().terms().pool()));
        return pools;
    }

    /** New requests, as they are in the end. */
    Collection<SpotRequest> made() {
        return made.values();
    }

    /** Changed requests, as they are in the end. */
    Collection<SpotRequest> saved() {
        return saved.values();
    }

    List<RequestWatch.Change> steps() {
        return changes;
    }

    List<MarketNews> news() {
        List<MarketNews> all = new ArrayList<>(toInstances);
        all.addAll(news);
        return all;
    }

    List<DueTimer> timers() {
        return timers;
    }
}
