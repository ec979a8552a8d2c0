package io.cumulet.spotmarket.app.fleets;

import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.app.UserData;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetError;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.OnDemandPart;
import io.cumulet.spotmarket.domain.fleets.OnDemandStep;
import io.cumulet.spotmarket.domain.fleets.OnDemandUnit;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Launches and ends the On-Demand Instances of fleets at the instance service, until each fleet has what it wants or no more
 * can be had.
 *
 * <p>A step is decided in a transaction, done outside, and its outcome kept in another. Between the two a launch is open: it is
 * repeated under its token until its outcome is known, whoever does that, so that a process that dies launches nothing twice.
 */
@ApplicationScoped
class OnDemandPursuit {

    /** Goes on with what a process left behind, and tries again what could not be had. */
    static final String KIND = "spot.fleet.on-demand";

    /** Longer than any step takes. */
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(40);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_PAUSES = 16;

    /** The instance service takes no more at once. */
    private static final int MOST_LAUNCHED = 1_000;

    private final FleetRecords fleets;
    private final OnDemandRecords records;
    private final FleetPlanner planner;
    private final InstanceService instances;
    private final Tariffs tariffs;
    private final UserData userData;
    private final Timers timers;
    private final StackClock clock;
    private final Map<String, ReentrantLock> busy = new ConcurrentHashMap<>();

    OnDemandPursuit(
            FleetRecords fleets,
            OnDemandRecords records,
            FleetPlanner planner,
            InstanceService instances,
            Tariffs tariffs,
            UserData userData,
            Timers timers,
            StackClock clock) {
        this.fleets = fleets;
        this.records = records;
        this.planner = planner;
        this.instances = instances;
        this.tariffs = tariffs;
        this.userData = userData;
        this.timers = timers;
        this.clock = clock;
    }

    /** What is to be done outside a transaction. */
    private sealed interface Errand {
        record None() implements Errand {}

        record Launch(Fleet fleet, OnDemandRecords.OpenLaunch open, InstanceService.FleetLaunch wanted)
                implements Errand {}

        record Terminate(Fleet fleet, List<String> instanceIds) implements Errand {}
    }

    /**
     * Goes on until nothing is left to do. Outside any transaction: each step may have to wait for the instance service.
     *
     * @param triesInVain how often it was tried before without getting all
     */
    void pursue(String fleetId, int triesInVain) {
        // Another process may do the same meanwhile; here one after the other is cheaper.
        ReentrantLock lock = busy.computeIfAbsent(fleetId, id -> new ReentrantLock());
        lock.lock();
        try {
            Set<Integer> inVain = new HashSet<>();
            boolean goesOn = true;
            while (goesOn) {
                goesOn = switch (Transactions.write(() -> next(fleetId, inVain, triesInVain))) {
                    case Errand.None none -> false;
                    case Errand.Launch launch -> launch(launch, inVain);
                    case Errand.Terminate terminate -> terminate(terminate);
                };
            }
        } finally {
            lock.unlock();
            busy.remove(fleetId, lock);
        }
    }

    private Errand next(String fleetId, Set<Integer> inVain, int triesInVain) {
        Fleet stored = fleets.lock(fleetId).orElse(null);
        if (stored == null) {
            return new Errand.None();
        }
        Fleet fleet = counted(stored);
        OnDemandRecords.OpenLaunch open = records.openLaunch(fleetId).orElse(null);
        if (open != null) {
            return launch(fleet, open);
        }
        Instant now = clock.instant();
        OnDemandStep step = OnDemandStep.of(
                fleet, fleet.hasBegun(now), order(fleet, now), inVain, records.units(fleetId), MOST_LAUNCHED);
        return switch (step) {
            case OnDemandStep.Launch(int position, int count) -> {
                OnDemandRecords.OpenLaunch decided = new OnDemandRecords.OpenLaunch(
                        fleetId, UUID.randomUUID().toString(), position, count);
                records.open(decided);
                timers.schedule(KIND, fleetId, now.plus(LEFT_BEHIND), Integer.toString(triesInVain));
                yield launch(fleet, decided);
            }
            case OnDemandStep.Terminate(List<String> instanceIds) -> {
                timers.schedule(KIND, fleetId, now.plus(LEFT_BEHIND), Integer.toString(triesInVain));
                yield new Errand.Terminate(fleet, instanceIds);
            }
            case OnDemandStep.Rest(boolean isUnmet) -> {
                if (isUnmet) {
                    timers.schedule(KIND, fleetId, now.plus(pause(triesInVain)), Integer.toString(triesInVain + 1));
                } else {
                    timers.cancel(KIND, fleetId);
                }
                if (fleet.state().isAlive() && fleet.hasBegun(now)) {
                    fleet = fleet.withOnDemand(fleet.onDemand().askedForAll());
                }
                if (!fleet.equals(stored)) {
                    planner.plan(stored, fleet);
                }
                yield new Errand.None();
            }
        };
    }

