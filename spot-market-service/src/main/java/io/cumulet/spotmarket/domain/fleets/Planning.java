package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.spotmarket.domain.fleets.FleetUnit.Stage;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One making of a {@link FleetPlan}. */
final class Planning {

    private final Fleet fleet;
    private final FleetTerms terms;
    private final List<FleetPool> pools;
    private final List<FleetUnit> units;
    private final Instant now;
    private final List<String> cancels = new ArrayList<>();
    private final List<String> giveUps = new ArrayList<>();
    private final Map<String, Instant> farewells = new HashMap<>();
    /** Once for each pool: a fleet has far more units than pools. */
    private final Map<PoolId, BigDecimal> weights = new HashMap<>();

    Planning(Fleet fleet, List<FleetPool> pools, List<FleetUnit> units, Instant now) {
        this.fleet = fleet;
        this.terms = fleet.terms();
        this.pools = pools;
        this.units = units.stream()
                .sorted(Comparator.comparing(FleetUnit::createdAt).thenComparing(FleetUnit::requestId))
                .toList();
        this.now = now;
    }

    FleetPlan plan() {
        return switch (fleet.state()) {
            case SUBMITTED, ACTIVE, MODIFYING -> follow();
            case DELETED_RUNNING -> {
                units.forEach(unit -> farewell(unit, null));
                yield ended();
            }
            case DELETED_TERMINATING -> {
                units.forEach(unit -> farewell(unit, now));
                yield ended();
            }
            case DELETED -> ended();
        };
    }

    private FleetPlan ended() {
        return new FleetPlan(
                List.of(), cancels, giveUps, farewells, fleet.memory().asked(), false, List.of());
    }

    /** A unit isn't wanted any more: what waits is cancelled, what has an instance is given up at a time, or never. */
    private void farewell(FleetUnit unit, @Nullable Instant at) {
        switch (unit.stage()) {
            case WAITING -> {
                cancels.add(unit.requestId());
                if (at != null) {
                    // It may be given room before it is cancelled: then it isn't wanted any more all the same.
                    farewells.put(unit.requestId(), at);
                }
            }
            case COMING -> {
                if (at != null) {
                    // There is no instance to terminate yet.
                    farewells.put(unit.requestId(), at);
                }
            }
            case RUNNING -> {
                if (at != null && at.isAfter(now)) {
                    farewells.put(unit.requestId(), at);
                } else if (at != null) {
                    giveUps.add(unit.requestId());
                }
            }
            case LEAVING -> {
                // It goes already.
            }
        }
    }

    private FleetPlan follow() {
        List<FleetUnit> uncounted = new ArrayList<>();
        List<FleetUnit> atRisk = new ArrayList<>();
        List<FleetUnit> counted = new ArrayList<>();
        BigDecimal replaceable = fleet.target();
        for (FleetUnit unit : units) {
            Instant farewell = fleet.memory().farewells().get(unit.requestId());
            if (farewell != null) {
                farewell(unit, farewell);
                uncounted.add(unit);
                if (isAtRisk(unit) && farewell.isAfter(now)) {
                    replaceable = replaceable.subtract(weight(unit));
                }
            } else if (unit.stage() == Stage.LEAVING) {
                uncounted.add(unit);
            } else if (isAtRisk(unit)) {
                atRisk.add(unit);
            } else {
                counted.add(unit);
            }
        }
        List<FleetUnit> replaced = new ArrayList<>();
        for (FleetUnit unit : atRisk) {
            if (replaceable.signum() > 0) {
                replaceable = replaceable.subtract(weight(unit));
                replaced.add(unit);
                uncounted.add(unit);
            } else {
                counted.add(unit);
            }
        }
        if (fleet.state() == FleetState.MODIFYING) {
            trim(counted, uncounted);
        }
        giveUpReplaced(counted, replaced);
        boolean maintains = fleet.isMaintained();
        boolean done = !maintains && fleet.memory().asked();
        if (done || fleet.isHeld(now)) {
            boolean isUnmet = fleet.sum(counted).compareTo(fleet.target()) < 0
                    || counted.stream().anyMatch(unit -> unit.stage() == Stage.WAITING);
            return plan(List.of(), fleet.memory().asked(), maintains && isUnmet, List.of());
        }
        return terms.type() == FleetType.INSTANT ? instant() : ask(counted, uncounted);
    }

