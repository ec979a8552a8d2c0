package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a clearing does to a pool and its requests; changes nothing itself.
 *
 * <pre>
 *   rooms = spot units that hold room + what would still fit        (one snapshot of the instance service)
 *   ├── leaving ──┼── running ──┼─ allocated ─┼──── free ────┤
 *     no bid         bids          bids          for the best of those that wait
 * </pre>
 *
 * A unit that was told to leave bids no more, and its room is taken until it is gone: nothing is launched into it. But
 * the auction is for all rooms, those that leavers will give back included, and a bid that wins one of these waits for
 * it. Were they left out, a waiting winner would compete for the rooms of those who may stay: one new bid would push out
 * one unit after the other until the first had gone.
 *
 * <p>While it waits it is a losing bid all the same, and the highest: it sets the price, as far as those who have room pay
 * it. So a clearing that warns somebody has two prices: that of the losing bid, and with this bid out and its room
 * taken, that of the bid that waits.
 *
 * <p>Who of a launch group takes part is found out first, by {@link LaunchGroups}; a group that wins gets its rooms at once
 * or waits for all of them.
 *
 * @param prices the new prices, in order; empty if the price stays
 * @param changed the requests that changed, as they are afterwards
 * @param allocated those of them that were given room
 * @param warned those of them that have to leave
 * @param recommended those of them that stay and are told that they are at an elevated risk
 * @param auctionPrice what an auction would price now; null for a pool that clearings price
 */
