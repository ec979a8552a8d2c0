package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fleet, and how it changes: each method answers the fleet as it is afterwards. Immutable.
 *
 * <pre>
 *   submitted ──first plan──► active ◄──next plan── modifying ◄── modified (maintain only)
 *                               │
 *                               ├─ deleted, or its time is over ──► deleted-running ─────┐ no instance left
 *                               └─ the same, with its instances ──► deleted-terminating ─┴──► deleted
 * </pre>
 *
 * @param target of spot instances, in units of weight
 * @param keepsExcess whether instances above a target that was lowered go on
 * @param fulfilled what of the target has a spot instance, in units of weight; may lie above it
 * @param version counts up by one with each change that its owner can see
 */
public record Fleet(
        String id,
        AccountId account,
        Region region,
        FleetTerms terms,
        Instant createdAt,
        FleetState state,
        BigDecimal target,
        boolean keepsExcess,
        ActivityStatus activity,
        BigDecimal fulfilled,
        OnDemandPart onDemand,
        FleetMemory memory,
        long version) {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);
    /** Short, since no news ends a hold: what made launches fail may have been mended long before. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

    /** A fleet as it was made. */
    public static Fleet submitted(
            String id,
            AccountId account,
            Region region,
            FleetTerms terms,
            BigDecimal target,
            BigDecimal onDemandTarget,
            boolean keepsExcess,
            Instant now) {
        return new Fleet(
                id,
                account,
                region,
                terms,
                now,
                FleetState.SUBMITTED,
                target,
                keepsExcess,
                terms.type() == FleetType.INSTANT ? ActivityStatus.FULFILLED : ActivityStatus.PENDING_FULFILLMENT,
                BigDecimal.ZERO,
                OnDemandPart.wanted(onDemandTarget),
                FleetMemory.NONE,
                1);
    }

    /** Whether its time has come. */
    public boolean hasBegun(Instant now) {
        Instant from = terms.validFrom();
        return from == null || !from.isAfter(now);
    }

    public boolean isMaintained() {
        return terms.type() == FleetType.MAINTAIN;
    }

    /** Its owner wants more or less spot instances. */
    public Fleet modified(BigDecimal newTarget, boolean keeps) {
        return modified(newTarget, onDemand.target(), keeps);
    }

    /** Its owner wants more or less. */
    public Fleet modified(BigDecimal newTarget, BigDecimal newOnDemandTarget, boolean keeps) {
        FleetState next = state == FleetState.SUBMITTED ? state : FleetState.MODIFYING;
        return withOnDemand(onDemand.aimingAt(newOnDemandTarget)).seen(next, newTarget, keeps, activity, fulfilled);
    }

    /** Its On-Demand part has changed. */
    public Fleet withOnDemand(OnDemandPart part) {
        return new Fleet(
                        id,
                        account,
                        region,
                        terms,
                        createdAt,
                        state,
                        target,
                        keepsExcess,
                        activity,
                        fulfilled,
                        part,
                        memory,
                        version)
                .after(this);
    }

    /** Something kept it from all it wanted; told of one of type instant. */
    public Fleet withError(FleetError error) {
        List<FleetError> errors = new ArrayList<>(memory.errors());
        errors.add(error);
        return with(memory.withErrors(errors));
    }

    /** Its owner tags it otherwise. */
    public Fleet tagged(Map<String, String> tags) {
        return new Fleet(
                id,
                account,
                region,
                terms.tagged(tags),
                createdAt,
                state,
                target,
                keepsExcess,
                activity,
                fulfilled,
                onDemand,
                memory,
                version);
    }

    /** It launches no more. One that is over, or that terminates already, stays as it is. */
    public Fleet deleted(boolean terminates) {
        if (state == FleetState.DELETED || state == FleetState.DELETED_TERMINATING) {
            return this;
        }
        FleetState next = terminates ? FleetState.DELETED_TERMINATING : FleetState.DELETED_RUNNING;
        return seen(next, target, keepsExcess, activity, fulfilled);
    }

    /** Launches of it failed since: it is slower to ask again the more often that happens, so that a launch that can't succeed isn't tried without end. */
    public Fleet failuresCounted(long failures, Instant now) {
        if (failures <= memory.failures()) {
            return this;
        }
        int plans = memory.failedPlans() + 1;
        Instant until = plans == 1 ? null : now.plus(pause(plans - 2, LONGEST_HOLD));
        return with(memory.withFailures(failures, plans, until));
    }

    /** It tries again because time has passed. */
    public Fleet retried() {
        return with(memory.withRetries(memory.retries() + 1));
    }

    /** Whether its account's limit of open requests kept it from asking for more. */
    public Fleet limited(boolean whetherLimited) {
        return with(memory.withLimited(whetherLimited));
    }

    /**
     * An instant fleet waits no longer: what doesn't run is given up, and all of it if that is too little.
     *
     * @param failed launches that will never run, which it tells of
     */
    public Fleet settled(List<FleetUnit> units, List<FailedLaunch> failed, Instant now) {
        if (memory.settled()) {
            return this;
        }
        BigDecimal running = sum(units.stream()
                .filter(unit -> unit.stage() == FleetUnit.Stage.RUNNING)
                .toList());
        BigDecimal least = terms.minTarget();
        boolean tooFew = least != null && running.compareTo(least) < 0;
        Map<String, Instant> farewells = new HashMap<>(memory.farewells());
        List<FleetError> errors = new ArrayList<>(memory.errors());
        failed.forEach(launch -> errors.add(launch.error()));
        for (FleetUnit unit : units) {
            boolean runs = unit.isFulfilled();
            if (!runs) {
                errors.add(new FleetError(
                        unit.pool().type().value(),
                        unit.pool().zone().value(),
                        "InsufficientInstanceCapacity",
                        "The instance of " + unit.requestId() + " did not run in time"));
            }
            if (!runs || tooFew) {
                farewells.put(unit.requestId(), now);
            }
        }
        return with(memory.withSettled().withFarewells(farewells).withErrors(errors));
    }

    /**
     * Its state after a plan.
     *
     * @param units its units before the plan was carried out
     */
    public Fleet planned(FleetPlan plan, List<FleetUnit> units, Instant now) {
        BigDecimal has = sum(units.stream().filter(FleetUnit::isFulfilled).toList());
        FleetState next = switch (state) {
            case SUBMITTED -> hasBegun(now) ? FleetState.ACTIVE : state;
            case ACTIVE, MODIFYING -> FleetState.ACTIVE;
            case DELETED_RUNNING, DELETED_TERMINATING ->
                units.isEmpty() && onDemand.left() == 0 ? FleetState.DELETED : state;
            case DELETED -> state;
        };
        FleetMemory memory = this.memory.withFarewells(plan.farewells()).withAsked(plan.asked());
        if (!plan.errors().isEmpty()) {
            memory = memory.withErrors(plan.errors());
        }
        if (!plan.isUnmet()) {
            memory = memory.withRetries(0);
            if (units.stream().noneMatch(unit -> unit.stage() == FleetUnit.Stage.COMING)
                    && plan.makes().isEmpty()) {
                memory = memory.withFailures(memory.failures(), 0, null);
            }
        }
        return with(memory).seen(next, target, keepsExcess, activity(next, has, units, plan), has);
    }

    private ActivityStatus activity(FleetState next, BigDecimal has, List<FleetUnit> units, FleetPlan plan) {
        if (terms.type() == FleetType.INSTANT && next.isAlive()) {
            return ActivityStatus.FULFILLED;
        }
        boolean givesUp = !plan.giveUps().isEmpty()
                || units.stream().anyMatch(unit -> unit.stage() == FleetUnit.Stage.LEAVING && !unit.warned());
        return switch (next) {
            case SUBMITTED, ACTIVE, MODIFYING -> {
                if (has.compareTo(target) >= 0 && onDemand.isFulfilled()) {
                    yield givesUp ? ActivityStatus.PENDING_TERMINATION : ActivityStatus.FULFILLED;
                }
                yield memory.failedPlans() > 1 ? ActivityStatus.ERROR : ActivityStatus.PENDING_FULFILLMENT;
            }
            case DELETED_TERMINATING -> ActivityStatus.PENDING_TERMINATION;
            case DELETED_RUNNING, DELETED -> ActivityStatus.FULFILLED;
        };
    }

    /** When to try again although nothing has happened: the longer the more often it was in vain. */
    public Instant nextRetry(Instant now) {
        Instant next = now.plus(pause(memory.retries(), LONGEST_PAUSE));
        Instant held = memory.heldUntil();
        return held != null && held.isAfter(next) ? held : next;
    }

    /** Whether it asks for nothing new for the moment, since its launches fail. */
    boolean isHeld(Instant now) {
        Instant held = memory.heldUntil();
        return held != null && held.isAfter(now);
    }

    /** The capacity of units. */
    BigDecimal sum(List<FleetUnit> units) {
        Map<PoolId, BigDecimal> weights = new HashMap<>();
        return units.stream()
                .map(unit -> weights.computeIfAbsent(unit.pool(), terms::weightOf))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Duration pause(int times, Duration longest) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(times, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** As the one version that follows another, however many changes lie between them; of the same version if nobody sees a difference. */
    public Fleet after(Fleet before) {
        boolean looksTheSame = state == before.state
                && target.compareTo(before.target) == 0
                && keepsExcess == before.keepsExcess
                && activity == before.activity
                && fulfilled.compareTo(before.fulfilled) == 0
                && onDemand.looksLike(before.onDemand);
        return new Fleet(
                id,
                account,
                region,
                terms,
                createdAt,
                state,
                target,
                keepsExcess,
                activity,
                fulfilled,
                onDemand,
                memory,
                looksTheSame ? before.version : before.version + 1);
    }

    private Fleet with(FleetMemory newMemory) {
        return new Fleet(
                id,
                account,
                region,
                terms,
                createdAt,
                state,
                target,
                keepsExcess,
                activity,
                fulfilled,
                onDemand,
                newMemory,
                version);
    }

    private Fleet seen(
            FleetState newState, BigDecimal newTarget, boolean keeps, ActivityStatus newActivity, BigDecimal has) {
        return new Fleet(
                        id,
                        account,
                        region,
                        terms,
                        createdAt,
                        newState,
                        newTarget,
                        keeps,
                        newActivity,
                        has,
                        onDemand,
                        memory,
                        version)
                .after(this);
    }

    /** Why no more was had of a pool; null if that isn't the pool's fault. */
    static @Nullable FleetError errorOf(FleetPool pool, long taken) {
        String type = pool.id().type().value();
        String zone = pool.id().zone().value();
        if (!pool.isAffordable()) {
            return new FleetError(
                    type,
                    zone,
                    "SpotMaxPriceTooLow",
                    "An instance costs " + pool.price() + " USD an hour, the fleet pays " + pool.maxPrice());
        }
        return taken < pool.free()
                ? null
                : new FleetError(
                        type, zone, "InsufficientInstanceCapacity", "There is no room for more in " + pool.id());
    }
}
