package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sets of committers on one database, as two replicas of the service have them, and 64 threads that use both. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ReplicasTest {

    private static final int THREADS = 64;

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
    Fleet.HostReads hostReads;

    @Inject
    DefaultNetworks networks;

    @Inject
    NetworkStore networkStore;

    @Inject
    SecurityGroups groups;

    @Inject
    Launches firstLaunches;

    @Inject
    Zones firstZones;

    @Inject
    Instances firstInstances;

    private Zones secondZones;
    private Launches secondLaunches;
    private Instances secondInstances;
    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)));

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
                networks,
                networkStore,
                interfaceReads,
                groups,
                names,
                scheduled,
                clock,
                metrics);
        secondInstances = new Instances(secondZones, reads, groups, clock);
    }

    @AfterEach
    void stopTheSecondReplica() {
        secondZones.stop(null);
    }

    @Test
    void sixtyFourThreadsOnTwoReplicasFillHostsExactlyAndNeverOver() throws Exception {
        String zone = "eu-west-1b";
        new Fleet(firstZones, hostReads)
                .add(
                        new Fleet.HostWish(zone, "x1", 3, null, null, 128 * 2, 976L * 1024 * 2, 1920L * 2, null, null),
                        new Region("eu-west-1"))
                .orThrow();
        // Six x1.16xlarge on each pair of dimensions would need more memory than there is: memory is scarce.
        int launched = inParallel(THREADS * 4, i -> {
            Outcome<Launched> outcome = (i % 2 == 0 ? firstLaunches : secondLaunches)
                    .launch(wish("x1.16xlarge", 1, 1, zone, null), account, new Region("eu-west-1"))
                    .toCompletableFuture()
                    .join();
            return outcome instanceof Outcome.Done<Launched>(Launched done)
                    ? done.instances().size()
                    : 0;
        });
        assertThat(launched).isEqualTo(3 * 2);
        assertBooksBalance();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anyMixOfCommandsOnTwoReplicasKeepsTheBooks(long seed) throws Exception {
        String zone = "eu-west-1c";
        new Fleet(firstZones, hostReads)
                .add(
                        new Fleet.HostWish(zone, "d2", 2, null, null, 36, 122L * 1024, 24_000L, null, null),
                        new Region("eu-west-1"))
                .orThrow();
        Region region = new Region("eu-west-1");
        inParallel(THREADS, i -> {
            Random random = new Random(seed * 1000 + i);
            List<String> own = new ArrayList<>();
            for (int step = 0; step < 12; step++) {
                Launches launches = random.nextBoolean() ? firstLaunches : secondLaunches;
                Instances instances = random.nextBoolean() ? firstInstances : secondInstances;
                try {
                    switch (random.nextInt(5)) {
                        case 0, 1 -> {
                            int min = 1 + random.nextInt(2);
                            Outcome<Launched> outcome = launches.launch(
                                            wish("d2.xlarge", min, min + random.nextInt(3), zone, null),
                                            account,
                                            region)
                                    .toCompletableFuture()
                                    .join();
                            if (outcome instanceof Outcome.Done<Launched>(Launched done)) {
                                done.instances().forEach(instance -> own.add(instance.id()));
                            }
                        }
                        case 2 -> any(own, random, id -> instances.stop(id, account, region));
                        case 3 -> any(own, random, id -> instances.start(id, account, region));
                        default -> any(own, random, id -> instances.terminate(id, account, region));
                    }
                } catch (RefusedException e) {
                    // A refusal is an answer too.
                }
            }
            return 0;
        });
        assertBooksBalance();
    }

    @Test
    void aClientTokenLaunchesOnceHoweverManyUseItAtOnce() throws Exception {
        Set<String> reservations = java.util.concurrent.ConcurrentHashMap.newKeySet();
        inParallel(THREADS, i -> {
            Launched launched = (i % 2 == 0 ? firstLaunches : secondLaunches)
                    .launch(wish("t3.micro", 2, 2, null, "token"), account, new Region("eu-west-1"))
                    .toCompletableFuture()
                    .join()
                    .orThrow();
            assertThat(launched.instances()).hasSize(2);
            reservations.add(launched.reservationId());
            return 0;
        });
        assertThat(reservations).hasSize(1);
        assertBooksBalance();
    }

    @Test
    void whatOnDemandWaitsForOnOneReplicaIsKeptFromSpotOnTheOther() throws SQLException {
        String zone = "eu-west-1a";
        Region region = new Region("eu-west-1");
        new Fleet(firstZones, hostReads)
                .add(new Fleet.HostWish(zone, "m5a", 1, null, null, 4, 16_384L, null, null, null), region)
                .orThrow();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO spot_price_copy VALUES (?, 1, '0.0100')")) {
            insert.setString(1, zone + "/m5a.large/linux");
            insert.executeUpdate();
        }
        LaunchWish spot = spotWish("m5a.large", zone);
        firstLaunches.launch(spot, account, region).toCompletableFuture().join().orThrow();
        // One room is free, spot holds the other: both are waited for.
        assertThat(secondLaunches
                        .launch(wish("m5a.large", 2, 2, zone, null), account, region)
                        .toCompletableFuture()
                        .join())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().message()).contains("try again"));
        assertThat(firstLaunches
                        .launch(spot, account, region)
                        .toCompletableFuture()
                        .join())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().code())
                                .isEqualTo(ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY));
        firstLaunches
                .launch(wish("m5a.large", 1, 1, zone, null), account, region)
                .toCompletableFuture()
                .join()
                .orThrow();
        assertBooksBalance();
    }

    @Test
    void aReportThatComesAgainChangesNothing() {
        Region region = new Region("eu-west-1");
        Instance instance = firstLaunches
                .launch(wish("t3.micro", 1, 1, null, null), account, region)
                .toCompletableFuture()
                .join()
                .orThrow()
                .instances()
                .getFirst();
        List<DriverReport> up = List.of(new DriverReport(
                instance.id(), new io.cumulet.instances.domain.lifecycle.Command.ReportUp(1), null, null));
        for (int i = 0; i < 5; i++) {
            new Reports(i % 2 == 0 ? firstZones : secondZones).take(Map.of(instance.zone(), up));
        }
        Instance after = firstInstances.find(instance.id(), account, region).orThrow();
        assertThat(after.version()).isEqualTo(2);
    }

    private interface Step {
        Object run(String id);
    }

    private static void any(List<String> own, Random random, Step step) {
        if (!own.isEmpty()) {
            step.run(own.get(random.nextInt(own.size())));
        }
    }

    private static LaunchWish spotWish(String type, String zone) {
        return new LaunchWish(
                "ami-785db401",
                type,
                1,
                1,
                zone,
                null,
                null,
                null,
                null,
                null,
                null,
                new LaunchWish.MarketWish("spot", "0.05", null),
                null,
                null,
                null,
                null,
                List.of());
    }

    private static LaunchWish wish(String type, int min, int max, String zone, String token) {
        return new LaunchWish(
                "ami-785db401",
                type,
                min,
                max,
                zone,
                null,
                null,
                null,
                null,
                null,
                token,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    private interface Work {
        int run(int number) throws Exception;
    }

    private static int inParallel(int works, Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < works; i++) {
                int number = i;
                results.add(threads.submit(() -> work.run(number)));
            }
            int sum = 0;
            for (Future<Integer> result : results) {
                sum += result.get();
            }
            return sum;
        }
    }

    /** What hosts say is used is what their instances hold; addresses are held once, by instances that live. */
    private void assertBooksBalance() throws SQLException {
        assertThat(rows("""
                        SELECT h.host_id FROM host h LEFT JOIN allocation a USING (host_id)
                        GROUP BY h.host_id
                        HAVING h.used_vcpus <> coalesce(sum(a.vcpus), 0)
                            OR h.used_memory_mib <> coalesce(sum(a.memory_mib), 0)
                            OR h.used_local_storage_gb <> coalesce(sum(a.local_storage_gb), 0)
                            OR h.used_gpus <> coalesce(sum(a.gpus), 0)
                            OR h.used_vcpus > h.vcpus OR h.used_memory_mib > h.memory_mib
                            OR h.used_local_storage_gb > h.local_storage_gb OR h.used_gpus > h.gpus""")).isEmpty();
        assertThat(rows("""
                        SELECT instance_id FROM instance i LEFT JOIN allocation a
                            ON a.holder_id = i.instance_id AND a.host_id = i.host_id
                        WHERE (i.host_id IS NULL) <> (a.holder_id IS NULL)""")).isEmpty();
        assertThat(rows("""
                        SELECT coalesce(i.interface_id, p.interface_id)
                        FROM (SELECT n.interface_id, n.subnet_id,
                                  one::inet - host(network(s.cidr_block::cidr))::inet AS address_offset
                              FROM network_interface n JOIN subnet s USING (subnet_id), unnest(n.private_addresses) one) i
                        FULL JOIN private_address p ON p.interface_id = i.interface_id AND p.subnet_id = i.subnet_id
                            AND p.address_offset = i.address_offset
                        WHERE i.interface_id IS NULL OR p.interface_id IS NULL""")).isEmpty();
        assertThat(rows("""
                        SELECT instance_id
                        FROM (SELECT * FROM instance WHERE private_address IS NOT NULL) i
                        FULL JOIN (SELECT * FROM network_interface WHERE device_index = 0) n USING (instance_id)
                        WHERE i.private_address IS DISTINCT FROM n.private_addresses[1]
                            OR i.group_ids IS DISTINCT FROM n.group_ids""")).isEmpty();
        assertThat(versionsWithGaps()).isEmpty();
    }

    /** The outbox holds each instance's versions in order, without a gap. */
    private Set<String> versionsWithGaps() throws SQLException {
        return new HashSet<>(rows("""
                SELECT key FROM (
                    SELECT key, (regexp_match(headers, 'ce_aggregateversion=(\\d+)'))[1]::bigint AS version,
                        row_number() OVER (PARTITION BY key ORDER BY seq) AS place
                    FROM outbox WHERE topic = 'instances.lifecycle') told
                WHERE version <> place"""));
    }

    private List<String> rows(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(query);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
