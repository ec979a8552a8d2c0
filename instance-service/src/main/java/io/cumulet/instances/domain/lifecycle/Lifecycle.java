package io.cumulet.instances.domain.lifecycle;

import static io.cumulet.instances.domain.lifecycle.Decision.Effect.DRIVER_BOOT;
import static io.cumulet.instances.domain.lifecycle.Decision.Effect.DRIVER_REBOOT;
import static io.cumulet.instances.domain.lifecycle.Decision.Effect.DRIVER_SHUT_DOWN;
import static io.cumulet.instances.domain.lifecycle.Decision.Effect.RELEASE_CAPACITY;
import static io.cumulet.instances.domain.lifecycle.Decision.Effect.RELEASE_INTERFACES;
import static io.cumulet.instances.domain.lifecycle.Decision.Effect.TAKE_CAPACITY;
import static io.cumulet.instances.domain.lifecycle.InstanceState.PENDING;
import static io.cumulet.instances.domain.lifecycle.InstanceState.RUNNING;
import static io.cumulet.instances.domain.lifecycle.InstanceState.SHUTTING_DOWN;
import static io.cumulet.instances.domain.lifecycle.InstanceState.STOPPED;
import static io.cumulet.instances.domain.lifecycle.InstanceState.STOPPING;
import static io.cumulet.instances.domain.lifecycle.InstanceState.TERMINATED;

import io.cumulet.instances.domain.lifecycle.LifecycleEvent.Kind;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state table of an instance. Times are the moment of the decision.
 *
 * <pre>
 *   command      PENDING        RUNNING        STOPPING       STOPPED        SHUTTING_DOWN  TERMINATED
 *   start        –              –              conflict       → PENDING      conflict       conflict
 *   restart      –              –              –              → PENDING      –              –
 *   stop         conflict       → STOPPING     –              –              conflict       conflict
 *   reboot       conflict       rebooted       conflict       conflict       conflict       conflict
 *   terminate    → SHUTTING     → SHUTTING     → SHUTTING     → SHUTTING     –              –
 *   modify       not type/data  not type/data  not type/data  all            conflict       conflict
 *   up           → RUNNING      –              –              –              –              –
 *   boot failed  → TERMINATED   –              –              –              –              –
 *   down         –              –              → STOPPED      –              → TERMINATED   –
 *   at risk      told           told           –              –              –              –
 *   warned       warned         warned         –              –              –              –
 *   evicted      → SHUTTING     by behaviour   –              –              –              –
 *   request over –              –              –              → SHUTTING     –              –
 *   slot ends    → SHUTTING     → SHUTTING     → SHUTTING     → SHUTTING     –              –
 *   given up     → SHUTTING     → SHUTTING     → SHUTTING     → SHUTTING     –              –
 *   account reset → SHUTTING    → SHUTTING     → SHUTTING     → SHUTTING     –              –
 * </pre>
 *
 * {@code –}: nothing to do and nothing said. What was launched into Scheduled Reserved Instances can't be stopped or
 * rebooted. What is protected from being stopped or terminated is neither by its owner; protection from being stopped
 * protects from both. Who stopped a spot instance starts it again: its owner by start, the market
 * by restart. What was evicted while it boots for a second time has something to keep, and goes by its behaviour.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html">Behavior of Spot
 *     Instance interruptions: only EC2 restarts an interrupted stopped instance; cancelling its request terminates it</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html">Stop protection: it also
 *     protects from accidental termination</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunScheduledInstances.html">
 *     RunScheduledInstances: a Scheduled Instance can't be stopped or rebooted</a>
 */
public final class Lifecycle {

    /** As EC2 has it. */
    public static final int MOST_TAGS = 50;

    /**
     * Of tags that only the suite sets; they don't count.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Tag restrictions</a>
     */
    public static final String RESERVED_TAGS = "aws:";

    /** Says which fleet launched an instance. */
    public static final String FLEET_TAG = "aws:ec2:fleet-id";

    private Lifecycle() {}

    public static Decision decide(Instance instance, Command command, Instant now) {
        return switch (command) {
            case Command.Start(@Nullable String hostId, @Nullable IpAddress address) ->
                start(instance, hostId, address, now);
            case Command.Restart(@Nullable String hostId, @Nullable IpAddress address) ->
                restart(instance, hostId, address, now);
            case Command.Stop(boolean hibernate) -> stop(instance, hibernate, now);
            case Command.Reboot reboot -> reboot(instance, now);
            case Command.Terminate terminate -> terminate(instance, now);
            case Command.Modify modify -> modify(instance, modify, now);
            case Command.ReportUp(int run) -> up(instance, run, now);
            case Command.ReportBootFailed(int run, String detail) -> bootFailed(instance, run, detail, now);
            case Command.ReportDown(int run) -> down(instance, run, now);
            case Command.RebalanceRecommended(Instant at) -> rebalanceRecommended(instance, at, now);
            case Command.Warned(Instant at, Instant actionAt) -> warned(instance, at, actionAt, now);
            case Command.Evicted(String reason, Instant actionAt) -> evicted(instance, reason, actionAt, now);
            case Command.RequestEnded ended -> requestEnded(instance, now);
            case Command.SlotEnds ends -> ended(instance, StateReason.slotEnds(), now);
            case Command.AccountReset reset -> ended(instance, StateReason.accountReset(), now);
            case Command.GivenUpByFleet givenUp ->
                ended(instance, StateReason.givenUpByFleet(instance.tags().get(FLEET_TAG)), now);
        };
    }

