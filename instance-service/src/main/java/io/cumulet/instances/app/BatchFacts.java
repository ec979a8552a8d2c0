package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.LaunchInterface;
import io.cumulet.instances.domain.interfaces.NewInterface;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.timers.DueTimer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the works of one batch need to know: asked of the database at once, as far as memory lacks it. */
final class BatchFacts {

    private static final String INBOX = "zone-committer";

    private final AvailabilityZone zone;
    private final ZoneMemory memory;
    private final ZoneStore store;

    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<TokenUse, ZoneStore.EarlierUse> tokens = new HashMap<>();
    private final Map<SpotPool, HourlyRate> spotPrices = new HashMap<>();
    private final Map<String, Integer> scheduledInstances = new HashMap<>();
    private ZoneStore.LaunchTerms terms = new ZoneStore.LaunchTerms(Map.of(), Map.of());
    private final Set<String> freshEvents = new HashSet<>();
    private final Set<DueTimer> claimedTimers = new HashSet<>();
    private boolean claimedSomething;
    private final BatchInterfaces interfaces;
    private final BatchLaunchAddresses launchAddresses;

    BatchFacts(
            AvailabilityZone zone,
            Set<AvailabilityZone> locked,
            ZoneMemory memory,
            ZoneStore store,
            AddressPool launchPool) {
        this.zone = zone;
        this.launchAddresses = new BatchLaunchAddresses(zone, memory, store, launchPool);
        this.interfaces = new BatchInterfaces(locked, memory, store, instances::get);
        this.memory = memory;
        this.store = store;
    }