public record PoolClearing(
        List<HourlyRate> prices,
        List<SpotRequest> changed,
        List<SpotRequest> allocated,
        List<SpotRequest> warned,
        List<SpotRequest> recommended,
        @Nullable HourlyRate auctionPrice) {

    PoolClearing(
            List<HourlyRate> prices, List<SpotRequest> changed, List<SpotRequest> allocated, List<SpotRequest> warned) {
        this(prices, changed, allocated, warned, List.of(), null);
    }

    /** This, with what {@link OrderBook} finds besides. */
    PoolClearing with(List<SpotRequest> nowRecommended, @Nullable HourlyRate nowAuctionPrice) {
        List<SpotRequest> allChanged = changed;
        if (!nowRecommended.isEmpty()) {
            allChanged = new ArrayList<>(changed);
            allChanged.addAll(nowRecommended);
        }
        return new PoolClearing(prices, allChanged, allocated, warned, nowRecommended, nowAuctionPrice);
    }

    /**
     * Decides.
     *
     * @param price the pool's price until now
     * @param floor the least price
     * @param cap the most anybody pays
     * @param requests all of the pool that bid or hold room
     */
    public static PoolClearing decide(
            HourlyRate price,
            PricingPolicy policy,
            HourlyRate floor,
            HourlyRate cap,
            Room room,
            List<SpotRequest> requests,
            Instant now) {
        Map<String, SpotRequest> byId = HashMap.newHashMap(requests.size());
        int taken = 0;
        for (SpotRequest request : requests) {
            byId.put(request.id(), request);
            if (request.progress().bid().takesRoom()) {
                taken++;
            }
        }
        if (!room.isKnown()) {
            return waitForCapacity(requests);
        }
        // A unit that was launched has its room, also while the snapshot that counts it is still on its way: topics are
        // read apart, and nobody is taken back because one comes later than the other.
        int rooms = Math.max(0, Math.max(room.rooms(), taken) - room.reclaimed());
        HourlyRate entry = policy.isPricedByClearing() ? floor : price;
        // Where the clearing doesn't set the price, nobody loses to another one than the pool's.
        HourlyRate most = policy.isPricedByClearing() ? cap : price;
        LaunchGroups groups = LaunchGroups.of(rooms, entry, most, requests);
        Clearing clearing = Clearing.of(rooms, entry, most, groups.bids());

        List<SpotRequest> changed = new ArrayList<>();
        List<SpotRequest> allocated = new ArrayList<>();
        List<SpotRequest> warned = new ArrayList<>();
        int free = rooms - taken;
        SpotRequest shortOfRoom = null;
        HourlyRate lowestWithRoom = null;
        Set<String> launched = new HashSet<>();
        for (Clearing.Won won : clearing.winners()) {
            SpotRequest winner = byId.get(won.id());
            if (winner == null) {
                continue;
            }
            if (winner.progress().bid() != BidState.WAITING) {
                lowestWithRoom = winner.terms().maxPrice();
                continue;
            }
            if (!launched.contains(winner.id())) {
                List<SpotRequest> together = groups.launchedWith(winner);
                boolean hasRoom = free >= together.size();
                if (!hasRoom && shortOfRoom == null) {
                    shortOfRoom = winner;
                }
                if (hasRoom && together.stream().allMatch(one -> mayTry(one, room))) {
                    free -= together.size();
                    together.forEach(one -> launched.add(one.id()));
                }
            }
            if (launched.contains(winner.id())) {
                lowestWithRoom = winner.terms().maxPrice();
                SpotRequest given = winner.allocated();
                allocated.add(given);
                changed.add(given);
            } else {
                addIfChanged(changed, winner, winner.waits(Clearing.Reason.CAPACITY));
            }
        }
        for (Clearing.Lost lost : clearing.losers()) {
            SpotRequest loser = byId.get(lost.id());
            if (loser == null) {
                continue;
            }
            switch (loser.progress().bid()) {
                case RUNNING -> {
                    SpotRequest leaving = loser.warned(lost.reason(), now);
                    warned.add(leaving);
                    changed.add(leaving);
                }
                case WAITING -> addIfChanged(changed, loser, loser.waits(lost.reason()));
                case ALLOCATED, LEAVING, NONE -> {
                    // On its way: warned by the next clearing, if it still loses once it runs.
                }
            }
        }
        for (SpotRequest member : groups.lost()) {
            SpotRequest leaving = groups.isOutbid(member)
                    ? member.warned(reason(member, entry, clearing.price()), now)
                    : member.warned(InterruptionReason.LAUNCH_GROUP, now.plus(SpotRequest.NOTICE));
            warned.add(leaving);
            changed.add(leaving);
        }
        for (SpotRequest member : groups.held()) {
            boolean isTooLow = reason(member, entry, clearing.price()) == Clearing.Reason.PRICE;
            addIfChanged(changed, member, isTooLow ? member.waits(Clearing.Reason.PRICE) : member.waitsForItsGroup());
        }
        List<HourlyRate> prices = new ArrayList<>();
        if (!policy.isPricedByClearing()) {
            return new PoolClearing(prices, changed, allocated, warned);
        }
        if (!warned.isEmpty()) {
            addIfNew(prices, price, clearing.price());
        }
        HourlyRate settled = shortOfRoom == null
                ? clearing.price()
                : lowest(shortOfRoom.terms().maxPrice(), lowestWithRoom, cap);
        addIfNew(prices, prices.isEmpty() ? price : prices.getLast(), settled);
        return new PoolClearing(prices, changed, allocated, warned);
    }

    /** Whether its last launch, if there was one, found no room longer ago than the newest news of capacity. */
    private static boolean mayTry(SpotRequest request, Room room) {
        return room.version() > request.progress().blockedAtCapacity();
    }

    /** Why one that takes no part has lost. */
    private static Clearing.Reason reason(SpotRequest request, HourlyRate entry, HourlyRate price) {
        HourlyRate offered = request.terms().maxPrice();
        return offered.compareTo(entry) < 0 || offered.compareTo(price) < 0
                ? Clearing.Reason.PRICE
                : Clearing.Reason.CAPACITY;
    }

    private static void addIfNew(List<HourlyRate> prices, HourlyRate before, HourlyRate next) {
        if (next.compareTo(before) != 0) {
            prices.add(next);
        }
    }

    private static HourlyRate lowest(HourlyRate bid, @Nullable HourlyRate lowestWithRoom, HourlyRate onDemand) {
        HourlyRate lowest = lowestWithRoom != null && lowestWithRoom.compareTo(bid) < 0 ? lowestWithRoom : bid;
        return lowest.compareTo(onDemand) > 0 ? onDemand : lowest;
    }

    /** Without a supply there is no auction. */
    private static PoolClearing waitForCapacity(List<SpotRequest> requests) {
        List<SpotRequest> changed = new ArrayList<>();
        for (SpotRequest request : requests) {
            if (request.progress().bid() == BidState.WAITING) {
                addIfChanged(changed, request, request.waits(Clearing.Reason.CAPACITY));
            }
        }
        return new PoolClearing(List.of(), changed, List.of(), List.of());
    }

    private static void addIfChanged(List<SpotRequest> changed, SpotRequest before, SpotRequest after) {
        if (!after.equals(before)) {
            changed.add(after);
        }
    }
}