    private static Decision start(
            Instance instance, @Nullable String hostId, @Nullable IpAddress publicAddress, Instant now) {
        return switch (instance.state()) {
            case PENDING, RUNNING -> Decision.unchanged();
            case STOPPED -> {
                StateReason reason = instance.stateReason();
                if (reason != null && instance.isStoppedByMarket()) {
                    yield Decision.refused(
                            ErrorCode.INCORRECT_SPOT_REQUEST_STATE,
                            "The spot market stopped the instance " + instance.id()
                                    + " and starts it again once its request wins and there is room. It was stopped by "
                                    + reason.message());
                }
                if (hostId == null) {
                    yield Decision.refused(
                            ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY,
                            "No host in " + instance.zone() + " has room for " + instance.type());
                }
                yield starting(instance, hostId, publicAddress, now);
            }
            case STOPPING, SHUTTING_DOWN, TERMINATED -> conflict(instance, "started");
        };
    }

    private static Decision starting(Instance instance, String hostId, @Nullable IpAddress publicAddress, Instant now) {
        Instance after = instance.next()
                .enter(PENDING, now)
                .newRun(hostId, now)
                .autoPublicAddress(publicAddress)
                .reason(null)
                .done();
        return Decision.changed(new LifecycleEvent(Kind.REQUESTED, after, now), TAKE_CAPACITY, DRIVER_BOOT);
    }

    /** Without room it stays stopped and says so: the market waits for an answer. */
    private static Decision restart(
            Instance instance, @Nullable String hostId, @Nullable IpAddress publicAddress, Instant now) {
        if (!instance.isStoppedByMarket()) {
            return Decision.unchanged();
        }
        if (hostId == null) {
            Instance after = instance.next()
                    .reason(StateReason.noCapacity(
                            "No host in " + instance.zone() + " has room for " + instance.type()))
                    .done();
            return Decision.changed(new LifecycleEvent(Kind.STOPPED, after, now));
        }
        return starting(instance, hostId, publicAddress, now);
    }

    private static Decision stop(Instance instance, boolean hibernate, Instant now) {
        if (instance.isScheduled()) {
            return refusedAsScheduled(instance, "stopped");
        }
        return switch (instance.state()) {
            case RUNNING -> {
                if (instance.options().isStopProtected()) {
                    yield refusedAsProtected(instance, "stopped", "disableApiStop");
                }
                if (hibernate && !instance.options().mayHibernate()) {
                    yield Decision.refused(
                            ErrorCode.UNSUPPORTED_OPERATION,
                            "hibernate",
                            "The instance " + instance.id() + " was not launched so that it could hibernate");
                }
                StateReason why = hibernate ? StateReason.USER_HIBERNATE : StateReason.USER_SHUTDOWN;
                yield Decision.changed(
                        new LifecycleEvent(Kind.STOPPING, leaving(instance, STOPPING, why, now), now),
                        DRIVER_SHUT_DOWN);
            }
            case STOPPING, STOPPED -> Decision.unchanged();
            case PENDING, SHUTTING_DOWN, TERMINATED -> conflict(instance, "stopped");
        };
    }

    private static Decision reboot(Instance instance, Instant now) {
        if (instance.isScheduled()) {
            return refusedAsScheduled(instance, "rebooted");
        }
        return switch (instance.state()) {
            case RUNNING ->
                Decision.changed(
                        new LifecycleEvent(Kind.REBOOTED, instance.next().done(), now), DRIVER_REBOOT);
            case PENDING, STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED -> conflict(instance, "rebooted");
        };
    }

    private static Decision terminate(Instance instance, Instant now) {
        return switch (instance.state()) {
            case PENDING, RUNNING, STOPPING, STOPPED -> {
                if (instance.terminationProtected()) {
                    yield refusedAsProtected(instance, "terminated", "disableApiTermination");
                }
                if (instance.options().isStopProtected()) {
                    yield refusedAsProtected(instance, "terminated", "disableApiStop");
                }
                yield Decision.changed(
                        new LifecycleEvent(
                                Kind.TERMINATING,
                                leaving(instance, SHUTTING_DOWN, StateReason.USER_SHUTDOWN, now),
                                now),
                        DRIVER_SHUT_DOWN);
            }
            case SHUTTING_DOWN, TERMINATED -> Decision.unchanged();
        };
    }

