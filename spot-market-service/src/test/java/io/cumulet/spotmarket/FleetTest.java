package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static io.cumulet.spotmarket.MarketStack.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotFleetSnapshot;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.cumulet.spotmarket.MarketStack.Told;
import io.cumulet.spotmarket.app.Market;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fleets as their owners and the instance service see them. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class FleetTest {

    @Inject
    MarketStack stack;

    @Inject
    InstancesStub instances;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    Pools pools;

    @Inject
    Market market;

    @Inject
    Requests requests;

    @Inject
    DataSource dataSource;

    @BeforeEach
    void standStill() {
        coordinator.freeze();
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @Test
    void aSpotFleetRequestIsAFleetByAnotherNameWithItsRecordAndTags() {
        Pool pool = new Pool("us-east-1a", "i3.xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        Map<String, Object> body = fleet("maintain", 1, override(pool, null));
        body.put("kind", "spot-fleet-request");
        body.put("requestedAs", Map.of("IamFleetRole", "arn:aws:iam::1:role/fleet"));
        body.put("tags", Map.of("team", "blue"));
        String fleet = create(account, body);
        stack.quiet();

        assertThat(fleet).startsWith("sfr-");
        show(account, fleet).body("requestedAs.IamFleetRole", equalTo("arn:aws:iam::1:role/fleet"));
        assertThat(allocated(fleet, account)).hasSize(1);
        as(account)
                .body(Map.of("tags", Map.of("cost", "4711")))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("team", "blue", "cost", "4711")));
        as(account)
                .body(Map.of("tags", Map.of("a", "b"), "targetCapacity", 2))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidParameterCombination"));
        as(newAccount())
                .body(Map.of("tags", Map.of("a", "b")))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidFleetId.NotFound"));
        show(account, fleet).body("targetCapacity", equalTo(1)).body("tags.size()", equalTo(2));
    }

    @Test
    void anInstantFleetHasItsOnDemandInstancesOfTheCheapestThatHasRoomAndTellsOfTheOthers() {
        String account = newAccount();
        Map<String, Object> body = fleet(
                "instant",
                0,
                Map.of("instanceType", "i3.4xlarge", "availabilityZone", "us-east-1a", "weightedCapacity", 2),
                Map.of("instanceType", "i3.2xlarge", "availabilityZone", "us-east-1a", "weightedCapacity", 2));
        body.put("onDemandTargetCapacity", 3);
        instances.refuse(
                "\"instanceType\":\"i3.2xlarge\"",
                503,
                "{\"code\": \"InsufficientInstanceCapacity\", \"detail\": \"no room\"}");

        String fleet = as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .body("instances", hasSize(2))
                .body("instances.market", contains("on-demand", "on-demand"))
                .body("instances.instanceType", contains("i3.4xlarge", "i3.4xlarge"))
                .body("fleet.fulfilledOnDemandCapacity", equalTo(4))
                .body("fleet.errors.code", contains("InsufficientInstanceCapacity"))
                .body("fleet.errors.market", contains("on-demand"))
                .extract()
                .path("fleet.fleetId");
        assertThat(instances.launchesOf(fleet)).singleElement().asString().contains("\"maxCount\":2");

        as(account)
                .delete("/v1/fleets/{id}?terminateInstances=true", fleet)
                .then()
                .statusCode(200)
                .body("state", equalTo("deleted-terminating"));
        as(account).get("/v1/fleets/{id}/instances", fleet).then().body("instances", hasSize(0));
    }

    @Test
    void whoSaysAttributesHasTheTypesThatHaveThemAndDoNotCostTooMuch() {
        Pool pool = new Pool("us-east-1d", "m4.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        Map<String, Object> wanted = Map.of(
                "vCpuCount", Map.of("min", 2, "max", 2),
                "memoryMiB", Map.of("min", 8192, "max", 8192),
                "allowedInstanceTypes", List.of("m4.*", "m5.*", "t3.*", "z1d.*"));
        String fleet = create(
                account,
                fleet(
                        "maintain",
                        1,
                        Map.of(
                                "instanceRequirements",
                                wanted,
                                "availabilityZone",
                                "us-east-1d",
                                "weightedCapacity",
                                2)));
        stack.quiet();

        show(account, fleet)
                .body("overrides.instanceType", contains("m5.large", "m4.large"))
                .body("overrides.weightedCapacity", contains(2, 2));
        assertThat(allocated(fleet, account)).hasSize(1);

        // Nobody launches an m4 on demand if it may cost no more than an m5.
        Map<String, Object> onDemand = fleet(
                "instant",
                0,
                Map.of(
                        "instanceRequirements",
                        wanted,
                        "priceProtection",
                        Map.of(
                                "onDemandMaxPricePercentageOverLowestPrice",
                                0,
                                "spotMaxPricePercentageOverLowestPrice",
                                50)));
        onDemand.put("onDemandTargetCapacity", 1);
        as(account)
                .body(onDemand)
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .body("instances.instanceType", contains("m5.large"))
                .body("fleet.overrides.instanceType", contains("m5.large", "m4.large"));

        Map<String, Object> impossible = Map.of("vCpuCount", Map.of("min", 5000), "memoryMiB", Map.of("min", 1));
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceRequirements", impossible)),
                "InvalidFleetConfig",
                "overrides[0].instanceRequirements");
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceRequirements", Map.of("vCpuCount", Map.of("min", 1)))),
                "MissingParameter",
                "overrides[0].instanceRequirements.memoryMiB");
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceRequirements", wanted, "instanceType", "m5.large")),
                "InvalidParameterCombination",
                "overrides[0].instanceRequirements");
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceType", "m5.large", "priceProtection", Map.of())),
                "InvalidParameterCombination",
                "overrides[0].priceProtection");
    }

    @Test
    void typesThatTheLaunchsOptionsDoNotSuitAreNoneOfTheFleets() {
        String account = newAccount();
        Map<String, Object> wanted = Map.of(
                "vCpuCount", Map.of("min", 2, "max", 2),
                "memoryMiB", Map.of("min", 8192, "max", 8192),
                "allowedInstanceTypes", List.of("m5a.*", "m5d.*", "m5n.*"));
        Map<String, Object> body = fleet("maintain", 1, Map.of("instanceRequirements", wanted));
        body.put(
                "launch",
                Map.of(
                        "imageId",
                        MarketStack.LINUX,
                        "launchOptions",
                        Map.of("enclaveOptions", Map.of("enabled", true))));
        show(account, create(account, body))
                .body("overrides.instanceType", containsInAnyOrder("m5a.large", "m5d.large", "m5n.large"));

        String refusal =
                "{\"code\": \"UnsupportedOperation\", \"field\": \"enclaveOptions\", \"detail\": \"no enclaves\"}";
        instances.refuse("\"instanceType\":\"m5a.large\"", 400, refusal);
        instances.refuse("\"instanceType\":\"m5n.large\"", 400, refusal);
        show(account, create(account, body)).body("overrides.instanceType", contains("m5d.large"));

        instances.refuse("\"instanceType\":\"m5d.large\"", 400, refusal);
        as(account).body(body).post("/v1/fleets").then().statusCode(400).body("code", equalTo("UnsupportedOperation"));
    }

    @Test
    void ofTwoOverridesThatComeToTheSameTypeTheFirstCountsForSpotAndOnDemandEachForItself() {
        String account = newAccount();
        Map<String, Object> wanted = Map.of(
                "vCpuCount", Map.of("min", 2, "max", 2),
                "memoryMiB", Map.of("min", 16384, "max", 16384),
                "allowedInstanceTypes", List.of("r5.*", "r5a.*"));
        // For the first an r5 is too dear on demand.
        Map<String, Object> body = fleet(
                "instant",
                0,
                Map.of(
                        "instanceRequirements",
                        wanted,
                        "weightedCapacity",
                        2,
                        "priceProtection",
                        Map.of(
                                "onDemandMaxPricePercentageOverLowestPrice",
                                0,
                                "spotMaxPricePercentageOverLowestPrice",
                                50)),
                Map.of("instanceRequirements", wanted, "weightedCapacity", 3));
        body.put("onDemandTargetCapacity", 3);
        instances.refuse(
                "\"instanceType\":\"r5a.large\"",
                503,
                "{\"code\": \"InsufficientInstanceCapacity\", \"detail\": \"no room\"}");
        as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .body("instances.instanceType", contains("r5.large"))
                .body("fleet.fulfilledOnDemandCapacity", equalTo(3));
    }

    @Test
    void anOverrideThatNamesATypeCountsBeforeOneOfAttributesWhicheverIsFirst() {
        String account = newAccount();
        Map<String, Object> attributes = Map.of(
                "instanceRequirements",
                Map.of(
                        "vCpuCount", Map.of("min", 2, "max", 2),
                        "memoryMiB", Map.of("min", 16384, "max", 16384),
                        "allowedInstanceTypes", List.of("r5a.*", "r5d.*")));
        Map<String, Object> named = Map.of("instanceType", "r5d.large", "weightedCapacity", 4);
        show(account, create(account, fleet("maintain", 1, attributes, named)))
                .body("overrides.instanceType", contains("r5d.large", "r5a.large"))
                .body("overrides[0].weightedCapacity", equalTo(4));
        show(account, create(account, fleet("maintain", 1, named, attributes)))
                .body("overrides.instanceType", contains("r5d.large", "r5a.large"));
    }

    /** Half the cheapest's price for a weight of 0.7 has no end of decimals; its bid must still be a price. */
    @Test
    void aBidThatAttributesBoundIsAPrice() {
        String account = newAccount();
        Map<String, Object> wanted = Map.of(
                "vCpuCount", Map.of("min", 2, "max", 2),
                "memoryMiB", Map.of("min", 8192, "max", 8192),
                "allowedInstanceTypes", List.of("m5.*"));
        Map<String, Object> half = Map.of("maxSpotPriceAsPercentageOfOptimalOnDemandPrice", 50);
        String fleet = create(
                account,
                fleet(
                        "maintain",
                        1,
                        Map.of(
                                "instanceRequirements",
                                wanted,
                                "priceProtection",
                                half,
                                "availabilityZone",
                                "us-east-1e",
                                "weightedCapacity",
                                0.7)));

        String perUnit = show(account, fleet)
                .body("overrides.instanceType", contains("m5.large"))
                .extract()
                .path("overrides[0].maxPrice");
        assertThat(new BigDecimal(perUnit).multiply(new BigDecimal("0.7")))
                .isLessThanOrEqualTo(new BigDecimal("0.048"))
                .isGreaterThan(new BigDecimal("0.04799"))
                .satisfies(bid ->
                        assertThat(HourlyRate.isValid(bid.toPlainString())).isTrue());
        refuses(
                account,
                "overrides",
                List.of(Map.of(
                        "instanceRequirements",
                        wanted,
                        "priceProtection",
                        Map.of("maxSpotPriceAsPercentageOfOptimalOnDemandPrice", 0))),
                "InvalidParameterValue",
                "overrides[0].priceProtection.maxSpotPriceAsPercentageOfOptimalOnDemandPrice");
    }

    @Test
    void attributesAreBoundedInWhatTheySayAndInWhatTheyStandFor() {
        String account = newAccount();
        Map<String, Object> any = Map.of("vCpuCount", Map.of("min", 0), "memoryMiB", Map.of("min", 0));
        Map<String, Object> all = Map.of("spotMaxPricePercentageOverLowestPrice", 999_999);
        List<Map<String, Object>> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(Map.of("instanceRequirements", any, "priceProtection", all));
        }
        Map<String, Object> body = fleet("maintain", 1);
        body.put("overrides", many);
        as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidFleetConfig"))
                .body("detail", containsString("2000"));
        for (String named : List.of("\\E[", "*".repeat(31), "")) {
            Map<String, Object> pattern = new HashMap<>(any);
            pattern.put("allowedInstanceTypes", List.of("m5.*", named));
            refuses(
                    account,
                    "overrides",
                    List.of(Map.of("instanceRequirements", pattern)),
                    "InvalidParameterValue",
                    "overrides[0].instanceRequirements.allowedInstanceTypes[1]");
        }
    }

    @Test
    void maintainReplacesAnOnDemandInstanceThatIsGoneAndEndsWhatIsTooMuch() {
        String account = newAccount();
        Map<String, Object> body =
                fleet("maintain", 0, Map.of("instanceType", "i3.8xlarge", "availabilityZone", "us-east-1a"));
        body.put("onDemandTargetCapacity", 1);
        String fleet = create(account, body);
        show(account, fleet).body("activityStatus", equalTo("fulfilled"));
        String first = onlyInstance(account, fleet);

        stack.isTerminated(account, fleet, first, "i3.8xlarge");
        stack.quiet();
        Awaitility.await()
                .untilAsserted(() -> assertThat(onlyInstance(account, fleet)).isNotEqualTo(first));

        String second = onlyInstance(account, fleet);
        as(account)
                .body(Map.of("targetCapacity", 0, "onDemandTargetCapacity", 0))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(200)
                .body("onDemandTargetCapacity", equalTo(0))
                .body("fulfilledOnDemandCapacity", equalTo(0));
        assertThat(instances.isTerminated(second)).isTrue();
        assertThat(instances.isTerminated(first)).isFalse();
    }

    private static String onlyInstance(String account, String fleet) {
        List<String> ids = as(account)
                .get("/v1/fleets/{id}/instances", fleet)
                .then()
                .statusCode(200)
                .extract()
                .path("instances.instanceId");
        assertThat(ids).hasSize(1);
        return ids.getFirst();
    }

    @Test
    void aFleetAndARequestMayNameAnImageOfTheAccountsOwn() {
        String account = newAccount();
        String imageId = ResourceKind.IMAGE.newId();
        Pool pool = new Pool("us-east-1a", "i3.16xlarge");
        Map<String, Object> body = fleet("maintain", 1, override(pool, null));
        body.put("launch", Map.of("imageId", imageId));
        as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidAMIID.NotFound"))
                .body("field", equalTo("launch.imageId"));
        instances.image(account, imageId, "windows");
        String fleet = create(account, body);
        show(account, fleet).body("launch.imageId", equalTo(imageId));
        as(account)
                .body(Map.of("imageId", imageId, "instanceType", pool.type(), "availabilityZone", pool.zone()))
                .post("/v1/spot-requests")
                .then()
                .statusCode(201)
                .body("spotRequests.os", contains("windows"));
    }

    @Test
    void maintainReplacesAnOutbidUnitInAnotherPoolAtTheWarningAndARedeliveryChangesNothing() {
        Pool cheap = new Pool("us-east-1a", "h1.2xlarge");
        Pool other = new Pool("us-east-1b", "h1.2xlarge");
        String account = newAccount();
        stack.capacity(cheap, 1, 0);
        stack.capacity(other, 0, 0);
        stack.quiet();

        String fleet = create(account, fleet("maintain", 1, override(cheap, "0.0600"), override(other, "0.0600")));
        stack.quiet();
        String first = allocated(fleet, account).getFirst();
        show(account, fleet)
                .body("state", equalTo("active"))
                .body("activityStatus", equalTo("pending_fulfillment"))
                .body("fulfilledCapacity", equalTo(0));
        SpotAllocation allocation =
                stack.told(Topic.SPOT_ALLOCATIONS, first).getFirst().body(SpotAllocation.class);
        assertThat(allocation.availabilityZone()).isEqualTo("us-east-1a");
        assertThat(allocation.tags()).containsEntry("aws:ec2:fleet-id", fleet);

        Instance instance = stack.new Instance(account, cheap, "0.0600", first).runs();
        stack.capacity(cheap, 0, 1);
        stack.capacity(other, 1, 0);
        stack.quiet();
        show(account, fleet).body("activityStatus", equalTo("fulfilled")).body("fulfilledCapacity", equalTo(1));
        as(account)
                .get("/v1/fleets/{id}/instances", fleet)
                .then()
                .statusCode(200)
                .body("instances.instanceId", contains(instance.id));

        request(newAccount(), bid(cheap, "0.0900"));
        stack.quiet();
        assertThat(status(account, first)).isEqualTo("active/marked-for-termination");
        List<String> requests = allocated(fleet, account);
        assertThat(requests).hasSize(2);
        String second =
                requests.stream().filter(id -> !id.equals(first)).findFirst().orElseThrow();
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, second)
                        .getFirst()
                        .body(SpotAllocation.class)
                        .availabilityZone())
                .isEqualTo("us-east-1b");

        stack.new Instance(account, other, "0.0600", second).runs();
        coordinator.advance(Duration.ofSeconds(120));
        instance.isTakenBack();
        stack.quiet();
        show(account, fleet).body("activityStatus", equalTo("fulfilled")).body("fulfilledCapacity", equalTo(1));
        as(account)
                .get("/v1/fleets/{id}/history?eventType=instance-change", fleet)
                .then()
                .statusCode(200)
                .body(
                        "historyRecords.eventSubType",
                        contains("launched", "termination_notified", "launched", "terminated"));
        List<Told> told = stack.told(Topic.SPOT_FLEETS, fleet);
        assertThat(told).extracting(Told::version).containsExactlyElementsOf(versions(told.size()));
        assertThat(told.getLast().body(SpotFleetSnapshot.class).activityStatus())
                .isEqualTo("fulfilled");

        instance.saysItAllAgain();
        stack.quiet();
        coordinator.advance(Duration.ofHours(1));
        assertThat(allocated(fleet, account)).hasSize(2);
        assertThat(stack.told(Topic.SPOT_FLEETS, fleet)).hasSize(told.size());
    }

    @Test
    void requestAsksOnceAndDoesNotReplace() {
        Pool pool = new Pool("us-east-1c", "h1.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        String fleet = create(account, fleet("request", 1, override(pool, null)));
        stack.quiet();
        String only = allocated(fleet, account).getFirst();
        Instance instance = stack.new Instance(account, pool, "1", only).runs();
        stack.quiet();
        show(account, fleet).body("activityStatus", equalTo("fulfilled"));

        instance.isTerminatedByItsOwner();
        stack.quiet();
        coordinator.advance(Duration.ofMinutes(10));
        assertThat(allocated(fleet, account)).hasSize(1);
        show(account, fleet).body("activityStatus", equalTo("pending_fulfillment"));
        as(account)
                .body(Map.of("targetCapacity", 2))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(409)
                .body("code", equalTo("FleetNotInModifiableState"));
    }

    @Test
    void belowALowerTargetAnInstanceIsGivenUpAndWithTheFleetTheRest() {
        Pool pool = new Pool("us-east-1d", "h1.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 3, 0);
        stack.quiet();
        String fleet = create(account, fleet("maintain", 3, override(pool, null)));
        stack.quiet();
        Map<String, Instance> instances = new HashMap<>();
        allocated(fleet, account).forEach(id -> instances.put(id, stack.new Instance(account, pool, "1", id).runs()));
        stack.capacity(pool, 0, 3);
        stack.quiet();

        as(account)
                .body(Map.of("targetCapacity", 2))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(200)
                .body("targetCapacity", equalTo(2))
                .body("activityStatus", equalTo("pending_termination"));
        stack.quiet();
        List<Instance> given = instances.values().stream()
                .filter(instance ->
                        !stack.told(Topic.SPOT_INTERRUPTIONS, instance.id).isEmpty())
                .toList();
        assertThat(given).hasSize(1);
        Told eviction =
                stack.told(Topic.SPOT_INTERRUPTIONS, given.getFirst().id).getFirst();
        assertThat(eviction.type()).isEqualTo("spot.evicted");
        assertThat(eviction.version()).isEqualTo(1);
        assertThat(eviction.body(SpotInterruption.class).reason()).isEqualTo(SpotInterruption.FLEET);
        given.getFirst().isTerminatedByItsOwner();
        stack.capacity(pool, 1, 2);
        stack.quiet();
        assertThat(status(account, given.getFirst().requestId)).isEqualTo("closed/instance-terminated-by-user");
        show(account, fleet).body("activityStatus", equalTo("fulfilled")).body("fulfilledCapacity", equalTo(2));

        as(account)
                .delete("/v1/fleets/{id}?terminateInstances=true", fleet)
                .then()
                .statusCode(200)
                .body("state", equalTo("deleted-terminating"));
        stack.quiet();
        instances
                .values()
                .forEach(instance -> assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id))
                        .containsExactly("spot.evicted"));
        instances.values().stream()
                .filter(instance -> !given.contains(instance))
                .forEach(Instance::isTerminatedByItsOwner);
        stack.quiet();
        show(account, fleet).body("state", equalTo("deleted")).body("fulfilledCapacity", equalTo(0));
        as(account)
                .get("/v1/fleets/{id}/history?eventType=fleet-change", fleet)
                .then()
                .body(
                        "historyRecords.eventSubType",
                        contains(
                                "submitted",
                                "active",
                                "modify_in_progress",
                                "modify_succeeded",
                                "deleted_terminating",
                                "deleted"));
    }

    @Test
    void whatWaitsMovesToThePoolThatGetsRoomAndTheEndOfTheFleetLeavesItsInstance() {
        Pool full = new Pool("us-east-1e", "h1.2xlarge");
        Pool later = new Pool("us-east-1f", "h1.2xlarge");
        String account = newAccount();
        stack.capacity(full, 0, 0);
        stack.capacity(later, 0, 0);
        stack.quiet();
        Map<String, Object> body = fleet("maintain", 1, override(full, null), override(later, null));
        body.put("validUntil", coordinatorTime(Duration.ofHours(2)));
        String fleet = create(account, body);
        stack.quiet();
        assertThat(allocated(fleet, account)).isEmpty();

        stack.capacity(later, 0, 0);
        stack.capacity(later, 1, 0);
        stack.quiet();
        // News within a second of a plan wait until it is over.
        assertThat(allocated(fleet, account)).isEmpty();
        coordinator.advance(Duration.ofSeconds(1));
        List<String> moved = allocated(fleet, account);
        assertThat(moved).hasSize(1);
        Instance instance = stack.new Instance(account, later, "1", moved.getFirst()).runs();
        stack.quiet();

        coordinator.advance(Duration.ofHours(2));
        show(account, fleet).body("state", equalTo("deleted-running"));
        assertThat(stack.told(Topic.SPOT_INTERRUPTIONS, instance.id)).isEmpty();
        instance.isTerminatedByItsOwner();
        stack.quiet();
        show(account, fleet).body("state", equalTo("deleted"));
        assertThat(allocated(fleet, account)).hasSize(1);
    }

    @Test
    void instantAnswersWhatWasLaunchedAndWhatWasNot() {
        Pool pool = new Pool("us-east-1a", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        Map<String, Object> body = fleet("instant", 3, override(pool, null));
        body.put("clientToken", "once");
        CompletableFuture<ValidatableResponse> answer = CompletableFuture.supplyAsync(
                () -> as(account).body(body).post("/v1/fleets").then());
        List<String> fleets = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> {
            fleets.clear();
            fleets.addAll(as(account).get("/v1/fleets").then().extract().path("fleets.fleetId"));
            return fleets.size() == 1;
        });
        for (String id : allocated(fleets.getFirst(), account)) {
            stack.new Instance(account, pool, "1", id).runs();
        }

        answer.join()
                .statusCode(201)
                .body("instances", hasSize(2))
                .body("fleet.fulfilledCapacity", equalTo(2))
                .body("fleet.activityStatus", equalTo("fulfilled"))
                .body("fleet.errors.code", contains("InsufficientInstanceCapacity"));
        stack.capacity(pool, 5, 2);
        stack.quiet();
        coordinator.advance(Duration.ofMinutes(10));
        as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .body("fleet.fleetId", equalTo(fleets.getFirst()))
                .body("instances", hasSize(2));
        assertThat(allocated(fleets.getFirst(), account)).hasSize(2);
        as(account)
                .delete("/v1/fleets/{id}?terminateInstances=false", fleets.getFirst())
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidParameterCombination"));
    }

    @Test
    void anInstantFleetTellsOfLaunchesThatFailed() {
        Pool pool = new Pool("us-east-1d", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        CompletableFuture<ValidatableResponse> answer = CompletableFuture.supplyAsync(() -> as(account)
                .body(fleet("instant", 2, override(pool, null)))
                .post("/v1/fleets")
                .then());
        List<String> fleets = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> {
            fleets.clear();
            fleets.addAll(as(account).get("/v1/fleets").then().extract().path("fleets.fleetId"));
            return fleets.size() == 1;
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(8))
                .until(() -> allocated(fleets.getFirst(), account).size() == 2);
        List<String> asked = allocated(fleets.getFirst(), account);
        stack.new Instance(account, pool, "1", asked.getFirst()).runs();
        stack.new Instance(account, pool, "1", asked.getLast())
                .tells(EventType.INSTANCE_FAILED, "terminated", "Client.InvalidSubnetID.NotFound");

        answer.join()
                .statusCode(201)
                .body("instances", hasSize(1))
                .body("fleet.errors.code", contains("InvalidParameterValue"))
                .body("fleet.errors.instanceType", contains("z1d.2xlarge"))
                .body("fleet.errors.market", contains("spot"));
    }

    @Test
    void whatIsWrongIsRefusedByNameAndAnothersFleetIsAsGoodAsNone() {
        Pool pool = new Pool("us-east-1b", "h1.4xlarge");
        String account = newAccount();
        refuses(account, "onDemandTargetCapacity", -1, "InvalidParameterValue", "onDemandTargetCapacity");
        refuses(
                account,
                "onDemandOptions",
                Map.of("allocationStrategy", "cheap"),
                "InvalidParameterValue",
                "onDemandOptions.allocationStrategy");
        refuses(account, "allocationStrategy", "cheapest", "InvalidParameterValue", "allocationStrategy");
        refuses(account, "targetCapacity", 10_001, "InvalidParameterValue", "targetCapacity");
        refuses(account, "targetCapacity", 0.0001, "InvalidParameterValue", "targetCapacity");
        refuses(account, "interruptionBehavior", "stop", "UnsupportedOperation", "interruptionBehavior");
        refuses(
                account,
                "capacityRebalance",
                "launch-before-terminate",
                "InvalidParameterCombination",
                "terminationDelaySeconds");
        refuses(account, "minTargetCapacity", 1, "InvalidParameterCombination", "minTargetCapacity");
        refuses(account, "maxTotalPrice", "0", "InvalidParameterValue", "maxTotalPrice");
        refuses(account, "launch", Map.of("imageId", "ami-0"), "InvalidAMIID.NotFound", "launch.imageId");
        refuses(
                account,
                "launch",
                Map.of("imageId", MarketStack.LINUX, "tags", Map.of("aws:x", "y")),
                "InvalidParameterValue",
                "launch.tags");
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceType", "m5.large"), Map.of("instanceType", "nothing")),
                "InvalidInstanceType",
                "overrides[1].instanceType");
        refuses(
                account,
                "overrides",
                List.of(
                        Map.of("instanceType", "m5.large"),
                        Map.of("instanceType", "m5.large", "availabilityZone", "us-east-1a")),
                "InvalidFleetConfig",
                "overrides[1]");
        refuses(
                account,
                "overrides",
                List.of(Map.of("instanceType", "m5.large", "maxPrice", "0.123456789123", "weightedCapacity", 1.5)),
                "InvalidParameterValue",
                "overrides[0].maxPrice");
        refuses(account, "validUntil", "+300000-01-01T00:00:00Z", "InvalidParameterValue", "validUntil");
        refuses(account, "validFrom", "+1000000000-12-31T23:59:59.9Z", "InvalidParameterValue", "validFrom");
        refuses(account, "targetCapacity", new BigDecimal("0E-2147483647"), "InvalidParameterValue", "targetCapacity");
        refuses(
                account,
                "launch",
                Map.of("imageId", MarketStack.LINUX, "securityGroupIds", Arrays.asList((String) null)),
                "InvalidParameterValue",
                "launch.securityGroupIds");
        refuses(
                account,
                "overrides",
                IntStream.range(0, 17)
                        .mapToObj(i -> Map.of("instanceType", "m5.large", "subnetId", "subnet-" + i))
                        .toList(),
                "InvalidFleetConfig",
                "overrides[16].subnetId");
        as(account).get("/v1/fleets").then().statusCode(200).body("fleets", hasSize(0));

        String fleet = create(account, fleet("maintain", 1, override(pool, null)));
        String stranger = newAccount();
        String none = ResourceKind.SPOT_FLEET.newId();
        for (String id : List.of(fleet, none)) {
            as(stranger)
                    .get("/v1/fleets/{id}", id)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("InvalidFleetId.NotFound"));
            as(stranger).get("/v1/fleets/{id}/instances", id).then().statusCode(404);
            as(stranger).get("/v1/fleets/{id}/history", id).then().statusCode(404);
            as(stranger)
                    .delete("/v1/fleets/{id}?terminateInstances=true", id)
                    .then()
                    .statusCode(404);
            as(stranger)
                    .body(Map.of("targetCapacity", 2))
                    .patch("/v1/fleets/{id}", id)
                    .then()
                    .statusCode(404);
        }
        as(account)
                .get("/v1/fleets/{id}/history?startTime=+1000000000-12-31T23:59:59Z", fleet)
                .then()
                .statusCode(400)
                .body("field", equalTo("startTime"));
        as(account)
                .body(Map.of("targetCapacity", new BigDecimal("0E-2147483647")))
                .patch("/v1/fleets/{id}", fleet)
                .then()
                .statusCode(200)
                .body("targetCapacity", equalTo(0));
        as(account).get("/v1/fleets?type=maintain").then().body("fleets.fleetId", hasItems(fleet));
        show(account, fleet).body("state", equalTo("active"));
    }

    @Test
    void newsOfCapacityThatArriveWhileAFleetIsPlannedAreNotMissed() throws Exception {
        Pool pool = new Pool("us-east-1c", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 0, 0);
        stack.quiet();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        // Threads of their own: the common pool may have but one.
        CompletableFuture<Void> news = CompletableFuture.runAsync(
                () -> QuarkusTransaction.requiringNew().run(() -> {
                    pools.takeCapacity(List.of(new CapacitySnapshot(
                            pool.zone(), "z1d", 2, stack.clock.instant(), Map.of(pool.type(), 1), Map.of(), Map.of())));
                    taken.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }),
                task -> new Thread(task).start());
        taken.await();
        CompletableFuture<String> fleet = CompletableFuture.supplyAsync(
                () -> create(account, fleet("maintain", 1, override(pool, null))), task -> new Thread(task).start());
        try {
            Awaitility.await().until(() -> fleet.isDone() || waitsForALock());
        } finally {
            goOn.countDown();
        }
        news.join();

        String id = fleet.join();
        stack.quiet();
        assertThat(allocated(id, account)).hasSize(1);
    }

    @Test
    void anInstanceThatItsOwnerKeepsStaysAlsoIfHeSaysSoWhileItsFleetIsDeleted() throws Exception {
        Pool pool = new Pool("us-east-1f", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String fleet = create(account, fleet("maintain", 1, override(pool, null)));
        stack.quiet();
        String request = allocated(fleet, account).getFirst();
        Instance instance = stack.new Instance(account, pool, "0.7440", request).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CompletableFuture<Void> owner = CompletableFuture.runAsync(
                () -> QuarkusTransaction.requiringNew().run(() -> {
                    market.lock(List.of(PoolId.parse(pool.key())));
                    SpotRequest before = requests.find(request).orElseThrow();
                    market.change(before, before.cancelled(), null);
                    cancelled.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }),
                task -> new Thread(task).start());
        cancelled.await();
        CompletableFuture<Void> deletion = CompletableFuture.runAsync(
                () -> as(account)
                        .delete("/v1/fleets/{id}?terminateInstances=true", fleet)
                        .then()
                        .statusCode(200),
                task -> new Thread(task).start());
        try {
            Awaitility.await().until(() -> deletion.isDone() || waitsFor("transactionid"));
        } finally {
            goOn.countDown();
        }
        owner.join();
        deletion.join();
        stack.quiet();

        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id)).isEmpty();
        assertThat(status(account, request)).isEqualTo("cancelled/request-canceled-and-instance-running");
        show(account, fleet).body("state", equalTo("deleted"));
    }

    private boolean waitsForALock() throws SQLException {
        return waitsFor("advisory");
    }

    private boolean waitsFor(String lockType) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT 1 FROM pg_locks WHERE locktype = ? AND NOT granted")) {
            select.setString(1, lockType);
            try (ResultSet result = select.executeQuery()) {
                return result.next();
            }
        }
    }

    @Test
    void anAccountHasOnlySoManyFleetsAndTheyOnlySoManyOpenRequests() {
        Pool pool = new Pool("us-east-1d", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 0, 0);
        stack.quiet();
        String large = create(account, fleet("maintain", Surroundings.MOST_OPEN_REQUESTS + 1, override(pool, null)));
        coordinator.advance(Duration.ofMinutes(1));
        as(account)
                .get("/v1/spot-requests?maxResults=1000")
                .then()
                .body("spotRequests", hasSize(Surroundings.MOST_OPEN_REQUESTS));
        as(account)
                .get("/v1/fleets/{id}/history?eventType=service-error", large)
                .then()
                .body("historyRecords.eventSubType", contains("MaxSpotInstanceCountExceeded"));

        for (int i = 1; i < Surroundings.MOST_FLEETS; i++) {
            create(account, fleet("request", 1, override(pool, null)));
        }
        Map<String, Object> oneMore = fleet("request", 1, override(pool, null));
        as(account)
                .body(oneMore)
                .post("/v1/fleets")
                .then()
                .statusCode(409)
                .body("code", equalTo("MaxSpotFleetRequestCountExceeded"));
        as(account)
                .delete("/v1/fleets/{id}?terminateInstances=true", large)
                .then()
                .statusCode(200);
        create(account, oneMore);
    }

    @Test
    void onlySoManyInstantFleetsAreWaitedForAtOnce() throws Exception {
        int most = 16;
        Pool pool = new Pool("us-east-1b", "z1d.2xlarge");
        String account = newAccount();
        stack.capacity(pool, most + 1, 0);
        stack.quiet();
        Map<String, Object> body = fleet("instant", 1, override(pool, null));
        ExecutorService threads = Executors.newFixedThreadPool(most);
        try (threads) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                answers.add(threads.submit(
                        () -> as(account).body(body).post("/v1/fleets").statusCode()));
            }
            List<String> fleets = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> {
                fleets.clear();
                fleets.addAll(as(account).get("/v1/fleets").then().extract().path("fleets.fleetId"));
                return fleets.size() == most;
            });
            as(account).body(body).post("/v1/fleets").then().statusCode(503).body("code", equalTo("Unavailable"));
            for (String fleet : fleets) {
                allocated(fleet, account).forEach(id -> stack.new Instance(account, pool, "1", id).runs());
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(201);
            }
        }
        as(account).get("/v1/fleets").then().body("fleets", hasSize(most));
    }

    private String coordinatorTime(Duration later) {
        return stack.clock.instant().plus(later).toString();
    }

    private static void refuses(String account, String field, Object value, String code, String named) {
        Map<String, Object> body = fleet("maintain", 1, Map.of("instanceType", "m5.large"));
        body.put(field, value);
        as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(400)
                .body("code", equalTo(code))
                .body("field", equalTo(named));
    }

    private static List<Long> versions(int count) {
        List<Long> versions = new ArrayList<>();
        for (long i = 1; i <= count; i++) {
            versions.add(i);
        }
        return versions;
    }

    @SafeVarargs
    private static Map<String, Object> fleet(String type, int target, Map<String, Object>... overrides) {
        Map<String, Object> body = new HashMap<>();
        body.put("type", type);
        body.put("targetCapacity", target);
        body.put("launch", Map.of("imageId", MarketStack.LINUX));
        body.put("overrides", List.of(overrides));
        return body;
    }

    private static Map<String, Object> override(Pool pool, String maxPrice) {
        Map<String, Object> override = new HashMap<>();
        override.put("instanceType", pool.type());
        override.put("availabilityZone", pool.zone());
        if (maxPrice != null) {
            override.put("maxPrice", maxPrice);
        }
        return override;
    }

    private static String create(String account, Map<String, Object> body) {
        return as(account)
                .body(body)
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .extract()
                .path("fleet.fleetId");
    }

    private static ValidatableResponse show(String account, String fleet) {
        return as(account).get("/v1/fleets/{id}", fleet).then().statusCode(200);
    }

    /** The requests of a fleet that were ever given room. */
    private List<String> allocated(String fleet, String account) {
        List<Map<String, Object>> all = as(account)
                .get("/v1/spot-requests?maxResults=1000")
                .then()
                .statusCode(200)
                .extract()
                .path("spotRequests");
        return all.stream()
                .filter(request -> fleet.equals(((Map<?, ?>) request.get("tags")).get("aws:ec2:fleet-id")))
                .map(request -> (String) request.get("spotRequestId"))
                .filter(id -> !stack.told(Topic.SPOT_ALLOCATIONS, id).isEmpty())
                .toList();
    }
}
