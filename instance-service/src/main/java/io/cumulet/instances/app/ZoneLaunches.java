package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.interfaces.LaunchInterface;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.instances.domain.launch.Unlaunched;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.lifecycle.StateReason;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.idempotency.ClientTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Launches into a zone. */
final class ZoneLaunches {

    private final AvailabilityZone zone;
    private final BatchFacts facts;
    private final BatchResult result;
    private final ZoneRoom room;
    private final Instant now;

    ZoneLaunches(AvailabilityZone zone, BatchFacts facts, BatchResult result, ZoneRoom room, Instant now) {
        this.zone = zone;
        this.facts = facts;
        this.result = result;
        this.room = room;
        this.now = now;
    }

    Outcome<Launched> launch(ZoneWork.Launch work) {
        TokenUse token = work.token();
        if (token != null) {
            ZoneStore.EarlierUse earlier = facts.earlierUse(token);
            if (earlier != null) {
                return earlier.requestHash().equals(token.requestHash())
                        ? repeated(earlier)
                        : Outcome.refused(ClientTokens.mismatch());
            }
        }
        Refusal alreadyRefused = work.alreadyRefused();
        Outcome<Launched> outcome = alreadyRefused == null ? place(work) : Outcome.refused(alreadyRefused);
        LaunchOrder.SpotBid bid = work.order.spot();
        if (outcome instanceof Outcome.Refused<Launched>(Refusal refusal) && bid != null && bid.requestId() != null) {
            SpotTerms terms = new SpotTerms(bid.maxPrice(), bid.requestId(), bid.behavior());
            outcome = Outcome.done(failed(Unlaunched.of(work.order, terms), refusal, work.causeId()));
        }
        if (token != null) {
            switch (outcome) {
                case Outcome.Done<Launched>(Launched launched) -> complete(token, launched);
                case Outcome.Refused<Launched> refused -> result.changes().dropToken(token);
            }
        }
        return outcome;
    }

    Outcome<Launched> refuse(ZoneWork.Refuse work) {
        ZoneStore.EarlierUse earlier = facts.earlierUse(work.use);
        if (earlier != null) {
            return repeated(earlier);
        }
        Launched failed = failed(work.asked, work.refusal, work.causeId);
        complete(work.use, failed);
        return Outcome.done(failed);
    }

    private void complete(TokenUse token, Launched launched) {
        String text = text(launched);
        result.changes().completeToken(token, text);
        facts.used(token, text);
    }

    /** Why a launch would be refused if there were room for it; nothing is changed. Says what {@link #place} would. */
    Optional<Refusal> refusalOf(ZoneWork.Try work) {
        LaunchOrder order = work.order;
        return tooLow(order)
                .or(() -> tooManyScheduled(order))
                .or(() -> work.interfaces.isEmpty()
                        ? work.hasNetwork ? refusalInSubnet(order) : Optional.empty()
                        : refusalOfInterfaces(order, work.interfaces));
    }

    private Optional<Refusal> tooLow(LaunchOrder order) {
        LaunchOrder.SpotBid bid = order.spot();
        return bid == null || bid.isAllocated()
                ? Optional.empty()
                : Optional.ofNullable(facts.tooLow(facts.pool(order), bid.maxPrice()));
    }

    private Optional<Refusal> tooManyScheduled(LaunchOrder order) {
        ScheduledReservation scheduled = order.scheduled();
        return scheduled == null
                ? Optional.empty()
                : refusal(scheduled.open(facts.scheduledInstances(scheduled.id()), order.minCount(), now));
    }

    private Optional<Refusal> refusalInSubnet(LaunchOrder order) {
        return switch (inSubnet(order)) {
            case Outcome.Refused<InSubnet>(Refusal refusal) -> Optional.of(refusal);
            case Outcome.Done<InSubnet>(InSubnet in) -> {
                int free = in.freeFor(order);
                yield free < order.minCount()
                        ? Optional.of(tooFewAddresses(in.subnet(), free, order))
                        : Optional.empty();
            }
        };
    }

