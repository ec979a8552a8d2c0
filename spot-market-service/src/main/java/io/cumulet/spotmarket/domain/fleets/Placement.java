package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        while (capacity.compareTo(target) < 0 && put.size() < most) {
            List<Place> candidates = places.values().stream()
                    .filter(open)
                    .filter(this::isWithinLimit)
                    .toList();
            Optional<Place> next = next(candidates);
            if (next.isEmpty()) {
                return;
            }
            PoolId pool = next.get().pool.id();
            counts(pool, next.get().pool.weight(), true);
            put.add(pool);
        }
    }

    private Optional<Place> next(List<Place> candidates) {
        return switch (terms.strategy()) {
            case LOWEST_PRICE ->
                candidates.stream().sorted(CHEAPEST).limit(terms.poolsToUse()).min(EMPTIEST);
            case CAPACITY_OPTIMIZED -> candidates.stream().min(ROOMIEST);
            case PRICE_CAPACITY_OPTIMIZED -> {
                int most =
                        candidates.stream().mapToInt(place -> place.free).max().orElse(0);
                // Where all rooms are taken, the least overdrawn are the ample ones.
                yield candidates.stream()
                        .filter(place -> place.free == most || 2L * place.free >= most)
                        .min(CHEAPEST);
            }
            case DIVERSIFIED -> candidates.stream().min(EMPTIEST);
        };
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
            case CAPACITY_OPTIMIZED -> tightest.thenComparing(newest);
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
