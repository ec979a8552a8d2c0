package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class SpotTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void aLaunchBelowThePriceIsRefusedAndOneAtThePriceRuns() {
        priced("us-east-1a", "m4.large", "0.0500");
        isRefused(
                launch(account, spot("m4.large", "0.0499", "terminate")), 400, "SpotMaxPriceTooLow", "market.maxPrice");
        String id = launch(account, spot("m4.large", "0.05", "terminate"))
                .statusCode(201)
                .body("instances[0].market.type", equalTo("spot"))
                .body("instances[0].market.spotRequestId", notNullValue())
                .extract()
                .path("instances[0].instanceId");
        awaitState(account, id, "running");
        stack.awaitTypes(id, "instance.requested", "instance.launched");
        Stack.Told told = stack.told(Topic.INSTANCES_LIFECYCLE, id).get(1);
        assertThat(told.headers()).containsEntry("ce_market", "spot");
        assertThat(told.body(InstanceSnapshot.class).spotRequestId())
                .isEqualTo(ResourceKind.SPOT_REQUEST.derivedId(id));
    }

    @Test
    void withoutAMaxPriceTheOnDemandPriceIsBid() {
        priced("us-east-1a", "m4.large", "0.0500");
        Map<String, Object> body = launchOf("m4.large", "market", Map.of("type", "spot"));
        launch(account, body).statusCode(201).body("instances[0].market.maxPrice", equalTo("0.1"));
    }

    @Test
    void aPoolWithoutAPriceYetIsNotSold() {
        isRefused(launch(account, spot("r5.large", "1", "terminate")), 503, "Unavailable");
    }

    @Test
    void aWarnedInstanceRunsOnAndTheEvictionTerminatesIt() {
        String id = runningSpot("terminate");
        Instant actionAt = stack.now().plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "terminate", actionAt);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .get("/v1/instances/{id}", id)
                        .then()
                        .body("market.interruptionActionAt", equalTo(actionAt.toString()))
                        .body("state", equalTo("running")));
        interrupt(EventType.SPOT_EVICTED, id, "terminate", actionAt);
        awaitState(account, id, "terminated");
        as(account)
                .get("/v1/instances/{id}", id)
                .then()
                .body("stateReason.code", equalTo("Server.SpotInstanceTermination"));
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interruption-warned",
                "instance.interrupted",
                "instance.terminating",
                "instance.terminated");
    }

    @Test
    void anInstanceWithBehaviourStopIsStoppedAndAnEvictionThatComesTwiceChangesNothing() {
        String id = runningSpot("stop");
        Instant actionAt = stack.now().plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "stop", actionAt);
        interrupt(EventType.SPOT_EVICTED, id, "stop", actionAt);
        interrupt(EventType.SPOT_EVICTED, id, "stop", actionAt);
        awaitState(account, id, "stopped");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interruption-warned",
                "instance.interrupted",
                "instance.stopping",
                "instance.stopped");
    }

    @Test
    void anAllocationIsLaunchedOnceHoweverOftenItComes() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(request, 1, "us-east-1a", "m4.large");
        allocate(request, 1, "us-east-1a", "m4.large");
        allocate(request, 2, "us-east-1a", "m4.large");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .queryParam("state", "running")
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(2)));
    }

    @Test
    void anAllocationWithoutRoomIsAnsweredWithAFailedInstance() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(request, 1, "us-east-1f", "r5.24xlarge");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(1))
                        .body("instances[0].state", equalTo("terminated"))
                        .body("instances[0].stateReason.code", equalTo("Server.InsufficientInstanceCapacity")));
        String id = as(account)
                .queryParam("spotRequestId", request)
                .get("/v1/instances")
                .then()
                .extract()
                .path("instances[0].instanceId");
        stack.awaitTypes(id, "instance.failed");
    }

    @Test
    void anAllocationWithAForeignGroupIsAnsweredWithAFailedInstance() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(request, 1, "us-east-1a", "m4.large", List.of(ResourceKind.SECURITY_GROUP.newId()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(1))
                        .body("instances[0].stateReason.code", equalTo("Server.InvalidGroup.NotFound")));
    }

    @Test
    void capacityTellsWhatFitsAndWhatSpotHolds() {
        Stack.addHost("us-east-1d", "m4", 8);
        priced("us-east-1d", "m4.large", "0.0100");
        Map<String, Object> body = spot("m4.large", "0.05", "terminate");
        body.put("placement", Map.of("availabilityZone", "us-east-1d"));
        launch(account, body).statusCode(201);
        body.remove("market");
        launch(account, body).statusCode(201);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            CapacitySnapshot newest = stack.told(Topic.INSTANCES_CAPACITY, "us-east-1d/m4")
                    .getLast()
                    .body(CapacitySnapshot.class);
            assertThat(newest.fits()).isEqualTo(Map.of("m4.large", 2, "m4.xlarge", 1, "m4.2xlarge", 0));
            assertThat(newest.spotUnits()).isEqualTo(Map.of("m4.large/linux", 1));
        });
        assertThat(stack.told(Topic.INSTANCES_CAPACITY, "us-east-1d/m4"))
                .extracting(Stack.Told::version)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private String runningSpot(String behavior) {
        priced("us-east-1a", "m4.large", "0.0500");
        String id = launch(account, spot("m4.large", "0.09", behavior))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        awaitState(account, id, "running");
        return id;
    }

    private static Map<String, Object> spot(String type, String maxPrice, String behavior) {
        return launchOf(type, "market", Map.of("type", "spot", "maxPrice", maxPrice, "interruptionBehavior", behavior));
    }

    private static long priceVersion = 0;

    private void priced(String zone, String type, String price) {
        long version;
        synchronized (SpotTest.class) {
            version = ++priceVersion;
        }
        stack.tell(
                EventType.SPOT_PRICE_CHANGED,
                zone + "/" + type + "/linux",
                "000000000000",
                version,
                new SpotPriceSnapshot(zone, type, "linux", version, price, stack.now()));
        Map<String, Object> probe = new HashMap<>(spot(type, "0.0000001", "terminate"));
        probe.put("placement", Map.of("availabilityZone", zone));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> isRefused(launch(account, probe), 400, "SpotMaxPriceTooLow"));
    }

    private void interrupt(EventType type, String id, String action, Instant actionAt) {
        stack.tell(
                type,
                id,
                account,
                type == EventType.SPOT_EVICTED ? 2 : 1,
                new SpotInterruption(
                        id,
                        ResourceKind.SPOT_REQUEST.derivedId(id),
                        account,
                        "us-east-1",
                        "us-east-1a",
                        "m4.large",
                        "linux",
                        "price",
                        action,
                        actionAt,
                        stack.now()));
    }

    private void allocate(String request, int unit, String zone, String type) {
        allocate(request, unit, zone, type, List.of());
    }

    private void allocate(String request, int unit, String zone, String type, List<String> groups) {
        stack.tell(
                EventType.SPOT_ALLOCATED,
                request,
                account,
                unit,
                new SpotAllocation(
                        request,
                        unit,
                        account,
                        "us-east-1",
                        zone,
                        stack.now(),
                        Stack.AMAZON_LINUX,
                        type,
                        "0.09",
                        "terminate",
                        null,
                        null,
                        groups,
                        Map.of()));
    }
}
