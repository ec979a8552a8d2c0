package io.cumulet.instances.app;

import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.interfaces.InterfaceChecks;
import io.cumulet.instances.domain.interfaces.LaunchInterface;
import io.cumulet.instances.domain.interfaces.LaunchInterfaceWish;
import io.cumulet.instances.domain.interfaces.NewInterface;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.launch.Unlaunched;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.trace.TraceContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Launches: checked here, placed by the committer of the zone, or of the first of the region's zones that has room. */
@ApplicationScoped
public class Launches {

    private static final String OPERATION = "run-instances";
    private static final String ALLOCATION = "spot-allocation";

    private final Zones zones;
    private final FirstHosts firstHosts;
    private final DefaultNetworks defaults;
    private final NetworkStore networks;
    private final InterfaceReads interfaceReads;
    private final SecurityGroups groups;
    private final LaunchNames names;
    private final ScheduledReservations scheduled;
    private final StackClock clock;
    private final Counter launched;
    private final Counter refused;

    /** For the few launches that have to ask somebody before they can be decided. */
    private final Executor asking = task -> Thread.ofVirtual().name("launch").start(TraceContext.handedOver(task));

    public Launches(
            Zones zones,
            FirstHosts firstHosts,
            DefaultNetworks defaults,
            NetworkStore networks,
            InterfaceReads interfaceReads,
            SecurityGroups groups,
            LaunchNames names,
            ScheduledReservations scheduled,
            StackClock clock,
            MeterRegistry metrics) {
        this.zones = zones;
        this.firstHosts = firstHosts;
        this.defaults = defaults;
        this.networks = networks;
        this.interfaceReads = interfaceReads;
        this.groups = groups;
        this.names = names;
        this.scheduled = scheduled;
        this.clock = clock;
        this.launched = metrics.counter("cumulet.launches", "outcome", "launched");
        this.refused = metrics.counter("cumulet.launches", "outcome", "refused");
    }

    /** Reads the price list before the first launch has to wait for it. */
    void readPrices(@Observes StartupEvent event) {
        asking.execute(OnDemandPrices::shipped);
    }

    /**
     * Launches at once, without blocking the caller's thread.
     *
     * @return completes when the launch is committed or refused; exceptionally if neither is sure
     */
    public CompletionStage<Outcome<Launched>> launch(LaunchWish wish, AccountId account, Region region) {
        return launch(wish, List.of(), account, region);
    }

    /** @param interfaces empty: each instance gets a new one, as the wish says */
    public CompletionStage<Outcome<Launched>> launch(
            LaunchWish wish, List<LaunchInterfaceWish> interfaces, AccountId account, Region region) {
        CompletionStage<Outcome<Launched>> outcome = names.isKnown(wish, region)
                ? launch(wish, interfaces, account, region, names.find(wish, account, region))
                : CompletableFuture.supplyAsync(() -> names.find(wish, account, region), asking)
                        .thenCompose(found -> launch(wish, interfaces, account, region, found));
        return outcome.thenApply(this::counted);
    }

    private CompletionStage<Outcome<Launched>> launch(
            LaunchWish wish,
            List<LaunchInterfaceWish> interfaces,
            AccountId account,
            Region region,
            LaunchNames.Found found) {
        return switch (check(wish, found, account, region)) {
            case Outcome.Refused<LaunchOrder>(Refusal refusal) ->
                CompletableFuture.completedFuture(Outcome.refused(refusal));
            case Outcome.Done<LaunchOrder>(LaunchOrder order) -> {
                TokenUse token = token(order, wish, interfaces);
                if (found.missing() != null) {
                    yield refuse(order, token, found.missing());
                }
                String family = order.type().family();
                yield firstHosts.areThere(region, family)
                        ? launch(order, token, wish, interfaces)
                        : CompletableFuture.runAsync(() -> firstHosts.ensure(region, family), asking)
                                .thenCompose(there -> launch(order, token, wish, interfaces));
            }
        };
    }