    private FleetPlan plan(List<PoolId> makes, boolean asked, boolean unmet, List<FleetError> errors) {
        return new FleetPlan(
                makes, List.copyOf(cancels), List.copyOf(giveUps), Map.copyOf(farewells), asked, unmet, errors);
    }

    /** The target was lowered: what waits goes first, then what doesn't run yet, then what the strategy can spare best. */
    private void trim(List<FleetUnit> counted, List<FleetUnit> uncounted) {
        Placement placement = new Placement(terms, pools);
        counted.forEach(unit -> placement.counts(unit.pool(), weight(unit), false));
        for (Stage stage : List.of(Stage.WAITING, Stage.COMING, Stage.RUNNING)) {
            if (stage != Stage.WAITING && fleet.keepsExcess()) {
                return;
            }
            Comparator<FleetUnit> order = placement.giveUpOrder();
            Map<PoolId, Queue<FleetUnit>> byPool = new HashMap<>();
            counted.stream()
                    .filter(unit -> unit.stage() == stage)
                    .sorted(order)
                    .forEach(unit -> byPool.computeIfAbsent(unit.pool(), pool -> new ArrayDeque<>())
                            .add(unit));
            // Of a pool's units always the same is next; how pools compare changes only for the one that loses a unit.
            Queue<Queue<FleetUnit>> pools = new PriorityQueue<>(Comparator.comparing(Queue::element, order));
            pools.addAll(byPool.values());
            Set<FleetUnit> gone = new HashSet<>();
            while (!pools.isEmpty()) {
                Queue<FleetUnit> ofPool = pools.remove();
                FleetUnit next = ofPool.element();
                if (placement.capacity().subtract(weight(next)).compareTo(fleet.target()) < 0) {
                    // All of the pool are too large to go, and remain so.
                    continue;
                }
                ofPool.remove();
                gone.add(next);
                placement.goes(next.pool(), weight(next));
                if (stage != Stage.WAITING) {
                    // It costs until it is gone.
                    uncounted.add(next);
                }
                farewell(next, now);
                if (!ofPool.isEmpty()) {
                    pools.add(ofPool);
                }
            }
            counted.removeIf(gone::contains);
        }
    }

    private boolean isAtRisk(FleetUnit unit) {
        return terms.rebalance() != null && unit.atRisk() && unit.stage() == Stage.RUNNING;
    }

    /**
     * Units at risk are given up, after the delay, as far as the others that run reach the target without them. One for another
     * that is at risk as well would be nothing won.
     */
    private void giveUpReplaced(List<FleetUnit> counted, List<FleetUnit> replaced) {
        FleetTerms.Rebalance rebalance = terms.rebalance();
        if (rebalance == null || !rebalance.terminates()) {
            return;
        }
        BigDecimal running = fleet.sum(counted.stream()
                        .filter(unit -> unit.stage() == Stage.RUNNING && !unit.atRisk())
                        .toList())
                .add(fleet.sum(replaced));
        for (FleetUnit unit : replaced) {
            BigDecimal without = running.subtract(weight(unit));
            if (without.compareTo(fleet.target()) >= 0) {
                running = without;
                farewell(unit, now.plus(rebalance.delay()));
            }
        }
    }

