package io.cumulet.spotmarket.domain.clearing;

import io.cumulet.kernel.HourlyRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The auction again, as the rule reads: unit by unit, each time looking for the best bid left. Slow and plain. */
final class PlainClearing {

    private PlainClearing() {}

    static Clearing of(int supply, HourlyRate floor, HourlyRate onDemand, List<Bid> bids) {
        List<Bid> unitsWaiting = new ArrayList<>();
        List<Bid> tooLow = new ArrayList<>();
        for (Bid bid : bids) {
            for (int unit = 0; unit < bid.units(); unit++) {
                (bid.maxPrice().usd().compareTo(floor.usd()) >= 0 ? unitsWaiting : tooLow).add(bid);
            }
        }
        Map<String, Integer> won = new LinkedHashMap<>();
        for (int unit = 0; unit < supply && !unitsWaiting.isEmpty(); unit++) {
            won.merge(takeBest(unitsWaiting).id(), 1, Integer::sum);
        }
        HourlyRate price = unitsWaiting.isEmpty() ? floor : best(unitsWaiting).maxPrice();
        if (price.usd().compareTo(onDemand.usd()) > 0) {
            price = onDemand;
        }
        Map<String, Clearing.Lost> lost = new LinkedHashMap<>();
        while (!unitsWaiting.isEmpty()) {
            Bid bid = takeBest(unitsWaiting);
            count(
                    lost,
                    bid,
                    bid.maxPrice().usd().compareTo(price.usd()) < 0 ? Clearing.Reason.PRICE : Clearing.Reason.CAPACITY);
        }
        while (!tooLow.isEmpty()) {
            count(lost, takeBest(tooLow), Clearing.Reason.BELOW_FLOOR);
        }
        List<Clearing.Won> winners = new ArrayList<>();
        won.forEach((id, units) -> winners.add(new Clearing.Won(id, units)));
        return new Clearing(price, winners, List.copyOf(lost.values()));
    }

    private static void count(Map<String, Clearing.Lost> lost, Bid bid, Clearing.Reason reason) {
        Clearing.Lost before = lost.get(bid.id());
        lost.put(bid.id(), new Clearing.Lost(bid.id(), before == null ? 1 : before.units() + 1, reason));
    }

    private static Bid takeBest(List<Bid> bids) {
        Bid best = best(bids);
        bids.remove(best);
        return best;
    }

    private static Bid best(List<Bid> bids) {
        Bid best = bids.getFirst();
        for (Bid bid : bids) {
            int byPrice = bid.maxPrice().usd().compareTo(best.maxPrice().usd());
            int byTime = best.at().compareTo(bid.at());
            int byId = best.id().compareTo(bid.id());
            if (byPrice > 0 || byPrice == 0 && (byTime > 0 || byTime == 0 && byId > 0)) {
                best = bid;
            }
        }
        return best;
    }
}
