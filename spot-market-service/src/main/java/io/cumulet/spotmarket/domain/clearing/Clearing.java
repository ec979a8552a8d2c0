package io.cumulet.spotmarket.domain.clearing;

import io.cumulet.kernel.HourlyRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of clearing a pool: one price that all winners pay.
 *
 * <p>Uniform price, sealed bids: bids are ranked; those below the floor take no part; the first {@code supply} units win; the
 * price is the highest losing bid that took part, or the floor if none loses, and never more than on-demand. A bid of
 * several units may win in part: then it stands in both lists and its own price is a losing bid.
 *
 * <pre>
 *   rank   1     2     3  │  4     5        supply 3
 *   max   .09   .08   .05 │ .04   .03   ┄┄ floor ┄┄  .005
 *                         └─ price .04
 * </pre>
 *
 * @param winners in rank order
 * @param losers in rank order, those below the floor last
 */
public record Clearing(HourlyRate price, List<Won> winners, List<Lost> losers) {

    /** A bid that won, and with how many of its units. */
    public record Won(String id, int units) {}

    /** A bid that lost, with how many of its units, and why. */
    public record Lost(String id, int units, Reason reason) {}

    /** Why a bid lost. */
    public enum Reason {
        /** It offers less than the floor and took no part. */
        BELOW_FLOOR("below-floor"),
        /** It offers less than the price. */
        PRICE("price"),
        /** It offers enough, but there is no room left. */
        CAPACITY("capacity");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** A bid's part that found no room. */
    private record Left(Bid bid, int units) {}

    /**
     * Clears a pool. A pure function.
     *
     * @param supply units there are, at least 0
     * @param floor the least price
     * @param onDemand the most anybody pays
     */
    public static Clearing of(int supply, HourlyRate floor, HourlyRate onDemand, List<Bid> bids) {
        if (supply < 0) {
            throw new IllegalArgumentException("Supply is not negative: " + supply);
        }
        Ranked[] ranked = new Ranked[bids.size()];
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = Ranked.of(bids.get(i));
        }
        Arrays.sort(ranked);
        List<Won> winners = new ArrayList<>();
        List<Left> without = new ArrayList<>();
        List<Lost> belowFloor = new ArrayList<>();
        @Nullable HourlyRate highestLosing = null;
        int room = supply;
        for (Ranked next : ranked) {
            Bid bid = next.bid();
            if (bid.maxPrice().compareTo(floor) < 0) {
                belowFloor.add(new Lost(bid.id(), bid.units(), Reason.BELOW_FLOOR));
                continue;
            }
            int won = Math.min(room, bid.units());
            if (won > 0) {
                winners.add(new Won(bid.id(), won));
                room -= won;
            }
            if (won < bid.units()) {
                without.add(new Left(bid, bid.units() - won));
                if (highestLosing == null) {
                    highestLosing = bid.maxPrice();
                }
            }
        }
        HourlyRate uncapped = highestLosing == null ? floor : highestLosing;
        HourlyRate price = uncapped.compareTo(onDemand) <= 0 ? uncapped : onDemand;
        List<Lost> losers = new ArrayList<>();
        for (Left left : without) {
            Reason reason = left.bid().maxPrice().compareTo(price) < 0 ? Reason.PRICE : Reason.CAPACITY;
            losers.add(new Lost(left.bid().id(), left.units(), reason));
        }
        losers.addAll(belowFloor);
        return new Clearing(price, List.copyOf(winners), List.copyOf(losers));
    }
}
