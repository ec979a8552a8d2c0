package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Launches that say which interfaces their instances get. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class LaunchInterfacesTest {

    private final String account = Stack.newAccount();
    private final String subnet = subnet("us-east-1a");

    @Test
    void anInstanceGetsTheInterfaceThatIsThereAndANewOne() {
        String spare = made("172.31.0.50");
        String allocation = as(account).post("/v1/addresses").then().extract().path("allocationId");
        String publicIp = as(account)
                .body(Map.of("networkInterfaceId", spare))
                .post("/v1/addresses/{id}/association", allocation)
                .then()
                .statusCode(200)
                .extract()
                .path("publicIp");
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);

        ValidatableResponse launched = with(
                        "t3.medium",
                        Map.of(
                                "deviceIndex",
                                1,
                                "subnetId",
                                subnet,
                                "secondaryPrivateIpAddressCount",
                                1,
                                "securityGroupIds",
                                List.of(group)),
                        Map.of("deviceIndex", 0, "networkInterfaceId", spare))
                .statusCode(201)
                .body("instances[0].privateIpAddress", equalTo("172.31.0.50"))
                .body("instances[0].publicIpAddress", equalTo(publicIp))
                .body("instances[0].subnetId", equalTo(subnet))
                .body("instances[0].networkInterfaces.deviceIndex", contains(0, 1))
                .body("instances[0].networkInterfaces.deleteOnTermination", contains(false, true))
                .body("instances[0].networkInterfaces[0].networkInterfaceId", equalTo(spare))
                .body("instances[0].networkInterfaces[1].privateIpAddresses", hasSize(2))
                .body("instances[0].networkInterfaces[1].securityGroupIds", contains(group));
        String instance = launched.extract().path("instances[0].instanceId");
        String second = launched.extract().path("instances[0].networkInterfaces[1].networkInterfaceId");
        as(account).get("/v1/addresses/{id}", allocation).then().body("association.instanceId", equalTo(instance));
        isRefused(
                with("t3.micro", Map.of("deviceIndex", 0, "networkInterfaceId", spare)),
                409,
                "InvalidNetworkInterface.InUse");

        Stack.awaitState(account, instance, "running");
        as(account).delete("/v1/instances/{id}", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "terminated");
        as(account)
                .get("/v1/network-interfaces/{id}", spare)
                .then()
                .statusCode(200)
                .body("status", equalTo("available"));
        as(account).get("/v1/network-interfaces/{id}", second).then().statusCode(404);
    }

    @Test
    void asManyAreLaunchedAsTheSubnetHasAddressesForOrNone() {
        String vpc = as(account)
                .body(Map.of("cidrBlock", "10.0.0.0/16"))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract()
                .path("vpcId");
        String small = as(account)
                .body(Map.of("vpcId", vpc, "cidrBlock", "10.0.0.0/28", "availabilityZone", "us-east-1a"))
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
        List<Map<String, Object>> two =
                List.of(Map.of("deviceIndex", 0, "subnetId", small), Map.of("deviceIndex", 1, "subnetId", small));
        isRefused(
                launch(account, launchOf("t3.micro", "minCount", 6, "maxCount", 6, "networkInterfaces", two)),
                503,
                "InsufficientFreeAddressesInSubnet");
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
        launch(account, launchOf("t3.micro", "minCount", 2, "maxCount", 9, "networkInterfaces", two))
                .statusCode(201)
                .body("instances", hasSize(5));
        as(account)
                .queryParam("subnetId", small)
                .get("/v1/network-interfaces")
                .then()
                .body("networkInterfaces", hasSize(10))
                .body("networkInterfaces.privateIpAddress.unique()", hasSize(10));
    }

    @Test
    void theSameTokenAnswersTheSameInstanceAndOtherInterfacesAreAnotherRequest() {
        Map<String, Object> body = launchOf(
                "t3.micro",
                "clientToken",
                "once",
                "networkInterfaces",
                List.of(Map.of("deviceIndex", 0, "subnetId", subnet)));
        String first = launch(account, body).statusCode(201).extract().path("instances[0].instanceId");
        launch(account, body).statusCode(201).body("instances[0].instanceId", equalTo(first));
        body.put("networkInterfaces", List.of(Map.of("deviceIndex", 0, "subnetId", subnet, "description", "other")));
        isRefused(launch(account, body), 409, "IdempotentParameterMismatch", "clientToken");
    }

    @Test
    void theFieldAtFaultIsNamedAndNothingIsLaunched() {
        String spare = made("172.31.0.51");
        Map<String, Object> primary = Map.of("deviceIndex", 0, "subnetId", subnet);
        isRefused(
                with("t3.micro", Map.of("subnetId", subnet)),
                400,
                "MissingParameter",
                "networkInterfaces[0].deviceIndex");
        isRefused(
                with("t3.micro", Map.of("deviceIndex", 1, "subnetId", subnet)),
                400,
                "InvalidParameterValue",
                "networkInterfaces");
        isRefused(with("t3.micro", primary, primary), 400, "InvalidParameterValue", "networkInterfaces[1].deviceIndex");
        isRefused(with("t3.micro", Map.of("deviceIndex", 0)), 400, "MissingParameter", "networkInterfaces[0].subnetId");
        isRefused(
                with("t3.micro", primary, Map.of("deviceIndex", 1, "subnetId", subnet("us-east-1b"))),
                400,
                "InvalidParameterCombination",
                "subnetId");
        isRefused(
                with("t3.micro", Map.of("deviceIndex", 0, "networkInterfaceId", spare, "subnetId", subnet)),
                400,
                "InvalidParameterCombination",
                "networkInterfaces[0].networkInterfaceId");
        isRefused(
                with(
                        "t3.micro",
                        Map.of("deviceIndex", 0, "networkInterfaceId", spare),
                        Map.of("deviceIndex", 1, "networkInterfaceId", spare)),
                400,
                "InvalidParameterValue",
                "networkInterfaces[1].networkInterfaceId");
        String stranger = Stack.newAccount();
        String strangers = as(stranger)
                .body(Map.of(
                        "subnetId",
                        DefaultNetwork.subnetId(new AccountId(stranger), new AvailabilityZone("us-east-1a"))))
                .post("/v1/network-interfaces")
                .then()
                .extract()
                .path("networkInterfaceId");
        for (String id : List.of(strangers, ResourceKind.NETWORK_INTERFACE.newId())) {
            isRefused(
                    with("t3.micro", Map.of("deviceIndex", 0, "networkInterfaceId", id)),
                    404,
                    "InvalidNetworkInterfaceID.NotFound",
                    "networkInterfaces[0].networkInterfaceId");
        }
        isRefused(
                launch(
                        account,
                        launchOf(
                                "t3.micro",
                                "maxCount",
                                2,
                                "networkInterfaces",
                                List.of(Map.of("deviceIndex", 0, "networkInterfaceId", spare)))),
                400,
                "InvalidParameterCombination",
                "networkInterfaces[0].networkInterfaceId");
        isRefused(
                launch(account, launchOf("t3.micro", "subnetId", subnet, "networkInterfaces", List.of(primary))),
                400,
                "InvalidParameterCombination",
                "networkInterfaces");
        isRefused(
                with("t3.micro", Map.of("deviceIndex", 0, "subnetId", subnet, "privateIpAddress", "172.31.0.51")),
                409,
                "InvalidIPAddress.InUse");
        isRefused(
                with(
                        "t3.micro",
                        Map.of("deviceIndex", 0, "subnetId", subnet, "privateIpAddress", "172.31.0.60"),
                        Map.of("deviceIndex", 1, "subnetId", subnet, "privateIpAddresses", List.of("172.31.0.60"))),
                400,
                "InvalidParameterValue",
                "networkInterfaces[1].privateIpAddresses");
        List<String> ipv6 = List.of("fd7e:c2::60");
        isRefused(
                with(
                        "t3.micro",
                        Map.of("deviceIndex", 0, "subnetId", subnet, "ipv6Addresses", ipv6),
                        Map.of("deviceIndex", 1, "subnetId", subnet, "ipv6Addresses", ipv6)),
                400,
                "InvalidParameterValue",
                "networkInterfaces[1].ipv6Addresses");
        Map<String, Object> crowded = new HashMap<>(primary);
        crowded.put("secondaryPrivateIpAddressCount", 2);
        isRefused(with("t3.micro", crowded), 409, "PrivateIpAddressLimitExceeded", "networkInterfaces");
        isRefused(
                with(
                        "t3.micro",
                        primary,
                        Map.of("deviceIndex", 1, "subnetId", subnet),
                        Map.of("deviceIndex", 2, "subnetId", subnet)),
                409,
                "AttachmentLimitExceeded",
                "networkInterfaces");
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
        assertThat((List<?>) as(account)
                        .get("/v1/network-interfaces")
                        .then()
                        .extract()
                        .path("networkInterfaces"))
                .hasSize(1);
    }

    @SafeVarargs
    private ValidatableResponse with(String type, Map<String, Object>... interfaces) {
        return launch(account, launchOf(type, "networkInterfaces", List.of(interfaces)));
    }

    private String made(String address) {
        return as(account)
                .body(Map.of("subnetId", subnet, "privateIpAddress", address))
                .post("/v1/network-interfaces")
                .then()
                .statusCode(201)
                .extract()
                .path("networkInterfaceId");
    }

    private String subnet(String zone) {
        return DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone(zone));
    }
}