    private CompletionStage<Outcome<Launched>> launch(
            LaunchOrder order, @Nullable TokenUse token, LaunchWish wish, List<LaunchInterfaceWish> interfaces) {
        if (!interfaces.isEmpty()) {
            return CompletableFuture.supplyAsync(() -> resolved(order, wish, interfaces), asking)
                    .thenCompose(resolved -> switch (resolved) {
                        case Outcome.Refused<WithInterfaces>(Refusal refusal) -> refuse(order, token, refusal);
                        case Outcome.Done<WithInterfaces>(WithInterfaces known) ->
                            zones.submit(
                                    known.zone(), new ZoneWork.Launch(known.order(), token, null, known.interfaces()));
                    });
        }
        String scheduledInstanceId = wish.scheduledInstanceId();
        boolean isKnown = defaults.isMade(order.account(), order.region())
                && order.vpcId() != null
                && place(order, order.vpcId()).toLookUp(order.groupIds()).isEmpty()
                && scheduledInstanceId == null;
        return isKnown
                ? place(order, token, null)
                : CompletableFuture.supplyAsync(() -> resolved(order, scheduledInstanceId), asking)
                        .thenCompose(resolved -> switch (resolved) {
                            case Outcome.Refused<LaunchOrder>(Refusal refusal) -> refuse(order, token, refusal);
                            case Outcome.Done<LaunchOrder>(LaunchOrder known) -> place(known, token, null);
                        });
    }

    private Outcome<LaunchOrder> check(LaunchWish wish, LaunchNames.Found found, AccountId account, Region region) {
        return LaunchChecks.check(wish, found.images(), account, region, OnDemandPrices.shipped(), clock.instant());
    }

    /**
     * Whether a launch would be refused, without launching anything: all that a launch looks at but whether hosts have room.
     * Where any zone will do, it is the first that has hosts of the type and nothing against it. Nothing is changed, but
     * that the account's default VPC is made, if it never was, for a launch that names anything of a network.
     *
     * @return exceptionally, as unavailable, if the firewall has to be asked and can't be
     */
    public CompletionStage<Outcome<LaunchOrder>> check(
            LaunchWish wish, List<LaunchInterfaceWish> interfaces, AccountId account, Region region) {
        return CompletableFuture.supplyAsync(
                () -> {
                    LaunchNames.Found found = names.find(wish, account, region);
                    return check(wish, found, account, region)
                            .flatMap(order -> found.missing() != null
                                    ? Outcome.refused(found.missing())
                                    : tried(order, wish, interfaces));
                },
                asking);
    }

    /** Blocks. */
    private Outcome<LaunchOrder> tried(LaunchOrder order, LaunchWish wish, List<LaunchInterfaceWish> interfaces) {
        firstHosts.ensure(order.region(), order.type().family());
        if (!interfaces.isEmpty()) {
            return resolved(order, wish, interfaces)
                    .flatMap(known -> tried(known.order(), List.of(known.zone()), known.interfaces(), true));
        }
        boolean hasNetwork = namesNetwork(order) || defaults.wasMade(order.account(), order.region());
        Outcome<LaunchOrder> resolved = hasNetwork
                ? resolved(order, wish.scheduledInstanceId())
                : resolvedRest(order, wish.scheduledInstanceId());
        return resolved.flatMap(known -> tried(known, zonesFor(known), List.of(), hasNetwork));
    }

    private static boolean namesNetwork(LaunchOrder order) {
        return order.subnetId() != null
                || !order.groupIds().isEmpty()
                || !order.addresses().equals(LaunchOrder.Addresses.ANY);
    }

    private Collection<AvailabilityZone> zonesFor(LaunchOrder order) {
        AvailabilityZone named = order.zone();
        if (named != null) {
            return List.of(named);
        }
        Set<AvailabilityZone> zonesFor =
                new LinkedHashSet<>(zones.withHosts(order.region(), order.type().family()));
        zonesFor.addAll(zones.withHostsByNow(order.region(), order.type().family()));
        return zonesFor;
    }