    private static Decision modify(Instance instance, Command.Modify modify, Instant now) {
        boolean needsStop = modify.type() != null
                || modify.userData() != null
                || modify.options().needStop();
        switch (instance.state()) {
            case SHUTTING_DOWN, TERMINATED -> {
                return conflict(instance, "modified");
            }
            case PENDING, RUNNING, STOPPING -> {
                if (needsStop) {
                    return conflict(
                            instance, modify.type() != null ? "resized" : "changed in this unless it is stopped");
                }
            }
            case STOPPED -> {
                if (modify.type() != null && instance.isSpot()) {
                    return Decision.refused(
                            ErrorCode.UNSUPPORTED_OPERATION, "The type of a spot instance can't be changed");
                }
            }
        }
        Instance.Changes changes = instance.next();
        if (modify.type() != null) {
            InterfaceLimits limits = InterfaceLimits.of(modify.type());
            if (instance.interfaces().size() > limits.interfaces()
                    || !instance.interfaces().stream().allMatch(limits::allows)) {
                return Decision.refused(
                        ErrorCode.ATTACHMENT_LIMIT_EXCEEDED,
                        "instanceType",
                        "The type " + modify.type() + " has at most " + limits.interfaces() + " interfaces with "
                                + limits.addressesPerInterface() + " addresses each");
            }
            changes.type(modify.type());
        }
        if (modify.groupIds() != null && !modify.groupIds().equals(instance.groupIds())) {
            changes.groupIds(modify.groupIds());
        }
        if (modify.tags() != null) {
            Map<String, String> tags = merged(instance.tags(), modify.tags());
            if (tags.keySet().stream()
                            .filter(key -> !key.startsWith(RESERVED_TAGS))
                            .count()
                    > MOST_TAGS) {
                return Decision.refused(ErrorCode.TAG_LIMIT_EXCEEDED, "An instance has at most " + MOST_TAGS + " tags");
            }
            changes.tags(tags);
        }
        if (modify.terminationProtected() != null) {
            changes.terminationProtected(modify.terminationProtected());
        }
        changes.options(modify.options());
        Instance after = changes.done();
        if (modify.userData() == null && sameSettings(instance, after)) {
            return Decision.unchanged();
        }
        return Decision.changed(new LifecycleEvent(Kind.MODIFIED, after, now));
    }

