package io.cumulet.spotmarket.app;

import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.kernel.Tenancy;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * What the market's transactions take on a real PostgreSQL: requests saved, prices kept, events in the outbox, timers set. Not
 * a test: {@code deploy/bench/spot} runs it.
 */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class MarketBench {

    private static final int POOLS = 10_000;
    private static final AccountId OWNER = new AccountId("518273645103");

    @Inject
    Market market;

    @Inject
    StackClock clock;

    @Inject
    KafkaClients kafka;

    private final Random random = new Random(7);

    @Test
    void tenThousandPoolsAreClearedAgain() {
        List<PoolId> pools = pools();
        System.out.printf("%,d pools of 10 bids%n", pools.size());
        capacity(pools, 1, 6);
        for (int i = 0; i < pools.size(); i += 1_000) {
            List<PoolId> some = pools.subList(i, Math.min(pools.size(), i + 1_000));
            inTransaction(() -> {
                market.lock(some);
                Changes changes = new Changes();
                for (PoolId pool : some) {
                    for (int j = 0; j < 10; j++) {
                        changes.add(waiting(pool), null);
                    }
                }
                market.write(changes);
            });
        }
        report("all cleared for the first time, read from the database, six of ten given room", List.of(time(() -> {
            market.lock(pools);
            market.clear(pools, null);
        })));
        List<Long> again = new ArrayList<>();
        List<Long> more = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            again.add(time(() -> {
                market.lock(pools);
                market.clear(pools, null);
            }));
        }
        report("all cleared again, nothing changed", again.subList(1, 6));
        for (int i = 0; i < 5; i++) {
            Map<String, CapacitySnapshot> news = snapshots(pools, 2 + i, i % 2 == 0 ? 1 : 0);
            more.add(time(() -> market.capacityChanged(news, null)));
        }
        report("news of capacity of all, one room more or less in each, prices move", more);
    }

    @Test
    void oneBidAmongAHundredThousand() {
        PoolId pool = PoolId.parse("us-east-1a/t2.micro/linux");
        capacity(List.of(pool), 1, 60_000);
        for (int i = 0; i < 10; i++) {
            inTransaction(() -> {
                market.lock(Set.of(pool));
                Changes changes = new Changes();
                for (int j = 0; j < 10_000; j++) {
                    changes.add(waiting(pool), null);
                }
                market.write(changes);
            });
        }
        report("100,000 bids read and cleared, 60,000 given room", List.of(time(() -> {
            market.lock(Set.of(pool));
            market.clear(Set.of(pool), null);
        })));
        awaitQuiet(Topic.SPOT_REQUESTS);
        List<Long> bids = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            bids.add(time(() -> {
                market.lock(Set.of(pool));
                market.add(waiting(pool), null);
                market.clear(Set.of(pool), null);
            }));
        }
        report("one new bid in a pool of 100,000", bids.subList(100, 300));
    }

    @Test
    void tenThousandAreWarnedAtOnce() {
        PoolId pool = PoolId.parse("us-east-1b/t2.micro/linux");
        capacity(List.of(pool), 1, 10_000);
        inTransaction(() -> {
            market.lock(Set.of(pool));
            Changes changes = new Changes();
            for (int i = 0; i < 10_000; i++) {
                SpotRequest request = waiting(pool);
                String instance = ResourceKind.INSTANCE.newId();
                changes.add(
                        SpotRequest.adopt(request.id(), OWNER, request.terms(), instance)
                                .instanceRuns(instance),
                        null);
            }
            market.write(changes);
            market.clear(Set.of(pool), null);
        });
        awaitQuiet(Topic.SPOT_REQUESTS);
        try (Consumer<String, byte[]> consumer = reader(Topic.SPOT_INTERRUPTIONS)) {
            CapacitySnapshot taken = new CapacitySnapshot(
                    "us-east-1b",
                    "t2",
                    2,
                    clock.instant(),
                    Map.of("t2.micro", 0),
                    Map.of("t2.micro/linux", 10_000),
                    Map.of("t2.micro/linux", 10_000));
            long begin = System.nanoTime();
            inTransaction(() -> market.capacityChanged(Map.of("us-east-1b/t2", taken), null));
            long committed = System.nanoTime() - begin;
            int warned = 0;
            while (warned < 10_000) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                    String type = EventHeaders.text(record.headers(), CloudEventHeaders.TYPE);
                    warned += "spot.interruption-warned".equals(type) ? 1 : 0;
                }
            }
            System.out.printf(
                    "10,000 units lose at once: committed after %d ms, all warnings on the topic after %d ms%n",
                    committed / 1_000_000, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static List<PoolId> pools() {
        List<PoolId> pools = new ArrayList<>();
        for (char zone = 'a'; zone <= 'f'; zone++) {
            for (OnDemandPrice price : OnDemandPrices.shipped()
                    .listAt(
                            Region.DEFAULT,
                            java.time.Instant.parse("2026-01-01T00:00:00Z"),
                            listed -> listed.tenancy() == Tenancy.DEFAULT
                                    && !listed.instanceType().family().equals("t2"))) {
                pools.add(new PoolId(
                        new AvailabilityZone(Region.DEFAULT.value() + zone), price.instanceType(), price.os()));
            }
        }
        return pools.subList(0, Math.min(POOLS, pools.size()));
    }

    private void capacity(List<PoolId> pools, long version, int fits) {
        inTransaction(() -> market.capacityChanged(snapshots(pools, version, fits), null));
    }

    private Map<String, CapacitySnapshot> snapshots(List<PoolId> pools, long version, int fits) {
        Map<String, Map<String, Integer>> byFamily = new HashMap<>();
        for (PoolId pool : pools) {
            byFamily.computeIfAbsent(pool.familyKey(), unused -> new HashMap<>())
                    .put(pool.type().value(), fits);
        }
        Map<String, Map<String, Integer>> units = new HashMap<>();
        if (version > 1) {
            pools.forEach(pool -> units.computeIfAbsent(pool.familyKey(), unused -> new HashMap<>())
                    .put(pool.unitsKey(), 6));
        }
        Map<String, CapacitySnapshot> snapshots = new HashMap<>();
        byFamily.forEach((family, types) -> {
            String[] parts = family.split("/", -1);
            snapshots.put(
                    family,
                    new CapacitySnapshot(
                            parts[0],
                            parts[1],
                            version,
                            clock.instant(),
                            types,
                            units.getOrDefault(family, Map.of()),
                            Map.of()));
        });
        return snapshots;
    }

    private SpotRequest waiting(PoolId pool) {
        Terms terms = new Terms(
                pool,
                new HourlyRate(BigDecimal.valueOf(random.nextInt(20_000, 50_000_000), 6)),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                clock.instant(),
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        return SpotRequest.open(ResourceKind.SPOT_REQUEST.newId(), OWNER, terms, clock.instant());
    }

    private static void inTransaction(Runnable work) {
        QuarkusTransaction.requiringNew().timeout(120).run(work);
    }

    private static long time(Runnable work) {
        long begin = System.nanoTime();
        inTransaction(work);
        return System.nanoTime() - begin;
    }

    private static void report(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        System.out.printf(
                "%s: median %.1f ms, longest %.1f ms%n",
                what, sorted.get(sorted.size() / 2) / 1e6, sorted.getLast() / 1e6);
    }

    private Consumer<String, byte[]> reader(Topic topic) {
        Consumer<String, byte[]> consumer = kafka.lonelyConsumer();
        consumer.assign(consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
        return consumer;
    }

    /** Waits until the relay has sent what came before. */
    private void awaitQuiet(Topic topic) {
        try (Consumer<String, byte[]> consumer = reader(topic)) {
            int quiet = 0;
            while (quiet < 5) {
                quiet = consumer.poll(Duration.ofMillis(500)).isEmpty() ? quiet + 1 : 0;
            }
        }
    }
}
