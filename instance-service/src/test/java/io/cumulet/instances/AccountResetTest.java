package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reset of one account, while others go on. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class AccountResetTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Stack stack;

    @Inject
    ConsumerLag lag;

    private final String account = Stack.newAccount();
    private final String neighbour = Stack.newAccount();
    private final String defaultVpc = DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT);

    @Test
    void instancesEndAtOnceAndTheirRoomIsFreeWhileTheNeighboursGoOn() {
        // One host, with room for two.
        Stack.addHost("us-east-1b", "i3", 16);
        String stays = runningIn(neighbour);
        String goes = runningIn(account);
        isRefused(launchThere(account), 503, "InsufficientInstanceCapacity");

        reset(account);

        as(account).get("/v1/instances").then().body("instances", empty());
        as(account).get("/v1/network-interfaces").then().body("networkInterfaces", empty());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stack.told(Topic.INSTANCES_LIFECYCLE, goes))
                        .extracting(Stack.Told::type)
                        .containsExactly(
                                "instance.requested",
                                "instance.launched",
                                "instance.terminating",
                                "instance.terminated"));
        assertThat(stack.told(Topic.INSTANCES_LIFECYCLE, goes)
                        .getLast()
                        .body(InstanceSnapshot.class)
                        .stateReason()
                        .code())
                .isEqualTo("Server.AccountReset");
        as(neighbour).get("/v1/instances/{id}", stays).then().body("state", equalTo("running"));
        launchThere(account).statusCode(201);
        reset(account);
        reset(account);
        launchThere(neighbour).statusCode(201);
    }

    @Test
    void whateverAnAccountHasGoesAndIsToldAndTheDefaultVpcIsAsItWasMade() {
        String subnetOfDefault = as(account).get("/v1/subnets").then().extract().path("subnets[0].subnetId");
        as(account)
                .body(Map.of("tags", Map.of("a", "b")))
                .patch("/v1/vpcs/{id}", defaultVpc)
                .then()
                .statusCode(200);
        as(account).delete("/v1/subnets/{id}", subnetOfDefault).then().statusCode(204);
        String vpc = as(account)
                .body(Map.of("cidrBlock", "10.3.0.0/16"))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract()
                .path("vpcId");
        String subnet = as(account)
                .body(Map.of("vpcId", vpc, "cidrBlock", "10.3.1.0/24", "availabilityZone", "us-east-1a"))
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
        String networkInterface = as(account)
                .body(Map.of("subnetId", subnet))
                .post("/v1/network-interfaces")
                .then()
                .statusCode(201)
                .extract()
                .path("networkInterfaceId");
        String address = as(account)
                .body(Map.of())
                .post("/v1/addresses")
                .then()
                .statusCode(201)
                .extract()
                .path("allocationId");
        String kept = as(neighbour)
                .body(Map.of())
                .post("/v1/addresses")
                .then()
                .statusCode(201)
                .extract()
                .path("allocationId");
        String protectedOne = Stack.running(account, "t3.micro", "disableApiTermination", true, "clientToken", "once");
        as(account)
                .body(Map.of("instanceId", protectedOne))
                .post("/v1/addresses/{id}/association", address)
                .then()
                .statusCode(200);

        reset(account);

        as(account).get("/v1/addresses").then().body("addresses", empty());
        as(account).get("/v1/network-interfaces").then().body("networkInterfaces", empty());
        as(account)
                .get("/v1/vpcs")
                .then()
                .body("vpcs.vpcId", contains(defaultVpc))
                .body("vpcs[0].tags", equalTo(Map.of()));
        as(account).get("/v1/subnets/{id}", subnetOfDefault).then().statusCode(200);
        isRefused(as(account).get("/v1/subnets/{id}", subnet).then(), 404, "InvalidSubnetID.NotFound");
        isRefused(as(account).get("/v1/instances/{id}", protectedOne).then(), 404, "InvalidInstanceID.NotFound");
        as(neighbour).get("/v1/addresses").then().body("addresses.allocationId", contains(kept));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(last(Topic.NETWORKS_ADDRESSES, address)).isEqualTo("address.released");
            assertThat(last(Topic.NETWORKS_VPCS, vpc)).isEqualTo("vpc.deleted");
            assertThat(last(Topic.NETWORKS_INTERFACES, networkInterface)).isEqualTo("network-interface.deleted");
            assertThat(last(Topic.NETWORKS_VPCS, defaultVpc)).isEqualTo("vpc.changed");
        });

        // The same token launches anew.
        String again = launch(account, launchOf("t3.micro", "clientToken", "once"))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        assertThat(again).isNotEqualTo(protectedOne);
        reset(account);
    }

    @Test
    void aSecondResetFindsNothingToDo() {
        Stack.running(account, "t3.micro");
        reset(account);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(stack.told(Topic.NETWORKS_VPCS, defaultVpc)).hasSize(1));
        reset(account);
        as(account).get("/v1/vpcs").then().body("vpcs", hasSize(1)).body("vpcs[0].version", equalTo(1));
    }

    @Test
    void roomThatTheMarketGaveBeforeTheResetLaunchesNothing() {
        SpotAllocation late = new SpotAllocation(
                ResourceKind.SPOT_REQUEST.newId(),
                1,
                null,
                account,
                "us-east-1",
                "us-east-1a",
                stack.now(),
                Stack.AMAZON_LINUX,
                "m4.large",
                "linux",
                "0.1",
                "terminate",
                null,
                null,
                List.of(),
                Map.of(),
                false);
        Instant before = stack.now();
        reset(account);
        stack.tellAt(before, EventType.SPOT_ALLOCATED, late.spotRequestId(), account, 1, late);
        SpotAllocation others = withAccount(late, neighbour);
        stack.tell(EventType.SPOT_ALLOCATED, others.spotRequestId(), neighbour, 1, others);
        await().atMost(PATIENCE)
                .untilAsserted(() -> as(neighbour).get("/v1/instances").then().body("instances", hasSize(1)));
        await().atMost(PATIENCE).until(() -> lag.total() == 0);
        as(account).get("/v1/instances").then().body("instances", empty());
        reset(neighbour);
    }

    private static SpotAllocation withAccount(SpotAllocation given, String other) {
        return new SpotAllocation(
                ResourceKind.SPOT_REQUEST.newId(),
                1,
                null,
                other,
                given.region(),
                given.availabilityZone(),
                given.occurredAt(),
                given.imageId(),
                given.instanceType(),
                given.os(),
                given.maxPrice(),
                given.interruptionBehavior(),
                null,
                null,
                List.of(),
                Map.of(),
                false);
    }

    @Test
    void onlyOperatorsResetAndOnlyAccounts() {
        isRefused(as(account).post("/v1/accounts/{id}/reset", account).then(), 403, "UnauthorizedOperation");
        isRefused(
                operator().post("/v1/accounts/{id}/reset", "000000000000").then(),
                400,
                "InvalidParameterValue",
                "account");
        isRefused(operator().post("/v1/accounts/{id}/reset", "12").then(), 400, "InvalidParameterValue", "account");
    }

    private String last(Topic topic, String key) {
        return stack.told(topic, key).getLast().type();
    }

    private static void reset(String account) {
        operator().post("/v1/accounts/{id}/reset", account).then().statusCode(204);
    }

    private static String runningIn(String account) {
        String id = launchThere(account).statusCode(201).extract().path("instances[0].instanceId");
        Stack.awaitState(account, id, "running");
        return id;
    }

    private static ValidatableResponse launchThere(String account) {
        return launch(account, launchOf("i3.2xlarge", "placement", Map.of("availabilityZone", "us-east-1b")));
    }
}