    /** As {@link #tryNext} goes from zone to zone, but that none lacks hosts with room. Blocks. */
    private Outcome<LaunchOrder> tried(
            LaunchOrder order,
            Collection<AvailabilityZone> candidates,
            List<LaunchInterface> interfaces,
            boolean hasNetwork) {
        Refusal last = null;
        for (AvailabilityZone zone : candidates) {
            Optional<Refusal> refusal = answer(zones.submit(zone, new ZoneWork.Try(order, interfaces, hasNetwork)));
            if (refusal.isEmpty()) {
                return Outcome.done(order);
            }
            boolean mayFitElsewhere =
                    isForLackOfRoom(refusal.get()) || refusal.get().code() == ErrorCode.DEFAULT_VPC_NOT_FOUND;
            if (!mayFitElsewhere) {
                return Outcome.refused(refusal.get());
            }
            if (last == null || isForLackOfRoom(refusal.get())) {
                last = refusal.get();
            }
        }
        return last == null ? Outcome.done(order) : Outcome.refused(last);
    }

    /** What a zone answers, with its own words if it can't. */
    private static <T> T answer(CompletableFuture<T> asked) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** The order with what it names by id, or the refusal if that doesn't exist for the account. Blocks. */
    private Outcome<LaunchOrder> resolved(LaunchOrder order, @Nullable String scheduledInstanceId) {
        defaults.ensure(order.account(), order.region());
        return inItsSubnet(order).flatMap(placed -> resolvedRest(placed, scheduledInstanceId));
    }

    /** @param interfaces in the order of their device indexes */
    private record WithInterfaces(LaunchOrder order, AvailabilityZone zone, List<LaunchInterface> interfaces) {}

