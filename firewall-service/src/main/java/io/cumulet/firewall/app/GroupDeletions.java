package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.Doomed;
import io.cumulet.firewall.app.InstanceService.Retirement;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Deletes groups. Who has a group is the instance service's to say, so that it takes two transactions and a question between
 * them:
 *
 * <pre>
 *   begin: deleting = true, nobody can name the group any more, a timer is set
 *      │
 *   the instance service: nothing has it, and nothing gets it from now on
 *      │                       ├── something has it ──► deleting = false, DependencyViolation
 *      │                       └── no answer ─────────► deleting = false, Unavailable
 *   end: gone, with its event; or it was changed meanwhile: ask again
 * </pre>
 *
 * Where the instance service may have retired a group that stays, another version of the group lifts that. After a crash the
 * timer goes on from the question; asking twice, and two at once, do no harm.
 */
@ApplicationScoped
public class GroupDeletions {

    private static final String KIND = "group-deletion";

    /** Longer than a deletion takes, so that its timer finds only what a crash left. */
    private static final Duration LEFT_AFTER = Duration.ofSeconds(60);

    /** How often a group may change under a deletion. */
    private static final int ATTEMPTS = 5;

    private final GroupStore store;
    private final MemberStore members;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final GroupEnds ends;
    private final InstanceService instances;
    private final Timers timers;
    private final InstantSource clock;

    public GroupDeletions(
            GroupStore store,
            MemberStore members,
            GroupEvents events,
            DefaultGroups defaults,
            GroupEnds ends,
            InstanceService instances,
            Timers timers,
            InstantSource clock) {
        this.store = store;
        this.members = members;
        this.events = events;
        this.defaults = defaults;
        this.ends = ends;
        this.instances = instances;
        this.timers = timers;
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
        String attachedTo =
                members.anyOf(account, region, groupId).map(Member::instanceId).orElse(null);
        return RuleDecisions.delete(group, store.referencedBy(group).orElse(null), attachedTo)
                .map(last -> {
                    store.setDeleting(group, true);
                    setTimer(group);
                    return new UnderWay(group, doomed.get().deleting());
                });
    }

    private void setTimer(SecurityGroup group) {
        timers.schedule(
                KIND,
                group.id(),
                clock.instant().plus(LEFT_AFTER),
                group.account().value() + " " + group.region().value());
    }

    private Outcome<SecurityGroup> goOn(UnderWay begun) {
        SecurityGroup group = begun.group();
        boolean perhapsRetired = begun.perhapsRetired();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            switch (instances.retire(group.account(), group.region(), group.vpcId(), group.id(), group.version())) {
                case Retirement.InUse(String message) -> {
                    return letGo(group, perhapsRetired, inUse(message));
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
            setTimer(group);
            return new End.Changed(group);
        }
        // Not who our copy says has it: the instance service has just said that nobody does.
        return switch (RuleDecisions.delete(group, store.referencedBy(group).orElse(null), null)) {
            case Outcome.Done<SecurityGroup> done -> {
                timers.cancel(KIND, group.id());
                yield new End.Gone(ends.end(group));
            }
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
        timers.cancel(KIND, group.id());
        store.setDeleting(group, false);
        if (perhapsRetired) {
            SecurityGroup next = group.next();
            store.keepVersion(next);
            events.changed(next, clock.instant());
        }
    }

    /** Goes on with what a crash left: it is finished, or let go. */
    private void resume(AccountId account, Region region, String groupId) {
        Optional<SecurityGroup> left = QuarkusTransaction.requiringNew().call(() -> {
            Optional<Doomed> doomed =
                    store.lockToDelete(account, region, groupId).filter(Doomed::deleting);
            // Set anew, so that it neither fires again meanwhile nor is lost in the next crash.
            doomed.ifPresentOrElse(one -> setTimer(one.group()), () -> timers.cancel(KIND, groupId));
            return doomed.map(Doomed::group);
        });
        left.ifPresent(group -> goOn(new UnderWay(group, true)));
    }

    /** Finds the deletions that nobody goes on with. */
    @Singleton
    static class LeftDeletions implements TimerHandler {

        private final GroupDeletions deletions;

        LeftDeletions(GroupDeletions deletions) {
            this.deletions = deletions;
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void fire(List<DueTimer> due) {
            for (DueTimer timer : due) {
                String[] owner = timer.payload().split(" ", -1);
                deletions.resume(new AccountId(owner[0]), new Region(owner[1]), timer.subject());
            }
        }
    }
}
