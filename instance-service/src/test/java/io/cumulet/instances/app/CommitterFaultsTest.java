package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.launch.SpotPool;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.placement.CapacityDemand;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A committer on a database that fails where the test says. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class CommitterFaultsTest {

    private static final Region REGION = new Region("ap-southeast-2");
    private static final String POISON = "poison";

    @Inject
    CapacityDemandConfig demands;

    @Inject
    AddressesConfig addresses;

    @Inject
    ZoneStore store;

    @Inject
    Announcer announcer;

    @Inject
    InstanceDriver driver;

    @Inject
    Timers timers;

    @Inject
    Traces traces;

    @Inject
    StackClock clock;

    @Inject
    UserTransaction transaction;

    @Inject
    DefaultNetworks networks;

    @Inject
    NetworkStore networkStore;

    @Inject
    SecurityGroups groups;

    @Inject
    ScheduledReservations scheduled;

    @Inject
    LaunchNames names;

    @Inject
    InterfaceReads interfaceReads;

    @Inject
    InstanceReads reads;

    private FaultyStore faulty;
    private Zones zones;
    private Launches launches;
    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)));

    @BeforeEach
    void start() {
        faulty = new FaultyStore(store);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        zones = new Zones(
                faulty,
                announcer,
                driver,
                timers,
                clock,
                transaction,
                new UnseededFleet(),
                demands,
                addresses,
                metrics,
                traces);
        launches = new Launches(
                zones,
                new FirstHosts(zones, new UnseededFleet()),
                networks,
                networkStore,
                interfaceReads,
                groups,
                names,
                scheduled,
                clock,
                metrics);
    }

    @AfterEach
    void stop() {
        faulty.gate.countDown();
        zones.stop(null);
    }

    @Test
    void aCommandThatCannotBeWrittenDoesNotFailItsNeighbours() {
        CompletableFuture<Outcome<Launched>> first = launch("first");
        List<CompletableFuture<Outcome<Launched>>> neighbours = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            neighbours.add(launch("n" + i));
        }
        CompletableFuture<Outcome<Launched>> bad = launch(POISON);
        neighbours.add(launch("last"));
        faulty.gate.countDown();

        first.join().orThrow();
        neighbours.forEach(neighbour -> neighbour.join().orThrow());
        assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class);
        assertThat(mine()).hasSize(7);
    }

    @Test
    void whileTheDatabaseIsAwayCallersAreToldAndNothingIsChanged() {
        faulty.gate.countDown();
        launch("before").join().orThrow();
        faulty.away = true;
        assertThatThrownBy(() -> launch("during").join())
                .hasCauseInstanceOf(RefusedException.class)
                .satisfies(failure -> assertThat(((RefusedException) failure.getCause())
                                .refusal()
                                .code())
                        .isEqualTo(ErrorCode.UNAVAILABLE));
        faulty.away = false;
        launch("after").join().orThrow();
        assertThat(mine()).hasSize(2);
    }

    private CompletableFuture<Outcome<Launched>> launch(String name) {
        return launches.launch(
                        new LaunchWish(
                                "ami-785db401",
                                "t3.nano",
                                1,
                                1,
                                "ap-southeast-2c",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Map.of("Name", name),
                                null,
                                null,
                                null,
                                List.of()),
                        account,
                        REGION)
                .toCompletableFuture();
    }

    private List<Instance> mine() {
        return reads.list(
                new InstanceReads.InstanceFilter(account, REGION, Map.of(), Map.of(), List.of()),
                clock.instant().minusSeconds(3600),
                null,
                100);
    }

    private static final class FaultyStore implements ZoneStore {
        private final ZoneStore real;
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean away;

        FaultyStore(ZoneStore real) {
            this.real = real;
        }

        @Override
        public long lock(AvailabilityZone zone) {
            if (away) {
                throw new IllegalStateException(new SQLException("gone", "08006"));
            }
            return real.lock(zone);
        }

        @Override
        public void write(AvailabilityZone zone, ZoneChanges changes) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (changes.inserted().stream()
                    .anyMatch(instance -> POISON.equals(instance.tags().get("Name")))) {
                throw new IllegalStateException("It can't be written");
            }
            real.write(zone, changes);
        }

        @Override
        public Map<String, Subnet> subnets(AvailabilityZone zone, Collection<String> ids) {
            return real.subnets(zone, ids);
        }

        @Override
        public ZoneFleet fleet(AvailabilityZone zone) {
            return real.fleet(zone);
        }

        @Override
        public List<CapacityDemand> demands(AvailabilityZone zone) {
            return real.demands(zone);
        }

        @Override
        public List<SpotUnit> spotUnits(AvailabilityZone zone, String family) {
            return real.spotUnits(zone, family);
        }

        @Override
        public Map<String, TakeBack.Room> leaving(AvailabilityZone zone, String family) {
            return real.leaving(zone, family);
        }

        @Override
        public List<Host> hosts(List<String> ids) {
            return real.hosts(ids);
        }

        @Override
        public boolean hasHosts(AvailabilityZone zone, @Nullable String family) {
            return real.hasHosts(zone, family);
        }

        @Override
        public Map<String, Integer> scheduledInstances(Collection<String> scheduledInstanceIds) {
            return real.scheduledInstances(scheduledInstanceIds);
        }

        @Override
        public Map<String, Instance> instances(AvailabilityZone zone, Collection<String> ids) {
            return real.instances(zone, ids);
        }

        @Override
        public Instance anywhere(String id) {
            return real.anywhere(id);
        }

        @Override
        public Map<String, List<Integer>> takenAddresses(Collection<String> subnetIds) {
            return real.takenAddresses(subnetIds);
        }

        @Override
        public Map<String, NetworkInterface> interfaces(Collection<String> ids) {
            return real.interfaces(ids);
        }

        @Override
        public Set<String> holders(Collection<ZoneChanges.Place> addresses) {
            return real.holders(addresses);
        }

        @Override
        public List<ElasticAddress> elasticAddresses(Collection<String> allocationIds) {
            return real.elasticAddresses(allocationIds);
        }

        @Override
        public List<ElasticAddress> lockElasticAddresses(
                Collection<String> allocationIds, Collection<IpAddress> publicAddresses) {
            return real.lockElasticAddresses(allocationIds, publicAddresses);
        }

        @Override
        public List<Long> launchBlocks(AvailabilityZone zone) {
            return real.launchBlocks(zone);
        }

        @Override
        public List<Long> takenLaunchAddresses(AvailabilityZone zone) {
            return real.takenLaunchAddresses(zone);
        }

        @Override
        public Optional<Long> claimLaunchBlock(AvailabilityZone zone, AddressPool pool) {
            return real.claimLaunchBlock(zone, pool);
        }

        @Override
        public Set<IpAddress> takenIpv6Addresses(Collection<IpAddress> addresses) {
            return real.takenIpv6Addresses(addresses);
        }

        @Override
        public Map<String, SecurityGroups.Attachable> lockAttachable(SortedSet<SecurityGroups.Wanted> groups) {
            return real.lockAttachable(groups);
        }

        @Override
        public Map<SpotPool, HourlyRate> spotPrices(Collection<SpotPool> pools) {
            return real.spotPrices(pools);
        }

        @Override
        public Map<AccountId, InstanceOptions.Metadata> metadataDefaults(
                Region region, Collection<AccountId> accounts) {
            return real.metadataDefaults(region, accounts);
        }

        @Override
        public Map<TokenUse, EarlierUse> claimTokens(List<TokenUse> tokens) {
            return real.claimTokens(tokens);
        }

        @Override
        public Set<String> claimEvents(String consumer, Collection<String> eventIds) {
            return real.claimEvents(consumer, eventIds);
        }

        @Override
        public Set<AvailabilityZone> zonesWith(Region region, String family) {
            return real.zonesWith(region, family);
        }
    }
}
