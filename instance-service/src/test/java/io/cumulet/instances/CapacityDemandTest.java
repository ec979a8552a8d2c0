package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On-demand that needs the room of spot, on a clock that stands still between steps. An end takes 20 s. */
@QuarkusTest
@TestProfile(SlowDriverTest.Slow.class)
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class CapacityDemandTest {

    private static final String TRY_AGAIN = "try again in about 2 minutes";

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();
    private final String other = Stack.newAccount();

    @BeforeEach
    void freeze() {
        clock("freeze", null);
    }

    @AfterEach
    void run() {
        clock("run", null);
    }

    @Test
    void onDemandTakesRoomBackAndItIsKeptFromSpotUntilItIsLaunchedOrGivenUp() {
        Place place = new Place("us-east-1d", "r4.large");
        Stack.addHost(place.zone(), "r4", 4);
        String low = spot(place, "0.03");
        String high = spot(place, "0.06");
        refusedForNow(onDemand(account, place, 1));
        refusedForNow(onDemand(account, place, 1));
        place.holds(stack, 0, 2, 1);
        // The second one's is taken back too; a third one's isn't there.
        refusedForNow(onDemand(other, place, 1));
        place.holds(stack, 0, 2, 2);
        ValidatableResponse third = onDemand(Stack.newAccount(), place, 1);
        isRefused(third, 503, "InsufficientInstanceCapacity");
        third.body("detail", not(containsString(TRY_AGAIN)));
        place.holds(stack, 0, 2, 2);

        evict(place, low);
        place.holds(stack, 0, 1, 1);
        isRefused(launch(account, spotOf(place, "0.09")), 503, "InsufficientInstanceCapacity");
        String launched = onDemand(account, place, 1).statusCode(201).extract().path("instances[0].instanceId");
        place.holds(stack, 0, 1, 1);

        clock("advance", "PT11M");
        place.holds(stack, 0, 1, 0);
        as(account).delete("/v1/instances/{id}", launched).then().statusCode(200);
        clock("advance", "PT20S");
        place.holds(stack, 1, 1, 0);
        assertThat(Stack.state(account, high)).isEqualTo("running");
    }

    @Test
    void triesOfTheSameLaunchDoNotAddUpAndTheLastOneCounts() {
        Place place = new Place("us-east-1d", "m5a.large");
        Stack.addHost(place.zone(), "m5a", 6);
        for (String price : List.of("0.03", "0.04", "0.05")) {
            spot(place, price);
        }
        refusedForNow(onDemand(account, place, 2));
        refusedForNow(onDemand(account, place, 1));
        place.holds(stack, 0, 3, 2);
        isRefused(onDemand(account, place, 4), 503, "InsufficientInstanceCapacity");
        place.holds(stack, 0, 3, 2);
        clock("advance", "PT9M");
        refusedForNow(onDemand(account, place, 1));
        clock("advance", "PT9M");
        place.holds(stack, 0, 3, 2);
        clock("advance", "PT1M");
        place.holds(stack, 0, 3, 0);
    }

    @Test
    void aLaunchThatNamesNoZoneTakesBackInOneAndAStartInItsOwn() {
        Place first = new Place("us-east-1d", "c5n.large");
        Place second = new Place("us-east-1e", "c5n.large");
        Stack.addHost(first.zone(), "c5n", 2);
        Stack.addHost(second.zone(), "c5n", 2);
        spot(first, "0.03");
        String stopped = onDemand(account, second, 1).statusCode(201).extract().path("instances[0].instanceId");
        clock("advance", "PT30S");
        as(account).post("/v1/instances/{id}/stop", stopped).then().statusCode(200);
        clock("advance", "PT20S");
        String inTheWay = spot(second, "0.03");

        refusedForNow(launch(account, launchOf("c5n.large")));
        first.holds(stack, 0, 1, 1);
        second.holds(stack, 0, 1, 0);

        refusedForNow(as(account).post("/v1/instances/{id}/start", stopped).then());
        second.holds(stack, 0, 1, 1);
        evict(second, inTheWay);
        as(account).post("/v1/instances/{id}/start", stopped).then().statusCode(200);
        second.holds(stack, 0, 0, 0);
    }

    @Test
    void whoNeverCameForTheRoomDoesNotGetOthersEvictedAgainAtOnce() {
        Place place = new Place("us-east-1d", "r5a.large");
        Stack.addHost(place.zone(), "r5a", 2);
        spot(place, "0.03");
        refusedForNow(onDemand(account, place, 1));
        place.holds(stack, 0, 1, 1);
        clock("advance", "PT10M");
        place.holds(stack, 0, 1, 0);
        refusedForGood(onDemand(account, place, 1));
        refusedForNow(onDemand(other, place, 1));
        place.holds(stack, 0, 1, 1);
        clock("advance", "PT10M");
        place.holds(stack, 0, 1, 0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> refusedForNow(onDemand(account, place, 1)));
    }

    @Test
    void nobodyIsEvictedForMoreThanAnAccountMayWaitFor() {
        Place place = new Place("us-east-1e", "r5a.large");
        Stack.addHost(place.zone(), "r5a", 206);
        spot(place, "0.03");
        spot(place, "0.03");
        spot(place, "0.03");
        // 100 are free, 103 would be.
        place.holds(stack, 100, 3, 0);
        refusedForGood(onDemand(account, place, 101));
        onDemand(account, place, 2).statusCode(201);
        place.holds(stack, 98, 3, 0);
        refusedForNow(onDemand(account, place, 100));
        place.holds(stack, 0, 3, 2);
    }

    @Test
    void nobodyIsEvictedForALaunchThatWouldFindNoAddress() {
        Place place = new Place("us-east-1f", "r5a.large");
        Stack.addHost(place.zone(), "r5a", 2);
        spot(place, "0.03");
        String vpc = as(account)
                .body(Map.of("cidrBlock", "10.0.0.0/16"))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract()
                .path("vpcId");
        String subnet = as(account)
                .body(Map.of("vpcId", vpc, "cidrBlock", "10.0.0.0/28", "availabilityZone", place.zone()))
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
        for (int i = 0; i < 11; i++) {
            as(account)
                    .body(Map.of("subnetId", subnet))
                    .post("/v1/network-interfaces")
                    .then()
                    .statusCode(201);
        }
        isRefused(
                launch(account, launchOf(place.type(), "subnetId", subnet)), 503, "InsufficientFreeAddressesInSubnet");
        isRefused(
                launch(
                        account,
                        launchOf(
                                place.type(),
                                "networkInterfaces",
                                List.of(Map.of("deviceIndex", 0, "subnetId", subnet)))),
                503,
                "InsufficientFreeAddressesInSubnet");
        place.holds(stack, 0, 1, 0);
        refusedForNow(onDemand(account, place, 1));
        place.holds(stack, 0, 1, 1);
    }

    @Test
    void roomThatOnDemandLeavesAnywayIsNotTakenFromSpot() {
        Place place = new Place("us-east-1e", "r4.large");
        Stack.addHost(place.zone(), "r4", 4);
        String spot = spot(place, "0.03");
        String before = onDemand(account, place, 1).statusCode(201).extract().path("instances[0].instanceId");
        clock("advance", "PT30S");
        Stack.awaitState(account, before, "running");
        as(account).delete("/v1/instances/{id}", before).then().statusCode(200);
        place.holds(stack, 0, 1, 0);
        int told = stack.told(Topic.INSTANCES_CAPACITY, place.key()).size();
        refusedForNow(onDemand(account, place, 1));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> stack.told(Topic.INSTANCES_CAPACITY, place.key()).size() > told);
        place.holds(stack, 0, 1, 0);
        // Both: one has to go.
        refusedForNow(onDemand(account, place, 2));
        place.holds(stack, 0, 1, 1);
        clock("advance", "PT20S");
        Stack.awaitState(account, before, "terminated");
        onDemand(account, place, 1).statusCode(201);
        assertThat(Stack.state(account, spot)).isEqualTo("running");
    }

    /** A pool that no other test uses. */
    private record Place(String zone, String type) {

        String family() {
            return type.substring(0, type.indexOf('.'));
        }

        String key() {
            return zone + "/" + family();
        }

        /** Waits until the newest that is told of it says this. */
        void holds(Stack stack, int fits, int spotUnits, int reclaimed) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                CapacitySnapshot told =
                        stack.told(Topic.INSTANCES_CAPACITY, key()).getLast().body(CapacitySnapshot.class);
                assertThat(Stream.of(
                                told.fits().get(type),
                                told.spotUnits().getOrDefault(type + "/linux", 0),
                                Objects.requireNonNull(told.reclaimed()).getOrDefault(type + "/linux", 0)))
                        .containsExactly(fits, spotUnits, reclaimed);
            });
        }
    }

    private static void refusedForNow(ValidatableResponse answer) {
        isRefused(answer, 503, "InsufficientInstanceCapacity", "instanceType");
        answer.body("detail", containsString(TRY_AGAIN));
    }

    private static void refusedForGood(ValidatableResponse answer) {
        isRefused(answer, 503, "InsufficientInstanceCapacity", "instanceType");
        answer.body("detail", not(containsString(TRY_AGAIN)));
    }

    private static ValidatableResponse onDemand(String account, Place place, int count) {
        return launch(
                account,
                launchOf(
                        place.type(),
                        "placement",
                        Map.of("availabilityZone", place.zone()),
                        "minCount",
                        count,
                        "maxCount",
                        count));
    }

    private static Map<String, Object> spotOf(Place place, String maxPrice) {
        return launchOf(
                place.type(),
                "placement",
                Map.of("availabilityZone", place.zone()),
                "market",
                Map.of("type", "spot", "maxPrice", maxPrice));
    }

    private String spot(Place place, String maxPrice) {
        stack.tell(
                EventType.SPOT_PRICE_CHANGED,
                place.zone() + "/" + place.type() + "/linux",
                "000000000000",
                1,
                new SpotPriceSnapshot(place.zone(), place.type(), "linux", 1, "0.0100", stack.now()));
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> launch(account, spotOf(place, maxPrice)),
                        answer -> answer.extract().statusCode() == 201)
                .extract()
                .path("instances[0].instanceId");
    }

    /** As the market does it in the end; returns when its room is free. */
    private void evict(Place place, String id) {
        stack.tell(
                EventType.SPOT_EVICTED,
                id,
                account,
                2,
                new SpotInterruption(
                        id,
                        ResourceKind.SPOT_REQUEST.derivedId(id),
                        account,
                        "us-east-1",
                        place.zone(),
                        place.type(),
                        "linux",
                        "capacity",
                        "terminate",
                        stack.now(),
                        stack.now()));
        Stack.awaitState(account, id, "shutting-down");
        clock("advance", "PT20S");
        Stack.awaitState(account, id, "terminated");
    }

    private static void clock(String action, String by) {
        operator()
                .body(by == null ? Map.of("action", action) : Map.of("action", action, "duration", by))
                .post("/v1/clock")
                .then()
                .statusCode(200);
    }
}
