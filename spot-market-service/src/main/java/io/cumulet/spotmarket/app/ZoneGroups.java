package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one availability zone group are in one zone. A request that names another zone than the group is in bids only
 * once all others of the group are over.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html">Spot Instance requests:
 *     Availability Zone group</a>
 */
@ApplicationScoped
public class ZoneGroups implements RequestWatch {

    static final String MEMBER_OVER = "spot.zone-group";

    private final Store store;
    private final Timers timers;
    private final StackClock clock;

    public ZoneGroups(Store store, Timers timers, StackClock clock) {
        this.store = store;
        this.timers = timers;
        this.clock = clock;
    }

    /** A group is an account's, in a region. */
    public record Group(AccountId account, Region region, String name) implements Comparable<Group> {

        static @Nullable Group of(SpotRequest request) {
            return of(
                    request.account(),
                    request.terms().pool().zone().region(),
                    request.terms().membership().zoneGroup());
        }

        static @Nullable Group of(AccountId account, Region region, @Nullable String name) {
            return name == null ? null : new Group(account, region, name);
        }

        /** Each member has a timer of its own: one for all would be waited for by those that hold pools. */
        String subject(SpotRequest member) {
            return String.join("/", account.value(), region.value(), member.id(), name);
        }

        static Group ofSubject(String subject) {
            String[] parts = subject.split("/", 4);
            return new Group(new AccountId(parts[0]), new Region(parts[1]), parts[3]);
        }

        @Override
        public int compareTo(Group other) {
            return Comparator.comparing((Group group) -> group.account().value())
                    .thenComparing(group -> group.region().value())
                    .thenComparing(Group::name)
                    .compare(this, other);
        }
    }

    /** A member that waits for the others to be over. */
    public record Constrained(String requestId, PoolId pool, Instant createdAt) {}

    /** What is known of groups; see {@link SpotRequest#standsInItsZone}. */
    public interface Store {

        /** Locks a group, there or not, until the transaction ends; before pools, and groups in order. */
        void lock(Group group);

        /** The zone in which members stand. */
        Optional<AvailabilityZone> zone(Group group);

        /** Those that wait, the oldest first. */
        List<Constrained> constrained(Group group);
    }

    /** The zone a group is in, if it is in one, until the transaction ends. To be asked before pools are locked. */
    public Optional<AvailabilityZone> hold(AccountId account, Region region, @Nullable String name) {
        Group group = Group.of(account, region, name);
        if (group == null) {
            return Optional.empty();
        }
        store.lock(group);
        return store.zone(group);
    }

    @Override
    public void changed(List<Change> changes) {
        Instant now = clock.instant();
        List<DueTimer> due = new ArrayList<>();
        Set<String> told = new LinkedHashSet<>();
        for (Change change : changes) {
            SpotRequest after = change.after();
            SpotRequest before = change.before();
            Group group = Group.of(after);
            boolean isOver = before != null && before.standsInItsZone() && !after.standsInItsZone();
            if (group != null && isOver && told.add(after.id())) {
                due.add(new DueTimer(MEMBER_OVER, group.subject(after), now, ""));
            }
        }
        timers.schedule(due);
    }

    /** A member is over: if no other stands in its zone, those that wait for that bid. */
    @Singleton
    static class Turn implements TimerHandler {
        private final Store store;
        private final Market market;
        private final Requests requests;
        private final Timers timers;
        private final StackClock clock;

        Turn(Store store, Market market, Requests requests, Timers timers, StackClock clock) {
            this.store = store;
            this.market = market;
            this.requests = requests;
            this.timers = timers;
            this.clock = clock;
        }

        @Override
        public String kind() {
            return MEMBER_OVER;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                Set<Group> groups = timers.claim(due).stream()
                        .map(timer -> Group.ofSubject(timer.subject()))
                        .collect(Collectors.toCollection(TreeSet::new));
                List<Constrained> next = new ArrayList<>();
                for (Group group : groups) {
                    store.lock(group);
                    next.addAll(next(group));
                }
                Set<PoolId> pools = next.stream().map(Constrained::pool).collect(Collectors.toSet());
                market.lock(pools);
                Instant now = clock.instant();
                for (SpotRequest before :
                        requests.find(next.stream().map(Constrained::requestId).toList())) {
                    market.change(before, before.zoneGroupAllows(now), null);
                }
                market.clear(pools, null);
            });
        }

        /** All that wait for the zone of the oldest of them. */
        private List<Constrained> next(Group group) {
            if (store.zone(group).isPresent()) {
                return List.of();
            }
            List<Constrained> waiting = store.constrained(group);
            return waiting.stream()
                    .filter(one ->
                            one.pool().zone().equals(waiting.getFirst().pool().zone()))
                    .toList();
        }
    }
}
