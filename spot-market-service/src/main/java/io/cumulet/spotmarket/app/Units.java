package io.cumulet.spotmarket.app;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.suite.ResetMoments;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.requests.Terms.InterruptionBehavior;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Follows the instances of spot requests: what the instance service tells moves the requests and calls for clearings. */
@ApplicationScoped
public class Units {

    /** The state reason of an instance that the market took back; EC2's. */
    private static final String TAKEN_BACK = "Server.SpotInstanceTermination";

    /** How the state reasons begin of instances for which there was no room, or no address. */
    private static final String NO_ROOM = "Server.Insufficient";

    private final Market market;
    private final Pools pools;
    private final Requests requests;
    private final Timers timers;
    private final ResetMoments resets;
    private final RequestTags.Store tags;

    public Units(
            Market market, Pools pools, Requests requests, Timers timers, ResetMoments resets, RequestTags.Store tags) {
        this.market = market;
        this.pools = pools;
        this.requests = requests;
        this.timers = timers;
        this.resets = resets;
        this.tags = tags;
    }

    /** What happened to a spot instance. */
    public record Happening(EventType type, InstanceSnapshot instance, String eventId) {

        String requestId() {
            String id = instance.spotRequestId();
            if (id == null) {
                throw new IllegalArgumentException("Spot instance " + instance.instanceId() + " has no spot request");
            }
            return id;
        }

        AccountId account() {
            return new AccountId(instance.account());
        }

        PoolId pool() {
            return new PoolId(
                    new AvailabilityZone(instance.availabilityZone()),
                    new InstanceType(instance.instanceType()),
                    OperatingSystem.ofCode(instance.os())
                            .orElseThrow(() -> new IllegalArgumentException("Unknown system " + instance.os())));
        }
    }

    /** Applies what happened, in this order, in the running transaction, then clears the pools it touched. */
    public void apply(List<Happening> happenings) {
        Map<AccountId, Instant> moments =
                resets.of(happenings.stream().map(Happening::account).collect(Collectors.toSet()));
        Map<PoolId, String> causes =
                happenings.stream().collect(Collectors.toMap(Happening::pool, Happening::eventId, (a, b) -> b));
        List<String> requestIds =
                happenings.stream().map(Happening::requestId).distinct().toList();
        // An instance that failed because its type or image can't be had may name another pool than its request is in.
        TreeSet<PoolId> toLock = new TreeSet<>(causes.keySet());
        toLock.addAll(requests.poolsOf(requestIds));
        market.lock(toLock);
        Batch batch = new Batch(requestIds, moments);
        happenings.forEach(batch::apply);
        market.write(batch.changes);
        requests.advance(batch.newVersions);
        timers.cancel(Market.EVICTION, batch.withoutEviction);
        timers.schedule(batch.ends);
        batch.tagged.forEach((own, tagged) -> tags.set(tagged, own));
        Optional<String> lastCause = Optional.of(happenings.getLast().eventId());
        TreeMap<PoolId, Optional<String>> touched = new TreeMap<>();
        batch.touched.forEach(
                pool -> touched.put(pool, Optional.ofNullable(causes.get(pool)).or(() -> lastCause)));
        market.clear(touched);
    }

    /** Happenings of one transaction, and what comes of them. */
    private final class Batch {
        private final Map<String, SpotRequest> known = new HashMap<>();
        private final Map<String, Long> versions;
        private final Map<PoolId, Long> capacityVersions = new HashMap<>();
        private final Map<AccountId, Instant> moments;

        final Changes changes = new Changes();
        final Map<String, Long> newVersions = new HashMap<>();
        final Set<String> withoutEviction = new HashSet<>();
        /** Until when requests that came with launches are launched anew. */
        final List<DueTimer> ends = new ArrayList<>();

        /** Requests that their launches gave tags of their own, by these. */
        final Map<Map<String, String>, List<String>> tagged = new HashMap<>();

        /** Pools in which bids or room changed. */
        final Set<PoolId> touched = new HashSet<>();

        Batch(List<String> requestIds, Map<AccountId, Instant> moments) {
            this.moments = moments;
            requests.find(requestIds).forEach(request -> known.put(request.id(), request));
            versions = new HashMap<>(requests.instanceVersions(requestIds));
        }

        void apply(Happening happening) {
            InstanceSnapshot instance = happening.instance();
            SpotRequest before = known.get(happening.requestId());
            if (before == null) {
                // What an account launched before it was reset is forgotten; it may be told again.
                boolean isForgotten =
                        instance.occurredAt().isBefore(moments.getOrDefault(happening.account(), Instant.MIN));
                if (happening.type() == EventType.INSTANCE_REQUESTED && !isForgotten) {
                    SpotRequest adopted = adopted(happening);
                    changes.add(adopted, happening.eventId());
                    Instant until = adopted.terms().validUntil();
                    if (until != null) {
                        ends.add(new DueTimer(Schedule.VALID_UNTIL, adopted.id(), until, ""));
                    }
                    Map<String, String> own = instance.spotRequestTags();
                    if (own != null) {
                        tagged.computeIfAbsent(own, same -> new ArrayList<>()).add(adopted.id());
                    }
                    remember(adopted, instance);
                    touched.add(adopted.terms().pool());
                }
                return;
            }
            boolean isAnother = !before.has(instance.instanceId());
            if (!isAnother && instance.version() <= versions.getOrDefault(before.id(), 0L)) {
                return;
            }
            if (before.progress().interruption() != null && endsNotice(happening.type())) {
                // It goes before its time: nothing is left to evict.
                withoutEviction.add(before.id());
            }
            SpotRequest after = after(before, happening, this::capacityVersion);
            changes.change(before, after, happening.eventId());
            SpotRequest last = after;
            boolean isByTheMarket = isForWantOfRoom(instance) || isTakenBack(instance);
            if (happening.type() == EventType.INSTANCE_STOPPED && isByTheMarket && after.isOver()) {
                // It was cancelled, or ran out, before it was stopped or while it was being started: nobody will start
                // it.
                last = changes.endInstance(after, happening.eventId());
            }
            remember(last, instance);
            if (!after.equals(before)) {
                touched.add(last.terms().pool());
            }
        }

