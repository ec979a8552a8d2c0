package io.cumulet.instances.app;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            @Nullable String userData) {

        boolean isEmpty() {
            return instanceType == null
                    && securityGroupIds == null
                    && tags == null
                    && terminationProtected == null
                    && userData == null;
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
        if (wish.instanceType() != null) {
            InstanceTypeFacts facts = LaunchChecks.type("instanceType", wish.instanceType());
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
                LaunchChecks.userData("userData", wish.userData()));
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
