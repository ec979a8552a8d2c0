package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Decision;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.lifecycle.StateReason;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.DueTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a zone's committer: decides one piece of work after the other on what memory and the database say,
 * and gathers what is to be written, announced and sent to the driver. A refusal leaves no trace.
 */
final class ZoneBatch {

    /** Terminated instances can be seen for this long. */
    static final Duration TERMINATED_VISIBLE = Duration.ofHours(1);

    private static final String INBOX = "zone-committer";

    private final AvailabilityZone zone;
    private final int zoneIndex;
    private final ZoneMemory memory;
    private final ZoneStore store;
    private final Instant now;

    private final ZoneChanges changes = new ZoneChanges();
    private final List<Announcement> announcements = new ArrayList<>();
    private final Map<String, DriverCommand> driverCommands = new LinkedHashMap<>();
    private final Set<String> touchedFamilies = new LinkedHashSet<>();
    private final List<Runnable> completions = new ArrayList<>();

    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<TokenUse, ZoneStore.EarlierUse> tokens = new HashMap<>();
    private final Map<SpotPool, HourlyRate> spotPrices = new HashMap<>();
    private final Set<String> freshEvents = new HashSet<>();
    private final Set<DueTimer> claimedTimers = new HashSet<>();
    private boolean claimedSomething;

    ZoneBatch(AvailabilityZone zone, int zoneIndex, ZoneMemory memory, ZoneStore store, Instant now) {
        this.zone = zone;
        this.zoneIndex = zoneIndex;
        this.memory = memory;
        this.store = store;
        this.now = now;
    }

    /** Asks the database at once for whatever the works will need and memory lacks. */
    void prepare(Collection<ZoneWork<?>> works, TimerClaims timers) {
        List<TokenUse> tokenUses = new ArrayList<>(0);
        Set<String> eventIds = new LinkedHashSet<>(0);
        Set<String> instanceIds = new LinkedHashSet<>();
        Set<String> subnetIds = new LinkedHashSet<>();
        Set<SpotPool> pools = new LinkedHashSet<>(0);
        List<DueTimer> due = new ArrayList<>();
        for (ZoneWork<?> work : works) {
            TokenUse token = work.token();
            if (token != null) {
                tokenUses.add(token);
            }
            String eventId = work.eventId();
            if (eventId != null) {
                eventIds.add(eventId);
            }
            switch (work) {
                case ZoneWork.Launch launch -> {
                    subnetIds.add(subnet(launch.order.account()).id());
                    LaunchOrder.SpotBid bid = launch.order.spot();
                    if (bid != null && !bid.isAllocated()) {
                        pools.add(pool(launch.order));
                    }
                }
                case ZoneWork.Order order -> instanceIds.add(order.instanceId);
                case ZoneWork.Reports reports ->
                    reports.reports.forEach(report -> {
                        instanceIds.add(report.instanceId());
                        if (report.timer() != null) {
                            due.add(report.timer());
                        }
                    });
                case ZoneWork.AddHosts add -> {}
                case ZoneWork.RemoveHost remove -> {}
                case ZoneWork.PublishCapacity publish -> {}
            }
        }
        claim(tokenUses);
        if (!eventIds.isEmpty()) {
            freshEvents.addAll(store.claimEvents(INBOX, eventIds));
            claimedSomething |= !freshEvents.isEmpty();
        }
        if (!due.isEmpty()) {
            claimedTimers.addAll(timers.claim(due));
            claimedSomething |= !claimedTimers.isEmpty();
        }
        load(instanceIds);
        for (Instance instance : instances.values()) {
            if (instance.privateAddress() != null) {
                subnetIds.add(instance.launch().subnetId());
            }
        }
        loadSubnets(subnetIds);
        if (!pools.isEmpty()) {
            spotPrices.putAll(store.spotPrices(pools));
        }
    }

    /** Timers claimed as part of the running transaction. */
    @FunctionalInterface
    interface TimerClaims {
        List<DueTimer> claim(List<DueTimer> due);
    }