    /** Tags after a patch: those with null as value are gone. */
    public static Map<String, String> merged(Map<String, String> tags, Map<String, @Nullable String> patch) {
        Map<String, String> merged = new TreeMap<>(tags);
        patch.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else {
                merged.put(key, value);
            }
        });
        return merged;
    }

    private static boolean sameSettings(Instance before, Instance after) {
        return before.type().equals(after.type())
                && before.groupIds().equals(after.groupIds())
                && before.tags().equals(after.tags())
                && before.terminationProtected() == after.terminationProtected()
                && before.options().equals(after.options());
    }

    private static Decision up(Instance instance, int run, Instant now) {
        if (instance.state() != PENDING || instance.run() != run) {
            return Decision.unchanged();
        }
        Kind kind = run == 1 ? Kind.LAUNCHED : Kind.STARTED;
        return Decision.changed(
                new LifecycleEvent(kind, instance.next().enter(RUNNING, now).done(), now));
    }

    private static Decision bootFailed(Instance instance, int run, String detail, Instant now) {
        if (instance.state() != PENDING || instance.run() != run) {
            return Decision.unchanged();
        }
        Instance after = instance.next()
                .enter(TERMINATED, now)
                .withoutHost()
                .withoutInterfaces()
                .interruptionActionAt(null)
                .reason(StateReason.bootFailed(detail))
                .done();
        return Decision.changed(new LifecycleEvent(Kind.FAILED, after, now), RELEASE_CAPACITY, RELEASE_INTERFACES);
    }

    private static Decision down(Instance instance, int run, Instant now) {
        if (instance.run() != run) {
            return Decision.unchanged();
        }
        return switch (instance.state()) {
            case STOPPING ->
                Decision.changed(
                        new LifecycleEvent(
                                Kind.STOPPED,
                                instance.next()
                                        .enter(STOPPED, now)
                                        .withoutHost()
                                        .autoPublicAddress(null)
                                        .done(),
                                now),
                        RELEASE_CAPACITY);
            case SHUTTING_DOWN -> {
                Instance after = instance.next()
                        .enter(TERMINATED, now)
                        .withoutHost()
                        .withoutInterfaces()
                        .done();
                LifecycleEvent event = new LifecycleEvent(Kind.TERMINATED, after, now);
                yield instance.hostId() == null
                        ? Decision.changed(event, RELEASE_INTERFACES)
                        : Decision.changed(event, RELEASE_CAPACITY, RELEASE_INTERFACES);
            }
            case PENDING, RUNNING, STOPPED, TERMINATED -> Decision.unchanged();
        };
    }

    /** Once in a run. What was warned knows more already. */
    private static Decision rebalanceRecommended(Instance instance, Instant at, Instant now) {
        // What was started again since isn't meant.
        if (!isWarnable(instance)
                || instance.rebalanceRecommendedAt() != null
                || instance.interruptionActionAt() != null
                || at.isBefore(instance.launchTime())) {
            return Decision.unchanged();
        }
        Instance after = instance.next().rebalanceRecommendedAt(at).done();
        return Decision.changed(new LifecycleEvent(Kind.REBALANCE_RECOMMENDED, after, now));
    }

    private static Decision warned(Instance instance, Instant at, Instant actionAt, Instant now) {
        // What was started again since isn't meant: nobody would take it, and it would be thought to leave for ever.
        if (!isWarnable(instance)
                || actionAt.equals(instance.interruptionActionAt())
                || at.isBefore(instance.launchTime())) {
            return Decision.unchanged();
        }
        Instance after = instance.next().interruptionActionAt(actionAt).done();
        return Decision.changed(new LifecycleEvent(Kind.INTERRUPTION_WARNED, after, now));
    }

    private static Decision evicted(Instance instance, String reason, Instant actionAt, Instant now) {
        SpotTerms spot = instance.spot();
        // One that was started again since isn't meant: its run began after the eviction was due.
        if (spot == null || !isWarnable(instance) || actionAt.isBefore(instance.launchTime())) {
            return Decision.unchanged();
        }
        // What has not booted yet for the first time has nothing to keep: it ends, whatever its behaviour.
        boolean hasNeverRun = instance.state() == PENDING && instance.run() == 1;
        boolean ends = spot.behavior() == InterruptionBehavior.TERMINATE || hasNeverRun;
        InstanceState next = ends ? SHUTTING_DOWN : STOPPING;
        StateReason why = StateReason.interrupted(reason, spot.behavior().code());
        Instance interrupted = leaving(instance, next, why, now);
        Instance leaving = interrupted.next().done();
        return new Decision.Changed(
                List.of(
                        new LifecycleEvent(Kind.INTERRUPTED, interrupted, now),
                        new LifecycleEvent(ends ? Kind.TERMINATING : Kind.STOPPING, leaving, now)),
                Set.of(DRIVER_SHUT_DOWN));
    }

    private static Decision requestEnded(Instance instance, Instant now) {
        if (!instance.isSpot() || instance.state() != STOPPED) {
            return Decision.unchanged();
        }
        Instance after = leaving(instance, SHUTTING_DOWN, StateReason.spotRequestEnded(), now);
        return Decision.changed(new LifecycleEvent(Kind.TERMINATING, after, now), DRIVER_SHUT_DOWN);
    }

    /** Terminated, protected or not. */
    private static Decision ended(Instance instance, StateReason why, Instant now) {
        return switch (instance.state()) {
            case PENDING, RUNNING, STOPPING, STOPPED -> {
                Instance after = leaving(instance, SHUTTING_DOWN, why, now);
                yield Decision.changed(new LifecycleEvent(Kind.TERMINATING, after, now), DRIVER_SHUT_DOWN);
            }
            case SHUTTING_DOWN, TERMINATED -> Decision.unchanged();
        };
    }

    private static boolean isWarnable(Instance instance) {
        return instance.isSpot() && (instance.state() == RUNNING || instance.state() == PENDING);
    }

    private static Instance leaving(Instance instance, InstanceState state, StateReason why, Instant now) {
        return instance.next()
                .enter(state, now)
                .interruptionActionAt(null)
                .reason(why)
                .done();
    }

    private static Decision refusedAsScheduled(Instance instance, String whatCannotBeDone) {
        return Decision.refused(
                ErrorCode.UNSUPPORTED_OPERATION,
                "The Scheduled Instance " + instance.id() + " can't be " + whatCannotBeDone + ", only terminated");
    }

    private static Decision refusedAsProtected(Instance instance, String whatMayNotBeDone, String protection) {
        return Decision.refused(
                ErrorCode.OPERATION_NOT_PERMITTED,
                protection,
                "The instance '" + instance.id() + "' may not be " + whatMayNotBeDone + ". Modify its '" + protection
                        + "' instance attribute and try again.");
    }

    private static Decision conflict(Instance instance, String whatCannotBeDone) {
        return Decision.refused(
                ErrorCode.INCORRECT_INSTANCE_STATE,
                "The instance " + instance.id() + " is " + instance.state() + " and can't be " + whatCannotBeDone);
    }
}
