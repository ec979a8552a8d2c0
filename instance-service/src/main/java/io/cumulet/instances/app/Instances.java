package io.cumulet.instances.app;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.OptionChecks;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Decision;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Commands of owners to their instances, and looking at them. Calls block until the answer is certain. */
@ApplicationScoped
public class Instances {

    private final Zones zones;
    private final InstanceReads reads;
    private final SecurityGroups groups;
    private final StackClock clock;

    public Instances(Zones zones, InstanceReads reads, SecurityGroups groups, StackClock clock) {
        this.zones = zones;
        this.reads = reads;
        this.groups = groups;
        this.clock = clock;
    }

    public Outcome<Instance> find(String id, AccountId account, Region region) {
        return reads.find(id, account, region, forgottenBefore())
                .<Outcome<Instance>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(ZoneBatch.notFound(id)));
    }

    public List<Instance> list(InstanceReads.InstanceFilter filter, @Nullable String afterId, int limit) {
        return reads.list(filter, forgottenBefore(), afterId, limit);
    }

    /** Base64; empty if the instance has none. */
    public Outcome<Optional<String>> userData(String id, AccountId account, Region region) {
        return find(id, account, region).map(instance -> reads.userData(instance.id()));
    }

    public Outcome<Instance> start(String id, AccountId account, Region region) {
        return order(id, account, region, new Command.Start(null));
    }

    public Outcome<Instance> stop(String id, AccountId account, Region region) {
        return order(id, account, region, new Command.Stop());
    }

    public Outcome<Instance> reboot(String id, AccountId account, Region region) {
        return order(id, account, region, new Command.Reboot());
    }

    public Outcome<Instance> terminate(String id, AccountId account, Region region) {
        return order(id, account, region, new Command.Terminate());
    }

    /** What to change, unchecked; null leaves a field as it is. */
    public record Modification(
            @Nullable String instanceType,
            @Nullable List<String> securityGroupIds,
            @Nullable Map<String, @Nullable String> tags,
            @Nullable Boolean terminationProtected,
            @Nullable String userData,
            InstanceOptions options) {

        /** Says nothing of its options. */
        public Modification(
                @Nullable String instanceType,
                @Nullable List<String> securityGroupIds,
                @Nullable Map<String, @Nullable String> tags,
                @Nullable Boolean terminationProtected,
                @Nullable String userData) {
            this(instanceType, securityGroupIds, tags, terminationProtected, userData, InstanceOptions.NONE);
        }

        boolean isEmpty() {
            return instanceType == null
                    && securityGroupIds == null
                    && tags == null
                    && terminationProtected == null
                    && userData == null
                    && options.equals(InstanceOptions.NONE);
        }
    }

    public Outcome<Instance> modify(String id, AccountId account, Region region, Modification wish) {
        if (wish.isEmpty()) {
            return Outcome.refused(Refusal.of(ErrorCode.MISSING_PARAMETER, "There is nothing to change"));
        }
        return switch (find(id, account, region)) {
            case Outcome.Refused<Instance> refused -> refused;
            case Outcome.Done<Instance>(Instance instance) -> {
                try {
                    Command.Modify command = checked(instance, wish);
                    if (command.groupIds() != null) {
                        Optional<Refusal> refusal = groups.unattachable(command.groupIds(), place(instance));
                        if (refusal.isPresent()) {
                            yield Outcome.refused(refusal.get());
                        }
                    }
                    yield order(id, account, region, command);
                } catch (LaunchChecks.Stop stop) {
                    yield Outcome.refused(stop.refusal());
                }
            }
        };
    }

    /** Where its primary interface is, and so which groups it can have. */
    static SecurityGroups.Place place(Instance instance) {
        return new SecurityGroups.Place(
                instance.account(),
                instance.region(),
                instance.launch().vpcId(),
                instance.launch().subnetId());
    }

    private static Command.Modify checked(Instance instance, Modification wish) throws LaunchChecks.Stop {
        InstanceType type = null;
        InstanceTypeFacts facts = LaunchChecks.type(
                "instanceType",
                wish.instanceType() != null
                        ? wish.instanceType()
                        : instance.type().value());
        OptionChecks.check(wish.options(), facts);
        if (wish.instanceType() != null) {
            LaunchChecks.mustGoTogether(
                    facts,
                    instance.launch().os(),
                    Architecture.ofCode(instance.launch().architecture()).orElseThrow(),
                    instance.region(),
                    OnDemandPrices.shipped());
            type = facts.type();
        }
        List<String> groupIds = wish.securityGroupIds() == null
                ? null
                : place(instance).orDefault(LaunchChecks.groups("securityGroupIds", wish.securityGroupIds()));
        if (wish.tags() != null) {
            LaunchChecks.tagPatch("tags", wish.tags());
        }
        return new Command.Modify(
                type,
                groupIds,
                wish.tags(),
                wish.terminationProtected(),
                LaunchChecks.userData("userData", wish.userData()),
                wish.options());
    }

    /**
     * One command to several instances: nothing is done if one isn't there or may not have it. Those of one zone have it in one
     * transaction. What changes while zones have it one after the other can still leave those before changed.
     *
     * @param onlyTry changes nothing; refuses what would be done with {@code DryRunOperation}
     * @return in the order of the ids
     */
    public Outcome<List<StateChange>> orderAll(
            List<String> ids, AccountId account, Region region, Command command, boolean onlyTry) {
        Set<String> distinct = new LinkedHashSet<>(ids);
        if (distinct.isEmpty() || distinct.size() > LaunchChecks.MOST_INSTANCES) {
            return Outcome.refused(
                    distinct.isEmpty() ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_VALUE,
                    "instanceIds",
                    "1 to " + LaunchChecks.MOST_INSTANCES + " instances have to be named");
        }
        Map<String, Instance> found = new HashMap<>();
        InstanceReads.InstanceFilter named = new InstanceReads.InstanceFilter(
                account, region, Map.of(InstanceReads.Field.INSTANCE_ID, List.copyOf(distinct)), Map.of(), List.of());
        list(named, null, distinct.size()).forEach(instance -> found.put(instance.id(), instance));
        List<String> missing =
                distinct.stream().filter(id -> !found.containsKey(id)).toList();
        if (!missing.isEmpty()) {
            return Outcome.refused(
                    missing.size() == 1 ? ZoneBatch.notFound(missing.getFirst()) : ZoneBatch.notFound(missing));
        }
        Map<AvailabilityZone, List<String>> byZone = new LinkedHashMap<>();
        for (String id : distinct) {
            Instance instance = Objects.requireNonNull(found.get(id));
            // Whether there is room to start is the zone's to say.
            Command tried = command instanceof Command.Start ? new Command.Start("any") : command;
            if (Lifecycle.decide(instance, tried, clock.instant()) instanceof Decision.Refused(Refusal refusal)) {
                return Outcome.refused(refusal);
            }
            byZone.computeIfAbsent(instance.zone(), zone -> new ArrayList<>()).add(id);
        }
        if (onlyTry) {
            return Outcome.refused(ErrorCode.DRY_RUN_OPERATION, "dryRun", "It would have been done");
        }
        Map<String, StateChange> changes = new HashMap<>();
        for (Map.Entry<AvailabilityZone, List<String>> ofZone : byZone.entrySet()) {
            Outcome<List<StateChange>> outcome = await(zones.submit(
                    ofZone.getKey(),
                    new ZoneWork.Orders(ofZone.getValue(), one -> one.ownedBy(account, region), command)));
            switch (outcome) {
                case Outcome.Refused<List<StateChange>> refused -> {
                    return refused;
                }
                case Outcome.Done<List<StateChange>>(List<StateChange> done) ->
                    done.forEach(change -> changes.put(change.after().id(), change));
            }
        }
        return Outcome.done(distinct.stream().map(changes::get).toList());
    }

    private Outcome<Instance> order(String id, AccountId account, Region region, Command command) {
        return switch (find(id, account, region)) {
            case Outcome.Refused<Instance> refused -> refused;
            case Outcome.Done<Instance>(Instance instance) ->
                await(zones.submit(
                        instance.zone(),
                        new ZoneWork.Order(id, found -> found.ownedBy(account, region), command, null)));
        };
    }

    static <T> T await(java.util.concurrent.CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private Instant forgottenBefore() {
        return clock.instant().minus(ZoneBatch.TERMINATED_VISIBLE);
    }
}
