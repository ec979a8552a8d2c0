package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.InterfaceWish;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interfaces and elastic addresses under two sets of committers on one database, as two replicas have them. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class InterfaceReplicasTest {

    private static final Region REGION = new Region("eu-west-1");
    private static final AvailabilityZone A = new AvailabilityZone("eu-west-1a");
    private static final AvailabilityZone B = new AvailabilityZone("eu-west-1b");
    private static final int THREADS = 12;
    private static final int STEPS = 25;

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
    ClientTokens tokens;

    @Inject
    UserTransaction transaction;

    @Inject
    DataSource dataSource;

    @Inject
    InstanceReads reads;

    @Inject
    InterfaceReads interfaceReads;

    @Inject
    NetworkStore networkStore;

    @Inject
    ElasticAddressStore addressStore;

    @Inject
    DefaultNetworks networks;

    @Inject
    SecurityGroups groups;

    @Inject
    Zones firstZones;

    private Zones secondZones;
    private Replica first;
    private Replica second;
    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)));

    private record Replica(Instances instances, NetworkInterfaces interfaces, ElasticAddresses addresses) {}

    @BeforeEach
    void startTheSecondReplica() {
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
                new SimpleMeterRegistry(),
                traces);
        first = replica(firstZones, "198.18.0.0/15");
        second = replica(secondZones, "198.18.0.0/15");
    }

    private Replica replica(Zones zones, String pool) {
        Instances instances = new Instances(zones, reads, groups, clock);
        AddressesConfig config = new AddressesConfig() {
            @Override
            public List<String> pool() {
                return List.of(pool);
            }

            @Override
            public List<String> launchPool() {
                return addresses.launchPool();
            }

            @Override
            public int mostPerRegion() {
                return 100;
            }
        };
        return new Replica(
                instances,
                new NetworkInterfaces(zones, networkStore, networks, interfaceReads, instances, groups, () -> 5_000),
                new ElasticAddresses(zones, addressStore, interfaceReads, instances, tokens, announcer, clock, config));
    }

    @AfterEach
    void stopTheSecondReplica() {
        secondZones.stop(null);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void anyMixOfCommandsOnTwoReplicasKeepsTheBooks(long seed) throws Exception {
        giveIpv6To(A);
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            instances.add(launched(i % 2 == 0 ? A : B));
        }
        List<String> enis = new ArrayList<>();
        List<String> allocations = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            enis.add(made(first, i % 2 == 0 ? A : B, 1));
            allocations.add(first.addresses()
                    .allocate(new ElasticAddresses.Allocation(null, null, null), account, REGION)
                    .orThrow()
                    .id());
        }
        instances.forEach(this::awaitRunning);
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        inParallel(THREADS, thread -> {
            Random random = new Random(seed * 1000 + thread);
            List<String> own = new ArrayList<>(enis);
            for (int step = 0; step < STEPS; step++) {
                Replica replica = random.nextBoolean() ? first : second;
                int kind = random.nextInt(14);
                Outcome<?> outcome = step(replica, kind, random, own, instances, allocations);
                outcomes.merge(
                        outcome instanceof Outcome.Refused<?>(Refusal refusal)
                                ? refusal.code().code()
                                : "done " + kind,
                        1,
                        Integer::sum);
            }
        });
        assertThat(outcomes).as("seed %s", seed).doesNotContainKeys("InternalError", "Unavailable");
        // Most is refused, as is to be expected where nobody looks before; but not all.
        assertThat(outcomes.entrySet().stream()
                        .filter(outcome -> outcome.getKey().startsWith("done"))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .as("seed %s: %s", seed, outcomes)
                .isGreaterThan(50);
        assertBooksBalance("seed " + seed + ": " + outcomes);

        // Two of them end while the others go on.
        first.instances().terminate(instances.get(0), account, REGION).orThrow();
        second.instances().terminate(instances.get(1), account, REGION).orThrow();
        for (String ended : instances.subList(0, 2)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> state(ended).equals("terminated"));
        }
        assertBooksBalance("seed " + seed + ", ended: " + outcomes);
    }

    private Outcome<?> step(
            Replica replica,
            int kind,
            Random random,
            List<String> enis,
            List<String> instances,
            List<String> allocations) {
        NetworkInterfaces interfaces = replica.interfaces();
        ElasticAddresses addresses = replica.addresses();
        String eni = any(enis, random);
        String instance = any(instances, random);
        String allocation = any(allocations, random);
        return switch (kind) {
            case 0 -> {
                Outcome<NetworkInterface> outcome = create(replica, random.nextBoolean() ? A : B, random.nextInt(2));
                if (outcome instanceof Outcome.Done<NetworkInterface>(NetworkInterface one)) {
                    enis.add(one.id());
                }
                yield outcome;
            }
            case 1 -> interfaces.delete(eni, account, REGION);
            case 2, 3 -> interfaces.attach(eni, account, REGION, instance, 1 + random.nextInt(2), random.nextBoolean());
            case 4 -> interfaces.detach(eni, account, REGION, random.nextBoolean());
            case 5 -> interfaces.assignPrivate(eni, account, REGION, null, 1, false);
            case 6 -> {
                List<String> others = secondary(any(enis, random));
                yield interfaces.assignPrivate(
                        eni, account, REGION, others.isEmpty() ? List.of("172.31.0.200") : others, null, true);
            }
            case 7 -> {
                List<String> own = secondary(eni);
                yield own.isEmpty()
                        ? interfaces.modify(
                                eni,
                                account,
                                REGION,
                                new InterfaceCommand.Modify("step " + random.nextInt(), null, null, null, null))
                        : interfaces.unassignPrivate(eni, account, REGION, own);
            }
            case 8 -> interfaces.assignIpv6(eni, account, REGION, null, 1);
            case 9 ->
                random.nextBoolean()
                        ? replica.instances().stop(instance, account, REGION)
                        : replica.instances().start(instance, account, REGION);
            case 10 -> addresses.disassociate(allocation, account, REGION);
            case 11 ->
                addresses.associate(
                        allocation,
                        account,
                        REGION,
                        new ElasticAddresses.AssociationWish(instance, null, null, random.nextBoolean()));
            case 12 ->
                addresses.associate(
                        allocation, account, REGION, new ElasticAddresses.AssociationWish(null, eni, null, true));
            default -> addresses.tag(allocation, account, REGION, Map.of("n", String.valueOf(random.nextInt())));
        };
    }

    @Test
    void oneAddressMovedToAndFroBetweenTwoZonesByManyIsInOnePlace() throws Exception {
        List<String> enis = List.of(made(first, A, 0), made(first, B, 0), made(first, A, 0), made(first, B, 0));
        ElasticAddress address = first.addresses()
                .allocate(new ElasticAddresses.Allocation(null, null, null), account, REGION)
                .orThrow();
        inParallel(16, thread -> {
            for (int i = 0; i < 5; i++) {
                (thread % 2 == 0 ? first : second)
                        .addresses()
                        .associate(
                                address.id(),
                                account,
                                REGION,
                                new ElasticAddresses.AssociationWish(
                                        null, enis.get((thread + i) % enis.size()), null, true))
                        .orThrow();
            }
        });
        assertBooksBalance("moved to and fro");
        assertThat(first.addresses()
                        .find(address.id(), account, REGION)
                        .orThrow()
                        .association())
                .isNotNull();
    }

    @Test
    void ofManyThatAssociateOneAddressAtOnceOneWins() throws Exception {
        List<String> enis = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            enis.add(made(first, i % 2 == 0 ? A : B, 0));
        }
        ElasticAddress address = first.addresses()
                .allocate(new ElasticAddresses.Allocation(null, null, null), account, REGION)
                .orThrow();
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        inParallel(8, thread -> {
            Outcome<ElasticAddress> outcome = (thread % 3 == 0 ? first : second)
                    .addresses()
                    .associate(
                            address.id(),
                            account,
                            REGION,
                            new ElasticAddresses.AssociationWish(null, enis.get(thread), null, false));
            outcomes.merge(
                    outcome instanceof Outcome.Refused<ElasticAddress>(Refusal refusal)
                            ? refusal.code().code()
                            : "done",
                    1,
                    Integer::sum);
        });
        assertThat(outcomes).isEqualTo(Map.of("done", 1, "Resource.AlreadyAssociated", 7));
        assertBooksBalance("one wins");
    }

    @Test
    void aPoolIsGivenAwayToItsLastAddressAndNoneTwice() throws Exception {
        // 16 addresses of a documentation block (RFC 5737), which no other test has.
        Replica small = replica(firstZones, "203.0.113.16/28");
        Replica same = replica(secondZones, "203.0.113.16/28");
        Map<String, String> given = new ConcurrentHashMap<>();
        Map<String, Integer> refused = new ConcurrentHashMap<>();
        inParallel(24, thread -> {
            Outcome<ElasticAddress> outcome = (thread % 2 == 0 ? small : same)
                    .addresses()
                    .allocate(new ElasticAddresses.Allocation(null, null, null), account, REGION);
            switch (outcome) {
                case Outcome.Done<ElasticAddress>(ElasticAddress one) ->
                    assertThat(given.put(one.publicAddress().toString(), one.id()))
                            .isNull();
                case Outcome.Refused<ElasticAddress>(Refusal refusal) ->
                    refused.merge(refusal.code().code(), 1, Integer::sum);
            }
        });
        assertThat(given).hasSize(16);
        assertThat(refused).isEqualTo(Map.of("InsufficientAddressCapacity", 8));
        String released = given.values().iterator().next();
        small.addresses().release(released, account, REGION).orThrow();
        small.addresses()
                .allocate(new ElasticAddresses.Allocation(null, null, null), account, REGION)
                .orThrow();
        for (ElasticAddress one : addressStoreList()) {
            small.addresses().release(one.id(), account, REGION).orThrow();
        }
    }

    private List<ElasticAddress> addressStoreList() {
        return first.addresses()
                .list(new ElasticAddressStore.AddressFilter(account, REGION, Map.of(), Map.of(), List.of()), null, 100);
    }

    @Test
    void manyThatAskForTheSameAddressesGetEachOnce() throws Exception {
        List<String> enis = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            enis.add(made(first, A, 0));
        }
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        inParallel(8, thread -> {
            for (int i = 0; i < 4; i++) {
                Outcome<NetworkInterface> outcome = (thread % 2 == 0 ? first : second)
                        .interfaces()
                        .assignPrivate(enis.get(thread), account, REGION, List.of("172.31.1." + (10 + i)), null, false);
                outcomes.merge(
                        outcome instanceof Outcome.Refused<NetworkInterface>(Refusal refusal)
                                ? refusal.code().code()
                                : "done",
                        1,
                        Integer::sum);
            }
        });
        assertThat(outcomes).isEqualTo(Map.of("done", 4, "InvalidIPAddress.InUse", 28));
        assertBooksBalance("the same addresses");
    }

    private static String any(List<String> ids, Random random) {
        return ids.get(random.nextInt(ids.size()));
    }

    private List<String> secondary(String eni) {
        return interfaceReads
                .find(eni, account, REGION)
                .map(one -> one.privateAddresses().stream()
                        .skip(1)
                        .limit(1)
                        .map(address -> address.address().toString())
                        .toList())
                .orElse(List.of());
    }

    private String made(Replica replica, AvailabilityZone zone, int secondary) {
        return create(replica, zone, secondary).orThrow().id();
    }

    private Outcome<NetworkInterface> create(Replica replica, AvailabilityZone zone, int secondary) {
        return replica.interfaces()
                .create(
                        new InterfaceWish(
                                DefaultNetwork.subnetId(account, zone),
                                null,
                                null,
                                null,
                                secondary,
                                null,
                                null,
                                null,
                                null,
                                null),
                        account,
                        REGION);
    }

    private String launched(AvailabilityZone zone) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + account)
                .contentType("application/json")
                .body(Map.of(
                        "imageId",
                        "ami-785db401",
                        "instanceType",
                        "t3.medium",
                        "placement",
                        Map.of("availabilityZone", zone.value())))
                .post("/v1/instances?region=eu-west-1")
                .then()
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
    }

    private void awaitRunning(String id) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("running"));
    }

    private String state(String id) {
        return first.instances()
                .find(id, account, REGION)
                .map(Instance::state)
                .orThrow()
                .code();
    }

    /** Before anything is in the subnet, so that no committer remembers it without. */
    private void giveIpv6To(AvailabilityZone zone) throws SQLException {
        networks.ensure(account, REGION);
        String digits = ResourceKind.SUBNET.newId().substring("subnet-".length());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE subnet SET ipv6_cidr_block = ?, assign_ipv6 = true WHERE subnet_id = ?")) {
            update.setString(
                    1,
                    "fd%s:%s:%s:%s::/64"
                            .formatted(
                                    digits.substring(0, 2),
                                    digits.substring(2, 6),
                                    digits.substring(6, 10),
                                    digits.substring(10, 14)));
            update.setString(2, DefaultNetwork.subnetId(account, zone));
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inParallel(int threads, Work work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                results.add(executor.submit(() -> {
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    private void assertBooksBalance(String what) throws SQLException {
        assertThat(rows("""
                        SELECT coalesce(i.interface_id, p.interface_id)
                        FROM (SELECT n.interface_id, n.subnet_id,
                                  one::inet - host(network(s.cidr_block::cidr))::inet AS address_offset
                              FROM network_interface n JOIN subnet s USING (subnet_id), unnest(n.private_addresses) one) i
                        FULL JOIN private_address p ON p.interface_id = i.interface_id AND p.subnet_id = i.subnet_id
                            AND p.address_offset = i.address_offset
                        WHERE i.interface_id IS NULL OR p.interface_id IS NULL""")).as(what).isEmpty();
        assertThat(rows("""
                        SELECT coalesce(i.interface_id, p.interface_id)
                        FROM (SELECT n.interface_id, one AS address
                              FROM network_interface n, unnest(n.ipv6_addresses) one) i
                        FULL JOIN ipv6_address p ON p.interface_id = i.interface_id AND p.address = i.address
                        WHERE i.interface_id IS NULL OR p.interface_id IS NULL""")).as(what).isEmpty();
        assertThat(rows("""
                        SELECT instance_id
                        FROM (SELECT * FROM instance WHERE private_address IS NOT NULL) i
                        FULL JOIN (SELECT * FROM network_interface WHERE device_index = 0) n USING (instance_id)
                        WHERE i.private_address IS DISTINCT FROM n.private_addresses[1]
                            OR i.group_ids IS DISTINCT FROM n.group_ids OR i.az IS DISTINCT FROM n.az""")).as(what).isEmpty();
        assertThat(rows("""
                        SELECT n.interface_id FROM network_interface n LEFT JOIN instance i USING (instance_id)
                        WHERE n.instance_id IS NOT NULL
                            AND (i.instance_id IS NULL OR i.state = 'terminated' OR i.az <> n.az OR i.account <> n.account)""")).as(what).isEmpty();
        assertThat(rows("""
                        SELECT coalesce(e.allocation_id, n.interface_id)
                        FROM (SELECT interface_id, instance_id, pair.private, pair.public
                              FROM network_interface,
                                  unnest(private_addresses, public_addresses) AS pair (private, public)
                              WHERE pair.public IS NOT NULL) n
                        FULL JOIN (SELECT * FROM elastic_address WHERE association_id IS NOT NULL) e
                            ON e.public_address = n.public AND e.interface_id = n.interface_id
                        WHERE e.allocation_id IS NULL OR n.interface_id IS NULL OR e.private_address <> n.private
                            OR e.instance_id IS DISTINCT FROM n.instance_id""")).as(what).isEmpty();
        // Kept of a terminated instance, an interface begins to tell of itself at a later version than the first.
        assertThat(rows("""
                        SELECT topic || ' ' || key FROM (
                            SELECT topic, key, version, row_number() OVER told_in_order AS place,
                                first_value(version) OVER told_in_order AS first_version
                            FROM (SELECT topic, key, seq,
                                      (regexp_match(headers, 'ce_aggregateversion=(\\d+)'))[1]::bigint AS version
                                  FROM outbox
                                  WHERE topic IN ('instances.lifecycle', 'networks.interfaces', 'networks.addresses')) told
                            WINDOW told_in_order AS (PARTITION BY topic, key ORDER BY seq)) numbered
                        WHERE version <> first_version + place - 1""")).as(what).isEmpty();
        assertThat(rows("""
                        SELECT told.key
                        FROM (SELECT key, max((regexp_match(headers, 'ce_aggregateversion=(\\d+)'))[1]::bigint) AS version
                              FROM outbox WHERE topic IN ('instances.lifecycle', 'networks.interfaces', 'networks.addresses')
                              GROUP BY key) told
                        JOIN (SELECT interface_id AS key, version FROM network_interface
                              UNION ALL SELECT allocation_id, version FROM elastic_address
                              UNION ALL SELECT instance_id, version FROM instance) rows USING (key)
                        WHERE told.version <> rows.version""")).as(what).isEmpty();
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
