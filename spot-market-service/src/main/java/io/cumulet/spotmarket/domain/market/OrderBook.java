package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.clearing.Ranked;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a pool that bid or hold room, kept in the order in which they win, so that a clearing costs what it
 * changes and not what it leaves alone. It decides exactly what {@link PoolClearing#decide} says.
 *
 * <pre>
 *   rank       1  2  3  4  5 │ 6  7  8  9 ┊ 10 11        all that bid
 *   has room   ■  ■  □  ■  □ │ ■  □  □  □ ┊  □  □        ■ holding   □ waiting
 *                            │            ┊
 *              winners  border  losers    threshold: who waits above it is told that there is no room, below it, that it
 *                                                    offers too little
 * </pre>
 *
 * A clearing moves the border, warns what runs behind it, gives rooms to those that wait before it, and tells those that wait
 * on the other side of the threshold than they were told. Each of these is one end of a sorted set.
 *
 * <p>Belongs to one thread at a time.
 */
public final class OrderBook {

    private final Map<String, Entry> entries = new HashMap<>();

    /** All that bid, in two parts; where the border stood after the last clearing. */
    private final NavigableSet<Entry> winners = new TreeSet<>();

    private final NavigableSet<Entry> losers = new TreeSet<>();

    /** All that bid, in two other parts. */
    private final NavigableSet<Entry> holding = new TreeSet<>();

    private final NavigableSet<Entry> waiting = new TreeSet<>();

    /** Those that wait by what they were told; those whose stopped instance has a status of its own are in none. */
    private final NavigableSet<Entry> toldNoRoom = new TreeSet<>();

    private final NavigableSet<Entry> toldTooLow = new TreeSet<>();
    private final NavigableSet<Entry> toldNeither = new TreeSet<>();

    /** Those that run and weren't told yet that they are at risk. */
    private final NavigableSet<Entry> unaware = new TreeSet<>();

    private int leaving;
    private final LaunchGroups.Count launchGroups = new LaunchGroups.Count();

    /** A request in its rank. */
    private record Entry(Ranked rank, SpotRequest request) implements Comparable<Entry> {

        HourlyRate maxPrice() {
            return request.terms().maxPrice();
        }

        @Override
        public int compareTo(Entry other) {
            return rank.compareTo(other.rank);
        }
    }

    /** @param live all requests of the pool that bid or hold room */
    public OrderBook(Collection<SpotRequest> live) {
        live.forEach(this::put);
    }

    /** How many requests there are. */
    public int size() {
        return entries.size();
    }

    public @Nullable SpotRequest get(String requestId) {
        Entry entry = entries.get(requestId);
        return entry == null ? null : entry.request;
    }

    /** All requests, in no order. */
    public List<SpotRequest> requests() {
        return entries.values().stream().map(Entry::request).toList();
    }

    /** Takes a request as it is now; one that neither bids nor holds room goes. */
    public void put(SpotRequest request) {
        Entry before = entries.remove(request.id());
        boolean won = before != null && take(before);
        if (request.progress().bid() == BidState.NONE) {
            return;
        }
        Entry entry = new Entry(before == null ? Ranked.of(request.bid()) : before.rank, request);
        entries.put(request.id(), entry);
        add(entry, won);
    }

    private void add(Entry entry, boolean won) {
        SpotRequest request = entry.request;
        BidState bid = request.progress().bid();
        launchGroups.add(request);
        switch (bid) {
            case LEAVING -> leaving++;
            case WAITING -> {
                waiting.add(entry);
                if (!request.hasStoppedInstance()) {
                    told(request).add(entry);
                }
            }
            case ALLOCATED, RUNNING -> {
                holding.add(entry);
                if (Rebalance.isUnaware(request)) {
                    unaware.add(entry);
                }
            }
            case NONE -> throw new IllegalArgumentException(request.id() + " has no place in a book");
        }
        if (bid.bids()) {
            // Whoever is better than the last winner belongs to the winners: the border is moved by the next clearing.
            boolean isBeforeTheBorder = won || !winners.isEmpty() && entry.compareTo(winners.last()) < 0;
            (isBeforeTheBorder ? winners : losers).add(entry);
        }
    }

    /** Answers whether it was among the winners. */
    private boolean take(Entry entry) {
        SpotRequest request = entry.request;
        launchGroups.take(request);
        switch (request.progress().bid()) {
            case LEAVING -> leaving--;
            case WAITING -> {
                waiting.remove(entry);
                told(request).remove(entry);
            }
            case ALLOCATED, RUNNING -> {
                holding.remove(entry);
                unaware.remove(entry);
            }
            case NONE -> {}
        }
        boolean won = winners.remove(entry);
        if (!won) {
            losers.remove(entry);
        }
        return won;
    }

    private NavigableSet<Entry> told(SpotRequest request) {
        StatusCode status = request.progress().status();
        if (status == StatusCode.CAPACITY_NOT_AVAILABLE) {
            return toldNoRoom;
        }
        return status == StatusCode.PRICE_TOO_LOW ? toldTooLow : toldNeither;
    }

    /**
     * Decides what a clearing does; changes none of the requests.
     *
     * @param price the pool's price until now
     * @param floor the least price
     * @param cap the most anybody pays
     * @param rebalancePercent from which share of its max price on the price endangers a unit
     * @see PoolClearing#decide
     */
    public PoolClearing clear(
            HourlyRate price,
            PricingPolicy policy,
            HourlyRate floor,
            HourlyRate cap,
            Room room,
            int rebalancePercent,
            Instant now) {
        HourlyRate least = policy.isPricedByClearing() ? floor : price;
        HourlyRate most = policy.isPricedByClearing() ? cap : price;
        int taken = holding.size() + leaving;
        int rooms = Math.max(0, Math.max(room.rooms(), taken) - room.reclaimed());
        if (!room.isKnown()) {
            return PoolClearing.decide(price, policy, floor, cap, room, requests(), now);
        }
        moveBorder(rooms, least);
        HourlyRate auctionPrice = policy.isPricedByClearing() ? null : auctionPrice(rooms, floor, cap);
        if (launchGroups.isAny()) {
            List<SpotRequest> requests = requests();
            PoolClearing decision = PoolClearing.decide(price, policy, floor, cap, room, requests, now);
            return decision.with(
                    Rebalance.after(decision, requests, policy, price, floor, least, rebalancePercent, rooms),
                    auctionPrice);
        }
        HourlyRate highestLosing = losers.isEmpty() || isLess(losers.first(), least)
                ? null
                : losers.first().maxPrice();
        HourlyRate cleared = lower(highestLosing == null ? least : highestLosing, most);
        HourlyRate threshold = highestLosing == null || cleared.compareTo(least) < 0 ? least : cleared;

        Rooms given = giveRooms(rooms - taken, room.version());
        Losing losing = whoHoldsRoomAndLoses(threshold, now);
        List<SpotRequest> changed = new ArrayList<>(given.allocated);
        changed.addAll(losing.warned);
        tellThoseThatWait(threshold, given, changed);

        List<HourlyRate> prices = new ArrayList<>();
        HourlyRate settled = price;
        if (policy.isPricedByClearing()) {
            if (!losing.warned.isEmpty()) {
                settled = addIfNew(prices, settled, cleared);
            }
            settled = addIfNew(prices, settled, given.settledPrice(cleared, cap));
        }
        Entry firstToGo = losing.onItsWay == null ? given.lowest : losing.onItsWay;
        Rebalance rebalance = new Rebalance(
                policy,
                settled,
                floor,
                rebalancePercent,
                firstToGo == null ? null : firstToGo.request,
                given.free <= 0 && isWaitedFor(least, given));
        return new PoolClearing(prices, changed, given.allocated, losing.warned)
                .with(recommended(rebalance), auctionPrice);
    }

    private void moveBorder(int rooms, HourlyRate least) {
        while (winners.size() > rooms || !winners.isEmpty() && isLess(winners.last(), least)) {
            losers.add(winners.removeLast());
        }
        while (winners.size() < rooms && !losers.isEmpty() && !isLess(losers.first(), least)) {
            winners.add(losers.removeFirst());
        }
    }

    /**
     * What an auction among all that bid at least the floor would price. Bids between floor and price stand behind the border
     * and are counted off here; there are at most as many as rooms that nobody wins.
     */
    private HourlyRate auctionPrice(int rooms, HourlyRate floor, HourlyRate cap) {
        HourlyRate highestLosing = losers.stream()
                .skip(rooms - winners.size())
                .findFirst()
                .map(Entry::maxPrice)
                .orElse(floor);
        return lower(highestLosing.compareTo(floor) < 0 ? floor : highestLosing, cap);
    }

    /**
     * What became of the rooms.
     *
     * @param free how many are left; negative if more are taken than there are
     * @param shortOfRoom the best that won and found none left
     * @param lowest the last winner that has one
     */
    private record Rooms(
            List<SpotRequest> allocated,
            Set<String> allocatedIds,
            int free,
            @Nullable Entry shortOfRoom,
            @Nullable Entry lowest) {

        HourlyRate settledPrice(HourlyRate cleared, HourlyRate cap) {
            if (shortOfRoom == null) {
                return cleared;
            }
            HourlyRate waits = shortOfRoom.maxPrice();
            return lower(lowest == null ? waits : lower(waits, lowest.maxPrice()), cap);
        }
    }

    private Rooms giveRooms(int free, long capacityVersion) {
        List<SpotRequest> allocated = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Entry shortOfRoom = null;
        Entry lowest = winners.isEmpty() ? null : holding.floor(winners.last());
        int left = free;
        for (Entry entry : upToTheBorder(waiting)) {
            if (left <= 0) {
                shortOfRoom = entry;
                break;
            }
            if (capacityVersion > entry.request.progress().blockedAtCapacity()) {
                left--;
                allocated.add(entry.request.allocated());
                ids.add(entry.request.id());
                lowest = lowest == null || entry.compareTo(lowest) > 0 ? entry : lowest;
            }
        }
        return new Rooms(allocated, ids, left, shortOfRoom, lowest);
    }

    private NavigableSet<Entry> upToTheBorder(NavigableSet<Entry> entries) {
        return winners.isEmpty() ? Collections.emptyNavigableSet() : entries.headSet(winners.last(), true);
    }

    private NavigableSet<Entry> behindTheBorder(NavigableSet<Entry> entries) {
        return winners.isEmpty() ? entries : entries.tailSet(winners.last(), false);
    }

    /** @param onItsWay the last of those that don't run yet: it is warned by the next clearing, if it still loses then */
    private record Losing(
            List<SpotRequest> warned, @Nullable Entry onItsWay) {}

    private Losing whoHoldsRoomAndLoses(HourlyRate threshold, Instant now) {
        List<SpotRequest> warned = new ArrayList<>();
        Entry onItsWay = null;
        for (Entry loser : behindTheBorder(holding)) {
            if (loser.request.progress().bid() == BidState.RUNNING) {
                warned.add(loser.request.warned(reason(loser, threshold), now));
            } else {
                onItsWay = loser;
            }
        }
        return new Losing(warned, onItsWay);
    }

    /** Those that were told something else than what holds now; who was given room just now is told so anyway. */
    private void tellThoseThatWait(HourlyRate threshold, Rooms given, List<SpotRequest> changed) {
        for (Entry entry : toldNoRoom.descendingSet()) {
            if (!isLess(entry, threshold)) {
                break;
            }
            changed.add(entry.request.waits(Clearing.Reason.PRICE));
        }
        for (Entry entry : toldTooLow) {
            if (isLess(entry, threshold)) {
                break;
            }
            if (!given.allocatedIds.contains(entry.request.id())) {
                changed.add(entry.request.waits(Clearing.Reason.CAPACITY));
            }
        }
        for (Entry entry : toldNeither) {
            if (!given.allocatedIds.contains(entry.request.id())) {
                changed.add(entry.request.waits(reason(entry, threshold)));
            }
        }
    }

    private boolean isWaitedFor(HourlyRate least, Rooms given) {
        for (Entry entry : waiting) {
            if (!given.allocatedIds.contains(entry.request.id())) {
                return !isLess(entry, least);
            }
        }
        return false;
    }

    /** From the lowest bid up: if the price doesn't endanger one, it doesn't endanger those that pay more. */
    private List<SpotRequest> recommended(Rebalance rebalance) {
        List<SpotRequest> recommended = new ArrayList<>();
        for (Entry entry : upToTheBorder(unaware).descendingSet()) {
            if (!rebalance.recommends(entry.request)) {
                break;
            }
            recommended.add(entry.request.rebalanceRecommended());
        }
        return recommended;
    }

    private static Clearing.Reason reason(Entry entry, HourlyRate threshold) {
        return isLess(entry, threshold) ? Clearing.Reason.PRICE : Clearing.Reason.CAPACITY;
    }

    private static boolean isLess(Entry entry, HourlyRate price) {
        return entry.maxPrice().compareTo(price) < 0;
    }

    private static HourlyRate lower(HourlyRate one, HourlyRate other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static HourlyRate addIfNew(List<HourlyRate> prices, HourlyRate before, HourlyRate next) {
        if (next.compareTo(before) == 0) {
            return before;
        }
        prices.add(next);
        return next;
    }
}
