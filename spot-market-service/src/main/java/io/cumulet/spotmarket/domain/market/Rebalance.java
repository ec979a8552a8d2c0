package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Ranked;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which units that stay after a clearing are at an elevated risk of being taken back by a later one.
 *
 * @param policy the pool's
 * @param price after the clearing
 * @param floor the least price
 * @param percent from which share of a unit's max price on the price endangers it
 * @param firstToGo the unit whose bid is the lowest of all that have room; null if there is none
 * @param isRoomWanted whether no room is free and a bid that takes part waits
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html">EC2 instance rebalance
 *     recommendations: "a signal that notifies you when a Spot Instance is at elevated risk of interruption"</a>
 */
record Rebalance(
        PricingPolicy policy,
        HourlyRate price,
        HourlyRate floor,
        int percent,
        @Nullable SpotRequest firstToGo,
        boolean isRoomWanted) {

    /** Why a unit is at risk. */
    @FunctionalInterface
    interface Risk {
        boolean threatens(SpotRequest unit, Rebalance pool);
    }

    /** The price has nearly reached what the unit pays at most. */
    static final Risk PRICE_NEAR_ITS_MAX = (unit, pool) -> pool.isPriceARisk() && pool.isNear(unit);

    /** The next who bids more, or on-demand, takes its room. */
    static final Risk FIRST_TO_GO = (unit, pool) -> pool.isRoomWanted()
            && pool.firstToGo() != null
            && unit.id().equals(pool.firstToGo().id());

    static final List<Risk> RISKS = List.of(PRICE_NEAR_ITS_MAX, FIRST_TO_GO);

    boolean recommends(SpotRequest unit) {
        return RISKS.stream().anyMatch(risk -> risk.threatens(unit, this));
    }

    /** A smoothed price interrupts nobody, and at the floor there is no competition. */
    private boolean isPriceARisk() {
        return !(policy instanceof PricingPolicy.Smoothed) && price.compareTo(floor) > 0;
    }

    private boolean isNear(SpotRequest unit) {
        BigDecimal share = unit.terms().maxPrice().usd().multiply(BigDecimal.valueOf(percent));
        return price.usd().movePointRight(2).compareTo(share) >= 0;
    }

    /**
     * Those that an outcome leaves running, at risk, and that weren't told yet, as they are afterwards.
     *
     * @param decision what came of the clearing
     * @param requests as they were before it
     * @param least from which max price on a bid takes part
     * @param rooms how many there are
     */
    static List<SpotRequest> after(
            PoolClearing decision,
            List<SpotRequest> requests,
            PricingPolicy policy,
            HourlyRate price,
            HourlyRate floor,
            HourlyRate least,
            int percent,
            int rooms) {
        Map<String, SpotRequest> now = new HashMap<>();
        requests.forEach(request -> now.put(request.id(), request));
        decision.changed().forEach(request -> now.put(request.id(), request));
        int taken = 0;
        boolean isWaitedFor = false;
        SpotRequest firstToGo = null;
        for (SpotRequest request : now.values()) {
            BidState bid = request.progress().bid();
            if (bid.takesRoom()) {
                taken++;
            }
            if (bid == BidState.WAITING && request.terms().maxPrice().compareTo(least) >= 0) {
                isWaitedFor = true;
            }
            if (bid.takesRoom()
                    && bid.bids()
                    && (firstToGo == null || Ranked.of(request.bid()).compareTo(Ranked.of(firstToGo.bid())) > 0)) {
                firstToGo = request;
            }
        }
        HourlyRate settled =
                decision.prices().isEmpty() ? price : decision.prices().getLast();
        Rebalance pool = new Rebalance(policy, settled, floor, percent, firstToGo, taken >= rooms && isWaitedFor);
        return now.values().stream()
                .filter(Rebalance::isUnaware)
                .filter(pool::recommends)
                .map(SpotRequest::rebalanceRecommended)
                .toList();
    }

    /** Whether it runs and wasn't told yet. */
    static boolean isUnaware(SpotRequest request) {
        return request.progress().bid() == BidState.RUNNING
                && !request.progress().rebalanceRecommended();
    }
}