    /** Fills the target where there is room; what finds none waits, or goes on waiting. */
    private FleetPlan ask(List<FleetUnit> counted, List<FleetUnit> uncounted) {
        Placement placement = new Placement(terms, pools);
        uncounted.forEach(unit -> placement.pays(unit.pool()));
        Map<PoolId, FleetPool> byId = new HashMap<>();
        pools.forEach(pool -> byId.put(pool.id(), pool));
        Map<PoolId, Integer> places = new HashMap<>();
        List<FleetUnit> stuck = new ArrayList<>();
        for (FleetUnit unit : counted) {
            boolean waits = unit.stage() == Stage.WAITING;
            if (waits && fleet.isMaintained() && isStuck(unit, byId, places)) {
                stuck.add(unit);
            } else {
                placement.counts(unit.pool(), weight(unit), waits);
            }
        }
        placement.fillWithRoom(fleet.target(), FleetPlan.MOST_MADE);
        boolean hasWaiting = false;
        for (FleetUnit unit : stuck) {
            if (placement.capacity().compareTo(fleet.target()) < 0 && placement.canPay(unit.pool())) {
                placement.counts(unit.pool(), weight(unit), false);
                hasWaiting = true;
            } else {
                cancels.add(unit.requestId());
            }
        }
        int withRoom = placement.put().size();
        placement.fillWaiting(fleet.target(), FleetPlan.MOST_MADE);
        List<PoolId> makes = placement.put();
        boolean isShort = placement.capacity().compareTo(fleet.target()) < 0;
        boolean hasMore = isShort && makes.size() == FleetPlan.MOST_MADE;
        boolean waits = hasWaiting
                || makes.size() > withRoom
                || counted.stream().anyMatch(unit -> unit.stage() == Stage.WAITING);
        return plan(makes, !hasMore, fleet.isMaintained() && (isShort || waits), List.of());
    }

    /** Whether a unit that waits would have to go on waiting in its pool; those that bid longest have the room there is. */
    private boolean isStuck(FleetUnit unit, Map<PoolId, FleetPool> byId, Map<PoolId, Integer> places) {
        FleetPool pool = byId.get(unit.pool());
        if (pool == null || !pool.isAffordable()) {
            return true;
        }
        return places.merge(unit.pool(), 1, Integer::sum) > pool.free();
    }

    /** Takes what there is at this moment, in one zone or of one type if that was asked for, or nothing if it is too little. */
    private FleetPlan instant() {
        Map<String, List<FleetPool>> choices = new LinkedHashMap<>();
        pools.forEach(pool -> choices.computeIfAbsent(choice(pool.id()), key -> new ArrayList<>())
                .add(pool));
        Placement best = null;
        for (List<FleetPool> choice : choices.values()) {
            Placement tried = new Placement(terms, choice);
            tried.fillWithRoom(fleet.target(), Integer.MAX_VALUE);
            if (best == null || isBetter(tried, best)) {
                best = tried;
            }
        }
        BigDecimal had = best == null ? BigDecimal.ZERO : best.capacity();
        List<FleetError> errors = new ArrayList<>();
        if (had.compareTo(fleet.target()) < 0) {
            Map<PoolId, Long> taken = best == null
                    ? Map.of()
                    : best.put().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            pools.stream()
                    .map(pool -> Fleet.errorOf(pool, taken.getOrDefault(pool.id(), 0L)))
                    .filter(Objects::nonNull)
                    .forEach(errors::add);
        }
        BigDecimal least = terms.minTarget();
        boolean tooLittle = least != null && had.compareTo(least) < 0;
        return plan(best == null || tooLittle ? List.of() : best.put(), true, false, errors);
    }

    private String choice(PoolId pool) {
        return (terms.singleZone() ? pool.zone().value() : "")
                + "/"
                + (terms.singleType() ? pool.type().value() : "");
    }

    /** The one that comes closer to the target, then the one that costs less. */
    private boolean isBetter(Placement tried, Placement best) {
        int byCapacity =
                tried.capacity().min(fleet.target()).compareTo(best.capacity().min(fleet.target()));
        return byCapacity > 0 || byCapacity == 0 && tried.spent().compareTo(best.spent()) < 0;
    }

    private BigDecimal weight(FleetUnit unit) {
        return weights.computeIfAbsent(unit.pool(), terms::weightOf);
    }
}
