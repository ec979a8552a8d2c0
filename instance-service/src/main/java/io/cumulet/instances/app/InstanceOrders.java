package io.cumulet.instances.app;

import io.cumulet.contract.EventIds;
import io.cumulet.contract.Topic;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Decision;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.instances.domain.lifecycle.LifecycleEvent;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is ordered of one instance, or reported about it. */
final class InstanceOrders {

    private final AvailabilityZone zone;
    private final BatchFacts facts;
    private final BatchResult result;
    private final ZoneRoom room;
    private final Instant now;

    InstanceOrders(AvailabilityZone zone, BatchFacts facts, BatchResult result, ZoneRoom room, Instant now) {
        this.zone = zone;
        this.facts = facts;
        this.result = result;
        this.room = room;
        this.now = now;
    }

    Outcome<Instance> order(ZoneWork.Order work) {
        Instance instance = facts.instance(work.instanceId);
        if (instance == null || !work.owner.test(instance) || isForgotten(instance)) {
            return Outcome.refused(ZoneBatch.notFound(work.instanceId));
        }
        if (work.eventId() != null && !facts.take(work.eventId())) {
            return Outcome.done(instance);
        }
        Command command = work.command;
        if (command instanceof Command.Start && instance.state() == InstanceState.STOPPED) {
            SpotTerms spot = instance.spot();
            if (spot != null && !instance.isStoppedByMarket()) {
                SpotPool pool =
                        new SpotPool(zone, instance.type(), instance.launch().os());
                Refusal refusal = facts.tooLowNow(pool, spot.maxPrice());
                if (refusal != null) {
                    return Outcome.refused(refusal);
                }
            }
            String hostId = hostFor(instance);
            if (hostId == null && spot == null && takesBack(instance)) {
                return Outcome.refused(ZoneLaunches.takenBack(instance.type(), 1, zone));
            }
            command = new Command.Start(hostId, publicAddressFor(instance, hostId));
        }
        if (command instanceof Command.Restart && instance.isStoppedByMarket()) {
            String hostId = hostFor(instance);
            command = new Command.Restart(hostId, publicAddressFor(instance, hostId));
        }
        if (command instanceof Command.Modify modify && modify.groupIds() != null) {
            Optional<Refusal> refusal = facts.unattachable(modify.groupIds(), Instances.place(instance));
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
        }
        return switch (Lifecycle.decide(instance, command, now)) {
            case Decision.Unchanged unchanged -> Outcome.done(instance);
            case Decision.Refused(Refusal refusal) -> Outcome.refused(refusal);
            case Decision.Changed changed -> {
                apply(instance, changed, work.eventId());
                if (command instanceof Command.Modify modify && modify.userData() != null) {
                    result.changes().userData(instance.id(), modify.userData());
                }
                yield Outcome.done(changed.after());
            }
        };
    }

    /** One command to several: first whether all may have it, then all have it. */
    Outcome<List<StateChange>> orders(ZoneWork.Orders work) {
        List<InstanceState> before = new ArrayList<>();
        Map<InstanceType, List<Instance>> starting = new LinkedHashMap<>();
        for (String id : work.instanceIds) {
            Instance instance = facts.instance(id);
            if (instance == null || !work.owner.test(instance) || isForgotten(instance)) {
                return Outcome.refused(ZoneBatch.notFound(id));
            }
            before.add(instance.state());
            boolean starts = work.command instanceof Command.Start && instance.state() == InstanceState.STOPPED;
            if (starts) {
                starting.computeIfAbsent(instance.type(), type -> new ArrayList<>())
                        .add(instance);
            } else if (Lifecycle.decide(instance, work.command, now) instanceof Decision.Refused(Refusal refusal)) {
                return Outcome.refused(refusal);
            }
        }
        for (List<Instance> ofType : starting.values()) {
            Instance first = ofType.getFirst();
            int fitting = room.firstFit(ZoneRoom.wish(first), ofType.size(), first.isSpot()).stream()
                    .mapToInt(ZoneFleet.Place::count)
                    .sum();
            // With one alone, its own start says what is in the way.
            if (fitting < ofType.size() && ofType.size() > 1) {
                return Outcome.refused(
                        ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                        "instanceIds",
                        "There is no room for " + ofType.size() + " " + first.type() + " in " + zone);
            }
        }
        List<StateChange> changes = new ArrayList<>();
        for (String id : work.instanceIds) {
            switch (order(new ZoneWork.Order(id, work.owner, work.command, null))) {
                case Outcome.Done<Instance>(Instance after) ->
                    changes.add(new StateChange(before.get(changes.size()), after));
                case Outcome.Refused<Instance>(Refusal refusal) -> {
                    return Outcome.refused(refusal);
                }
            }
        }
        return Outcome.done(changes);
    }

