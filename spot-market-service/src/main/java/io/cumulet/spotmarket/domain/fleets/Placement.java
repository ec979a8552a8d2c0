package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Units being put into pools one by one: what room, capacity and money each leaves for the next. Not thread-safe. */
final class Placement {

    /** A pool, and what the units put so far have made of it. */
    private static final class Place {
        private final FleetPool pool;
        private int free;
        private BigDecimal capacity = BigDecimal.ZERO;

        Place(FleetPool pool) {
            this.pool = pool;
            this.free = pool.free();
        }
    }

    private static final Comparator<Place> BY_NAME = Comparator.comparing(
                    (Place place) -> place.pool.priority(), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(place -> place.pool, FleetPool::comparePricePerUnit)
            .thenComparing(place -> place.pool.id());
    private static final Comparator<Place> CHEAPEST = Comparator.comparing(
                    (Place place) -> place.pool, FleetPool::comparePricePerUnit)
            .thenComparing(BY_NAME);
    private static final Comparator<Place> ROOMIEST =
            Comparator.comparing((Place place) -> -place.free).thenComparing(BY_NAME);
    private static final Comparator<Place> EMPTIEST =
            Comparator.comparing((Place place) -> place.capacity).thenComparing(BY_NAME);
    private static final Comparator<Place> DEAREST = Comparator.comparing(
                    (Place place) -> place.pool.price(), Comparator.reverseOrder())
            .thenComparing(place -> place.pool.id());

    private final FleetTerms terms;
    private final Map<PoolId, Place> places = new HashMap<>();
    private final List<PoolId> put = new ArrayList<>();
    private BigDecimal spent = BigDecimal.ZERO;
    private BigDecimal capacity = BigDecimal.ZERO;

    Placement(FleetTerms terms, List<FleetPool> pools) {
        this.terms = terms;
        pools.forEach(pool -> places.put(pool.id(), new Place(pool)));
    }

    /** A unit that costs, whether it counts or not. */
    void pays(PoolId pool) {
        Place place = places.get(pool);
        if (place != null) {
            spent = spent.add(place.pool.price().usd());
        }
    }

    /** A unit that is there and counts, and costs; one that waits will take a room that is free. */
    void counts(PoolId pool, BigDecimal weight, boolean takesFreeRoom) {
        pays(pool);
        capacity = capacity.add(weight);
        Place place = places.get(pool);
        if (place != null) {
            place.capacity = place.capacity.add(weight);
            place.free -= takesFreeRoom ? 1 : 0;
        }
    }

    boolean canPay(PoolId pool) {
        Place place = places.get(pool);
        return place == null || isWithinLimit(place);
    }

    private boolean isWithinLimit(Place place) {
        HourlyRate limit = terms.maxTotalPrice();
        return limit == null || spent.add(place.pool.price().usd()).compareTo(limit.usd()) <= 0;
    }

    /** Puts units where there is room until the target is reached, or nothing more can be had. */
    void fillWithRoom(BigDecimal target, int most) {
        fill(target, most, place -> place.free > 0 && place.pool.isAffordable());
    }

    /** Puts units that will have to wait, where the fleet would launch first if there were room. */
    void fillWaiting(BigDecimal target, int most) {
        fill(target, most, place -> place.pool.isAffordable());
        // Where every price is too high: then for a lower one.
        fill(target, most, place -> true);
    }

    private void fill(BigDecimal target, int most, Predicate<Place> open) {
        if (capacity.compareTo(target) >= 0 || put.size() >= most) {
            return;
        }
        Candidates candidates = candidates();
        // The dearest first: as money runs out they are the first that can't be had.
        TreeSet<Place> dearest = new TreeSet<>(DEAREST);
        for (Place place : places.values()) {
            if (open.test(place) && isWithinLimit(place)) {
                candidates.add(place);
                dearest.add(place);
            }
        }
        while (capacity.compareTo(target) < 0 && put.size() < most && !dearest.isEmpty()) {
            // A place that is out stays out: room and money only become less.
            Place next = candidates.best();
            candidates.remove(next);
            counts(next.pool.id(), next.pool.weight(), true);
            put.add(next.pool.id());
            if (open.test(next)) {
                candidates.add(next);
            } else {
                dearest.remove(next);
            }
            while (!dearest.isEmpty() && !isWithinLimit(dearest.first())) {
                candidates.remove(dearest.pollFirst());
            }
        }
    }

    /** The places that may be taken next, in the order of a strategy: so many that they can't be compared anew for each unit. */
    private interface Candidates {

        void add(Place place);

        /** Before anything of the place changes. */
        void remove(Place place);

        /** The one to be taken; there is one. */
        Place best();
    }

    private Candidates candidates() {
        return switch (terms.strategy()) {
            case LOWEST_PRICE -> new EmptiestOfTheCheapest(terms.poolsToUse());
            case CAPACITY_OPTIMIZED -> new Ordered(ROOMIEST);
            case PRICE_CAPACITY_OPTIMIZED -> new BestOfTheAmple(CHEAPEST);
            case CAPACITY_OPTIMIZED_PRIORITIZED -> new BestOfTheAmple(BY_NAME);
            case DIVERSIFIED -> new Ordered(EMPTIEST);
        };
    }

    private static final class Ordered implements Candidates {
        private final TreeSet<Place> all;

        Ordered(Comparator<Place> order) {
            all = new TreeSet<>(order);
        }

        @Override
        public void add(Place place) {
            all.add(place);
        }

        @Override
        public void remove(Place place) {
            all.remove(place);
        }

        @Override
        public Place best() {
            return all.first();
        }
    }

    private static final class EmptiestOfTheCheapest implements Candidates {
        private final int most;
        private final TreeSet<Place> cheapest = new TreeSet<>(CHEAPEST);
        private final TreeSet<Place> cheapestByCapacity = new TreeSet<>(EMPTIEST);
        private final TreeSet<Place> others = new TreeSet<>(CHEAPEST);

        EmptiestOfTheCheapest(int most) {
            this.most = most;
        }

        @Override
        public void add(Place place) {
            cheapest.add(place);
            cheapestByCapacity.add(place);
            if (cheapest.size() > most) {
                Place dearest = cheapest.last();
                cheapest.remove(dearest);
                cheapestByCapacity.remove(dearest);
                others.add(dearest);
            }
        }

        @Override
        public void remove(Place place) {
            if (others.remove(place)) {
                return;
            }
            cheapest.remove(place);
            cheapestByCapacity.remove(place);
            Place next = others.pollFirst();
            if (next != null) {
                cheapest.add(next);
                cheapestByCapacity.add(next);
            }
        }

        @Override
        public Place best() {
            return cheapestByCapacity.first();
        }
    }

    /** A place that is ample stays so until it is taken, since the most room there is only becomes less. */
    private static final class BestOfTheAmple implements Candidates {
        private final TreeSet<Place> all = new TreeSet<>(ROOMIEST);
        private final TreeSet<Place> ample;
        private final TreeSet<Place> others = new TreeSet<>(ROOMIEST);

        BestOfTheAmple(Comparator<Place> order) {
            ample = new TreeSet<>(order);
        }

        @Override
        public void add(Place place) {
            all.add(place);
            others.add(place);
        }

        @Override
        public void remove(Place place) {
            all.remove(place);
            ample.remove(place);
            others.remove(place);
        }

        @Override
        public Place best() {
            int most = all.first().free;
            // Where all rooms are taken, the least overdrawn are the ample ones.
            while (!others.isEmpty() && (others.first().free == most || 2L * others.first().free >= most)) {
                ample.add(others.pollFirst());
            }
            return ample.first();
        }
    }

    /** The capacity of all that count. */
    BigDecimal capacity() {
        return capacity;
    }

    /** What all units cost, USD per hour. */
    BigDecimal spent() {
        return spent;
    }

    /** The pools of the units put so far, in order. */
    List<PoolId> put() {
        return List.copyOf(put);
    }

    /** The order in which running units are given up: the first goes first. As EC2 chooses them, by strategy. */
    Comparator<FleetUnit> giveUpOrder() {
        Comparator<FleetUnit> dearest = Comparator.comparing(
                (FleetUnit unit) -> pool(unit), Comparator.nullsFirst((a, b) -> b.comparePricePerUnit(a)));
        Comparator<FleetUnit> newest =
                Comparator.comparing(FleetUnit::createdAt).reversed().thenComparing(FleetUnit::requestId);
        Comparator<FleetUnit> tightest = Comparator.comparingInt(unit -> {
            FleetPool pool = pool(unit);
            return pool == null ? 0 : pool.free();
        });
        Comparator<FleetUnit> fullest = Comparator.comparing((FleetUnit unit) -> {
            Place place = places.get(unit.pool());
            return place == null ? BigDecimal.ZERO : place.capacity.negate();
        });
        return switch (terms.strategy()) {
            case LOWEST_PRICE -> dearest.thenComparing(newest);
            case CAPACITY_OPTIMIZED, CAPACITY_OPTIMIZED_PRIORITIZED -> tightest.thenComparing(newest);
            case PRICE_CAPACITY_OPTIMIZED -> tightest.thenComparing(dearest).thenComparing(newest);
            case DIVERSIFIED -> fullest.thenComparing(newest);
        };
    }

    /** A unit that counted goes. */
    void goes(PoolId pool, BigDecimal weight) {
        capacity = capacity.subtract(weight);
        Place place = places.get(pool);
        if (place != null) {
            place.capacity = place.capacity.subtract(weight);
        }
    }

    private @Nullable FleetPool pool(FleetUnit unit) {
        Place place = places.get(unit.pool());
        return place == null ? null : place.pool;
    }
}
