package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.InterfaceWish;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads on two replicas want the same addresses, while others delete the subnet or the group they want. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class NetworkRacesTest {

    private static final int THREADS = 64;
    private static final int ROOM = 11;
    private static final Region REGION = new Region("eu-west-1");
    private static final String ZONE = "eu-west-1b";

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
    DataSource dataSource;

    @Inject
    ScheduledReservations scheduled;

    @Inject
    LaunchNames names;

    @Inject
    InterfaceReads interfaceReads;

    @Inject
    InstanceReads reads;

    @Inject
    DefaultNetworks defaults;

    @Inject
    NetworkStore networks;

    @Inject
    SecurityGroups groups;

    @Inject
    Copies copies;

    @Inject
    Vpcs vpcs;

    @Inject
    Subnets subnets;

    @Inject
    Fleet.HostReads hostReads;

    @Inject
    Zones firstZones;

    @Inject
    Launches firstLaunches;

    @Inject
    Instances firstInstances;

    @Inject
    NetworkInterfaces firstInterfaces;

    private Zones secondZones;
    private Launches secondLaunches;
    private Instances secondInstances;
    private NetworkInterfaces secondInterfaces;
    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L)));

    @BeforeEach
    void startTheSecondReplica() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        secondZones = new Zones(
                store,
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
        secondLaunches = new Launches(
                secondZones,
                new FirstHosts(secondZones, new UnseededFleet()),
                defaults,
                networks,
                interfaceReads,
                groups,
                names,
                scheduled,
                clock,
                metrics);
        secondInstances = new Instances(secondZones, reads, groups, clock);
        secondInterfaces = interfacesOf(5_000);
        // Room for all that these tests launch, added once.
        new Fleet(firstZones, hostReads)
                .add(
                        new Fleet.HostWish(
                                ZONE, "t2", 1, null, null, 4_000, 4_000L * 1024, null, null, "network-races"),
                        REGION)
                .orThrow();
    }

    @AfterEach
    void stopTheSecondReplica() {
        secondZones.stop(null);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void aSmallSubnetIsFilledExactlyAndNoAddressGivenTwice(long seed) throws Exception {
        Subnet subnet = newSubnet();
        List<Outcome<Launched>> outcomes = inParallel(THREADS, i -> {
            Random random = new Random(seed * 1000 + i);
            return launch(i, wish(subnet, 1 + random.nextInt(3), null, null));
        });
        List<String> addresses = addresses(outcomes);
        assertThat(addresses).as("%s", outcomes).hasSize(ROOM).doesNotHaveDuplicates();
        assertThat(refusals(outcomes)).containsOnly(ErrorCode.INSUFFICIENT_FREE_ADDRESSES);
        assertThat(taken(subnet)).isEqualTo(ROOM);
    }

    @Test
    void eachAddressThatManyNameIsOnesAlone() throws Exception {
        Subnet subnet = newSubnet();
        List<Outcome<Launched>> outcomes = inParallel(
                THREADS,
                i -> launch(i, wish(subnet, 1, subnet.address(4 + i % ROOM).toString(), null)));
        assertThat(addresses(outcomes)).as("%s", outcomes).hasSize(ROOM).doesNotHaveDuplicates();
        assertThat(refusals(outcomes)).hasSize(THREADS - ROOM).containsOnly(ErrorCode.IP_ADDRESS_IN_USE);
        assertThat(taken(subnet)).isEqualTo(ROOM);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void aSubnetIsDeletedOrHasInstancesNeverBoth(long seed) throws Exception {
        Subnet subnet = newSubnet();
        List<Outcome<Subnet>> deletion = new ArrayList<>();
        List<Outcome<Launched>> outcomes = inParallel(THREADS / 4, i -> {
            if (i == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(new Random(seed).nextInt(4_000)));
                deletion.add(subnets.delete(account, REGION, subnet.id()));
                return null;
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(new Random(seed * 1000 + i).nextInt(8_000)));
            return launch(i, wish(subnet, 1, null, null));
        });
        switch (deletion.getFirst()) {
            case Outcome.Done<Subnet> deleted -> {
                assertThat(addresses(outcomes)).isEmpty();
                assertThat(refusals(outcomes)).containsOnly(ErrorCode.SUBNET_NOT_FOUND);
                assertThat(taken(subnet)).isZero();
            }
            case Outcome.Refused<Subnet>(Refusal refusal) -> {
                assertThat(refusal.code()).isEqualTo(ErrorCode.DEPENDENCY_VIOLATION);
                assertThat(addresses(outcomes)).isNotEmpty();
                assertThat(taken(subnet)).isEqualTo(addresses(outcomes).size());
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aGroupIsRetiredOrAttachedNeverBoth(long seed) throws Exception {
        Subnet subnet = newSubnet("10.0.0.0/24");
        String group = ResourceKind.SECURITY_GROUP.newId();
        QuarkusTransaction.requiringNew()
                .run(() -> copies.takeGroups(
                        List.of(new Copies.GroupCopy(group, account, REGION, subnet.vpcId(), 3, false))));
        List<Instance> running =
                launch(0, wish(subnet, 8, null, null)).orThrow().instances();
        await(running);
        List<String> spares = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            spares.add(firstInterfaces
                    .create(interfaceWish(subnet, null), account, REGION)
                    .orThrow()
                    .id());
        }
        List<Outcome<Boolean>> retirement = new ArrayList<>();
        List<Outcome<Launched>> outcomes = inParallel(THREADS, i -> {
            if (i == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(new Random(seed).nextInt(10_000)));
                retirement.add(groups.retire(group, account, REGION, 3));
                return null;
            }
            Random random = new Random(seed * 1000 + i);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
            if (i <= running.size()) {
                Instances.Modification intoTheGroup =
                        new Instances.Modification(null, List.of(group), null, null, null);
                Outcome<Instance> modified = (i % 2 == 0 ? firstInstances : secondInstances)
                        .modify(running.get(i - 1).id(), account, REGION, intoTheGroup);
                return modified.map(instance -> new Launched("", List.of(instance)));
            }
            if (i <= running.size() + spares.size()) {
                InterfaceCommand.Modify intoTheGroup =
                        new InterfaceCommand.Modify(null, List.of(group), null, null, null);
                return attached(
                        interfaces(i).modify(spares.get(i - running.size() - 1), account, REGION, intoTheGroup));
            }
            if (i <= running.size() + 3 * spares.size()) {
                return attached(interfaces(i).create(interfaceWish(subnet, List.of(group)), account, REGION));
            }
            return launch(i, wish(subnet, 1, null, List.of(group)));
        });
        int attached = THREADS - 1 - refusals(outcomes).size();
        int holders = count("SELECT count(*) FROM network_interface WHERE group_ids @> ARRAY[?::text]", group);
        assertThat(holders).isEqualTo(attached);
        switch (retirement.getFirst()) {
            case Outcome.Done<Boolean> retired -> {
                assertThat(attached).isZero();
                assertThat(refusals(outcomes)).containsOnly(ErrorCode.GROUP_NOT_FOUND);
            }
            case Outcome.Refused<Boolean>(Refusal refusal) -> {
                assertThat(refusal.code()).isEqualTo(ErrorCode.DEPENDENCY_VIOLATION);
                assertThat(attached).isEqualTo(THREADS - 1);
            }
        }
    }

    private static InterfaceWish interfaceWish(Subnet subnet, List<String> groupIds) {
        return new InterfaceWish(subnet.id(), null, null, null, null, null, null, groupIds, null, null);
    }

    private NetworkInterfaces interfaces(int number) {
        return number % 2 == 0 ? firstInterfaces : secondInterfaces;
    }

    private static Outcome<Launched> attached(Outcome<NetworkInterface> outcome) {
        return outcome.map(one -> new Launched("", List.of()));
    }

    @Test
    void anAccountHasSoManyInterfacesInARegionAndNoMore() {
        Subnet subnet = newSubnet();
        NetworkInterfaces limited = interfacesOf(2);
        InterfaceWish once = new InterfaceWish(subnet.id(), null, null, null, null, null, null, null, null, "once");
        NetworkInterface first = limited.create(once, account, REGION).orThrow();
        limited.create(interfaceWish(subnet, null), account, REGION).orThrow();
        assertThat(limited.create(interfaceWish(subnet, null), account, REGION))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().code())
                                .isEqualTo(ErrorCode.NETWORK_INTERFACE_LIMIT_EXCEEDED));
        assertThat(limited.create(once, account, REGION).orThrow().id()).isEqualTo(first.id());
        limited.delete(first.id(), account, REGION).orThrow();
        limited.create(interfaceWish(subnet, null), account, REGION).orThrow();
    }

    private NetworkInterfaces interfacesOf(int perRegion) {
        return new NetworkInterfaces(
                secondZones, networks, defaults, interfaceReads, secondInstances, groups, () -> perRegion);
    }

    @Test
    void tagsOfASubnetAreChangedWhileItsZoneIsBusy() throws Exception {
        Subnet subnet = newSubnet();
        try (Connection busy = dataSource.getConnection()) {
            busy.setAutoCommit(false);
            try (PreparedStatement lock = busy.prepareStatement("SELECT 1 FROM az_fleet WHERE az = ? FOR UPDATE")) {
                lock.setString(1, ZONE);
                assertThat(lock.executeQuery().next()).isTrue();
                // The second time nothing changes.
                for (int i = 0; i < 2; i++) {
                    Subnet tagged = CompletableFuture.supplyAsync(() -> subnets.modify(
                                            account,
                                            REGION,
                                            subnet.id(),
                                            Map.of("tier", "front"),
                                            SubnetSettings.Wish.NOTHING,
                                            false)
                                    .orThrow()
                                    .subnet())
                            .get(10, TimeUnit.SECONDS);
                    assertThat(tagged.version()).isEqualTo(2);
                }
            } finally {
                busy.rollback();
            }
        }
    }

    private void await(List<Instance> instances) {
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(instances)
                        .allSatisfy(instance -> assertThat(firstInstances
                                        .find(instance.id(), account, REGION)
                                        .orThrow()
                                        .version())
                                .isGreaterThanOrEqualTo(2)));
    }

    private Subnet newSubnet() {
        return newSubnet("10.0.0.0/28");
    }

    private Subnet newSubnet(String block) {
        String vpc = vpcs.create(account, REGION, new Vpcs.VpcWish("10.0.0.0/16", null, null, null), null)
                .orThrow()
                .id();
        return subnets.create(account, REGION, new Subnets.SubnetWish(vpc, block, ZONE, null, null), null)
                .orThrow()
                .subnet();
    }

    private Outcome<Launched> launch(int number, LaunchWish wish) {
        return (number % 2 == 0 ? firstLaunches : secondLaunches)
                .launch(wish, account, REGION)
                .toCompletableFuture()
                .join();
    }

    private static LaunchWish wish(Subnet subnet, int most, String privateAddress, List<String> groupIds) {
        return new LaunchWish(
                "ami-785db401",
                "t2.nano",
                1,
                most,
                null,
                null,
                subnet.id(),
                null,
                groupIds,
                null,
                null,
                null,
                null,
                null,
                null,
                privateAddress == null ? null : new LaunchWish.AddressWish(privateAddress, null, null, null),
                List.of());
    }

    private interface Work<T> {
        T run(int number) throws Exception;
    }

    /** What each of the works gave, but for nulls; all of them begin together. */
    private static <T> List<T> inParallel(int works, Work<T> work) throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(works)) {
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < works; i++) {
                int number = i;
                results.add(threads.submit(() -> {
                    begin.await();
                    return work.run(number);
                }));
            }
            begin.countDown();
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) {
                T one = result.get();
                if (one != null) {
                    all.add(one);
                }
            }
            return all;
        }
    }

    private static List<String> addresses(List<Outcome<Launched>> outcomes) {
        List<String> addresses = new ArrayList<>();
        for (Outcome<Launched> outcome : outcomes) {
            if (outcome instanceof Outcome.Done<Launched>(Launched done)) {
                done.instances().forEach(instance -> addresses.add(instance.privateAddress()));
            }
        }
        return addresses;
    }

    private static List<ErrorCode> refusals(List<Outcome<Launched>> outcomes) {
        List<ErrorCode> codes = new ArrayList<>();
        for (Outcome<Launched> outcome : outcomes) {
            if (outcome instanceof Outcome.Refused<Launched>(Refusal refusal)) {
                codes.add(refusal.code());
            }
        }
        return codes;
    }

    private int taken(Subnet subnet) throws SQLException {
        return count("SELECT count(*) FROM private_address WHERE subnet_id = ?", subnet.id());
    }

    private int count(String query, String value) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, value);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
