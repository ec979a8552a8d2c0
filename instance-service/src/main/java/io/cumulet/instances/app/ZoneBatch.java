package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.timers.DueTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * One transaction of a zone's committer: decides one piece of work after the other on what memory and the database say,
 * and gathers what is to be written, announced and sent to the driver. A refusal leaves no trace.
 */
final class ZoneBatch {

    /** Terminated instances can be seen for this long. */
    static final Duration TERMINATED_VISIBLE = Duration.ofHours(1);

    private final BatchFacts facts;
    private final BatchResult result = new BatchResult();
    private final ZoneDemands demands;
    private final ZoneRoom room;
    private final ZoneLaunches launches;
    private final InstanceOrders orders;
    private final ZoneHosts hosts;
    private final ZoneInterfaces interfaces;
    private final List<Runnable> completions = new ArrayList<>();

    /** @param locked the zones whose things may be changed: this one, and those that the works need besides */
    ZoneBatch(
            AvailabilityZone zone,
            Set<AvailabilityZone> locked,
            ZoneMemory memory,
            ZoneStore store,
            DemandRules rules,
            AddressPool launchPool,
            Instant now) {
        this.facts = new BatchFacts(zone, locked, memory, store, launchPool);
        this.demands = new ZoneDemands(zone, memory, store, facts, result, rules, now);
        this.room = new ZoneRoom(zone, memory, facts, result, demands, now);
        this.launches = new ZoneLaunches(zone, facts, result, room, now);
        this.orders = new InstanceOrders(zone, facts, result, room, now);
        this.hosts = new ZoneHosts(zone, memory, store, facts, result, room, now);
        this.interfaces = new ZoneInterfaces(facts, result, room.network(), now);
    }

    /** Asks the database at once for whatever the works will need and memory lacks. */
    void prepare(Collection<ZoneWork<?>> works, BatchFacts.TimerClaims timers) {
        facts.prepare(works, timers);
    }

    /** Decides a piece of work; its result is told once the transaction is committed. */
    void decide(ZoneWork<?> work) {
        result.causedIn(work.trace());
        switch (work) {
            case ZoneWork.Launch launch -> tell(launch, launches.launch(launch));
            case ZoneWork.Try tried -> tell(tried, launches.refusalOf(tried));
            case ZoneWork.Refuse refuse -> tell(refuse, launches.refuse(refuse));
            case ZoneWork.Order order -> tell(order, orders.order(order));
            case ZoneWork.Orders several -> tell(several, orders.orders(several));
            case ZoneWork.EndAll end -> tell(end, orders.endAll(end));
            case ZoneWork.Reports reports -> tell(reports, orders.reports(reports));
            case ZoneWork.CreateInterface create -> tell(create, interfaces.create(create));
            case ZoneWork.ChangeInterface change -> tell(change, interfaces.change(change));
            case ZoneWork.Associate associate -> tell(associate, interfaces.associate(associate.wish));
            case ZoneWork.Disassociate disassociate -> tell(disassociate, interfaces.disassociate(disassociate));
            case ZoneWork.EndDemands end -> {
                demands.end(end.due);
                tell(end, true);
            }
            case ZoneWork.AddHosts add -> tell(add, hosts.addHosts(add));
            case ZoneWork.RemoveHost remove -> tell(remove, hosts.removeHost(remove));
            case ZoneWork.PublishCapacity publish -> tell(publish, true);
        }
    }

    private <T> void tell(ZoneWork<T> work, T result) {
        completions.add(() -> work.tell(result));
    }

    /** Tells what the hosts of families hold now; last in a transaction, so that it tells what the others left. */
    void announceCapacity(Set<String> families) {
        // Of what all of them left, some of it in earlier transactions.
        result.causedIn(null);
        room.announceCapacity(families);
    }

    boolean changesNothing() {
        return result.isEmpty() && !facts.claimedSomething();
    }

    ZoneChanges changes() {
        return result.changes();
    }

    List<Announced> announcements() {
        return result.announcements();
    }

    List<DueTimer> timers() {
        return result.timers();
    }

    List<DriverCommand> driverCommands() {
        return result.driverCommands();
    }

    /** The families whose free capacity isn't what it was. */
    Set<String> touchedFamilies() {
        return result.touchedFamilies();
    }

    /** After the commit: remembers the instances, and tells the callers. */
    void committed() {
        facts.keep();
        completions.forEach(Runnable::run);
    }

    static Refusal notFound(List<String> instanceIds) {
        return Refusal.of(
                ErrorCode.INSTANCE_NOT_FOUND,
                "instanceIds",
                "The instance IDs '" + String.join(", ", instanceIds) + "' do not exist");
    }

    static Refusal notFound(String instanceId) {
        return Refusal.of(
                ErrorCode.INSTANCE_NOT_FOUND, "instanceId", "The instance ID '" + instanceId + "' does not exist");
    }
}
