package io.cumulet.spotmarket.app.fleets;

import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.suite.ResetMoments;
import io.cumulet.spotmarket.app.Changes;
import io.cumulet.spotmarket.app.Market;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.OnDemandPart;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes an account out of the market: its bids leave the books, its requests are cancelled, its fleets deleted, and then all of
 * them are forgotten. Its instances the instance service ends by itself, behind this; what they still tell finds no request.
 */
@ApplicationScoped
public class MarketReset implements AccountReset {

    private final ResetMoments moments;
    private final Store store;
    private final FleetRecords fleets;
    private final FleetPlanner planner;
    private final Requests requests;
    private final Market market;

    public MarketReset(
            ResetMoments moments,
            Store store,
            FleetRecords fleets,
            FleetPlanner planner,
            Requests requests,
            Market market) {
        this.moments = moments;
        this.store = store;
        this.fleets = fleets;
        this.planner = planner;
        this.requests = requests;
        this.market = market;
    }

    /** What is kept of an account, in whatever region. In the running transaction. */
    public interface Store {

        /** Ids, in their order. */
        List<String> fleetsOf(AccountId account);

        /** Ids of requests that bid or hold room. */
        List<String> liveRequestsOf(AccountId account);

        /** Deletes all requests and fleets, with all that is kept of them. */
        void forget(AccountId account);
    }

    @Override
    public void reset(AccountId account, Instant at) {
        moments.remember(account, at);
        List<Fleet> held = new ArrayList<>();
        store.fleetsOf(account).forEach(id -> fleets.lock(id).ifPresent(held::add));
        endRequests(store.liveRequestsOf(account));
        // Nothing is left of them to be planned, so that each is over at once.
        held.forEach(fleet -> planner.plan(fleet, fleet.deleted(true).withOnDemand(OnDemandPart.NONE)));
        store.forget(account);
    }

    private void endRequests(List<String> ids) {
        Set<PoolId> pools = requests.poolsOf(ids);
        market.lock(pools);
        Set<PoolId> givesBackRoom = new TreeSet<>();
        Changes changes = new Changes();
        for (SpotRequest before : requests.find(ids)) {
            if (before.progress().bid().takesRoom()) {
                givesBackRoom.add(before.terms().pool());
            }
            SpotRequest cancelled = before.cancelled();
            changes.change(before, cancelled, null);
            if (cancelled.progress().bid() != BidState.NONE) {
                changes.change(cancelled, cancelled.instanceGone(false), null);
            }
        }
        market.write(changes);
        // Where instances are still to end, the room that they leave clears the pool: until then there is none.
        Set<PoolId> withoutRoom = new TreeSet<>(pools);
        withoutRoom.removeAll(givesBackRoom);
        market.clear(withoutRoom, null);
    }
}