    private static Duration pause(int triesInVain) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(triesInVain, MOST_PAUSES));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** With what it has now. */
    private Fleet counted(Fleet fleet) {
        BigDecimal has =
                records.units(fleet.id()).stream().map(OnDemandUnit::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
        OnDemandPart part = fleet.onDemand();
        int left = records.countLeft(fleet.id());
        return has.compareTo(part.fulfilled()) == 0 && left == part.left()
                ? fleet
                : fleet.withOnDemand(part.having(has, left));
    }

    private List<Integer> order(Fleet fleet, Instant now) {
        FleetTerms terms = fleet.terms();
        Map<Integer, BigDecimal> prices = new HashMap<>();
        for (int i = 0; i < terms.overrides().size(); i++) {
            int position = i;
            FleetTerms.LaunchOverride override = terms.overrides().get(i);
            if (!override.onDemand()) {
                continue;
            }
            AvailabilityZone named = override.zone();
            AvailabilityZone zone = named == null
                    ? Regions.find(fleet.region())
                            .orElseThrow()
                            .zones()
                            .getFirst()
                            .zone()
                    : named;
            tariffs.onDemand(new PoolId(zone, override.type(), terms.os()), now)
                    .map(HourlyRate::usd)
                    .ifPresent(usd -> prices.put(position, usd.divide(override.weight(), MathContext.DECIMAL64)));
        }
        return terms.onDemandStrategy().order(terms.overrides(), prices);
    }

    private Errand launch(Fleet fleet, OnDemandRecords.OpenLaunch open) {
        FleetTerms.LaunchOverride override = fleet.terms().overrides().get(open.position());
        Terms.Launch common = fleet.terms().launch();
        AvailabilityZone zone = override.zone();
        InstanceService.Launch launch = new InstanceService.Launch(
                common.imageId(),
                override.type().value(),
                zone == null || override.subnetId() != null ? null : zone.value(),
                override.subnetId(),
                common.keyName(),
                common.securityGroupIds().isEmpty() ? null : common.securityGroupIds(),
                common.hasUserData() ? userData.of(fleet.id()) : null,
                LaunchOptions.read(common.options()));
        return new Errand.Launch(
                fleet,
                open,
                new InstanceService.FleetLaunch(launch, common.tags(), fleet.id(), open.count(), open.token()));
    }

    /** @return whether there may be more to do now */
    private boolean launch(Errand.Launch errand, Set<Integer> inVain) {
        Fleet fleet = errand.fleet();
        OnDemandRecords.OpenLaunch open = errand.open();
        Outcome<List<InstanceService.Launched>> outcome =
                instances.launched(fleet.account(), fleet.region(), errand.wanted());
        return switch (outcome) {
            case Outcome.Refused<List<InstanceService.Launched>>(Refusal refusal)
            when refusal.code() == ErrorCode.UNAVAILABLE -> false;
            case Outcome.Refused<List<InstanceService.Launched>>(Refusal refusal) -> {
                inVain.add(open.position());
                Transactions.write(() -> failed(open, refusal));
                yield true;
            }
            case Outcome.Done<List<InstanceService.Launched>>(List<InstanceService.Launched> launched) -> {
                if (launched.size() < open.count()) {
                    inVain.add(open.position());
                }
                Transactions.write(() -> launched(open, launched));
                yield true;
            }
        };
    }

    private boolean failed(OnDemandRecords.OpenLaunch open, Refusal refusal) {
        Fleet stored = fleets.lock(open.fleetId()).orElse(null);
        if (stored == null) {
            return false;
        }
        records.close(open);
        FleetTerms.LaunchOverride override = stored.terms().overrides().get(open.position());
        AvailabilityZone zone = override.zone();
        fleets.note(List.of(new FleetHappening(
                stored.id(),
                clock.instant(),
                FleetHappening.Type.SERVICE_ERROR,
                refusal.code().code(),
                refusal.message(),
                null,
                null)));
        if (!stored.isMaintained()) {
            planner.plan(
                    stored,
                    stored.withError(new FleetError(
                            override.type().value(),
                            zone == null ? null : zone.value(),
                            refusal.code().code(),
                            refusal.message(),
                            Market.ON_DEMAND.code())));
        }
        return true;
    }

    private boolean launched(OnDemandRecords.OpenLaunch open, List<InstanceService.Launched> launched) {
        Fleet stored = fleets.lock(open.fleetId()).orElse(null);
        if (stored == null) {
            return false;
        }
        Instant now = clock.instant();
        records.close(open);
        records.add(
                stored.id(),
                launched,
                stored.terms().overrides().get(open.position()).weight(),
                now);
        fleets.note(launched.stream()
                .map(instance -> happening(stored, instance, "launched", now))
                .toList());
        planner.plan(stored, counted(stored));
        return true;
    }

    static FleetHappening happening(Fleet fleet, InstanceService.Launched instance, String what, Instant now) {
        return new FleetHappening(
                fleet.id(),
                now,
                FleetHappening.Type.INSTANCE_CHANGE,
                what,
                instance.type() + " in " + instance.zone() + ", on demand",
                instance.instanceId(),
                null);
    }

    private boolean terminate(Errand.Terminate errand) {
        Fleet fleet = errand.fleet();
        return switch (instances.terminated(fleet.account(), fleet.region(), errand.instanceIds())) {
            // Protected ones, say; the timer tries again.
            case Outcome.Refused<List<String>>(Refusal refusal) -> false;
            case Outcome.Done<List<String>>(List<String> ids) ->
                Transactions.write(() -> {
                    Fleet stored = fleets.lock(fleet.id()).orElse(null);
                    if (stored == null) {
                        return false;
                    }
                    records.ending(ids);
                    planner.plan(stored, counted(stored));
                    return true;
                });
        };
    }
}