        private void remember(SpotRequest request, InstanceSnapshot instance) {
            versions.put(request.id(), instance.version());
            newVersions.put(request.id(), instance.version());
            known.put(request.id(), request);
        }

        private long capacityVersion(PoolId pool) {
            return capacityVersions.computeIfAbsent(pool, id -> pools.room(id).version());
        }
    }

    private static boolean endsNotice(EventType type) {
        return switch (type) {
            case INSTANCE_STOPPING,
                    INSTANCE_STOPPED,
                    INSTANCE_TERMINATING,
                    INSTANCE_TERMINATED,
                    INSTANCE_INTERRUPTED,
                    INSTANCE_FAILED -> true;
            default -> false;
        };
    }

    private static SpotRequest after(SpotRequest before, Happening happening, ToLongFunction<PoolId> capacityVersion) {
        InstanceSnapshot instance = happening.instance();
        return switch (happening.type()) {
            case INSTANCE_REQUESTED -> before.instanceRequested(instance.instanceId());
            case INSTANCE_LAUNCHED, INSTANCE_STARTED -> before.instanceRuns(instance.instanceId());
            case INSTANCE_FAILED ->
                before.launchFailed(
                        failure(before, instance),
                        capacityVersion.applyAsLong(before.terms().pool()));
            case INSTANCE_STOPPING, INSTANCE_TERMINATING, INSTANCE_INTERRUPTED -> before.instanceLeaves();
            case INSTANCE_STOPPED ->
                isForWantOfRoom(instance)
                        ? before.startFailed(
                                capacityVersion.applyAsLong(before.terms().pool()))
                        : before.instanceStopped(isTakenBack(instance));
            case INSTANCE_TERMINATED -> before.instanceGone(isTakenBack(instance));
            default -> before;
        };
    }

    /** One that had its instance already had room too, and did not boot. */
    private static SpotRequest.Failure failure(SpotRequest request, InstanceSnapshot instance) {
        if (request.has(instance.instanceId())) {
            return SpotRequest.Failure.NO_BOOT;
        }
        return instance.stateReason() == null || isForWantOfRoom(instance)
                ? SpotRequest.Failure.NO_ROOM
                : SpotRequest.Failure.REFUSED;
    }

    private static boolean isForWantOfRoom(InstanceSnapshot instance) {
        InstanceSnapshot.StateReason reason = instance.stateReason();
        return reason != null && reason.code().startsWith(NO_ROOM);
    }

    private static boolean isTakenBack(InstanceSnapshot instance) {
        InstanceSnapshot.StateReason reason = instance.stateReason();
        return reason != null && reason.code().equals(TAKEN_BACK);
    }

    /** A launch with market spot came without a request: the market takes its bid over. */
    private static SpotRequest adopted(Happening happening) {
        InstanceSnapshot instance = happening.instance();
        String maxPrice = instance.maxPrice();
        InterruptionBehavior behavior = behavior(instance.interruptionBehavior());
        InstanceSnapshot.Relaunch anew = instance.launchedAnew();
        Terms terms = new Terms(
                happening.pool(),
                maxPrice == null ? HourlyRate.of("0") : HourlyRate.of(maxPrice),
                // As in EC2 only those are stopped.
                anew == null && behavior == InterruptionBehavior.TERMINATE
                        ? Terms.Kind.ONE_TIME
                        : Terms.Kind.PERSISTENT,
                behavior,
                null,
                anew == null ? null : anew.validUntil(),
                instance.launchTime(),
                new Terms.Launch(
                        instance.imageId(),
                        instance.subnetId(),
                        instance.keyName(),
                        instance.securityGroupIds(),
                        instance.tags(),
                        anew != null && anew.hasUserData(),
                        anew == null ? null : LaunchOptions.told(anew.options())),
                Terms.Membership.NONE);
        return anew == null
                ? SpotRequest.adopt(happening.requestId(), happening.account(), terms, instance.instanceId())
                : SpotRequest.madeByLaunch(happening.requestId(), happening.account(), terms, instance.instanceId());
    }

    private static InterruptionBehavior behavior(@org.jspecify.annotations.Nullable String code) {
        for (InterruptionBehavior behavior : InterruptionBehavior.values()) {
            if (behavior.code().equals(code)) {
                return behavior;
            }
        }
        return InterruptionBehavior.TERMINATE;
    }
}
