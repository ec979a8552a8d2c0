package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.suite.ResetMoments;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Ends an account's instances at once, protected or not, and deletes its interfaces: works of the zones' committers, so that
 * capacity, addresses and events are as with any other end. Then nothing of them is to be seen any more.
 */
@ApplicationScoped
@Priority(InstancesReset.FIRST)
public class InstancesReset implements AccountReset {

    static final int FIRST = 100;

    /** Each is one transaction of a zone, in which others wait for theirs. */
    private static final int MOST_IN_ONE_WORK = 500;

    /** While the account goes on launching, there is always one more. */
    private static final int MOST_ROUNDS = 10;

    private final Zones zones;
    private final AccountContents contents;
    private final NetworkStore networks;
    private final ResetMoments moments;
    private final AfterCommit afterCommit;
    private final StackClock clock;

    public InstancesReset(
            Zones zones,
            AccountContents contents,
            NetworkStore networks,
            ResetMoments moments,
            AfterCommit afterCommit,
            StackClock clock) {
        this.zones = zones;
        this.contents = contents;
        this.networks = networks;
        this.moments = moments;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    @Override
    public void prepare(AccountId account) {
        // Before they end: room that the market gave the account and that is still on its way launches nothing.
        QuarkusTransaction.requiringNew().run(() -> moments.remember(account, clock.instant()));
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Map<AvailabilityZone, List<String>> living = Transactions.read(() -> contents.livingInstances(account));
            if (living.isEmpty()) {
                break;
            }
            await(endAll(living));
        }
        await(deleteAll(Transactions.read(() -> contents.interfaces(account)), account));
    }

    private List<CompletableFuture<?>> endAll(Map<AvailabilityZone, List<String>> instances) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        instances.forEach((zone, ids) -> {
            for (int from = 0; from < ids.size(); from += MOST_IN_ONE_WORK) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_IN_ONE_WORK));
                ends.add(zones.submit(zone, new ZoneWork.EndAll(some)));
            }
        });
        return ends;
    }

    private List<CompletableFuture<?>> deleteAll(Map<AvailabilityZone, List<String>> interfaces, AccountId account) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        interfaces.forEach((zone, ids) -> ids.forEach(id -> ends.add(zones.submit(
                zone, new ZoneWork.ChangeInterface(id, account, zone.region(), new InterfaceCommand.Delete())))));
        return ends;
    }

    private static void await(List<CompletableFuture<?>> works) {
        Instances.await(CompletableFuture.allOf(works.toArray(CompletableFuture[]::new)));
    }

    /** The zones of the account's subnets and demands are locked here, before all else, as committers do it. */
    @Override
    public void reset(AccountId account, Instant at) {
        moments.remember(account, at);
        SortedSet<AvailabilityZone> waitedIn = contents.waitsIn(account);
        SortedSet<AvailabilityZone> touched = new TreeSet<>(waitedIn);
        for (Region region : contents.regions(account)) {
            networks.subnets(account, region).forEach(subnet -> touched.add(subnet.zone()));
        }
        touched.forEach(networks::lock);
        if (!contents.livingInstances(account).isEmpty()
                || !contents.interfaces(account).isEmpty()) {
            throw Refusal.of(
                            ErrorCode.UNAVAILABLE,
                            "The account " + account
                                    + " goes on launching while it is reset; try again once it has stopped")
                    .asException();
        }
        contents.deleteRest(account);
        afterCommit.run(() -> publishCapacity(waitedIn));
    }

    /** What the account waited for is room for others now. */
    private void publishCapacity(Set<AvailabilityZone> waitedIn) {
        waitedIn.forEach(zone -> zones.submit(zone, new ZoneWork.PublishCapacity(true)));
    }
}
