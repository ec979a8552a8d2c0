package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.contract.ElasticAddressSnapshot;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class AddressesTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void anAddressIsAllocatedTaggedAndReleasedAndEachIsTold() {
        String id = as(account)
                .body(Map.of("tags", Map.of("Name", "front")))
                .post("/v1/addresses")
                .then()
                .statusCode(201)
                .body("allocationId", matchesPattern("eipalloc-[0-9a-f]{17}"))
                .body("publicIp", matchesPattern("198\\.1[89]\\..*"))
                .body("association", nullValue())
                .extract()
                .path("allocationId");
        Map<String, Object> patch = new HashMap<>();
        patch.put("Name", null);
        patch.put("stage", "test");
        as(account)
                .body(Map.of("tags", patch))
                .patch("/v1/addresses/{id}", id)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("stage", "test")));
        as(account)
                .queryParam("tag:stage", "test")
                .get("/v1/addresses")
                .then()
                .body("addresses.allocationId", contains(id));
        as(account).delete("/v1/addresses/{id}", id).then().statusCode(204);
        isRefused(get(id), 404, "InvalidAllocationID.NotFound", "allocationId");
        awaitTold(id, "address.allocated", "address.changed", "address.released");
        assertThat(stack.told(Topic.NETWORKS_ADDRESSES, id))
                .extracting(Stack.Told::version)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void anAssociationSurvivesStopAndStartAndEndsWithTheInstance() {
        String instance = Stack.running(account, "t3.micro");
        String id = allocated();
        String publicIp = get(id).extract().path("publicIp");
        associate(id, Map.of("instanceId", instance))
                .statusCode(200)
                .body("association.networkInterfaceId", equalTo(DefaultNetwork.primaryInterfaceId(instance)))
                .body("association.instanceId", equalTo(instance));
        as(account)
                .get("/v1/instances/{id}", instance)
                .then()
                .body("publicIpAddress", equalTo(publicIp))
                .body("networkInterfaces[0].privateIpAddresses[0].publicIpAddress", equalTo(publicIp));
        isRefused(as(account).delete("/v1/addresses/{id}", id).then(), 409, "InvalidIPAddress.InUse", "allocationId");

        as(account).post("/v1/instances/{id}/stop", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "stopped");
        as(account).post("/v1/instances/{id}/start", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "running");
        get(id).body("association.instanceId", equalTo(instance));

        as(account).delete("/v1/instances/{id}", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "terminated");
        get(id).body("association", nullValue()).body("version", equalTo(3));
        awaitTold(id, "address.allocated", "address.changed", "address.changed");
        assertThat(stack.told(Topic.NETWORKS_ADDRESSES, id)
                        .get(1)
                        .body(ElasticAddressSnapshot.class)
                        .association()
                        .instanceId())
                .isEqualTo(instance);
        InstanceSnapshot associated =
                stack.told(Topic.INSTANCES_LIFECYCLE, instance).get(2).body(InstanceSnapshot.class);
        assertThat(associated.networkInterfaces().getFirst().publicIpAddresses())
                .containsExactly(publicIp);
        as(account).delete("/v1/addresses/{id}", id).then().statusCode(204);
    }

    @Test
    void anInstanceHasAPublicAddressForAsLongAsItRunsWhereItsSubnetOrItsLaunchSaysSo() {
        String instance = Stack.running(account, "t3.micro");
        String first = publicAddressOf(instance);
        assertThat(first).startsWith("24");
        as(account)
                .get("/v1/instances/{id}", instance)
                .then()
                .body("publicDnsName", equalTo("ec2-" + first.replace('.', '-') + ".compute-1.amazonaws.com"))
                .body("networkInterfaces[0].privateIpAddresses[0].publicIpAddress", equalTo(first))
                .body("networkInterfaces[0].privateIpAddresses[0].elastic", equalTo(false));
        // An elastic address takes its place, and leaves it again.
        String id = allocated();
        associate(id, Map.of("instanceId", instance)).statusCode(200);
        assertThat(publicAddressOf(instance)).isEqualTo(get(id).extract().path("publicIp"));
        as(account).delete("/v1/addresses/{id}/association", id).then().statusCode(200);
        String second = publicAddressOf(instance);
        assertThat(second).startsWith("24").isNotEqualTo(first);

        as(account).post("/v1/instances/{id}/stop", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "stopped");
        assertThat(publicAddressOf(instance)).isNull();
        as(account).post("/v1/instances/{id}/start", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "running");
        assertThat(publicAddressOf(instance)).startsWith("24").isNotEqualTo(second);
        as(account).delete("/v1/instances/{id}", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "terminated");
        assertThat(publicAddressOf(instance)).isNull();

        assertThat(publicAddressOf(Stack.running(account, "t3.micro", "associatePublicIpAddress", false)))
                .isNull();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.INSTANCES_LIFECYCLE, instance))
                        .isNotEmpty()
                        .first()
                        .satisfies(told -> assertThat(told.body(InstanceSnapshot.class)
                                        .networkInterfaces()
                                        .getFirst()
                                        .publicIpAddresses())
                                .containsExactly(first)));
    }

    @Test
    void aPublicAddressHasANameOnlyWhereTheVpcGivesHostNames() {
        String instance = Stack.running(account, "t3.micro");
        String vpc =
                as(account).get("/v1/instances/{id}", instance).then().extract().path("vpcId");
        as(account)
                .body(Map.of("enableDnsHostnames", false))
                .patch("/v1/vpcs/{id}", vpc)
                .then()
                .statusCode(200);
        as(account)
                .get("/v1/instances?instanceId={id}", instance)
                .then()
                .body("instances[0].publicIpAddress", notNullValue())
                .body("instances[0].publicDnsName", nullValue())
                .body("instances[0].privateDnsName", notNullValue())
                .body("instances[0].networkInterfaces[0].privateIpAddresses[0].publicDnsName", nullValue());
        as(account)
                .get("/v1/network-interfaces?instanceId={id}", instance)
                .then()
                .body("networkInterfaces[0].privateIpAddresses[0].publicDnsName", nullValue())
                .body("networkInterfaces[0].privateDnsName", notNullValue());
        as(account)
                .body(Map.of("enableDnsHostnames", true))
                .patch("/v1/vpcs/{id}", vpc)
                .then()
                .statusCode(200);
        as(account).get("/v1/instances/{id}", instance).then().body("publicDnsName", notNullValue());
    }

    private String publicAddressOf(String instance) {
        return as(account).get("/v1/instances/{id}", instance).then().extract().path("publicIpAddress");
    }

    @Test
    void anAddressMovesFromZoneToZoneUnlessThatIsForbidden() {
        String here = Stack.running(account, "t3.micro", "placement", Map.of("availabilityZone", "us-east-1a"));
        String there = Stack.running(account, "t3.micro", "placement", Map.of("availabilityZone", "us-east-1b"));
        String id = allocated();
        String first = associate(id, Map.of("instanceId", here)).extract().path("association.associationId");
        isRefused(
                associate(id, Map.of("instanceId", there, "allowReassociation", false)),
                409,
                "Resource.AlreadyAssociated");
        for (String to : List.of(there, here, there)) {
            associate(id, Map.of("instanceId", to))
                    .statusCode(200)
                    .body("association.instanceId", equalTo(to))
                    .body("association.associationId", not(equalTo(first)));
        }
        as(account).get("/v1/instances/{id}", here).then().body("publicIpAddress", nullValue());
        as(account)
                .get("/v1/instances/{id}", there)
                .then()
                .body("publicIpAddress", equalTo(get(id).extract().path("publicIp")));
        // Both committers know what they have: a restart of either goes on from there.
        for (String one : List.of(here, there)) {
            as(account).post("/v1/instances/{id}/stop", one).then().statusCode(200);
            Stack.awaitState(account, one, "stopped");
        }
        as(account)
                .delete("/v1/addresses/{id}/association", id)
                .then()
                .statusCode(200)
                .body("association", nullValue());
        isRefused(
                as(account).delete("/v1/addresses/{id}/association", id).then(), 404, "InvalidAssociationID.NotFound");
        as(account).get("/v1/instances/{id}", there).then().body("publicIpAddress", nullValue());
    }

    @Test
    void anAddressGoesWithItsInterfaceThroughAttachmentAndDeletion() {
        String subnet = DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone("us-east-1a"));
        String eni = as(account)
                .body(Map.of("subnetId", subnet, "secondaryPrivateIpAddressCount", 1))
                .post("/v1/network-interfaces")
                .then()
                .statusCode(201)
                .extract()
                .path("networkInterfaceId");
        String secondary = as(account)
                .get("/v1/network-interfaces/{id}", eni)
                .then()
                .extract()
                .path("privateIpAddresses[1].privateIpAddress");
        String id = allocated();
        associate(id, Map.of("networkInterfaceId", eni, "privateIpAddress", secondary))
                .statusCode(200)
                .body("association.privateIpAddress", equalTo(secondary))
                .body("association.instanceId", nullValue());
        String instance = Stack.running(account, "t3.micro");
        as(account)
                .body(Map.of("instanceId", instance, "deviceIndex", 1))
                .post("/v1/network-interfaces/{id}/attachment", eni)
                .then()
                .statusCode(200);
        get(id).body("association.instanceId", equalTo(instance));
        isRefused(associate(allocated(), Map.of("instanceId", instance)), 400, "InvalidInstanceID", "instanceId");
        as(account)
                .queryParam("instanceId", instance)
                .get("/v1/addresses")
                .then()
                .body("addresses.allocationId", contains(id));
        as(account).delete("/v1/network-interfaces/{id}/attachment", eni).then().statusCode(200);
        get(id).body("association.instanceId", nullValue()).body("association.networkInterfaceId", equalTo(eni));
        as(account).delete("/v1/network-interfaces/{id}", eni).then().statusCode(204);
        get(id).body("association", nullValue());
    }

    @Test
    void anAccountHasFiveAddressesInARegionAtMost() {
        for (int i = 0; i < 5; i++) {
            allocated();
        }
        isRefused(as(account).post("/v1/addresses").then(), 409, "AddressLimitExceeded");
        as(account).get("/v1/addresses").then().body("addresses", hasSize(5));
        as(account).post("/v1/addresses?region=eu-west-1").then().statusCode(201);
        String nextToken = as(account)
                .get("/v1/addresses?maxResults=4")
                .then()
                .body("addresses", hasSize(4))
                .extract()
                .path("nextToken");
        as(account)
                .queryParam("nextToken", nextToken)
                .get("/v1/addresses?maxResults=4")
                .then()
                .body("addresses", hasSize(1));
    }

    @Test
    void aTokenAllocatesOnceAndACertainAddressIsGivenOnce() {
        Map<String, Object> once = Map.of("clientToken", "once");
        String first =
                as(account).body(once).post("/v1/addresses").then().extract().path("allocationId");
        as(account).body(once).post("/v1/addresses").then().statusCode(201).body("allocationId", equalTo(first));
        isRefused(
                as(account)
                        .body(Map.of("clientToken", "once", "tags", Map.of("a", "b")))
                        .post("/v1/addresses")
                        .then(),
                409,
                "IdempotentParameterMismatch",
                "clientToken");
        String publicIp = get(first).extract().path("publicIp");
        isRefused(
                as(Stack.newAccount())
                        .body(Map.of("publicIp", publicIp))
                        .post("/v1/addresses")
                        .then(),
                409,
                "InvalidIPAddress.InUse",
                "publicIp");
        isRefused(
                as(account)
                        .body(Map.of("publicIp", "8.8.8.8"))
                        .post("/v1/addresses")
                        .then(),
                400,
                "InvalidParameterValue",
                "publicIp");
        as(account).delete("/v1/addresses/{id}", first).then().statusCode(204);
        as(account)
                .body(Map.of("publicIp", publicIp))
                .post("/v1/addresses")
                .then()
                .statusCode(201)
                .body("publicIp", startsWith(publicIp));
    }

    @Test
    void anotherAccountsAddressIsLikeOneThatDoesNotExist() {
        String mine = allocated();
        String stranger = Stack.newAccount();
        String instance = Stack.running(stranger, "t3.micro");
        for (String id : List.of(mine, ResourceKind.ELASTIC_ADDRESS.newId())) {
            for (ValidatableResponse refused : List.of(
                    as(stranger).get("/v1/addresses/{id}", id).then(),
                    as(stranger).delete("/v1/addresses/{id}", id).then(),
                    as(stranger)
                            .body(Map.of("tags", Map.of("a", "b")))
                            .patch("/v1/addresses/{id}", id)
                            .then(),
                    as(stranger)
                            .body(Map.of("instanceId", instance))
                            .post("/v1/addresses/{id}/association", id)
                            .then(),
                    as(stranger).delete("/v1/addresses/{id}/association", id).then())) {
                isRefused(refused, 404, "InvalidAllocationID.NotFound", "allocationId");
            }
        }
        isRefused(associate(mine, Map.of("instanceId", instance)), 404, "InvalidInstanceID.NotFound", "instanceId");
        isRefused(
                associate(mine, Map.of("networkInterfaceId", DefaultNetwork.primaryInterfaceId(instance))),
                404,
                "InvalidNetworkInterfaceID.NotFound",
                "networkInterfaceId");
        isRefused(associate(mine, Map.of()), 400, "MissingParameter", "instanceId");
        isRefused(
                associate(mine, Map.of("instanceId", instance, "networkInterfaceId", "eni-1")),
                400,
                "InvalidParameterCombination",
                "instanceId");
        as(stranger).get("/v1/addresses").then().body("addresses", empty());
    }

    private String allocated() {
        return as(account)
                .post("/v1/addresses")
                .then()
                .statusCode(201)
                .extract()
                .path("allocationId");
    }

    private ValidatableResponse get(String id) {
        return as(account).get("/v1/addresses/{id}", id).then();
    }

    private ValidatableResponse associate(String id, Map<String, Object> body) {
        return as(account).body(body).post("/v1/addresses/{id}/association", id).then();
    }

    private void awaitTold(String id, String... types) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.NETWORKS_ADDRESSES, id))
                        .extracting(Stack.Told::type)
                        .containsExactly(types));
    }
}