    /** Asks the database at once for whatever the works will need and memory lacks. */
    void prepare(Collection<ZoneWork<?>> works, TimerClaims timers) {
        List<TokenUse> tokenUses = new ArrayList<>(0);
        Set<String> eventIds = new LinkedHashSet<>(0);
        Set<String> instanceIds = new LinkedHashSet<>();
        Set<String> subnetIds = new LinkedHashSet<>();
        Set<SpotPool> pools = new LinkedHashSet<>(0);
        Set<String> scheduledIds = new LinkedHashSet<>(0);
        SortedSet<SecurityGroups.Wanted> groups = new TreeSet<>();
        Set<IpAddress> ipv6Addresses = new LinkedHashSet<>(0);
        List<DueTimer> due = new ArrayList<>();
        Map<LaunchOrder, List<LaunchInterface>> orders = new IdentityHashMap<>();
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
                case ZoneWork.Launch launch -> orders.put(launch.order, launch.interfaces);
                case ZoneWork.Try tried -> orders.put(tried.order, tried.interfaces);
                case ZoneWork.Refuse refuse -> {}
                case ZoneWork.Order order -> instanceIds.add(order.instanceId);
                case ZoneWork.Orders several -> instanceIds.addAll(several.instanceIds);
                case ZoneWork.EndAll end -> instanceIds.addAll(end.instanceIds);
                case ZoneWork.Reports reports ->
                    reports.reports.forEach(report -> {
                        instanceIds.add(report.instanceId());
                        if (report.timer() != null) {
                            due.add(report.timer());
                        }
                    });
                case ZoneWork.CreateInterface create -> subnetIds.add(create.asked.subnetId());
                case ZoneWork.ChangeInterface change -> {
                    interfaces.need(change);
                    if (change.command instanceof InterfaceCommand.Attach attach) {
                        instanceIds.add(attach.instanceId());
                    }
                }
                case ZoneWork.Associate associate -> {
                    interfaces.needElastic(associate.wish.allocationId());
                    if (associate.wish.interfaceId() != null) {
                        interfaces.need(associate.wish.interfaceId());
                    } else if (associate.wish.instanceId() != null) {
                        instanceIds.add(associate.wish.instanceId());
                    }
                }
                case ZoneWork.Disassociate disassociate -> interfaces.needElastic(disassociate.allocationId);
                case ZoneWork.EndDemands end -> due.addAll(end.due);
                case ZoneWork.AddHosts add -> {}
                case ZoneWork.RemoveHost remove -> {}
                case ZoneWork.PublishCapacity publish -> {}
            }
        }
        orders.forEach((order, wanted) -> {
            subnetIds.add(subnetId(order));
            groups.addAll(place(order).wanted(order.groupIds()));
            ipv6Addresses.addAll(order.addresses().ipv6Addresses());
            for (LaunchInterface one : wanted) {
                switch (one) {
                    case LaunchInterface.Existing existing -> interfaces.need(existing.interfaceId());
                    case LaunchInterface.Made made -> subnetIds.add(made.asked().subnetId());
                }
            }
            LaunchOrder.SpotBid bid = order.spot();
            if (bid != null && !bid.isAllocated()) {
                pools.add(pool(order));
            }
            ScheduledReservation scheduled = order.scheduled();
            if (scheduled != null) {
                scheduledIds.add(scheduled.id());
            }
        });
        claim(tokenUses);
        if (!eventIds.isEmpty()) {
            freshEvents.addAll(store.claimEvents(INBOX, eventIds));
            claimedSomething |= !freshEvents.isEmpty();
        }
        if (!due.isEmpty()) {
            claimedTimers.addAll(timers.claim(due));
            claimedSomething |= !claimedTimers.isEmpty();
        }
        for (ZoneStore.EarlierUse use : tokens.values()) {
            if (use.result().startsWith(ZoneInterfaces.TOKEN_RESULT + " ")) {
                resultIds(use.result()).forEach(interfaces::need);
            }
        }
        interfaces.load(instanceIds);
        load(instanceIds);
        for (NetworkInterface one : interfaces.all()) {
            subnetIds.add(one.subnetId());
        }
        loadSubnets(subnetIds);
        works.forEach(work -> addGroupsOfOrder(work, groups));
        Set<AccountId> launching = new HashSet<>();
        orders.keySet().forEach(order -> launching.add(order.account()));
        if (!groups.isEmpty() || !launching.isEmpty()) {
            terms = store.lockTerms(groups, zone.region(), launching);
        }
        interfaces.lookUp(ipv6Addresses);
        interfaces.lockElastic();
        if (!scheduledIds.isEmpty()) {
            scheduledInstances.putAll(store.scheduledInstances(scheduledIds));
        }
        if (!pools.isEmpty()) {
            spotPrices.putAll(store.spotPrices(pools));
        }
    }

    /** What a launch says of its instances, and where it says nothing what its account says of all. */
    InstanceOptions options(LaunchOrder order) {
        return order.options().withDefaults(terms.metadataDefaults().get(order.account()));
    }

    /** The groups that a command attaches where it is known by now: in the VPC of its subnet. */
    private void addGroupsOfOrder(ZoneWork<?> work, Set<SecurityGroups.Wanted> groups) {
        if (work instanceof ZoneWork.Order order
                && order.command instanceof Command.Modify modify
                && modify.groupIds() != null) {
            Instance instance = instances.get(order.instanceId);
            if (instance != null) {
                groups.addAll(Instances.place(instance).wanted(modify.groupIds()));
            }
        } else if (work instanceof ZoneWork.ChangeInterface change
                && change.command instanceof InterfaceCommand.Modify modify
                && modify.groupIds() != null) {
            NetworkInterface one = interfaces.networkInterface(change.interfaceId);
            if (one != null) {
                groups.addAll(NetworkInterfaces.place(one).wanted(modify.groupIds()));
            }
        } else if (work instanceof ZoneWork.CreateInterface create) {
            addGroups(create.asked, groups);
        } else if (work instanceof ZoneWork.Launch launch) {
            addGroups(launch.interfaces, groups);
        } else if (work instanceof ZoneWork.Try tried) {
            addGroups(tried.interfaces, groups);
        }
    }

    private void addGroups(List<LaunchInterface> wanted, Set<SecurityGroups.Wanted> groups) {
        for (LaunchInterface one : wanted) {
            if (one instanceof LaunchInterface.Made made) {
                addGroups(made.asked(), groups);
            }
        }
    }

    private void addGroups(NewInterface asked, Set<SecurityGroups.Wanted> groups) {
        Subnet subnet = interfaces.subnet(asked.subnetId());
        if (subnet != null) {
            groups.addAll(NetworkInterfaces.place(subnet).wanted(asked.groupIds()));
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
                remember(known);
            }
        }
        if (!missing.isEmpty()) {
            store.instances(zone, missing).values().forEach(this::remember);
        }
        loadFromOtherZones();
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
            store.instances(zone, repeated).values().forEach(this::remember);
        }
    }

    /** An elastic address may be taken from an instance of another zone, which is locked then. */
    private void loadFromOtherZones() {
        for (NetworkInterface one : List.copyOf(interfaces.all())) {
            if (one.attachment() != null
                    && !instances.containsKey(one.attachment().instanceId())) {
                remember(store.anywhere(one.attachment().instanceId()));
            }
        }
    }

    private void loadSubnets(Set<String> subnetIds) {
        memory.forgetSubnetsOfLongAgo();
        List<String> missing =
                subnetIds.stream().filter(id -> memory.subnets.get(id) == null).toList();
        if (missing.isEmpty()) {
            return;
        }
        Map<String, Subnet> found = store.subnets(zone, missing);
        if (found.isEmpty()) {
            return;
        }
        Map<String, List<Integer>> taken = store.takenAddresses(found.keySet());
        found.forEach((id, subnet) -> {
            SubnetAddresses addresses = new SubnetAddresses(subnet.size());
            taken.getOrDefault(id, List.of()).forEach(addresses::take);
            memory.subnets.put(id, new ZoneMemory.SubnetRoom(subnet, addresses));
        });
    }

    @Nullable
    Instance instance(String id) {
        return instances.get(id);
    }

    /** All that this batch has to do with, as they are by now. */
    Collection<Instance> instances() {
        return instances.values();
    }

    /** An instance that is known to exist; it may be in another zone of the region. */
    Instance anywhere(String id) {
        Instance here = instances.get(id);
        return here == null ? store.anywhere(id) : here;
    }

    /** What works later in the batch have to see. */
    void remember(Instance instance) {
        instances.put(instance.id(), instance);
        instance.interfaces().forEach(interfaces::remember);
    }

    AvailabilityZone zone() {
        return zone;
    }

    BatchLaunchAddresses launchAddresses() {
        return launchAddresses;
    }

    BatchInterfaces interfaces() {
        return interfaces;
    }

    ZoneStore.@Nullable EarlierUse earlierUse(TokenUse token) {
        return tokens.get(token.key());
    }

    void used(TokenUse token, String result) {
        tokens.put(token.key(), new ZoneStore.EarlierUse(token.requestHash(), result));
    }

    /** How many instances that aren't terminated belong to Scheduled Instances. */
    int scheduledInstances(String scheduledInstanceId) {
        return scheduledInstances.getOrDefault(scheduledInstanceId, 0);
    }

    /** One more belongs to them, for the works later in the batch. */
    void countScheduled(String scheduledInstanceId) {
        scheduledInstances.merge(scheduledInstanceId, 1, Integer::sum);
    }

    /** Whether an event was new; it counts for one work. */
    boolean take(String eventId) {
        return freshEvents.remove(eventId);
    }

    /** Whether a timer was still to be claimed; it counts for one report. */
    boolean take(DueTimer timer) {
        return claimedTimers.remove(timer);
    }

    boolean claimedSomething() {
        return claimedSomething || launchAddresses.claimedBlock();
    }

    /** The refusal if a bid is below the price in force. */
    @Nullable
    Refusal tooLow(SpotPool pool, HourlyRate maxPrice) {
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

    /** Like {@link #tooLow}, for a pool that wasn't foreseen. */
    @Nullable
    Refusal tooLowNow(SpotPool pool, HourlyRate maxPrice) {
        spotPrices.putAll(store.spotPrices(List.of(pool)));
        return tooLow(pool, maxPrice);
    }

    /** The subnet that a launch goes into: the one it names, or the zone's default. */
    String subnetId(LaunchOrder order) {
        String named = order.subnetId();
        return named == null ? DefaultNetwork.subnetId(order.account(), zone) : named;
    }

    /** A subnet of this zone that was prepared; null if it doesn't exist. */
    ZoneMemory.@Nullable SubnetRoom subnet(String subnetId) {
        return memory.subnets.get(subnetId);
    }

    /** Where a launch goes, as far as it is known before its subnet was found. */
    private SecurityGroups.Place place(LaunchOrder order) {
        String vpcId = order.vpcId();
        return new SecurityGroups.Place(
                order.account(),
                order.region(),
                vpcId == null ? DefaultNetwork.vpcId(order.account(), order.region()) : vpcId,
                subnetId(order));
    }

    /** The refusal if one of the groups can't be attached. They were prepared, and stay as they are until the commit. */
    Optional<Refusal> unattachable(List<String> groupIds, SecurityGroups.Place place) {
        return SecurityGroups.refusal(groupIds, place, terms.attachable());
    }

    SpotPool pool(LaunchOrder order) {
        return new SpotPool(zone, order.type().type(), order.image().os());
    }

    /** After the commit: memory keeps what lives. */
    void keep() {
        for (Instance instance : instances.values()) {
            if (!instance.zone().equals(zone)) {
                continue;
            }
            if (instance.state() == InstanceState.TERMINATED) {
                memory.instances.remove(instance.id());
            } else {
                memory.instances.put(instance.id(), instance);
            }
            memory.follow(instance);
        }
        launchAddresses.keep();
        memory.forgetHoldersOfLongAgo();
    }

    /** The ids in the result of a token: behind the first word. */
    static List<String> resultIds(String result) {
        String[] parts = result.split(" ");
        return Arrays.asList(parts).subList(1, parts.length);
    }
}
