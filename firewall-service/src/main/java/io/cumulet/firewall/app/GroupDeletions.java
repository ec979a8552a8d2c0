package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.Doomed;
import io.cumulet.firewall.app.GroupStore.Left;
import io.cumulet.firewall.app.InstanceService.Retirement;
import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Deletes groups. Who has a group is the instance service's to say, so that it takes two transactions and a question between
 * them:
 *
 * <pre>
 *   begin: deleting = true, nobody can name the group any more
 *      │
 *   the instance service: nothing has it, and nothing gets it from now on
 *      │                       ├── something has it ──► deleting = false, DependencyViolation
 *      │                       └── no answer ─────────► deleting = false, Unavailable
 *   end: gone, with its event; or it was changed meanwhile: ask again
 * </pre>
 *
 * Our own copy of who has the group isn't looked at: it is some milliseconds behind, and would refuse what has just become
 * right. Where the instance service may have retired a group that stays, another version of the group lifts that. After a
 * crash {@link GroupDeletionsWorker} goes on from the question; asking twice, and two at once, do no harm.
 */
@ApplicationScoped
public class GroupDeletions {

    /** In real time. Longer than a deletion takes, so that only what a crash left is found. */
    private static final Duration LEFT_AFTER = Duration.ofSeconds(60);

    private static final int AT_ONCE = 100;

    /** How often a group may change under a deletion. */
    private static final int ATTEMPTS = 5;

    private final GroupStore store;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final GroupEnds ends;
    private final InstanceService instances;
    private final InstantSource clock;

    public GroupDeletions(
            GroupStore store,
            GroupEvents events,
            DefaultGroups defaults,
            GroupEnds ends,
            InstanceService instances,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.defaults = defaults;
        this.ends = ends;
        this.instances = instances;
        this.clock = clock;
    }

    /**
     * What is under way.
     *
     * @param perhapsRetired the instance service may know of it already
     */
    private record UnderWay(SecurityGroup group, boolean perhapsRetired) {}

    /** What the second transaction came to. */
    private sealed interface End {

        record Gone(SecurityGroup last) implements End {}

        record Changed(SecurityGroup now) implements End {}

        record Stays(Refusal refusal) implements End {}
    }

    /** Deletes a group that no instance has and no other group's rule names. Blocks until the instance service has answered. */
    public Outcome<SecurityGroup> delete(AccountId account, Region region, String groupId) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> begin(account, region, groupId)).flatMap(this::goOn);
    }

    private Outcome<UnderWay> begin(AccountId account, Region region, String groupId) {
        Optional<Doomed> doomed = store.lockToDelete(account, region, groupId);
        if (doomed.isEmpty()) {
            return Outcome.refused(SecurityGroups.notFound(groupId));
        }
        SecurityGroup group = doomed.get().group();
        return RuleDecisions.delete(group, store.referencedBy(group).orElse(null))
                .map(last -> {
                    store.setDeleting(group, true);
                    return new UnderWay(group, doomed.get().deleting());
                });
    }

    private Outcome<SecurityGroup> goOn(UnderWay begun) {
        SecurityGroup group = begun.group();
        boolean perhapsRetired = begun.perhapsRetired();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            switch (instances.retire(group.account(), group.region(), group.vpcId(), group.id(), group.version())) {
                case Retirement.InUse(String message) -> {
                    return letGo(group, perhapsRetired, inUse(message));
                }
                case Retirement.Changed() -> {
                    SecurityGroup asked = group;
                    Optional<SecurityGroup> now =
                            QuarkusTransaction.requiringNew().call(() -> readAgain(asked));
                    if (now.isEmpty()) {
                        return Outcome.refused(SecurityGroups.notFound(asked.id()));
                    }
                    group = now.get();
                }
                case Retirement.Away(String message, boolean perhapsDone) -> {
                    return letGo(group, perhapsRetired || perhapsDone, Refusal.of(ErrorCode.UNAVAILABLE, message));
                }
                case Retirement.Done() -> {
                    perhapsRetired = true;
                    SecurityGroup retired = group;
                    switch (QuarkusTransaction.requiringNew().call(() -> end(retired))) {
                        case End.Gone(SecurityGroup last) -> {
                            return Outcome.done(last);
                        }
                        case End.Stays(Refusal refusal) -> {
                            return Outcome.refused(refusal);
                        }
                        case End.Changed(SecurityGroup now) -> group = now;
                    }
                }
            }
        }
        return letGo(group, true, inUse("The security group '" + group.id() + "' is being changed"));
    }

    private static Refusal inUse(String message) {
        return Refusal.of(ErrorCode.DEPENDENCY_VIOLATION, "groupId", message);
    }

    private Optional<SecurityGroup> readAgain(SecurityGroup asked) {
        Optional<SecurityGroup> now =
                store.lockToDelete(asked.account(), asked.region(), asked.id()).map(Doomed::group);
        now.ifPresent(group -> store.setDeleting(group, true));
        return now;
    }

    /** Each of these is committed, also where the group stays. */
    private End end(SecurityGroup retired) {
        Optional<Doomed> doomed = store.lockToDelete(retired.account(), retired.region(), retired.id());
        if (doomed.isEmpty()) {
            return new End.Stays(SecurityGroups.notFound(retired.id()));
        }
        SecurityGroup group = doomed.get().group();
        if (group.version() != retired.version()) {
            // What is told of the new version lifts the retirement of the old one.
            store.setDeleting(group, true);
            return new End.Changed(group);
        }
        return switch (RuleDecisions.delete(group, store.referencedBy(group).orElse(null))) {
            case Outcome.Done<SecurityGroup> done -> new End.Gone(ends.end(group));
            case Outcome.Refused<SecurityGroup>(Refusal refusal) -> {
                free(group, true);
                yield new End.Stays(refusal);
            }
        };
    }

    private Outcome<SecurityGroup> letGo(SecurityGroup asked, boolean perhapsRetired, Refusal refusal) {
        QuarkusTransaction.requiringNew()
                .run(() -> store.lockToDelete(asked.account(), asked.region(), asked.id())
                        .ifPresent(doomed -> free(doomed.group(), perhapsRetired)));
        return Outcome.refused(refusal);
    }

    private void free(SecurityGroup group, boolean perhapsRetired) {
        store.setDeleting(group, false);
        if (perhapsRetired) {
            SecurityGroup next = group.next();
            store.keepVersion(next);
            events.changed(next, clock.instant());
        }
    }

    /**
     * Goes on with what a crash left, a minute after it: each is finished or let go. Blocks while the instance service is
     * asked.
     */
    public void resumeLeft() {
        List<Left> left = QuarkusTransaction.requiringNew().call(() -> store.leftDeletions(LEFT_AFTER, AT_ONCE));
        for (Left one : left) {
            claimLeft(one).ifPresent(group -> goOn(new UnderWay(group, true)));
        }
    }

    /** For whoever comes first: its age begins anew, so that no other process goes on with it meanwhile. */
    private Optional<SecurityGroup> claimLeft(Left left) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Optional<Doomed> doomed = store.lockToDelete(left.account(), left.region(), left.groupId());
            if (doomed.isEmpty() || !store.leftDeletions(LEFT_AFTER, AT_ONCE).contains(left)) {
                return Optional.empty();
            }
            store.setDeleting(doomed.get().group(), true);
            return doomed.map(Doomed::group);
        });
    }
}
