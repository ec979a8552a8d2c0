package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.instances.domain.placement.PlacementRule.Wish;
import io.cumulet.instances.domain.placement.SpotUnit;
import io.cumulet.instances.domain.placement.TakeBack;
import io.cumulet.instances.domain.placement.ZoneFleet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a zone decides of room that on-demand waits for, in memory. */
class ZoneDemandsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    private static final InstanceTypeFacts LARGE =
            InstanceTypes.find("m4.large").orElseThrow();
    private static final InstanceTypeFacts XLARGE =
            InstanceTypes.find("m4.xlarge").orElseThrow();
    private static final AccountId ACCOUNT = new AccountId("000000000001");

    private final ZoneFleet fleet = new ZoneFleet();
    private final ZoneMemory memory = new ZoneMemory(fleet, List.of(), 1);
    private final Map<String, SpotUnit> spot = new HashMap<>();
    private final ZoneDemands demands = demands();

    @Test
    void manySpotLaunchesWhileOnDemandWaitsAreDecidedOnce() {
        hosts(300, 4);
        spot("h-0", 2);
        onDemand("h-1", 1);
        assertThat(demands.note(ACCOUNT, LARGE, 80)).isTrue();
        SpotRoom decided = memory.spotRooms.get("m4");
        assertThat(decided).isNotNull();
        for (int i = 0; i < 512; i++) {
            List<ZoneFleet.Place> places = demands.firstFitOfSpot(wish(LARGE), 1);
            assertThat(places).as("launch %d", i).hasSize(1);
            spot(places.getFirst().hostId(), 1);
            assertThat(memory.spotRooms.get("m4")).as("launch %d", i).isSameAs(decided);
        }
        while (!demands.firstFitOfSpot(wish(LARGE), 1).isEmpty()) {
            spot(demands.firstFitOfSpot(wish(LARGE), 1).getFirst().hostId(), 1);
        }
        assertThat(fleet.fits("m4", need(LARGE))).as("what is kept from spot").isEqualTo(80);
    }

    @Test
    void whatCannotBeHelpedIsNotLookedAtAgainUntilOnDemandLeaves() {
        hosts(2, 2);
        spot("h-0", 1);
        onDemand("h-1", 1);
        assertThat(demands.note(ACCOUNT, LARGE, 2)).isFalse();
        // Not looked at: what others hold isn't known any more, and nobody may ask.
        memory.holders.clear();
        assertThat(demands.note(new AccountId("000000000002"), LARGE, 2)).isFalse();
        assertThat(demands.note(ACCOUNT, LARGE, 3)).isFalse();
        memory.holders.put("m4", new ZoneMemory.Holders(spot, new HashMap<>()));
        fleet.release("h-1", need(LARGE));
        demands.hostsChanged("m4");
        assertThat(demands.note(ACCOUNT, LARGE, 2)).isTrue();
    }

    @Test
    void noMoreThanOneMayHaveOthersEvictedForIsNoted() {
        hosts(60, 4);
        for (int i = 0; i < 60; i++) {
            spot("h-" + i, 2);
        }
        assertThat(demands.note(ACCOUNT, LARGE, 101)).isFalse();
        assertThat(demands.note(ACCOUNT, LARGE, 90)).isTrue();
        assertThat(demands.note(ACCOUNT, LARGE, 91)).isTrue();
        assertThat(demands.note(ACCOUNT, XLARGE, 10)).isFalse();
        assertThat(demands.note(ACCOUNT, XLARGE, 9)).isTrue();
        assertThat(demands.note(new AccountId("000000000002"), XLARGE, 5)).isTrue();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** New ones bid more than all before them, so that they would be the last to go. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nothingThatSpotLaunchesTakesWhatOnDemandWaitsFor(long seed) {
        Random random = new Random(seed);
        int hosts = 2 + random.nextInt(4);
        hosts(hosts, 8);
        for (int i = 0; i < hosts; i++) {
            onDemand("h-" + i, random.nextInt(3));
            spot("h-" + i, i == 0 ? 1 : random.nextInt(2));
        }
        int free = fleet.fits("m4", need(LARGE));
        assertThat(demands.note(ACCOUNT, LARGE, free + 1)).as("seed %d", seed).isTrue();
        // Less is waited for from here on, so that something is left for spot.
        int launched = random.nextInt(free + 1);
        if (launched > 0) {
            demands.served(ACCOUNT, LARGE.type(), launched);
        }
        TakeBack before = demands.takeBack("m4").orElseThrow();
        for (int i = 0; i < 10; i++) {
            InstanceTypeFacts type = random.nextBoolean() ? LARGE : XLARGE;
            for (ZoneFleet.Place place : demands.firstFitOfSpot(wish(type), 1)) {
                spot(place.hostId(), type);
            }
            SpotRoom followed = memory.spotRooms.get("m4");
            assertThat(followed).as("seed %d: followed", seed).isNotNull();
            TakeBack anew = demands.takeBack("m4").orElseThrow();
            assertThat(anew.met()).as("seed %d: still fits", seed).isEqualTo(before.met());
            assertThat(anew.reclaimed()).as("seed %d: no more goes", seed).isEqualTo(before.reclaimed());
            memory.spotRooms.put("m4", followed);
        }
    }

    private void hosts(int count, int vcpus) {
        for (int i = 0; i < count; i++) {
            Capacity capacity = new Capacity(vcpus, vcpus * 4096L, 0, 0);
            fleet.add(new Host("h-" + i, ZONE, "m4", 1, vcpus, capacity, Host.State.AVAILABLE, 1), Capacity.NONE);
        }
    }

    private void onDemand(String hostId, int count) {
        for (int i = 0; i < count; i++) {
            fleet.take(hostId, need(LARGE));
            demands.took("m4", hostId, need(LARGE));
        }
    }

    private void spot(String hostId, int count) {
        for (int i = 0; i < count; i++) {
            spot(hostId, LARGE);
        }
    }

    private void spot(String hostId, InstanceTypeFacts type) {
        String id = "i-" + spot.size();
        fleet.take(hostId, need(type));
        demands.took("m4", hostId, need(type));
        fleet.countSpot("m4", type.type() + "/linux", 1);
        spot.put(
                id,
                new SpotUnit(
                        id,
                        type.type() + "/linux",
                        hostId,
                        need(type),
                        HourlyRate.of("0." + (1000 + spot.size())),
                        NOW,
                        false));
        memory.holders.put("m4", new ZoneMemory.Holders(spot, new HashMap<>()));
    }

    private static Wish wish(InstanceTypeFacts type) {
        return new Wish("m4", need(type));
    }

    private static Capacity need(InstanceTypeFacts type) {
        return LaunchOrder.capacityOf(type);
    }

    private ZoneDemands demands() {
        ZoneStore nobodyAsks = (ZoneStore) Proxy.newProxyInstance(
                ZoneStore.class.getClassLoader(), new Class<?>[] {ZoneStore.class}, (store, method, arguments) -> {
                    throw new AssertionError("The database was asked for " + method.getName());
                });
        return new ZoneDemands(
                ZONE,
                memory,
                nobodyAsks,
                new BatchFacts(ZONE, Set.of(ZONE), memory, nobodyAsks, new AddressPool(List.of())),
                new BatchResult(),
                new DemandRules(Duration.ofMinutes(10), 100),
                NOW);
    }
}
