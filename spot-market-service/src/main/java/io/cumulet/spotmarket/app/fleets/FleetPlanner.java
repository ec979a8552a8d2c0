package io.cumulet.spotmarket.app.fleets;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.app.Changes;
import io.cumulet.spotmarket.app.Market;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.RequestSearch;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.app.UserData;
import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetPlan;
import io.cumulet.spotmarket.domain.fleets.FleetPool;
import io.cumulet.spotmarket.domain.fleets.FleetState;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.FleetUnit;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans fleets and carries plans out, in the caller's transaction, which has locked the fleet. What a plan is made from is
 * read before pools are locked, so that only those are locked in which something changes; each request is looked at again
 * under the lock, and one that has moved on meanwhile is left alone: its change has called for the next plan.
 */
@ApplicationScoped
class FleetPlanner {

    private final FleetRecords fleets;
    private final FleetEvents events;
    private final Market market;
    private final Pools pools;
    private final Requests requests;
    private final Tariffs tariffs;
    private final Timers timers;
    private final UserData userData;
    private final RequestSearch search;
    private final MarketConfig config;
    private final StackClock clock;

    FleetPlanner(
            FleetRecords fleets,
            FleetEvents events,
            Market market,
            Pools pools,
            Requests requests,
            Tariffs tariffs,
            Timers timers,
            UserData userData,
            RequestSearch search,
            MarketConfig config,
            StackClock clock) {
        this.fleets = fleets;
        this.events = events;
        this.market = market;
        this.pools = pools;
        this.requests = requests;
        this.tariffs = tariffs;
        this.timers = timers;
        this.userData = userData;
        this.search = search;
        this.config = config;
        this.clock = clock;
    }

    /** Timers of a fleet are due. */
    void time(Fleet fleet, Collection<String> purposes) {
        Fleet next = fleet;
        Instant now = clock.instant();
        if (purposes.contains(FleetTimers.RETRY)) {
            next = next.retried();
        }
        if (purposes.contains(FleetTimers.SETTLE)) {
            next = next.settled(fleets.units(fleet.id()), fleets.failedLaunches(fleet.id()), now);
        }
        if (purposes.contains(FleetTimers.VALID_UNTIL) && next.state().isAlive()) {
            fleets.note(List.of(FleetHappening.ofFleet(fleet, now, "expired", "Its validUntil has come")));
            next = next.deleted(next.terms().terminatesAtEnd());
            if (next.onDemand().left() > 0) {
                timers.schedule(OnDemandPursuit.KIND, fleet.id(), now, "0");
            }
        }
        plan(fleet, next);
    }

    /**
     * Plans a fleet and does what the plan says.
     *
     * @param stored the fleet as it was read, to tell what is new
     * @param changed the fleet as it is to be planned
     */
    Fleet plan(Fleet stored, Fleet changed) {
        Instant now = clock.instant();
        Fleet fleet = changed;
        if (fleet.state() == FleetState.SUBMITTED && !fleet.hasBegun(now)) {
            return keep(stored, changed, fleet, now);
        }
        List<FleetUnit> units = fleets.units(fleet.id());
        if (fleet.isMaintained()) {
            fleet = fleet.failuresCounted(fleets.failures(fleet.id()), now);
        }
        boolean lives = fleet.state().isAlive();
        Map<PoolId, FleetTerms.LaunchOverride> wanted = lives ? wanted(fleet) : Map.of();
        Set<String> families = wanted.keySet().stream().map(PoolId::familyKey).collect(Collectors.toSet());
        Map<PoolId, FleetPool> offers = offers(fleet, wanted, now);
        FleetPlan plan = FleetPlan.of(fleet, List.copyOf(offers.values()), units, now);
        if (plan.isUnmet() && !fleets.wishes(fleet.id()).containsAll(families)) {
            // News of capacity that come between this look and the commit don't see the wish, and nobody would tell the
            // fleet of
            // them. Under the locks they wait; so it looks again. To plan once more after the commit wouldn't do: that
            // plan
            // may come before the news are committed, too. All at once and before pools, as everybody locks families.
            pools.holdCapacity(families);
            offers = offers(fleet, wanted, now);
            plan = FleetPlan.of(fleet, List.copyOf(offers.values()), units, now);
        }
        FleetPlan allowed = allowed(fleet, plan);
        if (!plan.makes().isEmpty()) {
            boolean isLimited = allowed.makes().size() < plan.makes().size();
            if (isLimited && !fleet.memory().limited()) {
                fleets.note(List.of(limitReached(fleet, now)));
            }
            fleet = fleet.limited(isLimited);
            plan = allowed;
        }
        carryOut(fleet, plan, units, offers, now);
        Fleet planned = fleet.planned(plan, units, now);
        setTimers(planned, plan, now);
        boolean wishes = plan.isUnmet() && planned.state().isAlive();
        fleets.wish(planned.id(), wishes ? families : Set.of());
        if (wishes) {
            fleets.planned(planned.id(), now);
        }
        return keep(stored, changed, planned, now);
    }

