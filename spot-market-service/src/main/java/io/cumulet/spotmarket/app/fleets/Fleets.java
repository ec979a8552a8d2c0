package io.cumulet.spotmarket.app.fleets;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.UserData;
import io.cumulet.spotmarket.config.SpotFleetConfig;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.FleetType;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes, shows, modifies and deletes an account's fleets. */
@ApplicationScoped
public class Fleets {

    private static final String CREATE = "create-fleet";
    private static final Duration UNPURSUED = Duration.ofSeconds(40);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    /** Each holds a thread of the REST service, which has others to answer. */
    private static final int MOST_WAITING = 16;

    private final FleetRecords fleets;
    private final FleetPlanner planner;
    private final FleetEvents events;
    private final OnDemandPursuit pursuit;
    private final Timers timers;
    private final UserData userData;
    private final ClientTokens tokens;
    private final StackClock clock;
    private final SpotFleetConfig config;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    public Fleets(
            FleetRecords fleets,
            FleetPlanner planner,
            FleetEvents events,
            OnDemandPursuit pursuit,
            Timers timers,
            UserData userData,
            ClientTokens tokens,
            StackClock clock,
            SpotFleetConfig config) {
        this.fleets = fleets;
        this.planner = planner;
        this.events = events;
        this.pursuit = pursuit;
        this.timers = timers;
        this.userData = userData;
        this.tokens = tokens;
        this.clock = clock;
        this.config = config;
    }

    /**
     * What a fleet is made with.
     *
     * @param kind what it is called: {@code SPOT_FLEET} or {@code SPOT_FLEET_REQUEST}, which is the same but for its id
     * @param keepsExcess whether instances above a target that is lowered go on
     * @param userData base64, for all instances
     */
    public record Wish(
            ResourceKind kind,
            FleetTerms terms,
            BigDecimal target,
            BigDecimal onDemandTarget,
            boolean keepsExcess,
            @Nullable String userData) {}

    /**
     * Makes a fleet and asks for its first units at once, if its time has come. An instant one is answered once all of it
     * runs, or the configured time is over; {@code Unavailable}, and nothing made, if too many wait already.
     *
     * @param type of the fleet that is asked for, whether for the first time or again
     * @param wish asked for only if the token is fresh
     * @param said what the caller sent, without the token: the same token with something else is refused
     */
    public Outcome<Fleet> create(
            AccountId account,
            Region region,
            @Nullable String type,
            Supplier<Wish> wish,
            @Nullable String clientToken,
            Object said) {
        if (!FleetType.INSTANT.code().equals(type)) {
            return made(account, region, wish, clientToken, said).map(this::pursued);
        }
        if (!waiting.tryAcquire()) {
            return Outcome.refused(
                    ErrorCode.UNAVAILABLE, "type", "Too many fleets of type instant are being launched at this moment");
        }
        try {
            return awaited(account, region, wish, clientToken, said);
        } finally {
            waiting.release();
        }
    }

    private Outcome<Fleet> awaited(
            AccountId account, Region region, Supplier<Wish> wish, @Nullable String clientToken, Object said) {
        Instant until = clock.realInstant().plus(config.instantWait());
        return made(account, region, wish, clientToken, said).map(fleet -> awaited(pursued(fleet), until));
    }

    /** With what could be done about its On-Demand part; after the commit. */
    private Fleet pursued(Fleet fleet) {
        if (fleet.onDemand().target().signum() == 0 && fleet.onDemand().left() == 0) {
            return fleet;
        }
        pursuit.pursue(fleet.id(), 0);
        return Transactions.read(() -> fleets.find(fleet.id())).orElse(fleet);
    }

