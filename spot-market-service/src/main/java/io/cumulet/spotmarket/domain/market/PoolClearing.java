package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what a clearing does to a pool and its requests; changes nothing itself.
 *
 * <p>A warning changes bids and supply, so it calls for another clearing at once: the decision goes on until nobody is
 * warned any more, and holds every price on the way.
 *
 * @param prices the new prices, in order; empty if the price stays
 * @param changed the requests that changed, as they are afterwards
 * @param allocated those of them that were given room
 * @param warned those of them that have to leave
 */
public record PoolClearing(
        List<HourlyRate> prices, List<SpotRequest> changed, List<SpotRequest> allocated, List<SpotRequest> warned) {

    /**
     * Decides.
     *
     * @param price the pool's price until now
     * @param requests all of the pool that bid or hold room
     */
    public static PoolClearing decide(
            HourlyRate price,
            HourlyRate floor,
            HourlyRate onDemand,
            Room room,
            List<SpotRequest> requests,
            Instant now) {
        Map<String, SpotRequest> current = new HashMap<>();
        requests.forEach(request -> current.put(request.id(), request));
        List<HourlyRate> prices = new ArrayList<>();
        List<SpotRequest> warned = new ArrayList<>();
        HourlyRate latest = price;
        Clearing clearing;
        boolean again;
        do {
            clearing = clear(floor, onDemand, room, current);
            if (clearing.price().compareTo(latest) != 0) {
                latest = clearing.price();
                prices.add(latest);
            }
            again = false;
            for (Clearing.Lost lost : clearing.losers()) {
                SpotRequest loser = current.get(lost.id());
                if (loser != null && loser.progress().bid() == BidState.RUNNING) {
                    SpotRequest leaving = loser.warned(lost.reason(), now);
                    current.put(leaving.id(), leaving);
                    warned.add(leaving);
                    again = true;
                }
            }
        } while (again);
        List<SpotRequest> allocated = allocate(clearing, room, current);
        for (Clearing.Lost lost : clearing.losers()) {
            SpotRequest loser = current.get(lost.id());
            if (loser != null && loser.progress().bid() == BidState.WAITING) {
                current.put(loser.id(), loser.waits(lost.reason()));
            }
        }
        List<SpotRequest> changed = new ArrayList<>();
        for (SpotRequest before : requests) {
            SpotRequest after = current.get(before.id());
            if (after != null && !after.equals(before)) {
                changed.add(after);
            }
        }
        return new PoolClearing(prices, changed, allocated, warned);
    }

    private static Clearing clear(HourlyRate floor, HourlyRate onDemand, Room room, Map<String, SpotRequest> requests) {
        List<Bid> bids = new ArrayList<>();
        int leaving = 0;
        for (SpotRequest request : requests.values()) {
            if (request.progress().bid().bids()) {
                bids.add(request.bid());
            }
            if (request.progress().bid().isLeaving()) {
                leaving++;
            }
        }
        return Clearing.of(room.supply(leaving), floor, onDemand, bids);
    }

    /** Winners get the room that is free now, in rank order; one that wins room still held by a leaver waits for it. */
    private static List<SpotRequest> allocate(Clearing clearing, Room room, Map<String, SpotRequest> requests) {
        long onTheWay = requests.values().stream()
                .filter(request -> request.progress().bid() == BidState.ALLOCATED)
                .count();
        long free = room.fits() - onTheWay;
        List<SpotRequest> allocated = new ArrayList<>();
        for (Clearing.Won won : clearing.winners()) {
            SpotRequest winner = requests.get(won.id());
            if (winner == null || winner.progress().bid() != BidState.WAITING) {
                continue;
            }
            if (free > 0 && room.version() > winner.progress().blockedAtCapacity()) {
                SpotRequest given = winner.allocated();
                requests.put(given.id(), given);
                allocated.add(given);
                free--;
            } else {
                requests.put(winner.id(), winner.waits(Clearing.Reason.CAPACITY));
            }
        }
        return allocated;
    }
}