    /** As for requests made one by one, plans at the same time count without each other. */
    private FleetPlan allowed(Fleet fleet, FleetPlan plan) {
        if (plan.makes().isEmpty()) {
            return plan;
        }
        long open = search.countOpen(fleet.account(), fleet.region())
                - plan.cancels().size();
        return plan.limitedTo(Math.max(0, config.mostOpenRequestsPerAccount() - open), fleet);
    }

    private FleetHappening limitReached(Fleet fleet, Instant now) {
        return new FleetHappening(
                fleet.id(),
                now,
                FleetHappening.Type.SERVICE_ERROR,
                ErrorCode.MAX_SPOT_INSTANCE_COUNT_EXCEEDED.code(),
                "An account has at most " + config.mostOpenRequestsPerAccount() + " open spot requests in "
                        + fleet.region(),
                null,
                null);
    }

    /** The pools the fleet may launch in, whether there are any hosts for them or not. */
    private static Map<PoolId, FleetTerms.LaunchOverride> wanted(Fleet fleet) {
        FleetTerms terms = fleet.terms();
        Map<PoolId, FleetTerms.LaunchOverride> wanted = new LinkedHashMap<>();
        for (FleetTerms.LaunchOverride override : terms.overrides()) {
            if (!override.asSpot()) {
                continue;
            }
            for (AvailabilityZone zone : zones(fleet, override)) {
                wanted.putIfAbsent(new PoolId(zone, override.type(), terms.os()), override);
            }
        }
        return wanted;
    }

    private Fleet keep(Fleet stored, Fleet changed, Fleet planned, Instant now) {
        Fleet fleet = planned.after(stored);
        if (fleet.equals(stored)) {
            return fleet;
        }
        fleets.save(fleet);
        if (fleet.state() == FleetState.DELETED) {
            userData.forget(fleet.id());
        }
        if (fleet.version() != stored.version()) {
            events.changed(fleet, now);
        }
        if (changed.state() == FleetState.MODIFYING && fleet.state() == FleetState.ACTIVE) {
            fleets.note(List.of(FleetHappening.ofFleet(fleet, now, "modify_succeeded", "")));
        } else if (fleet.state() != stored.state()) {
            fleets.note(List.of(
                    FleetHappening.ofFleet(fleet, now, fleet.state().code().replace('-', '_'), "")));
        }
        return fleet;
    }