    private Optional<Refusal> refusalOfInterfaces(LaunchOrder order, List<LaunchInterface> wanted) {
        LaunchInterfaces interfaces = new LaunchInterfaces(wanted, order, facts, now);
        return switch (interfaces.of(ResourceKind.INSTANCE.newId())) {
            case Outcome.Refused<List<LaunchInterfaces.Given>>(Refusal refusal) -> Optional.of(refusal);
            case Outcome.Done<List<LaunchInterfaces.Given>>(List<LaunchInterfaces.Given> ofOne) -> {
                int fitting = interfaces.fitting(ofOne, order.minCount());
                yield fitting < order.minCount() ? Optional.of(tooFewAddresses(fitting, order)) : Optional.empty();
            }
        };
    }

    private static Optional<Refusal> refusal(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(Refusal refusal) ? Optional.of(refusal) : Optional.empty();
    }

    private static Refusal tooFewAddresses(Subnet subnet, int free, LaunchOrder order) {
        return Refusal.of(
                ErrorCode.INSUFFICIENT_FREE_ADDRESSES,
                "The subnet " + subnet.id() + " has " + free + " free addresses, not " + order.minCount());
    }

    private static Refusal tooFewAddresses(int fitting, LaunchOrder order) {
        return Refusal.of(
                ErrorCode.INSUFFICIENT_FREE_ADDRESSES,
                "The subnets have free addresses for " + fitting + " instances, not " + order.minCount());
    }

    /** Where a launch without interfaces of its own goes. */
    private record InSubnet(ZoneMemory.SubnetRoom network, List<String> groupIds) {

        Subnet subnet() {
            return network.subnet();
        }

        /** The address it asks for is free: that was looked at. */
        int freeFor(LaunchOrder order) {
            return order.addresses().privateAddress() == null
                    ? network.addresses().freeCount()
                    : 1;
        }
    }