    private Outcome<Fleet> made(
            AccountId account, Region region, Supplier<Wish> wish, @Nullable String clientToken, Object said) {
        return Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, said)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.<Fleet>refused(refusal);
            case Claim.Repeat(String fleetId) -> own(fleets.find(fleetId), account, region, fleetId);
            case Claim.Fresh() -> {
                Fleet made = create(account, region, wish.get());
                tokens.complete(account, region, CREATE, clientToken, made.id());
                yield Outcome.done(made);
            }
        });
    }

    private void mustBeFewEnough(AccountId account, Region region) {
        int most = config.mostFleets();
        if (fleets.countLiving(account, region) >= most) {
            throw Refusal.of(
                            ErrorCode.MAX_SPOT_FLEET_REQUEST_COUNT_EXCEEDED,
                            "An account has at most " + most + " fleets in " + region)
                    .asException();
        }
    }

    private Fleet create(AccountId account, Region region, Wish wish) {
        mustBeFewEnough(account, region);
        Instant now = clock.instant();
        Fleet made = Fleet.submitted(
                wish.kind().newId(),
                account,
                region,
                wish.terms(),
                wish.target(),
                wish.onDemandTarget(),
                wish.keepsExcess(),
                now);
        fleets.add(made);
        userData.keep(List.of(made.id()), wish.userData());
        events.changed(made, now);
        fleets.note(List.of(FleetHappening.ofFleet(made, now, "submitted", "")));
        Instant from = wish.terms().validFrom();
        if (from != null && from.isAfter(now)) {
            timers.schedule(FleetTimers.KIND, FleetTimers.subject(made.id(), FleetTimers.VALID_FROM), from, "");
        }
        if (wish.onDemandTarget().signum() > 0) {
            // For the case that nobody is there to pursue it at once.
            timers.schedule(
                    OnDemandPursuit.KIND,
                    made.id(),
                    from != null && from.isAfter(now) ? from : now.plus(UNPURSUED),
                    "0");
        }
        Instant until = wish.terms().validUntil();
        if (until != null) {
            timers.schedule(FleetTimers.KIND, FleetTimers.subject(made.id(), FleetTimers.VALID_UNTIL), until, "");
        }
        if (wish.terms().type() == FleetType.INSTANT) {
            timers.schedule(
                    FleetTimers.KIND,
                    FleetTimers.subject(made.id(), FleetTimers.SETTLE),
                    now.plus(config.instantWait()),
                    "");
        }
        return planner.plan(made, made);
    }

    private Fleet awaited(Fleet fleet, Instant until) {
        while (clock.realInstant().isBefore(until) && Transactions.read(() -> fleets.isComing(fleet.id()))) {
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                // The service stops; the timer settles the fleet.
                Thread.currentThread().interrupt();
                return fleet;
            }
        }
        return Transactions.write(() -> {
            Fleet stored = fleets.lock(fleet.id()).orElseThrow();
            timers.cancel(FleetTimers.KIND, FleetTimers.subject(fleet.id(), FleetTimers.SETTLE));
            return planner.plan(
                    stored,
                    stored.settled(fleets.units(fleet.id()), fleets.failedLaunches(fleet.id()), clock.instant()));
        });
    }

    /** A fleet of this account and region; another's is as good as none. */
    public Outcome<Fleet> find(AccountId account, Region region, String fleetId) {
        return Transactions.decide(() -> own(fleets.find(fleetId), account, region, fleetId));
    }

    /** A page of an account's fleets; see {@link FleetRecords#page}. */
    public List<Fleet> page(
            AccountId account, Region region, FleetRecords.Filter filter, @Nullable String after, int size) {
        return Transactions.read(() -> fleets.page(account, region, filter, after, size));
    }

    /** A page of a fleet's instances; see {@link FleetRecords#members}. */
    public Outcome<List<FleetRecords.Member>> members(
            AccountId account, Region region, String fleetId, @Nullable String after, int size) {
        return Transactions.decide(() ->
                own(fleets.find(fleetId), account, region, fleetId).map(fleet -> fleets.members(fleetId, after, size)));
    }

    /** A page of what happened to a fleet; see {@link FleetRecords#history}. */
    public Outcome<List<FleetRecords.Noted>> history(
            AccountId account, Region region, String fleetId, FleetRecords.HistoryFilter filter, long after, int size) {
        return Transactions.decide(() -> own(fleets.find(fleetId), account, region, fleetId)
                .map(fleet -> fleets.history(fleetId, filter, after, size)));
    }

    /**
     * Changes what a fleet of type {@code maintain} aims at, and does so at once.
     *
     * @param target of spot instances; null: as it is
     * @param onDemandTarget null: as it is
     * @param keepsExcess null: as it is
     */
    public Outcome<Fleet> modify(
            AccountId account,
            Region region,
            String fleetId,
            @Nullable BigDecimal target,
            @Nullable BigDecimal onDemandTarget,
            @Nullable Boolean keepsExcess) {
        return Transactions.decide(() -> own(fleets.lock(fleetId), account, region, fleetId)
                        .flatMap(fleet -> {
                            if (!fleet.isMaintained() || !fleet.state().isAlive()) {
                                return Outcome.refused(Refusal.of(
                                        ErrorCode.FLEET_NOT_IN_MODIFIABLE_STATE,
                                        "Fleet " + fleetId + " is "
                                                + fleet.state().code() + " and of type "
                                                + fleet.terms().type().code()));
                            }
                            BigDecimal newTarget = Objects.requireNonNullElse(target, fleet.target());
                            fleets.note(List.of(FleetHappening.ofFleet(
                                    fleet,
                                    clock.instant(),
                                    "modify_in_progress",
                                    "Target " + fleet.target().toPlainString() + " to " + newTarget.toPlainString())));
                            Fleet modified = fleet.modified(
                                    newTarget,
                                    Objects.requireNonNullElse(
                                            onDemandTarget, fleet.onDemand().target()),
                                    Objects.requireNonNullElse(keepsExcess, fleet.keepsExcess()));
                            return Outcome.done(planner.plan(fleet, modified));
                        }))
                .map(this::pursued);
    }

    /** Sets tags of a fleet; see {@link RequestTags#patched}. */
    public Outcome<Fleet> tag(
            AccountId account, Region region, String fleetId, @Nullable Map<String, @Nullable String> patch) {
        return Transactions.decide(() -> own(fleets.lock(fleetId), account, region, fleetId)
                .map(fleet -> {
                    Fleet tagged =
                            fleet.tagged(RequestTags.patched(fleet.terms().tags(), patch));
                    fleets.tag(tagged);
                    return tagged;
                }));
    }

    /** Deletes a fleet, with its instances or without. One that is over stays as it is. */
    public Outcome<Fleet> delete(AccountId account, Region region, String fleetId, boolean terminates) {
        return Transactions.decide(() -> own(fleets.lock(fleetId), account, region, fleetId)
                        .flatMap(fleet -> {
                            if (fleet.terms().type() == FleetType.INSTANT && !terminates) {
                                return Outcome.refused(
                                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                                        "terminateInstances",
                                        "A fleet of type instant is deleted together with its instances");
                            }
                            timers.cancel(FleetTimers.KIND, FleetTimers.subject(fleetId, FleetTimers.VALID_FROM));
                            timers.cancel(FleetTimers.KIND, FleetTimers.subject(fleetId, FleetTimers.VALID_UNTIL));
                            return Outcome.done(planner.plan(fleet, fleet.deleted(terminates)));
                        }))
                .map(this::pursued);
    }

    private static Outcome<Fleet> own(Optional<Fleet> found, AccountId account, Region region, String fleetId) {
        return found.filter(fleet ->
                        fleet.account().equals(account) && fleet.region().equals(region))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.FLEET_NOT_FOUND, "fleetId", "There is no fleet " + fleetId + " in " + region));
    }
}