    private void claim(List<TokenUse> tokenUses) {
        if (tokenUses.isEmpty()) {
            return;
        }
        List<TokenUse> distinct = new ArrayList<>();
        Set<TokenUse> keys = new HashSet<>();
        tokenUses.stream().sorted(TokenUse.CLAIM_ORDER).forEach(use -> {
            if (keys.add(use.key())) {
                distinct.add(use);
            }
        });
        store.claimTokens(distinct).forEach((use, earlier) -> tokens.put(use.key(), earlier));
    }

    private void load(Set<String> instanceIds) {
        List<String> missing = new ArrayList<>();
        for (String id : instanceIds) {
            Instance known = memory.instances.get(id);
            if (known == null) {
                missing.add(id);
            } else {
                instances.put(id, known);
            }
        }
        if (!missing.isEmpty()) {
            instances.putAll(store.instances(zone, missing));
        }
        // A repeated token answers with the instances of the first use.
        List<String> repeated = new ArrayList<>(0);
        for (ZoneStore.EarlierUse use : tokens.values()) {
            for (String id : resultIds(use.result())) {
                if (!instances.containsKey(id)) {
                    repeated.add(id);
                }
            }
        }
        if (!repeated.isEmpty()) {
            instances.putAll(store.instances(zone, repeated));
        }
    }