    private void setTimers(Fleet fleet, FleetPlan plan, Instant now) {
        String retry = FleetTimers.subject(fleet.id(), FleetTimers.RETRY);
        if (plan.isUnmet() && fleet.state().isAlive()) {
            timers.schedule(FleetTimers.KIND, retry, fleet.nextRetry(now), "");
        } else {
            timers.cancel(FleetTimers.KIND, retry);
        }
        // Those that are due are waited for by events alone: their instances don't run yet.
        plan.farewells().values().stream()
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder())
                .ifPresent(at -> timers.schedule(
                        FleetTimers.KIND, FleetTimers.subject(fleet.id(), FleetTimers.FAREWELL), at, ""));
    }

    /** The pools the fleet may launch in, as far as there are any. */
    private Map<PoolId, FleetPool> offers(Fleet fleet, Map<PoolId, FleetTerms.LaunchOverride> wanted, Instant now) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        Map<PoolId, Pools.State> known = pools.find(wanted.keySet());
        Map<PoolId, HourlyRate> bids = new LinkedHashMap<>();
        wanted.forEach((id, override) -> {
            if (known.containsKey(id)) {
                tariffs.onDemand(id, now).ifPresent(onDemand -> bids.put(id, bid(override, onDemand)));
            }
        });
        Map<PoolId, FleetRecords.Rivals> rivals = fleets.rivals(fleet.id(), bids);
        Map<PoolId, Long> triedInVain = fleets.blocked(fleet.id(), bids.keySet());
        Map<PoolId, FleetPool> offers = new LinkedHashMap<>();
        bids.forEach((id, bid) -> {
            FleetTerms.LaunchOverride override = Objects.requireNonNull(wanted.get(id));
            Pools.State state = Objects.requireNonNull(known.get(id));
            FleetRecords.Rivals met = rivals.getOrDefault(id, FleetRecords.Rivals.NONE);
            // What is said to be free was tried and wasn't.
            boolean blocked = triedInVain.getOrDefault(id, 0L) >= state.room().version();
            int free = blocked ? 0 : Math.max(0, state.room().free(met.taken()) - met.ahead());
            offers.put(
                    id,
                    new FleetPool(
                            id,
                            override.weight(),
                            bid,
                            state.pool().price(),
                            free,
                            override.priority(),
                            override.subnetId()));
        });
        return offers;
    }

    private static List<AvailabilityZone> zones(Fleet fleet, FleetTerms.LaunchOverride override) {
        AvailabilityZone named = override.zone();
        return named != null
                ? List.of(named)
                : Regions.find(fleet.region()).stream()
                        .flatMap(facts -> facts.zones().stream())
                        .map(RegionFacts.ZoneFacts::zone)
                        .toList();
    }

    /** An On-Demand price is for the instance already. */
    private static HourlyRate bid(FleetTerms.LaunchOverride override, HourlyRate onDemand) {
        HourlyRate perUnit = override.maxPrice();
        return perUnit == null ? onDemand : FleetTerms.bid(perUnit, override.weight());
    }

    private void carryOut(
            Fleet fleet, FleetPlan plan, List<FleetUnit> units, Map<PoolId, FleetPool> offers, Instant now) {
        if (plan.isQuiet()) {
            return;
        }
        Set<String> going = new HashSet<>(plan.cancels());
        going.addAll(plan.giveUps());
        Set<PoolId> touched = new TreeSet<>(plan.makes());
        units.stream()
                .filter(unit -> going.contains(unit.requestId()))
                .map(FleetUnit::pool)
                .forEach(touched::add);
        market.lock(touched);
        Set<String> cancels = Set.copyOf(plan.cancels());
        Changes changes = new Changes();
        for (SpotRequest request : requests.find(going)) {
            if (cancels.contains(request.id())) {
                if (request.progress().bid() == BidState.WAITING) {
                    changes.change(request, request.cancelled(), null);
                }
            } else if (request.progress().bid() == BidState.RUNNING
                    && request.progress().state() != RequestState.CANCELLED) {
                SpotRequest given = request.givenUp();
                changes.change(request, given, null);
                events.gaveUp(given, now);
            }
        }
        Map<PoolId, Terms> terms = new HashMap<>();
        List<String> made = new ArrayList<>();
        for (PoolId pool : plan.makes()) {
            FleetPool offer = offers.get(pool);
            if (offer != null) {
                Terms ofUnit = terms.computeIfAbsent(pool, id -> terms(fleet, offer, now));
                String id = ResourceKind.SPOT_REQUEST.newId();
                changes.add(SpotRequest.open(id, fleet.account(), ofUnit, now), null);
                made.add(id);
            }
        }
        if (fleet.terms().launch().hasUserData() && !made.isEmpty()) {
            userData.keepAlso(made, fleet.id());
        }
        market.write(changes);
        market.clear(new ArrayList<>(touched), null);
    }

    private static Terms terms(Fleet fleet, FleetPool offer, Instant now) {
        Terms.Launch common = fleet.terms().launch();
        Map<String, String> tags = new HashMap<>(common.tags());
        tags.put(FleetTerms.FLEET_TAG, fleet.id());
        return new Terms(
                offer.id(),
                offer.maxPrice(),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                now,
                new Terms.Launch(
                        common.imageId(),
                        offer.subnetId(),
                        common.keyName(),
                        common.securityGroupIds(),
                        Map.copyOf(tags),
                        common.hasUserData(),
                        common.options()),
                new Terms.Membership(null, null, fleet.id()));
    }
}
