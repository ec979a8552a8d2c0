package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.LaunchInterface;
import io.cumulet.instances.domain.interfaces.NewInterface;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.launch.Unlaunched;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.trace.TraceContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One thing for a zone's committer to do. It is done, or not at all, when its result completes. */
abstract sealed class ZoneWork<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** What the caller was doing when it handed this in; null if that isn't traced. */
    private final @Nullable TraceContext trace = TraceContext.current();

    CompletableFuture<T> result() {
        return result;
    }

    @Nullable
    TraceContext trace() {
        return trace;
    }

    /** Adds the traces that this is a part of. */
    void addTraces(Set<TraceContext> traces) {
        if (trace != null) {
            traces.add(trace);
        }
    }

    /** Tells the caller, who may go on from there: as part of its trace, not of the batch's. */
    void tell(T outcome) {
        TraceContext.run(trace, () -> result.complete(outcome));
    }

    /** Whether somebody waits for the answer right now. */
    boolean hasCaller() {
        return true;
    }

    /** The client token that makes it repeatable; null if it has none. */
    @Nullable
    TokenUse token() {
        return null;
    }

    /** Zones that it changes too: they are locked with the committer's own. */
    Set<AvailabilityZone> otherZones() {
        return Set.of();
    }

    /** The event that it answers, remembered in the inbox; null if it answers none. */
    @Nullable
    String eventId() {
        return null;
    }

    /**
     * A launch. An allocation of the market that finds no room leaves a terminated instance that says why, so that the
     * market learns of it; any other refused launch leaves nothing.
     */
    static final class Launch extends ZoneWork<Outcome<Launched>> {
        final LaunchOrder order;
        private final @Nullable TokenUse token;
        private final @Nullable String causeId;

        private final @Nullable Refusal alreadyRefused;
        /** Whether room is taken back from spot if there is none. */
        final boolean takesBack;

        private volatile Shortage shortage = Shortage.NONE;
        /** In the order of their device indexes; empty: each instance gets a new one, as the order says. */
        final List<LaunchInterface> interfaces;

        Launch(LaunchOrder order, @Nullable TokenUse token, @Nullable String causeId) {
            this(order, token, causeId, null, List.of(), true);
        }

        /** A launch that may go to another zone too: where there is no free room, nothing is taken back. */
        static Launch intoFreeRoom(LaunchOrder order, @Nullable TokenUse token) {
            return new Launch(order, token, null, null, List.of(), false);
        }

        Launch(
                LaunchOrder order,
                @Nullable TokenUse token,
                @Nullable String causeId,
                List<LaunchInterface> interfaces) {
            this(order, token, causeId, null, interfaces, true);
        }

        /** @param alreadyRefused why it can't be launched, unless the token says that it was before */
        Launch(
                LaunchOrder order,
                @Nullable TokenUse token,
                @Nullable String causeId,
                @Nullable Refusal alreadyRefused) {
            this(order, token, causeId, alreadyRefused, List.of(), true);
        }

        private Launch(
                LaunchOrder order,
                @Nullable TokenUse token,
                @Nullable String causeId,
                @Nullable Refusal alreadyRefused,
                List<LaunchInterface> interfaces,
                boolean takesBack) {
            this.interfaces = interfaces;
            this.takesBack = takesBack;
            this.order = order;
            this.token = token;
            this.causeId = causeId;
            this.alreadyRefused = alreadyRefused;
        }

        @Nullable
        Refusal alreadyRefused() {
            return alreadyRefused;
        }

        /** To be asked once the result is there. */
        Shortage shortage() {
            return shortage;
        }

        void isShort(Shortage of) {
            shortage = of;
        }

        @Override
        @Nullable
        TokenUse token() {
            return token;
        }

        @Nullable
        String causeId() {
            return causeId;
        }
    }

    /** A launch that is only tried: why it would be refused if there were room. It changes nothing. */
    static final class Try extends ZoneWork<Optional<Refusal>> {
        final LaunchOrder order;
        /** In the order of their device indexes; empty: each instance would get a new one. */
        final List<LaunchInterface> interfaces;
        /** False if its default subnet isn't made yet: then nothing is in its way there. */
        final boolean hasNetwork;

        Try(LaunchOrder order, List<LaunchInterface> interfaces, boolean hasNetwork) {
            this.order = order;
            this.interfaces = interfaces;
            this.hasNetwork = hasNetwork;
        }
    }

    /** What an on-demand launch that found no room may hope for. */
    enum Shortage {
        NONE,
        /** Spot has room there, perhaps enough. */
        SPOT_HOLDS_ROOM,
        /** Spot gives back what it needs. */
        TAKEN_BACK
    }

    /** An allocation of the market that was refused before the zone was asked: it is answered with a failed instance. */
    static final class Refuse extends ZoneWork<Outcome<Launched>> {
        final Unlaunched asked;
        final Refusal refusal;
        final TokenUse use;
        final String causeId;

        Refuse(Unlaunched asked, Refusal refusal, TokenUse use, String causeId) {
            this.asked = asked;
            this.refusal = refusal;
            this.use = use;
            this.causeId = causeId;
        }

        @Override
        TokenUse token() {
            return use;
        }
    }

    /** A command to one instance; {@code owner} says whether the caller may know it. */
    static final class Order extends ZoneWork<Outcome<Instance>> {
        final String instanceId;
        final Predicate<Instance> owner;
        final Command command;
        private final @Nullable String eventId;

        Order(String instanceId, Predicate<Instance> owner, Command command, @Nullable String eventId) {
            this.instanceId = instanceId;
            this.owner = owner;
            this.command = command;
            this.eventId = eventId;
        }

        @Override
        @Nullable
        String eventId() {
            return eventId;
        }
    }

    /** A command to several instances of the zone: all have it, or none. */
    static final class Orders extends ZoneWork<Outcome<List<StateChange>>> {
        final List<String> instanceIds;
        final Predicate<Instance> owner;
        final Command command;

        /** @param instanceIds each once */
        Orders(List<String> instanceIds, Predicate<Instance> owner, Command command) {
            this.instanceIds = instanceIds;
            this.owner = owner;
            this.command = command;
        }
    }

    /** Instances whose account is reset: each ends in this one transaction, without its driver being waited for. */
    static final class EndAll extends ZoneWork<Boolean> {
        final List<String> instanceIds;

        EndAll(List<String> instanceIds) {
            this.instanceIds = instanceIds;
        }
    }

    static final class Reports extends ZoneWork<Boolean> {
        @Override
        boolean hasCaller() {
            return false;
        }

        final List<DriverReport> reports;

        Reports(List<DriverReport> reports) {
            this.reports = reports;
        }

        @Override
        void addTraces(Set<TraceContext> traces) {
            for (DriverReport report : reports) {
                TraceContext trace = report.trace();
                if (trace != null) {
                    traces.add(trace);
                }
            }
        }
    }

    /** A new interface; it is attached to nothing. */
    static final class CreateInterface extends ZoneWork<Outcome<NetworkInterface>> {
        final NewInterface asked;
        private final @Nullable TokenUse token;
        private final @Nullable Refusal alreadyRefused;

        /** @param alreadyRefused why it can't be made, unless the token says that it was before */
        CreateInterface(NewInterface asked, @Nullable TokenUse token, @Nullable Refusal alreadyRefused) {
            this.asked = asked;
            this.token = token;
            this.alreadyRefused = alreadyRefused;
        }

        @Nullable
        Refusal alreadyRefused() {
            return alreadyRefused;
        }

        @Override
        @Nullable
        TokenUse token() {
            return token;
        }
    }

    /** A command to one interface, of this owner. */
    static final class ChangeInterface extends ZoneWork<Outcome<NetworkInterface>> {
        final String interfaceId;
        final AccountId account;
        final Region region;
        final InterfaceCommand command;

        ChangeInterface(String interfaceId, AccountId account, Region region, InterfaceCommand command) {
            this.interfaceId = interfaceId;
            this.account = account;
            this.region = region;
            this.command = command;
        }
    }

    /**
     * Associates an elastic address with an interface of this zone. Empty: it is associated with an interface of a zone that
     * isn't locked, so that nothing could be decided; look where it is and try again.
     */
    static final class Associate extends ZoneWork<Optional<Outcome<ElasticAddress>>> {
        final Association wish;
        private final @Nullable AvailabilityZone from;

        /** @param from the zone it is to be taken from; null: from none */
        Associate(Association wish, @Nullable AvailabilityZone from) {
            this.wish = wish;
            this.from = from;
        }

        @Override
        Set<AvailabilityZone> otherZones() {
            return from == null ? Set.of() : Set.of(from);
        }
    }

    /**
     * Where an elastic address is to go.
     *
     * @param instanceId whose primary interface it is; null if the interface is named
     * @param privateAddress null for the primary one
     */
    record Association(
            String allocationId,
            AccountId account,
            Region region,
            @Nullable String instanceId,
            @Nullable String interfaceId,
            @Nullable IpAddress privateAddress,
            boolean allowReassociation) {}

    /** Takes an elastic address from an interface of this zone. Empty: it is associated with none of it, or with none at all. */
    static final class Disassociate extends ZoneWork<Optional<Outcome<ElasticAddress>>> {
        final String allocationId;
        final AccountId account;
        final Region region;

        Disassociate(String allocationId, AccountId account, Region region) {
            this.allocationId = allocationId;
            this.account = account;
            this.region = region;
        }
    }

    /** Timers are due of demands that nobody has asked for again. */
    static final class EndDemands extends ZoneWork<Boolean> {
        @Override
        boolean hasCaller() {
            return false;
        }

        final List<DueTimer> due;

        EndDemands(List<DueTimer> due) {
            this.due = due;
        }
    }

    static final class AddHosts extends ZoneWork<Outcome<List<Host>>> {
        final List<Host> hosts;
        final Into into;
        private final @Nullable TokenUse token;

        /** Which zones get them; the others are left as they are. */
        enum Into {
            ANY,
            /** Where no host ever was. */
            EMPTY_ZONE,
            /** Where no host of their family ever was. */
            ZONE_WITHOUT_FAMILY
        }

        AddHosts(List<Host> hosts, Into into, @Nullable TokenUse token) {
            this.hosts = hosts;
            this.into = into;
            this.token = token;
        }

        @Override
        @Nullable
        TokenUse token() {
            return token;
        }
    }

    static final class RemoveHost extends ZoneWork<Outcome<Host>> {
        final String hostId;

        RemoveHost(String hostId) {
            this.hostId = hostId;
        }
    }

    /** Publishes the free capacity of the families that changed, or of all. */
    static final class PublishCapacity extends ZoneWork<Boolean> {
        @Override
        boolean hasCaller() {
            return false;
        }

        final boolean everything;

        PublishCapacity(boolean everything) {
            this.everything = everything;
        }
    }
}