    private Outcome<InSubnet> inSubnet(LaunchOrder order) {
        ZoneMemory.SubnetRoom network = facts.subnet(facts.subnetId(order));
        if (network == null || !network.subnet().account().equals(order.account())) {
            return Outcome.refused(noSubnet(order));
        }
        Subnet subnet = network.subnet();
        SecurityGroups.Place place =
                new SecurityGroups.Place(order.account(), order.region(), subnet.vpcId(), subnet.id());
        List<String> groupIds = place.orDefault(order.groupIds());
        return facts.unattachable(groupIds, place)
                .or(() -> unassignable(order.addresses(), network))
                .<Outcome<InSubnet>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(new InSubnet(network, groupIds)));
    }

    private Outcome<Launched> place(ZoneWork.Launch work) {
        LaunchOrder order = work.order;
        LaunchOrder.SpotBid bid = order.spot();
        Optional<Refusal> tooLow = tooLow(order);
        if (tooLow.isPresent()) {
            return Outcome.refused(tooLow.get());
        }
        int most = order.maxCount();
        Instant terminateAt = null;
        ScheduledReservation scheduled = order.scheduled();
        if (scheduled != null) {
            switch (scheduled.open(facts.scheduledInstances(scheduled.id()), order.minCount(), now)) {
                case Outcome.Refused<ScheduledReservation.Opening>(Refusal refusal) -> {
                    return Outcome.refused(refusal);
                }
                case Outcome.Done<ScheduledReservation.Opening>(ScheduledReservation.Opening opening) -> {
                    most = Math.min(most, opening.most());
                    terminateAt = opening.terminateAt();
                }
            }
        }
        if (!work.interfaces.isEmpty()) {
            return placeWithInterfaces(work, most, terminateAt);
        }
        InSubnet in;
        switch (inSubnet(order)) {
            case Outcome.Refused<InSubnet>(Refusal refusal) -> {
                return Outcome.refused(refusal);
            }
            case Outcome.Done<InSubnet>(InSubnet known) -> in = known;
        }
        Subnet subnet = in.subnet();
        int free = in.freeFor(order);
        if (free < order.minCount()) {
            return Outcome.refused(tooFewAddresses(subnet, free, order));
        }
        List<ZoneFleet.Place> places = room.firstFit(order.wish(), most, bid != null);
        int fitting = places.stream().mapToInt(ZoneFleet.Place::count).sum();
        if (fitting < order.minCount()) {
            return Outcome.refused(noCapacity(work));
        }
        IpAddress asked = order.addresses().privateAddress();
        List<Integer> offsets = asked == null ? in.network().addresses().free(fitting) : List.of(subnet.offset(asked));
        boolean isGivenPublic = isGivenPublic(order, subnet);
        if (isGivenPublic && !facts.launchAddresses().has(offsets.size())) {
            return Outcome.refused(noPublicAddresses());
        }
        String reservationId = ResourceKind.RESERVATION.newId();
        List<Instance> launched = new ArrayList<>(offsets.size());
        for (ZoneFleet.Place on : places) {
            for (int i = 0; i < on.count() && launched.size() < offsets.size(); i++) {
                int offset = offsets.get(launched.size());
                Instance instance = newInstance(
                        order,
                        subnet,
                        in.groupIds(),
                        reservationId,
                        launched.size(),
                        on.hostId(),
                        subnet.address(offset),
                        isGivenPublic);
                launched.add(instance);
                instance.interfaces().forEach(room::insert);
                begin(instance, work, terminateAt);
            }
        }
        return served(order, new Launched(reservationId, List.copyOf(launched)));
    }

    private static boolean isGivenPublic(LaunchOrder order, Subnet subnet) {
        Boolean said = order.addresses().publicAddress();
        return said == null ? subnet.settings().mapPublicIp() : said;
    }

    private static Refusal noPublicAddresses() {
        return Refusal.of(
                ErrorCode.INSUFFICIENT_ADDRESS_CAPACITY, "All public addresses for instances are given already");
    }

    /** What is launched with interfaces of its own choice. As many as fit are launched, as without. */
    private Outcome<Launched> placeWithInterfaces(ZoneWork.Launch work, int most, @Nullable Instant terminateAt) {
        LaunchOrder order = work.order;
        LaunchInterfaces interfaces = new LaunchInterfaces(work.interfaces, order, facts, now);
        Outcome<List<LaunchInterfaces.Given>> ofOne = interfaces.of(ResourceKind.INSTANCE.newId());
        if (ofOne instanceof Outcome.Refused<List<LaunchInterfaces.Given>>(Refusal refusal)) {
            return Outcome.refused(refusal);
        }
        int addressed = interfaces.fitting(ofOne.orThrow(), order.minCount());
        if (addressed < order.minCount()) {
            return Outcome.refused(tooFewAddresses(addressed, order));
        }
        List<ZoneFleet.Place> places = room.firstFit(order.wish(), most, order.spot() != null);
        int onHosts = places.stream().mapToInt(ZoneFleet.Place::count).sum();
        if (onHosts < order.minCount()) {
            return Outcome.refused(noCapacity(work));
        }
        int fitting = interfaces.fitting(ofOne.orThrow(), onHosts);
        boolean isGivenPublic = ofOne.orThrow().getFirst().lacksPublic();
        if (isGivenPublic && !facts.launchAddresses().has(fitting)) {
            return Outcome.refused(noPublicAddresses());
        }
        String reservationId = ResourceKind.RESERVATION.newId();
        List<Instance> launched = new ArrayList<>(fitting);
        for (ZoneFleet.Place on : places) {
            for (int i = 0; i < on.count() && launched.size() < fitting; i++) {
                String id = ResourceKind.INSTANCE.newId();
                List<LaunchInterfaces.Given> given =
                        new ArrayList<>(interfaces.of(id).orThrow());
                if (isGivenPublic) {
                    NetworkInterface lacking = given.getFirst().after();
                    given.set(0, new LaunchInterfaces.Given(null, room.network().launched(lacking)));
                }
                NetworkInterface primary = given.getFirst().after();
                Instance instance = newInstance(
                        id,
                        order,
                        fixed(order, primary.vpcId(), primary.subnetId(), reservationId, launched.size()),
                        on.hostId(),
                        given.stream().map(LaunchInterfaces.Given::after).toList());
                launched.add(instance);
                room.network().give(given);
                begin(instance, work, terminateAt);
            }
        }
        return served(order, new Launched(reservationId, List.copyOf(launched)));
    }

    private Outcome<Launched> served(LaunchOrder order, Launched launched) {
        if (order.spot() == null) {
            room.demands()
                    .served(
                            order.account(),
                            order.type().type(),
                            launched.instances().size());
        }
        return Outcome.done(launched);
    }

    private void begin(Instance instance, ZoneWork.Launch work, @Nullable Instant terminateAt) {
        LaunchOrder order = work.order;
        result.changes().insert(instance);
        facts.remember(instance);
        room.take(instance);
        if (order.userData() != null) {
            result.changes().userData(instance.id(), order.userData());
        }
        SpotTerms spot = instance.spot();
        if (spot != null && order.isLaunchedAnew() && order.userData() != null) {
            result.changes().userDataOfRequest(spot.requestId(), instance.account(), order.userData());
        }
        result.announce(new Announcement.OfInstance(
                new LifecycleEvent(LifecycleEvent.Kind.REQUESTED, instance, now),
                work.causeId(),
                order.saysMoreOfItsRequest() ? order : null));
        result.drive(DriverCommand.Action.BOOT, instance);
        ScheduledReservation scheduled = order.scheduled();
        if (scheduled != null && terminateAt != null) {
            facts.countScheduled(scheduled.id());
            result.schedule(SlotEnds.timer(instance, terminateAt));
        }
    }

    /** Why the primary interface can't have the addresses that are asked for; empty if it can. */
    private Optional<Refusal> unassignable(LaunchOrder.Addresses wish, ZoneMemory.SubnetRoom network) {
        Subnet subnet = network.subnet();
        IpAddress asked = wish.privateAddress();
        if (asked != null) {
            boolean isInside = subnet.cidr().contains(asked);
            if (!isInside || !network.addresses().isUsable(subnet.offset(asked))) {
                return Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "privateIpAddress",
                        "The address " + asked
                                + (isInside ? " is reserved in the subnet " : " is not in the subnet ") + subnet.id()
                                + ", " + subnet.cidr()));
            }
            if (network.addresses().isTaken(subnet.offset(asked))) {
                return Optional.of(inUse("privateIpAddress", asked));
            }
        }
        boolean wantsIpv6 = wish.ipv6Count() != null && wish.ipv6Count() > 0
                || !wish.ipv6Addresses().isEmpty();
        if (wantsIpv6 && subnet.ipv6Cidr() == null) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    wish.ipv6Addresses().isEmpty() ? "ipv6AddressCount" : "ipv6Addresses",
                    "The subnet " + subnet.id() + " has no IPv6 block"));
        }
        for (IpAddress address : wish.ipv6Addresses()) {
            if (!subnet.isUsable(address)) {
                return Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "ipv6Addresses",
                        "The address " + address + " is not in the subnet " + subnet.id() + ", " + subnet.ipv6Cidr()
                                + ", or is one of its first four or its last, which are reserved"));
            }
            if (facts.interfaces().isTaken(address)) {
                return Optional.of(inUse("ipv6Addresses", address));
            }
        }
        return Optional.empty();
    }

    private static Refusal inUse(String field, IpAddress address) {
        return Refusal.of(ErrorCode.IP_ADDRESS_IN_USE, field, "The address " + address + " is in use");
    }

    private static List<IpAddress> ipv6Addresses(LaunchOrder.Addresses wish, Subnet subnet) {
        if (!wish.ipv6Addresses().isEmpty()) {
            return wish.ipv6Addresses();
        }
        int usual = subnet.assignIpv6() && subnet.ipv6Cidr() != null ? 1 : 0;
        int count = wish.ipv6Count() == null ? usual : wish.ipv6Count();
        return Stream.generate(() -> subnet.randomIpv6Address(ThreadLocalRandom.current()))
                .limit(count)
                .toList();
    }

    private Instance newInstance(
            LaunchOrder order,
            Subnet subnet,
            List<String> groupIds,
            String reservationId,
            int index,
            String hostId,
            IpAddress address,
            boolean isGivenPublic) {
        String id = ResourceKind.INSTANCE.newId();
        NetworkInterface made = NetworkInterface.primaryOf(
                id, subnet, address, ipv6Addresses(order.addresses(), subnet), groupIds, order.interfaceTags(), now);
        NetworkInterface primary = isGivenPublic ? room.network().launched(made.givenAutoPublic(null)) : made;
        return newInstance(
                id, order, fixed(order, subnet.vpcId(), subnet.id(), reservationId, index), hostId, List.of(primary));
    }

    /** @param interfaces the primary one first */
    private Instance newInstance(
            String id, LaunchOrder order, Instance.Launch launch, String hostId, List<NetworkInterface> interfaces) {
        NetworkInterface primary = interfaces.getFirst();
        return new Instance(
                id,
                order.account(),
                zone,
                1,
                1,
                InstanceState.PENDING,
                now,
                launch,
                order.type().type(),
                terms(order, id),
                null,
                null,
                hostId,
                primary.primaryAddress().toString(),
                primary.groupIds(),
                order.tags(),
                order.terminationProtected(),
                now,
                null,
                interfaces,
                facts.options(order));
    }

    /** What a refused allocation leaves: an instance that never was, with the reason. */
    private Launched failed(Unlaunched asked, Refusal refusal, @Nullable String causeId) {
        String reservationId = ResourceKind.RESERVATION.newId();
        Instance instance = new Instance(
                ResourceKind.INSTANCE.newId(),
                asked.account(),
                zone,
                1,
                1,
                InstanceState.TERMINATED,
                now,
                new Instance.Launch(
                        reservationId,
                        0,
                        asked.imageId(),
                        asked.os(),
                        asked.architecture(),
                        DefaultNetwork.vpcId(asked.account(), zone.region()),
                        DefaultNetwork.subnetId(asked.account(), zone),
                        asked.keyName(),
                        null),
                asked.type(),
                asked.terms(),
                null,
                null,
                null,
                null,
                asked.groupIds(),
                asked.tags(),
                false,
                now,
                StateReason.refused(
                        refusal.code().code(), "Spot request " + asked.terms().requestId() + ": " + refusal.message()),
                List.of());
        result.changes().insert(instance);
        facts.remember(instance);
        result.announce(
                new Announcement.OfInstance(new LifecycleEvent(LifecycleEvent.Kind.FAILED, instance, now), causeId));
        return new Launched(reservationId, List.of(instance));
    }

    private static Instance.Launch fixed(
            LaunchOrder order, String vpcId, String subnetId, String reservationId, int index) {
        return new Instance.Launch(
                reservationId,
                index,
                order.image().imageId(),
                order.image().os(),
                order.image().architecture().code(),
                vpcId,
                subnetId,
                order.keyName(),
                order.scheduled() == null ? null : order.scheduled().id());
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
        for (String id : BatchFacts.resultIds(earlier.result())) {
            // It may have been launched in another zone of the region: the token holds wherever it fell.
            launched.add(facts.anywhere(id));
        }
        return Outcome.done(new Launched(earlier.result().split(" ", 2)[0], launched));
    }

    private static String text(Launched launched) {
        StringBuilder text = new StringBuilder(launched.reservationId());
        launched.instances().forEach(instance -> text.append(' ').append(instance.id()));
        return text.toString();
    }

    private Refusal noSubnet(LaunchOrder order) {
        String named = order.subnetId();
        return named == null
                ? Refusal.of(ErrorCode.DEFAULT_VPC_NOT_FOUND, "subnetId", "There is no default subnet in " + zone)
                : Subnets.notFound(named);
    }

    /** Once it is sure that there are addresses: nobody loses room to a launch that has none. */
    private Refusal noCapacity(ZoneWork.Launch work) {
        LaunchOrder order = work.order;
        InstanceTypeFacts type = order.type();
        ZoneDemands demands = room.demands();
        if (order.spot() == null && demands.spotHoldsRoomOf(type.family())) {
            if (work.takesBack && demands.note(order.account(), type, order.minCount())) {
                work.isShort(ZoneWork.Shortage.TAKEN_BACK);
                return takenBack(type.type(), order.minCount(), zone);
            }
            work.isShort(ZoneWork.Shortage.SPOT_HOLDS_ROOM);
        }
        return Refusal.of(
                ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                "instanceType",
                "There is no room for " + order.minCount() + " " + type.type() + " in " + zone);
    }

    /** The refusal of what gets its room once spot has gone. */
    static Refusal takenBack(InstanceType type, int count, AvailabilityZone zone) {
        return Refusal.of(
                ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                "instanceType",
                "There is no room for " + count + " " + type + " in " + zone
                        + " now. Spot capacity is being taken back for it: try again in about 2 minutes");
    }
}