    private void loadSubnets(Set<String> subnetIds) {
        List<String> missing =
                subnetIds.stream().filter(id -> !memory.subnets.containsKey(id)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Map<String, List<Integer>> taken = store.takenAddresses(missing);
        for (String id : missing) {
            SubnetAddresses addresses = new SubnetAddresses();
            taken.getOrDefault(id, List.of()).forEach(addresses::take);
            memory.subnets.put(id, addresses);
        }
    }

    /** Decides a piece of work; its result is told once the transaction is committed. */
    void decide(ZoneWork<?> work) {
        switch (work) {
            case ZoneWork.Launch launch -> tell(launch, launch(launch));
            case ZoneWork.Order order -> tell(order, order(order));
            case ZoneWork.Reports reports -> tell(reports, reports(reports));
            case ZoneWork.AddHosts add -> tell(add, addHosts(add));
            case ZoneWork.RemoveHost remove -> tell(remove, removeHost(remove));
            case ZoneWork.PublishCapacity publish -> tell(publish, true);
        }
    }

    private <T> void tell(ZoneWork<T> work, T result) {
        completions.add(() -> work.result().complete(result));
    }

    // --- launch

    private Outcome<Launched> launch(ZoneWork.Launch work) {
        TokenUse token = work.token();
        if (token != null) {
            ZoneStore.EarlierUse earlier = tokens.get(token.key());
            if (earlier != null) {
                return earlier.requestHash().equals(token.requestHash())
                        ? repeated(earlier)
                        : Outcome.refused(ClientTokens.mismatch());
            }
        }
        Refusal alreadyRefused = work.alreadyRefused();
        Outcome<Launched> outcome =
                alreadyRefused != null ? Outcome.refused(alreadyRefused) : place(work.order, work.causeId());
        LaunchOrder.SpotBid bid = work.order.spot();
        if (outcome instanceof Outcome.Refused<Launched>(Refusal refusal) && bid != null && bid.isAllocated()) {
            outcome = Outcome.done(failed(work.order, bid, refusal, work.causeId()));
        }
        if (token != null) {
            switch (outcome) {
                case Outcome.Done<Launched>(Launched launched) -> {
                    String result = result(launched);
                    changes.completeToken(token, result);
                    tokens.put(token.key(), new ZoneStore.EarlierUse(token.requestHash(), result));
                }
                case Outcome.Refused<Launched> refused -> changes.dropToken(token);
            }
        }
        return outcome;
    }

    private Outcome<Launched> place(LaunchOrder order, @Nullable String causeId) {
        LaunchOrder.SpotBid bid = order.spot();
        if (bid != null && !bid.isAllocated()) {
            Refusal refusal = tooLow(pool(order), bid.maxPrice());
            if (refusal != null) {
                return Outcome.refused(refusal);
            }
        }
        List<ZoneFleet.Place> places = memory.fleet.firstFit(order.wish(), order.maxCount());
        int fitting = places.stream().mapToInt(ZoneFleet.Place::count).sum();
        if (fitting < order.minCount()) {
            return Outcome.refused(noCapacity(order.type(), order.minCount()));
        }
        Subnet subnet = subnet(order.account());
        SubnetAddresses addresses = addresses(subnet.id());
        List<Integer> offsets = addresses.free(fitting);
        if (offsets.size() < order.minCount()) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.INSUFFICIENT_FREE_ADDRESSES,
                    "The subnet " + subnet.id() + " has " + offsets.size() + " free addresses, not "
                            + order.minCount()));
        }
        String reservationId = ResourceKind.RESERVATION.newId();
        Capacity need = order.need();
        List<Instance> launched = new ArrayList<>(offsets.size());
        for (ZoneFleet.Place place : places) {
            for (int i = 0; i < place.count() && launched.size() < offsets.size(); i++) {
                int offset = offsets.get(launched.size());
                Instance instance = newInstance(
                        order, subnet, reservationId, launched.size(), place.hostId(), subnet.address(offset));
                launched.add(instance);
                changes.insert(instance);
                instances.put(instance.id(), instance);
                take(instance, order.type().family(), need);
                addresses.take(offset);
                changes.takeAddress(new ZoneChanges.Address(subnet.id(), offset, instance.id()));
                if (order.userData() != null) {
                    changes.userData(instance.id(), order.userData());
                }
                announcements.add(new Announcement.OfInstance(
                        new LifecycleEvent(LifecycleEvent.Kind.REQUESTED, instance, now), causeId));
                drive(DriverCommand.Action.BOOT, instance);
            }
        }
        return Outcome.done(new Launched(reservationId, List.copyOf(launched)));
    }

    private Instance newInstance(
            LaunchOrder order, Subnet subnet, String reservationId, int index, String hostId, String address) {
        String id = ResourceKind.INSTANCE.newId();
        return new Instance(
                id,
                order.account(),
                zone,
                1,
                1,
                InstanceState.PENDING,
                now,
                fixed(order, subnet, reservationId, index),
                order.type().type(),
                terms(order, id),
                null,
                hostId,
                address,
                order.groupIds(),
                order.tags(),
                order.terminationProtected(),
                now,
                null);
    }

    /** What a refused allocation leaves: an instance that never was, with the reason. */
    private Launched failed(LaunchOrder order, LaunchOrder.SpotBid bid, Refusal refusal, @Nullable String causeId) {
        String reservationId = ResourceKind.RESERVATION.newId();
        String id = ResourceKind.INSTANCE.newId();
        Instance instance = new Instance(
                id,
                order.account(),
                zone,
                1,
                1,
                InstanceState.TERMINATED,
                now,
                fixed(order, subnet(order.account()), reservationId, 0),
                order.type().type(),
                terms(order, id),
                null,
                null,
                null,
                order.groupIds(),
                order.tags(),
                false,
                now,
                StateReason.refused(
                        refusal.code().code(), "Spot request " + bid.requestId() + ": " + refusal.message()));
        changes.insert(instance);
        instances.put(id, instance);
        announcements.add(
                new Announcement.OfInstance(new LifecycleEvent(LifecycleEvent.Kind.FAILED, instance, now), causeId));
        return new Launched(reservationId, List.of(instance));
    }

    private static Instance.Launch fixed(LaunchOrder order, Subnet subnet, String reservationId, int index) {
        return new Instance.Launch(
                reservationId,
                index,
                order.image().imageId(),
                order.image().os(),
                order.image().architecture().code(),
                subnet.vpcId(),
                subnet.id(),
                order.keyName());
    }

    private static @Nullable SpotTerms terms(LaunchOrder order, String instanceId) {
        LaunchOrder.SpotBid bid = order.spot();
        if (bid == null) {
            return null;
        }
        String requestId = bid.requestId() == null ? ResourceKind.SPOT_REQUEST.derivedId(instanceId) : bid.requestId();
        return new SpotTerms(bid.maxPrice(), requestId, bid.behavior());
    }

    private Outcome<Launched> repeated(ZoneStore.EarlierUse earlier) {
        List<Instance> launched = new ArrayList<>();
        for (String id : resultIds(earlier.result())) {
            Instance instance = instances.get(id);
            if (instance == null) {
                // Launched in another zone of the region: the token holds wherever it fell.
                instance = store.anywhere(id);
            }
            launched.add(instance);
        }
        return Outcome.done(new Launched(earlier.result().split(" ", 2)[0], launched));
    }

    private static String result(Launched launched) {
        StringBuilder text = new StringBuilder(launched.reservationId());
        launched.instances().forEach(instance -> text.append(' ').append(instance.id()));
        return text.toString();
    }

    private static List<String> resultIds(String result) {
        String[] parts = result.split(" ");
        return Arrays.asList(parts).subList(1, parts.length);
    }

    private @Nullable Refusal tooLow(SpotPool pool, HourlyRate maxPrice) {
        HourlyRate price = spotPrices.get(pool);
        if (price == null) {
            return Refusal.of(
                    ErrorCode.UNAVAILABLE, "The spot market has not given a price for " + pool.key() + " yet");
        }
        if (maxPrice.compareTo(price) < 0) {
            return new Refusal(
                    ErrorCode.SPOT_MAX_PRICE_TOO_LOW,
                    "market.maxPrice",
                    "Your maximum price of " + maxPrice + " is below the current spot price of " + price + " for "
                            + pool.key());
        }
        return null;
    }

    // --- one instance

    private Outcome<Instance> order(ZoneWork.Order work) {
        Instance instance = instances.get(work.instanceId);
        if (instance == null || !work.owner.test(instance) || isForgotten(instance)) {
            return Outcome.refused(notFound(work.instanceId));
        }
        if (work.eventId() != null && !freshEvents.remove(work.eventId())) {
            return Outcome.done(instance);
        }
        Command command = work.command;
        if (command instanceof Command.Start && instance.state() == InstanceState.STOPPED) {
            SpotTerms spot = instance.spot();
            if (spot != null) {
                SpotPool pool =
                        new SpotPool(zone, instance.type(), instance.launch().os());
                spotPrices.putAll(store.spotPrices(List.of(pool)));
                Refusal refusal = tooLow(pool, spot.maxPrice());
                if (refusal != null) {
                    return Outcome.refused(refusal);
                }
            }
            List<ZoneFleet.Place> places = memory.fleet.firstFit(wish(instance), 1);
            command = new Command.Start(
                    places.isEmpty() ? null : places.getFirst().hostId());
        }
        return switch (Lifecycle.decide(instance, command, now)) {
            case Decision.Unchanged unchanged -> Outcome.done(instance);
            case Decision.Refused(Refusal refusal) -> Outcome.refused(refusal);
            case Decision.Changed changed -> {
                apply(instance, changed, work.eventId());
                if (command instanceof Command.Modify modify && modify.userData() != null) {
                    changes.userData(instance.id(), modify.userData());
                }
                yield Outcome.done(changed.after());
            }
        };
    }

    private boolean reports(ZoneWork.Reports work) {
        for (DriverReport report : work.reports) {
            if (report.timer() != null && !claimedTimers.remove(report.timer())) {
                continue;
            }
            Instance instance = instances.get(report.instanceId());
            if (instance == null) {
                continue;
            }
            if (Lifecycle.decide(instance, report.report(), now) instanceof Decision.Changed changed) {
                apply(instance, changed, null);
            }
        }
        return true;
    }

    private void apply(Instance before, Decision.Changed changed, @Nullable String causeId) {
        Instance after = changed.after();
        instances.put(after.id(), after);
        changes.update(after);
        for (LifecycleEvent event : changed.events()) {
            announcements.add(new Announcement.OfInstance(event, causeId));
        }
        for (Decision.Effect effect : changed.effects()) {
            switch (effect) {
                case TAKE_CAPACITY -> take(after, after.type().family(), capacity(after));
                case RELEASE_CAPACITY -> release(before);
                case RELEASE_ADDRESS -> releaseAddress(before);
                case DRIVER_BOOT -> drive(DriverCommand.Action.BOOT, after);
                case DRIVER_SHUT_DOWN -> drive(DriverCommand.Action.SHUT_DOWN, after);
                case DRIVER_REBOOT -> drive(DriverCommand.Action.REBOOT, after);
            }
        }
    }

    private void take(Instance instance, String family, Capacity amount) {
        String hostId = hostOf(instance);
        memory.fleet.take(hostId, amount);
        String unitsKey = unitsKey(instance);
        if (unitsKey != null) {
            memory.fleet.countSpot(family, unitsKey, 1);
        }
        changes.allocate(new ZoneChanges.Allocation(instance.id(), hostId, family, unitsKey, amount));
        changes.used(hostId, memory.fleet.used(hostId));
        touchedFamilies.add(family);
    }

    private void release(Instance before) {
        String hostId = hostOf(before);
        String family = before.type().family();
        memory.fleet.release(hostId, capacity(before));
        String unitsKey = unitsKey(before);
        if (unitsKey != null) {
            memory.fleet.countSpot(family, unitsKey, -1);
        }
        changes.deallocate(before.id());
        changes.used(hostId, memory.fleet.used(hostId));
        touchedFamilies.add(family);
        removeIfDrained(hostId);
    }

    private void releaseAddress(Instance before) {
        if (before.privateAddress() == null) {
            return;
        }
        int offset = Subnet.offset(before.privateAddress());
        addresses(before.launch().subnetId()).release(offset);
        changes.releaseAddress(new ZoneChanges.Address(before.launch().subnetId(), offset, before.id()));
    }

    private void drive(DriverCommand.Action action, Instance instance) {
        driverCommands.put(
                instance.id(), new DriverCommand(action, instance.id(), zone, instance.run(), instance.tags()));
    }

    // --- hosts

    private Outcome<List<Host>> addHosts(ZoneWork.AddHosts work) {
        TokenUse token = work.token();
        if (token != null) {
            ZoneStore.EarlierUse earlier = tokens.get(token.key());
            if (earlier != null) {
                if (!earlier.requestHash().equals(token.requestHash())) {
                    return Outcome.refused(ClientTokens.mismatch());
                }
                return Outcome.done(resultIds(earlier.result()).stream()
                        .flatMap(id -> memory.fleet.host(id).stream())
                        .toList());
            }
        }
        if (work.onlyIfThereAreNone && store.hasHosts(zone)) {
            return Outcome.done(List.of());
        }
        StringBuilder result = new StringBuilder("hosts");
        for (Host host : work.hosts) {
            memory.fleet.add(host, Capacity.NONE);
            changes.insertHost(host);
            announcements.add(new Announcement.OfHost(host, now));
            touchedFamilies.add(host.family());
            result.append(' ').append(host.id());
        }
        if (token != null) {
            changes.completeToken(token, result.toString());
            tokens.put(token.key(), new ZoneStore.EarlierUse(token.requestHash(), result.toString()));
        }
        return Outcome.done(work.hosts);
    }

    /** An empty host goes at once; one in use takes no more and goes with its last instance. */
    private Outcome<Host> removeHost(ZoneWork.RemoveHost work) {
        Host host = memory.fleet.host(work.hostId).orElse(null);
        if (host == null) {
            return Outcome.refused(
                    Refusal.of(ErrorCode.HOST_NOT_FOUND, "The host id '" + work.hostId + "' does not exist"));
        }
        boolean empty = memory.fleet.used(host.id()).equals(Capacity.NONE);
        if (!empty && host.state() == Host.State.DRAINING) {
            return Outcome.done(host);
        }
        return Outcome.done(become(host, empty ? Host.State.REMOVED : Host.State.DRAINING));
    }

    private void removeIfDrained(String hostId) {
        memory.fleet.host(hostId).ifPresent(host -> {
            if (host.state() == Host.State.DRAINING && memory.fleet.used(hostId).equals(Capacity.NONE)) {
                become(host, Host.State.REMOVED);
            }
        });
    }

    private Host become(Host host, Host.State state) {
        Host after = host.becoming(state);
        changes.updateHost(after);
        announcements.add(new Announcement.OfHost(after, now));
        touchedFamilies.add(host.family());
        if (state == Host.State.REMOVED) {
            memory.fleet.remove(host.id());
        } else {
            memory.fleet.replace(after);
        }
        return after;
    }

    // --- capacity

    /** Tells what the hosts of families hold now; last in a transaction, so that it tells what the others left. */
    void announceCapacity(Set<String> families) {
        for (String family : families) {
            Map<String, Integer> fits = new TreeMap<>();
            for (InstanceTypeFacts type : InstanceTypes.ofFamily(family)) {
                Capacity need = LaunchOrder.capacityOf(type);
                if (memory.fleet.couldEverHold(family, need)) {
                    fits.put(type.type().value(), memory.fleet.fits(family, need));
                }
            }
            announcements.add(new Announcement.OfCapacity(
                    zone, family, memory.version, fits, memory.fleet.spotUnits(family), now));
        }
    }

    // --- what comes out

    boolean changesNothing() {
        return changes.isEmpty() && announcements.isEmpty() && driverCommands.isEmpty() && !claimedSomething;
    }

    ZoneChanges changes() {
        return changes;
    }

    List<Announcement> announcements() {
        return announcements;
    }

    List<DriverCommand> driverCommands() {
        return List.copyOf(driverCommands.values());
    }

    /** The families whose free capacity isn't what it was. */
    Set<String> touchedFamilies() {
        return touchedFamilies;
    }

    /** After the commit: tells the callers, and remembers the instances. */
    void committed() {
        for (Instance instance : instances.values()) {
            if (!instance.zone().equals(zone)) {
                continue;
            }
            if (instance.state() == InstanceState.TERMINATED) {
                memory.instances.remove(instance.id());
            } else {
                memory.instances.put(instance.id(), instance);
            }
        }
        completions.forEach(Runnable::run);
    }

    // --- small questions

    private Subnet subnet(AccountId account) {
        return Subnet.defaultOf(account, zone, zoneIndex);
    }

    private SubnetAddresses addresses(String subnetId) {
        SubnetAddresses addresses = memory.subnets.get(subnetId);
        if (addresses == null) {
            throw new IllegalStateException("Subnet " + subnetId + " was not prepared");
        }
        return addresses;
    }

    private SpotPool pool(LaunchOrder order) {
        return new SpotPool(zone, order.type().type(), order.image().os());
    }

    private boolean isForgotten(Instance instance) {
        return instance.state() == InstanceState.TERMINATED
                && !instance.stateEnteredAt().plus(TERMINATED_VISIBLE).isAfter(now);
    }

    private Refusal noCapacity(InstanceTypeFacts type, int count) {
        return Refusal.of(
                ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                "There is no room for " + count + " " + type.type() + " in " + zone);
    }

    static Refusal notFound(String instanceId) {
        return Refusal.of(ErrorCode.INSTANCE_NOT_FOUND, "The instance id '" + instanceId + "' does not exist");
    }

    private static String hostOf(Instance instance) {
        String hostId = instance.hostId();
        if (hostId == null) {
            throw new IllegalStateException("Instance " + instance.id() + " has no host");
        }
        return hostId;
    }

    private static @Nullable String unitsKey(Instance instance) {
        return instance.isSpot()
                ? SpotPool.unitsKey(instance.type(), instance.launch().os())
                : null;
    }

    private static Wish wish(Instance instance) {
        return new Wish(instance.type().family(), capacity(instance));
    }

    private static Capacity capacity(Instance instance) {
        return LaunchOrder.capacityOf(InstanceTypes.find(instance.type().value())
                .orElseThrow(() -> new IllegalStateException("No type " + instance.type() + " in the catalog")));
    }
}