    private @Nullable String hostFor(Instance instance) {
        List<ZoneFleet.Place> places = room.firstFit(ZoneRoom.wish(instance), 1, instance.isSpot());
        return places.isEmpty() ? null : places.getFirst().hostId();
    }

    private @Nullable IpAddress publicAddressFor(Instance instance, @Nullable String hostId) {
        return hostId == null ? null : room.network().publicAddressFor(instance);
    }

    /** Whether spot gives back the room for a start, from now on. */
    private boolean takesBack(Instance instance) {
        return room.demands().note(instance.account(), ZoneRoom.facts(instance.type()), 1);
    }

    boolean reports(ZoneWork.Reports work) {
        for (DriverReport report : work.reports) {
            result.causedIn(report.trace());
            if (report.timer() != null && !facts.take(report.timer())) {
                continue;
            }
            Instance instance = facts.instance(report.instanceId());
            if (instance == null) {
                continue;
            }
            if (Lifecycle.decide(instance, report.report(), now) instanceof Decision.Changed changed) {
                // A slot's timer was set by the launch. The driver was sent a command by the instance's last event, or
                // one behind it.
                long cause = report.report() instanceof Command.SlotEnds ? 1 : instance.version();
                apply(instance, changed, EventIds.of(Topic.INSTANCES_LIFECYCLE, instance.id(), cause));
            }
        }
        return true;
    }

    boolean endAll(ZoneWork.EndAll work) {
        for (String id : work.instanceIds) {
            decide(id, instance -> new Command.AccountReset());
            decide(id, instance -> new Command.ReportDown(instance.run()));
        }
        return true;
    }

    private void decide(String instanceId, Function<Instance, Command> command) {
        Instance instance = facts.instance(instanceId);
        if (instance != null
                && Lifecycle.decide(instance, command.apply(instance), now) instanceof Decision.Changed changed) {
            apply(instance, changed, null);
        }
    }

    private void apply(Instance before, Decision.Changed changed, @Nullable String causeId) {
        Instance after = changed.after();
        facts.remember(after);
        result.changes().update(after);
        room.demands().changed(before, after);
        if (after.run() > before.run() && !after.isSpot()) {
            room.demands().served(after.account(), after.type(), 1);
        }
        // None comes or goes by an order.
        for (int i = 0; i < after.interfaces().size(); i++) {
            NetworkInterface was = before.interfaces().get(i);
            NetworkInterface is = after.interfaces().get(i);
            if (!is.equals(was)) {
                room.update(was, is);
            }
        }
        for (LifecycleEvent event : changed.events()) {
            result.announce(new Announcement.OfInstance(event, causeId));
        }
        for (Decision.Effect effect : changed.effects()) {
            switch (effect) {
                case TAKE_CAPACITY -> room.take(after);
                case RELEASE_CAPACITY -> room.release(before);
                case RELEASE_INTERFACES -> room.releaseInterfaces(before);
                case DRIVER_BOOT -> result.drive(DriverCommand.Action.BOOT, after);
                case DRIVER_SHUT_DOWN -> result.drive(DriverCommand.Action.SHUT_DOWN, after);
                case DRIVER_REBOOT -> result.drive(DriverCommand.Action.REBOOT, after);
            }
        }
    }

    private boolean isForgotten(Instance instance) {
        return instance.state() == InstanceState.TERMINATED
                && !instance.stateEnteredAt().plus(ZoneBatch.TERMINATED_VISIBLE).isAfter(now);
    }
}
