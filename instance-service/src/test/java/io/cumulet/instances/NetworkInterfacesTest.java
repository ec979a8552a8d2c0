package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.NetworkInterfaceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class NetworkInterfacesTest {

    @Inject
    Stack stack;

    @Inject
    DataSource dataSource;

    private final String account = Stack.newAccount();
    private final String subnet = DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone("us-east-1a"));

    @Test
    void anInterfaceIsMadeAttachedDetachedAndDeletedAndEachIsTold() {
        String id = created(Map.of("subnetId", subnet, "description", "spare", "tags", Map.of("Name", "blue")))
                .body("networkInterfaceId", matchesPattern("eni-[0-9a-f]{17}"))
                .body("status", equalTo("available"))
                .body("availabilityZone", equalTo("us-east-1a"))
                .body("sourceDestCheck", equalTo(true))
                .body("privateIpAddresses[0].primary", equalTo(true))
                .body("attachment", nullValue())
                .extract()
                .path("networkInterfaceId");
        String instance = Stack.running(account, "t3.medium");

        attach(id, instance, 1)
                .statusCode(200)
                .body("status", equalTo("in-use"))
                .body("attachment.instanceId", equalTo(instance))
                .body("attachment.deviceIndex", equalTo(1));
        as(account)
                .get("/v1/instances/{id}", instance)
                .then()
                .body("networkInterfaces.deviceIndex", contains(0, 1))
                .body("networkInterfaces[1].networkInterfaceId", equalTo(id))
                .body("version", equalTo(3));
        isRefused(attach(id, instance, 2), 409, "InvalidNetworkInterface.InUse");
        isRefused(as(account).delete("/v1/network-interfaces/{id}", id).then(), 409, "InvalidNetworkInterface.InUse");

        as(account)
                .delete("/v1/network-interfaces/{id}/attachment", id)
                .then()
                .statusCode(200)
                .body("status", equalTo("available"));
        as(account).get("/v1/instances/{id}", instance).then().body("networkInterfaces", hasSize(1));
        as(account).delete("/v1/network-interfaces/{id}", id).then().statusCode(204);
        isRefused(get(id), 404, "InvalidNetworkInterfaceID.NotFound", "networkInterfaceId");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.NETWORKS_INTERFACES, id))
                        .extracting(Stack.Told::type)
                        .containsExactly(
                                "network-interface.created",
                                "network-interface.changed",
                                "network-interface.changed",
                                "network-interface.deleted"));
        List<Stack.Told> told = stack.told(Topic.NETWORKS_INTERFACES, id);
        assertThat(told).extracting(Stack.Told::version).containsExactly(1L, 2L, 3L, 4L);
        assertThat(told.get(1).body(NetworkInterfaceSnapshot.class).attachment().instanceId())
                .isEqualTo(instance);
        stack.awaitTypes(instance, "instance.requested", "instance.launched", "instance.modified", "instance.modified");
        assertThat(stack.told(Topic.INSTANCES_LIFECYCLE, instance)
                        .get(2)
                        .body(InstanceSnapshot.class)
                        .networkInterfaces())
                .extracting(InstanceSnapshot.Interface::deviceIndex)
                .containsExactly(0, 1);
    }

    @Test
    void thePrimaryInterfaceOfAnInstanceIsListedAndChangedAndItsGroupsAreTheInstances() {
        String instance = Stack.running(account, "t3.medium");
        String primary = DefaultNetwork.primaryInterfaceId(instance);
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        list("instanceId", instance).body("networkInterfaces.networkInterfaceId", contains(primary));
        as(account)
                .body(Map.of("securityGroupIds", List.of(group)))
                .patch("/v1/network-interfaces/{id}", primary)
                .then()
                .statusCode(200)
                .body("securityGroupIds", contains(group));
        as(account).get("/v1/instances/{id}", instance).then().body("securityGroupIds", contains(group));
        isRefused(
                as(account)
                        .delete("/v1/network-interfaces/{id}/attachment", primary)
                        .then(),
                409,
                "OperationNotPermitted");
        isRefused(
                as(account)
                        .body(Map.of("securityGroupIds", List.of(ResourceKind.SECURITY_GROUP.newId())))
                        .patch("/v1/network-interfaces/{id}", primary)
                        .then(),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");
        // What is only a part of its instance is told of by the instance alone.
        assertThat(stack.told(Topic.NETWORKS_INTERFACES, primary)).isEmpty();
    }

    @Test
    void addressesAreAssignedMovedAndTakenAway() {
        String one = made(Map.of("subnetId", subnet, "privateIpAddress", "172.31.0.100"));
        String other = made(Map.of("subnetId", subnet, "privateIpAddresses", List.of("172.31.0.101", "172.31.0.102")));
        isRefused(assign(one, Map.of("privateIpAddresses", List.of("172.31.0.102"))), 409, "InvalidIPAddress.InUse");
        isRefused(
                assign(one, Map.of("privateIpAddresses", List.of("172.31.0.101"), "allowReassignment", true)),
                409,
                "InvalidIPAddress.InUse",
                "privateIpAddresses");
        assign(one, Map.of("privateIpAddresses", List.of("172.31.0.102"), "allowReassignment", true))
                .statusCode(200)
                .body("privateIpAddresses.privateIpAddress", contains("172.31.0.100", "172.31.0.102"));
        get(other).body("privateIpAddresses.privateIpAddress", contains("172.31.0.101"));
        assign(one, Map.of("secondaryPrivateIpAddressCount", 2)).statusCode(200).body("privateIpAddresses", hasSize(4));
        as(account)
                .queryParam("privateIpAddress", "172.31.0.102")
                .delete("/v1/network-interfaces/{id}/private-addresses", one)
                .then()
                .statusCode(200)
                .body("privateIpAddresses.privateIpAddress", not(hasItem("172.31.0.102")));
        isRefused(
                as(account)
                        .queryParam("privateIpAddress", "172.31.0.100")
                        .delete("/v1/network-interfaces/{id}/private-addresses", one)
                        .then(),
                400,
                "InvalidParameterValue",
                "privateIpAddresses");
        list("privateIpAddress", "172.31.0.101").body("networkInterfaces.networkInterfaceId", contains(other));
    }

    @Test
    void aFullSubnetGivesNothingAndNothingIsChanged() throws SQLException {
        String small = smallSubnet(null);
        String one = made(Map.of("subnetId", small, "secondaryPrivateIpAddressCount", 9));
        isRefused(
                create(Map.of("subnetId", small, "secondaryPrivateIpAddressCount", 1)),
                503,
                "InsufficientFreeAddressesInSubnet");
        isRefused(assign(one, Map.of("secondaryPrivateIpAddressCount", 2)), 503, "InsufficientFreeAddressesInSubnet");
        get(one).body("privateIpAddresses", hasSize(10)).body("version", equalTo(1));
        list("subnetId", small).body("networkInterfaces", hasSize(1));
        created(Map.of("subnetId", small));
        as(account).delete("/v1/network-interfaces/{id}", one).then().statusCode(204);
        created(Map.of("subnetId", small, "secondaryPrivateIpAddressCount", 9));
    }

    @Test
    void ipv6AddressesComeFromTheSubnetsBlock() throws SQLException {
        String block =
                "fd00:%s:%s:%s".formatted(account.substring(0, 4), account.substring(4, 8), account.substring(8));
        String small = smallSubnet(block + "::/64");
        String id = created(Map.of("subnetId", small, "ipv6AddressCount", 2))
                .body("ipv6Addresses", hasSize(2))
                .extract()
                .path("networkInterfaceId");
        String address = as(account)
                .body(Map.of("ipv6Addresses", List.of(block + "::abc")))
                .post("/v1/network-interfaces/{id}/ipv6-addresses", id)
                .then()
                .statusCode(200)
                .body("ipv6Addresses", hasSize(3))
                .extract()
                .path("ipv6Addresses[2]");
        isRefused(
                create(Map.of("subnetId", small, "ipv6Addresses", List.of(address))),
                409,
                "InvalidIPAddress.InUse",
                "ipv6Addresses");
        list("ipv6Address", address).body("networkInterfaces.networkInterfaceId", contains(id));
        as(account)
                .queryParam("ipv6Address", address)
                .delete("/v1/network-interfaces/{id}/ipv6-addresses", id)
                .then()
                .statusCode(200)
                .body("ipv6Addresses", hasSize(2));
        created(Map.of("subnetId", small, "ipv6Addresses", List.of(address)));
        isRefused(
                create(Map.of("subnetId", subnet, "ipv6AddressCount", 1)),
                400,
                "InvalidParameterValue",
                "ipv6Addresses");
    }

    @Test
    void whatEndsWithItsInstanceGoesAndWhatDoesNotIsFreeAgain() {
        String instance = Stack.running(account, "t3.medium");
        String goes = made(Map.of("subnetId", subnet));
        String stays = made(Map.of("subnetId", subnet));
        as(account)
                .body(Map.of("instanceId", instance, "deviceIndex", 1, "deleteOnTermination", true))
                .post("/v1/network-interfaces/{id}/attachment", goes)
                .then()
                .statusCode(200);
        attach(stays, instance, 2).statusCode(200);
        String primary = DefaultNetwork.primaryInterfaceId(instance);
        as(account)
                .body(Map.of("deleteOnTermination", false))
                .patch("/v1/network-interfaces/{id}", primary)
                .then()
                .statusCode(200);
        as(account).delete("/v1/instances/{id}", instance).then().statusCode(200);
        Stack.awaitState(account, instance, "terminated");

        isRefused(get(goes), 404, "InvalidNetworkInterfaceID.NotFound");
        get(stays).statusCode(200).body("status", equalTo("available"));
        get(primary).statusCode(200).body("status", equalTo("available")).body("attachment", nullValue());
        // Now that it is a thing of its own, it is told of.
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.NETWORKS_INTERFACES, primary))
                        .extracting(Stack.Told::type)
                        .containsExactly("network-interface.created"));
        String next = Stack.running(account, "t3.medium");
        attach(primary, next, 1).statusCode(200).body("attachment.instanceId", equalTo(next));
    }

    @Test
    void theSameTokenAndRequestAnswerTheSameInterfaceAndAnotherRequestIsRefused() {
        Map<String, Object> body = Map.of("subnetId", subnet, "clientToken", "once");
        String first = made(body);
        assertThat(made(body)).isEqualTo(first);
        isRefused(
                create(Map.of("subnetId", subnet, "clientToken", "once", "description", "other")),
                409,
                "IdempotentParameterMismatch",
                "clientToken");
        list("subnetId", subnet).body("networkInterfaces", hasSize(1));
    }

    @Test
    void aRepeatedTokenAnswersAlsoWhenItsGroupIsGone() {
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        Map<String, Object> body =
                Map.of("subnetId", subnet, "clientToken", "once", "securityGroupIds", List.of(group));
        String id = made(body);
        as(account)
                .body(Map.of(
                        "securityGroupIds",
                        List.of(DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT, vpcOf(id)))))
                .patch("/v1/network-interfaces/{id}", id)
                .then()
                .statusCode(200);
        as(account)
                .body(Map.of("vpcId", vpcOf(id), "version", 1))
                .put("/v1/retired-security-groups/{id}", group)
                .then()
                .statusCode(204);
        assertThat(made(body)).isEqualTo(id);
        isRefused(
                create(Map.of("subnetId", subnet, "clientToken", "twice", "securityGroupIds", List.of(group))),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");
        // A refusal leaves the token free.
        made(Map.of("subnetId", subnet, "clientToken", "twice"));
    }

    private String vpcOf(String id) {
        return as(account)
                .get("/v1/network-interfaces/{id}", id)
                .then()
                .extract()
                .path("vpcId");
    }

    @Test
    void anotherAccountsInterfaceIsLikeOneThatDoesNotExist() {
        String id = made(Map.of("subnetId", subnet));
        String stranger = Stack.newAccount();
        String instance = Stack.running(stranger, "t3.micro");
        for (String of : List.of(id, ResourceKind.NETWORK_INTERFACE.newId())) {
            for (ValidatableResponse refused : List.of(
                    as(stranger).get("/v1/network-interfaces/{id}", of).then(),
                    as(stranger).delete("/v1/network-interfaces/{id}", of).then(),
                    as(stranger)
                            .body(Map.of("description", "mine"))
                            .patch("/v1/network-interfaces/{id}", of)
                            .then(),
                    as(stranger)
                            .body(Map.of("instanceId", instance, "deviceIndex", 1))
                            .post("/v1/network-interfaces/{id}/attachment", of)
                            .then())) {
                isRefused(refused, 404, "InvalidNetworkInterfaceID.NotFound", "networkInterfaceId");
            }
        }
        isRefused(attach(id, instance, 1), 404, "InvalidInstanceID.NotFound", "instanceId");
        isRefused(
                as(stranger)
                        .body(Map.of("subnetId", subnet))
                        .post("/v1/network-interfaces")
                        .then(),
                404,
                "InvalidSubnetID.NotFound",
                "subnetId");
        as(stranger)
                .get("/v1/network-interfaces?networkInterfaceId={id}", id)
                .then()
                .body("networkInterfaces", empty());
    }

    @Test
    void theFieldAtFaultIsNamedAndNothingIsMade() {
        record Wrong(Map<String, Object> body, int status, String code, String field) {}
        for (Wrong wrong : List.of(
                new Wrong(Map.of(), 400, "MissingParameter", "subnetId"),
                new Wrong(Map.of("privateIpAddress", "172.31.0.300"), 400, "InvalidParameterValue", "privateIpAddress"),
                new Wrong(Map.of("privateIpAddress", "fd00::1"), 400, "InvalidParameterValue", "privateIpAddress"),
                new Wrong(Map.of("privateIpAddress", "10.0.0.9"), 400, "InvalidParameterValue", "privateIpAddress"),
                new Wrong(Map.of("privateIpAddress", "172.31.0.1"), 400, "InvalidParameterValue", "privateIpAddress"),
                new Wrong(
                        Map.of("privateIpAddresses", List.of("172.31.0.9", "172.31.0.9")),
                        400,
                        "InvalidParameterValue",
                        "privateIpAddresses"),
                new Wrong(
                        Map.of("secondaryPrivateIpAddressCount", -1),
                        400,
                        "InvalidParameterValue",
                        "secondaryPrivateIpAddressCount"),
                new Wrong(
                        Map.of("secondaryPrivateIpAddressCount", 65),
                        400,
                        "InvalidParameterValue",
                        "secondaryPrivateIpAddressCount"),
                new Wrong(
                        Map.of("securityGroupIds", List.of("sg-x")), 404, "InvalidGroup.NotFound", "securityGroupIds"),
                new Wrong(
                        Map.of(
                                "securityGroupIds",
                                Stream.generate(ResourceKind.SECURITY_GROUP::newId)
                                        .limit(6)
                                        .toList()),
                        409,
                        "SecurityGroupsPerInterfaceLimitExceeded",
                        "securityGroupIds"),
                new Wrong(Map.of("tags", Map.of("aws:no", "x")), 400, "InvalidParameterValue", "tags"))) {
            Map<String, Object> body = new HashMap<>(wrong.body());
            if (!wrong.field().equals("subnetId")) {
                body.put("subnetId", subnet);
            }
            isRefused(create(body), wrong.status(), wrong.code(), wrong.field());
        }
        as(account).get("/v1/network-interfaces").then().body("networkInterfaces", empty());
        isRefused(as(account).get("/v1/network-interfaces?status=gone").then(), 400, "InvalidParameterValue", "status");
        isRefused(as(account).get("/v1/network-interfaces?colour=red").then(), 400, "UnknownParameter");
        for (String filter : List.of("privateIpAddress", "ipv6Address", "publicIpAddress")) {
            isRefused(
                    as(account)
                            .get("/v1/network-interfaces?" + filter + "=10.0.0")
                            .then(),
                    400,
                    "InvalidParameterValue",
                    filter);
        }
    }

    @Test
    void aListIsPagedAndFilteredByTag() {
        for (int i = 0; i < 5; i++) {
            created(Map.of("subnetId", subnet, "tags", Map.of("n", String.valueOf(i % 2))));
        }
        String token = as(account)
                .get("/v1/network-interfaces?maxResults=3")
                .then()
                .body("networkInterfaces", hasSize(3))
                .extract()
                .path("nextToken");
        as(account)
                .queryParam("nextToken", token)
                .get("/v1/network-interfaces?maxResults=3")
                .then()
                .body("networkInterfaces", hasSize(2))
                .body("nextToken", nullValue());
        list("tag:n", "1").body("networkInterfaces", hasSize(2));
        list("status", "in-use").body("networkInterfaces", empty());
    }

    @Test
    void aTypeIsChangedOnlyToOneThatHoldsTheInterfaces() {
        String instance = Stack.stopped(account, "t3.medium");
        attach(made(Map.of("subnetId", subnet)), instance, 1).statusCode(200);
        attach(made(Map.of("subnetId", subnet)), instance, 2).statusCode(200);
        isRefused(
                as(account)
                        .body(Map.of("instanceType", "t3.micro"))
                        .patch("/v1/instances/{id}", instance)
                        .then(),
                409,
                "AttachmentLimitExceeded",
                "instanceType");
        isRefused(attach(made(Map.of("subnetId", subnet)), instance, 3), 409, "AttachmentLimitExceeded", "instanceId");
    }

    /** Eleven addresses of the account's default VPC's range, in us-east-1a. */
    private String smallSubnet(String ipv6Block) throws SQLException {
        String id = ResourceKind.SUBNET.newId();
        as(account).get("/v1/subnets").then().statusCode(200);
        try (Connection connection = dataSource.getConnection();
                var insert = connection.prepareStatement("""
                        INSERT INTO subnet (subnet_id, account, region, az, vpc_id, cidr_block, ipv6_cidr_block,
                            is_default, assign_ipv6, tags, version, created_at)
                        SELECT ?, account, region, az, vpc_id, '172.31.255.0/28', ?, false, false, '{}', 1, created_at
                        FROM subnet WHERE subnet_id = ?""")) {
            insert.setString(1, id);
            insert.setString(2, ipv6Block);
            insert.setString(3, subnet);
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        return id;
    }

    private ValidatableResponse create(Map<String, Object> body) {
        return as(account).body(body).post("/v1/network-interfaces").then();
    }

    private ValidatableResponse created(Map<String, Object> body) {
        return create(body).statusCode(201);
    }

    private String made(Map<String, Object> body) {
        return created(body).extract().path("networkInterfaceId");
    }

    private ValidatableResponse get(String id) {
        return as(account).get("/v1/network-interfaces/{id}", id).then();
    }

    private ValidatableResponse list(String field, String value) {
        return as(account)
                .queryParam(field, value)
                .get("/v1/network-interfaces")
                .then()
                .statusCode(200);
    }

    private ValidatableResponse attach(String id, String instance, int deviceIndex) {
        return as(account)
                .body(Map.of("instanceId", instance, "deviceIndex", deviceIndex))
                .post("/v1/network-interfaces/{id}/attachment", id)
                .then();
    }

    private ValidatableResponse assign(String id, Map<String, Object> body) {
        return as(account)
                .body(body)
                .post("/v1/network-interfaces/{id}/private-addresses", id)
                .then();
    }
}