    /** The order in the zone of its interfaces, and these as far as they are known before the zone is asked. Blocks. */
    private Outcome<WithInterfaces> resolved(LaunchOrder order, LaunchWish wish, List<LaunchInterfaceWish> wishes) {
        if (wish.subnetId() != null || wish.securityGroupIds() != null || wish.addresses() != null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "networkInterfaces",
                    "Subnet, groups and addresses are said of each interface, not of the launch besides");
        }
        if (order.isLaunchedAnew()) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED_OPERATION,
                    "networkInterfaces",
                    "What a persistent spot request launches anew has one interface, which the launch itself describes");
        }
        defaults.ensure(order.account(), order.region());
        SortedMap<Integer, LaunchInterface> interfaces = new TreeMap<>();
        Set<InterfaceChecks.NamedAddress> named = new HashSet<>();
        LaunchOrder placed = order;
        try {
            InterfaceChecks.launched(
                    wishes, order.maxCount(), InterfaceLimits.of(order.type().type()));
            for (int i = 0; i < wishes.size(); i++) {
                Subnet subnet = subnetOf(i, wishes.get(i), order);
                AvailabilityZone zone = placed.zone();
                if (zone != null && !zone.equals(subnet.zone())) {
                    return Outcome.refused(LaunchChecks.elsewhere(subnet.id(), subnet.zone(), zone));
                }
                LaunchInterface one = checked(i, wishes.get(i), subnet, named);
                interfaces.put(one.deviceIndex(), one);
                // The first says the zone, the primary one the subnet.
                if (i == 0 || one.deviceIndex() == 0) {
                    placed = placed.in(subnet);
                }
            }
        } catch (LaunchChecks.Stop stop) {
            return Outcome.refused(stop.refusal());
        }
        return resolvedRest(placed, wish.scheduledInstanceId())
                .map(known -> new WithInterfaces(
                        known, Objects.requireNonNull(known.zone()), List.copyOf(interfaces.values())));
    }

    private Subnet subnetOf(int number, LaunchInterfaceWish wish, LaunchOrder order) throws LaunchChecks.Stop {
        String subnetId = wish.asked().subnetId();
        String interfaceId = wish.networkInterfaceId();
        if (interfaceId != null) {
            subnetId = interfaceReads
                    .find(interfaceId, order.account(), order.region())
                    .orElseThrow(() -> new LaunchChecks.Stop(
                            ErrorCode.NETWORK_INTERFACE_NOT_FOUND,
                            InterfaceChecks.field(number, "networkInterfaceId"),
                            "The network interface id '" + interfaceId + "' does not exist"))
                    .subnetId();
        }
        if (subnetId == null) {
            throw new LaunchChecks.Stop(
                    ErrorCode.MISSING_PARAMETER,
                    InterfaceChecks.field(number, "subnetId"),
                    "A new interface names its subnet");
        }
        String id = subnetId;
        return Transactions.read(() -> networks.subnet(order.account(), order.region(), id))
                .orElseThrow(() -> new LaunchChecks.Stop(
                        ErrorCode.SUBNET_NOT_FOUND,
                        InterfaceChecks.field(number, "subnetId"),
                        "The subnet id '" + id + "' does not exist"));
    }

    private LaunchInterface checked(
            int number, LaunchInterfaceWish wish, Subnet subnet, Set<InterfaceChecks.NamedAddress> named)
            throws LaunchChecks.Stop {
        int deviceIndex = Objects.requireNonNull(wish.deviceIndex());
        String interfaceId = wish.networkInterfaceId();
        if (interfaceId != null) {
            // What was there before the instance stays after it, unless it is said.
            return new LaunchInterface.Existing(
                    interfaceId, deviceIndex, Boolean.TRUE.equals(wish.deleteOnTermination()));
        }
        NewInterface asked = InterfaceChecks.created(number, wish.asked(), subnet, named);
        Optional<Refusal> refusal = groups.unattachable(asked.groupIds(), NetworkInterfaces.place(subnet));
        if (refusal.isPresent()) {
            throw new LaunchChecks.Stop(
                    refusal.get().code(),
                    InterfaceChecks.field(number, "securityGroupIds"),
                    refusal.get().message());
        }
        return new LaunchInterface.Made(
                asked, deviceIndex, !Boolean.FALSE.equals(wish.deleteOnTermination()), wish.associatePublicIpAddress());
    }

    private Outcome<LaunchOrder> inItsSubnet(LaunchOrder order) {
        String subnetId = order.subnetId();
        if (subnetId == null || order.vpcId() != null) {
            return Outcome.done(order);
        }
        return Subnets.found(
                        Transactions.read(() -> networks.subnet(order.account(), order.region(), subnetId)), subnetId)
                .flatMap(subnet -> {
                    AvailabilityZone named = order.zone();
                    return named != null && !named.equals(subnet.zone())
                            ? Outcome.refused(LaunchChecks.elsewhere(subnetId, subnet.zone(), named))
                            : Outcome.done(order.in(subnet));
                });
    }

    private Outcome<LaunchOrder> resolvedRest(LaunchOrder order, @Nullable String scheduledInstanceId) {
        Optional<Refusal> refusal = unattachable(order);
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        if (scheduledInstanceId == null) {
            return Outcome.done(order);
        }
        return scheduled
                .find(scheduledInstanceId, order.account(), order.region())
                .map(reservation -> reservation.fit(order))
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.SCHEDULED_INSTANCE_NOT_FOUND,
                        "scheduledInstanceId",
                        "The Scheduled Instance '" + scheduledInstanceId + "' does not exist"));
    }

    /** The refusal if a group it names can't be attached where it goes. The default VPC may be gone, as a zone would say. */
    private Optional<Refusal> unattachable(LaunchOrder order) {
        String vpcId = Objects.requireNonNull(order.vpcId());
        SecurityGroups.Place place = place(order, vpcId);
        if (place.toLookUp(order.groupIds()).isEmpty()) {
            return Optional.empty();
        }
        Optional<Refusal> refusal = groups.unattachable(order.groupIds(), place);
        boolean hasNoPlace = refusal.isPresent()
                && order.subnetId() == null
                && Transactions.read(() -> networks.vpc(order.account(), order.region(), vpcId))
                        .isEmpty();
        return hasNoPlace
                ? Optional.of(Refusal.of(
                        ErrorCode.DEFAULT_VPC_NOT_FOUND, "subnetId", "There is no default VPC in " + order.region()))
                : refusal;
    }

    private static SecurityGroups.Place place(LaunchOrder order, String vpcId) {
        String named = order.subnetId();
        return new SecurityGroups.Place(
                order.account(),
                order.region(),
                vpcId,
                named != null ? named : DefaultNetwork.subnetId(order.account(), anyZone(order)));
    }

    private static AvailabilityZone anyZone(LaunchOrder order) {
        return order.zone() != null
                ? order.zone()
                : Regions.find(order.region()).orElseThrow().zones().getFirst().zone();
    }

    /**
     * Launches what the market gave room; refused or not, the market learns of it from the instance's event. Blocks where
     * the firewall has to be asked for a group.
     *
     * @return completes exceptionally, as unavailable, if it has to be tried again: nothing was done, or the same unit
     *     gives the same instance
     */
    public CompletableFuture<Outcome<Launched>> allocate(LaunchOrder order, int unit, String eventId) {
        LaunchOrder.SpotBid bid = order.spot();
        AvailabilityZone zone = order.zone();
        if (bid == null || bid.requestId() == null || zone == null) {
            throw new IllegalArgumentException("An allocation has a bid and a zone");
        }
        SpotTerms terms = new SpotTerms(bid.maxPrice(), bid.requestId(), bid.behavior());
        Outcome<LaunchOrder> resolved;
        try {
            resolved = resolved(order, null);
        } catch (RefusedException unavailable) {
            return CompletableFuture.failedFuture(unavailable);
        }
        return switch (resolved) {
            case Outcome.Refused<LaunchOrder>(Refusal refusal) ->
                refuse(Unlaunched.of(order, terms), zone, unit, refusal, eventId);
            case Outcome.Done<LaunchOrder>(LaunchOrder known) -> {
                TokenUse token = allocationToken(order.account(), zone, terms, unit);
                yield zones.submit(zone, new ZoneWork.Launch(known, token, eventId))
                        .thenApply(this::counted);
            }
        };
    }

    /** Answers an allocation that can't be launched as asked with a failed instance. */
    CompletableFuture<Outcome<Launched>> refuse(
            Unlaunched asked, AvailabilityZone zone, int unit, Refusal refusal, String eventId) {
        TokenUse token = allocationToken(asked.account(), zone, asked.terms(), unit);
        return zones.submit(zone, new ZoneWork.Refuse(asked, refusal, token, eventId))
                .thenApply(this::counted);
    }

    /** A repeated launch answers what the first did, also if a group it names is gone by now. */
    private CompletionStage<Outcome<Launched>> refuse(LaunchOrder order, @Nullable TokenUse token, Refusal refusal) {
        if (token == null) {
            return CompletableFuture.completedFuture(Outcome.refused(refusal));
        }
        return zones.submit(anyZone(order), new ZoneWork.Launch(order, token, null, refusal));
    }

    private static TokenUse allocationToken(AccountId account, AvailabilityZone zone, SpotTerms terms, int unit) {
        return new TokenUse(account, zone.region(), ALLOCATION, terms.requestId() + "/" + unit, "");
    }

    private CompletionStage<Outcome<Launched>> place(
            LaunchOrder order, @Nullable TokenUse token, @Nullable String causeId) {
        AvailabilityZone zone = order.zone();
        if (zone != null) {
            return zones.submit(zone, new ZoneWork.Launch(order, token, causeId));
        }
        Deque<AvailabilityZone> candidates =
                new ArrayDeque<>(zones.withHosts(order.region(), order.type().family()));
        return tryNext(order, token, candidates, new HashSet<>(), new ArrayDeque<>(), null, false);
    }

    /** One zone after the other, until one has room or none is left. */
    private CompletionStage<Outcome<Launched>> tryNext(
            LaunchOrder order,
            @Nullable TokenUse token,
            Deque<AvailabilityZone> candidates,
            Set<AvailabilityZone> tried,
            Deque<AvailabilityZone> whereSpotIs,
            @Nullable Outcome<Launched> last,
            boolean askedDatabase) {
        AvailabilityZone zone = candidates.poll();
        if (zone == null) {
            if (!askedDatabase) {
                return CompletableFuture.supplyAsync(
                                () -> zones.withHostsByNow(
                                        order.region(), order.type().family()),
                                asking)
                        .thenCompose(all -> {
                            all.removeAll(tried);
                            return tryNext(order, token, new ArrayDeque<>(all), tried, whereSpotIs, last, true);
                        });
            }
            return takeBack(order, token, whereSpotIs, last != null ? last : noHosts(order));
        }
        tried.add(zone);
        ZoneWork.Launch work = ZoneWork.Launch.intoFreeRoom(order, token);
        return zones.submit(zone, work).thenCompose(outcome -> {
            if (work.shortage() == ZoneWork.Shortage.SPOT_HOLDS_ROOM) {
                whereSpotIs.add(zone);
            }
            return switch (outcome) {
                case Outcome.Refused<Launched>(Refusal refusal)
                when isForLackOfRoom(refusal) ->
                    tryNext(order, token, candidates, tried, whereSpotIs, outcome, askedDatabase);
                // A zone may have no default subnet any more; that another has no room says more.
                case Outcome.Refused<Launched>(Refusal refusal)
                when refusal.code() == ErrorCode.DEFAULT_VPC_NOT_FOUND ->
                    tryNext(order, token, candidates, tried, whereSpotIs, last == null ? outcome : last, askedDatabase);
                case Outcome.Refused<Launched> refused -> CompletableFuture.completedFuture(outcome);
                case Outcome.Done<Launched> done -> CompletableFuture.completedFuture(outcome);
            };
        });
    }

    /** No zone has room: the first where taking spot back makes some takes it back, and no other. */
    private CompletionStage<Outcome<Launched>> takeBack(
            LaunchOrder order, @Nullable TokenUse token, Deque<AvailabilityZone> whereSpotIs, Outcome<Launched> last) {
        AvailabilityZone zone = whereSpotIs.poll();
        if (zone == null) {
            return CompletableFuture.completedFuture(last);
        }
        ZoneWork.Launch work = new ZoneWork.Launch(order, token, null);
        return zones.submit(zone, work).thenCompose(outcome -> {
            boolean isAnswer = work.shortage() == ZoneWork.Shortage.TAKEN_BACK
                    || outcome instanceof Outcome.Done<Launched>
                    || outcome instanceof Outcome.Refused<Launched>(Refusal refusal) && !isForLackOfRoom(refusal);
            return isAnswer ? CompletableFuture.completedFuture(outcome) : takeBack(order, token, whereSpotIs, last);
        });
    }

    private static boolean isForLackOfRoom(Refusal refusal) {
        return refusal.code().kind() == ErrorCode.Kind.CAPACITY;
    }

    private static Outcome<Launched> noHosts(LaunchOrder order) {
        return Outcome.refused(Refusal.of(
                ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                "instanceType",
                "No zone of " + order.region() + " has hosts for "
                        + order.type().type()));
    }

    /** The same request is one that says the same, word for word, but for the token. */
    private static @Nullable TokenUse token(LaunchOrder order, LaunchWish wish, List<LaunchInterfaceWish> interfaces) {
        String token = order.clientToken();
        return token == null
                ? null
                : new TokenUse(
                        order.account(),
                        order.region(),
                        OPERATION,
                        token,
                        interfaces.isEmpty()
                                ? ClientTokens.hash(wish.withoutToken())
                                : ClientTokens.hash(new Asked(wish.withoutToken(), interfaces)));
    }

    /** All that a client token stands for. */
    private record Asked(LaunchWish wish, List<LaunchInterfaceWish> interfaces) {}

    private Outcome<Launched> counted(Outcome<Launched> outcome) {
        switch (outcome) {
            case Outcome.Done<Launched>(Launched done) -> {
                // A refused allocation leaves an instance that never ran.
                long failed = done.instances().stream()
                        .filter(instance -> instance.state() == InstanceState.TERMINATED)
                        .count();
                refused.increment(failed);
                launched.increment(done.instances().size() - failed);
            }
            case Outcome.Refused<Launched> no -> refused.increment();
        }
        return outcome;
    }
}
