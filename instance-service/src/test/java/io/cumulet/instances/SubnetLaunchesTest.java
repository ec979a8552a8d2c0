package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Launches into subnets of an account's own VPC, and the groups that its instances can have. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class SubnetLaunchesTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();
    private final String defaultVpc = DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT);
    private String vpc = "";
    private Cidr ipv6 = Cidr.EVERY_IPV6;
    private String subnet = "";

    @BeforeEach
    void makeTheNetwork() {
        var made = as(account)
                .body(Map.of("cidrBlock", "10.0.0.0/16", "amazonProvidedIpv6CidrBlock", true))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract();
        vpc = made.path("vpcId");
        IpAddress network = Cidr.parse(made.path("ipv6CidrBlock")).orElseThrow().network();
        ipv6 = new Cidr(new IpAddress(network.family(), network.high() + 7, 0), 64);
        subnet = subnet("10.0.0.0/28", "us-east-1b", ipv6.toString());
    }

    private String subnet(String block, String zone, String ipv6Block) {
        Map<String, Object> body = new HashMap<>(Map.of("vpcId", vpc, "cidrBlock", block, "availabilityZone", zone));
        if (ipv6Block != null) {
            body.put("ipv6CidrBlock", ipv6Block);
        }
        return as(account)
                .body(body)
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
    }

    private ValidatableResponse launchHere(Object... more) {
        Map<String, Object> body = launchOf("t2.nano", more);
        body.putIfAbsent("subnetId", subnet);
        return launch(account, body);
    }

    private String groupIn(String vpcId) {
        String id = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(id, account);
        FirewallFake.vpcs.put(id, vpcId);
        return id;
    }

    private void tell(EventType type, String group, String vpcId, long version) {
        stack.tell(
                type,
                group,
                account,
                version,
                new SecurityGroupSnapshot(
                        group,
                        account,
                        "us-east-1",
                        vpcId,
                        "g",
                        "g",
                        version,
                        stack.now(),
                        List.of(),
                        List.of(),
                        Map.of()));
    }

    @Test
    void anInstanceIsInTheZoneVpcAndDefaultGroupOfItsSubnet() {
        launchHere()
                .statusCode(201)
                .body("instances[0].availabilityZone", equalTo("us-east-1b"))
                .body("instances[0].subnetId", equalTo(subnet))
                .body("instances[0].vpcId", equalTo(vpc))
                .body("instances[0].privateIpAddress", equalTo("10.0.0.4"))
                .body(
                        "instances[0].securityGroupIds",
                        equalTo(List.of(DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT, vpc))));
        isRefused(
                launchHere("placement", Map.of("availabilityZone", "us-east-1a")),
                400,
                "InvalidParameterCombination",
                "subnetId");
    }

    @Test
    void aSmallSubnetHoldsElevenAndSaysWhenItIsFull() {
        isRefused(launchHere("minCount", 12, "maxCount", 20), 503, "InsufficientFreeAddressesInSubnet");
        as(account).get("/v1/subnets/{id}", subnet).then().body("availableIpAddressCount", equalTo(11));
        launchHere("minCount", 2, "maxCount", 20).statusCode(201).body("instances", hasSize(11));
        isRefused(launchHere(), 503, "InsufficientFreeAddressesInSubnet");
        isRefused(as(account).delete("/v1/subnets/{id}", subnet).then(), 409, "DependencyViolation");
    }

    @Test
    void anAddressThatIsNamedIsGivenToOne() {
        launchHere("privateIpAddress", "10.0.0.9")
                .statusCode(201)
                .body("instances[0].privateIpAddress", equalTo("10.0.0.9"));
        isRefused(launchHere("privateIpAddress", "10.0.0.9"), 409, "InvalidIPAddress.InUse", "privateIpAddress");
        for (String impossible : List.of("10.0.0.3", "10.0.0.15", "10.0.0.16", "fd00::1", "10.0.0", "")) {
            isRefused(launchHere("privateIpAddress", impossible), 400, "InvalidParameterValue", "privateIpAddress");
        }
        isRefused(
                launchHere("privateIpAddress", "10.0.0.10", "maxCount", 2),
                400,
                "InvalidParameterCombination",
                "privateIpAddress");
        isRefused(
                launch(account, launchOf("t2.nano", "privateIpAddress", "172.31.0.10")),
                400,
                "InvalidParameterCombination",
                "privateIpAddress");
        launch(
                        account,
                        launchOf(
                                "t2.nano",
                                "privateIpAddress",
                                "172.31.16.10",
                                "placement",
                                Map.of("availabilityZone", "us-east-1b")))
                .statusCode(201)
                .body("instances[0].privateIpAddress", equalTo("172.31.16.10"));
    }

    @Test
    void ipv6AddressesAreOfTheSubnetsBlock() {
        String asked = ipv6.address(0x10).toString();
        String id = launchHere("ipv6Addresses", List.of(asked))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        assertThat(ipv6Addresses(id)).containsExactly(asked);
        isRefused(launchHere("ipv6Addresses", List.of(asked)), 409, "InvalidIPAddress.InUse", "ipv6Addresses");
        for (String impossible :
                List.of(ipv6.address(3).toString(), ipv6.address(-1).toString(), "fd00::9", "10.0.0.7")) {
            isRefused(launchHere("ipv6Addresses", List.of(impossible)), 400, "InvalidParameterValue", "ipv6Addresses");
        }
        isRefused(
                launchHere("ipv6Addresses", List.of(asked), "ipv6AddressCount", 1),
                400,
                "InvalidParameterCombination",
                "ipv6AddressCount");
        // A t2.nano's interface has two of each family.
        isRefused(launchHere("ipv6AddressCount", 3), 409, "PrivateIpAddressLimitExceeded", "ipv6AddressCount");
        isRefused(
                launchHere("ipv6Addresses", List.of("fd00::7", "fd00::8", "fd00::9")),
                409,
                "PrivateIpAddressLimitExceeded",
                "ipv6Addresses");
        isRefused(launchHere("ipv6AddressCount", 51), 400, "InvalidParameterValue", "ipv6AddressCount");
        String two = launchHere("ipv6AddressCount", 2).statusCode(201).extract().path("instances[0].instanceId");
        assertThat(ipv6Addresses(two))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(address -> assertThat(
                                ipv6.contains(IpAddress.parse(address).orElseThrow()))
                        .isTrue());
        assertThat(ipv6Addresses(launchHere().extract().path("instances[0].instanceId")))
                .isEmpty();

        as(account)
                .body(Map.of("assignIpv6AddressOnCreation", true))
                .patch("/v1/subnets/{id}", subnet)
                .then()
                .statusCode(200);
        assertThat(ipv6Addresses(launchHere().extract().path("instances[0].instanceId")))
                .hasSize(1);
        assertThat(ipv6Addresses(launchHere("ipv6AddressCount", 0).extract().path("instances[0].instanceId")))
                .isEmpty();
        String association = as(account)
                .get("/v1/subnets/{id}", subnet)
                .then()
                .extract()
                .path("ipv6CidrBlockAssociations[0].associationId");
        isRefused(
                as(account)
                        .delete("/v1/subnets/{id}/cidr-block-associations/{association}", subnet, association)
                        .then(),
                409,
                "DependencyViolation");

        awaitState(account, id, "running");
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
        awaitState(account, id, "terminated");
        launchHere("ipv6Addresses", List.of(asked)).statusCode(201);

        String without = subnet("10.0.1.0/24", "us-east-1a", null);
        isRefused(
                launchHere("subnetId", without, "ipv6AddressCount", 1),
                400,
                "InvalidParameterValue",
                "ipv6AddressCount");
    }

    /** As the firewall hears of them. */
    private List<String> ipv6Addresses(String instanceId) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> !stack.told(Topic.INSTANCES_LIFECYCLE, instanceId).isEmpty());
        return stack.told(Topic.INSTANCES_LIFECYCLE, instanceId)
                .getFirst()
                .body(InstanceSnapshot.class)
                .networkInterfaces()
                .getFirst()
                .ipv6Addresses();
    }

    @Test
    void aDeletedSubnetTakesNoLaunches() {
        as(account).delete("/v1/subnets/{id}", subnet).then().statusCode(204);
        isRefused(launchHere(), 404, "InvalidSubnetID.NotFound", "subnetId");
    }

    @Test
    void groupsAreThoseOfTheSubnetsVpc() {
        String here = groupIn(vpc);
        String elsewhere = groupIn(defaultVpc);
        String other = DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT);
        launchHere("securityGroupIds", List.of(here))
                .statusCode(201)
                .body("instances[0].securityGroupIds", equalTo(List.of(here)));
        isRefused(
                launchHere("securityGroupIds", List.of(here, elsewhere))
                        .body(
                                "detail",
                                containsString("Security group " + elsewhere + " and subnet " + subnet
                                        + " belong to different networks.")),
                400,
                "InvalidParameter",
                "securityGroupIds");
        // The default VPC's default group is no more at home here, whether it was heard of or not.
        isRefused(launchHere("securityGroupIds", List.of(other)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        FirewallFake.groups.put(other, account);
        isRefused(launchHere("securityGroupIds", List.of(other)), 400, "InvalidParameter", "securityGroupIds");
        isRefused(
                launch(account, launchOf("t2.nano", "securityGroupIds", List.of(here))),
                400,
                "InvalidParameter",
                "securityGroupIds");

        String id = running(account, "t2.nano", "subnetId", subnet);
        isRefused(modify(id, List.of(elsewhere)), 400, "InvalidParameter", "securityGroupIds");
        modify(id, List.of(here)).statusCode(200).body("securityGroupIds", equalTo(List.of(here)));
        modify(id, List.of())
                .statusCode(200)
                .body(
                        "securityGroupIds",
                        equalTo(List.of(DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT, vpc))));
    }

    private ValidatableResponse modify(String instance, List<String> groups) {
        return as(account)
                .body(Map.of("securityGroupIds", groups))
                .patch("/v1/instances/{id}", instance)
                .then();
    }

    private ValidatableResponse retire(String group, long version) {
        return as(account)
                .body(Map.of("vpcId", vpc, "version", version))
                .put("/v1/retired-security-groups/{id}", group)
                .then();
    }

    @Test
    void aRetiredGroupIsAttachedNoMoreUntilItChanges() {
        String group = groupIn(vpc);
        String id = launchHere("securityGroupIds", List.of(group))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        isRefused(retire(group, 1).body("detail", containsString(id)), 409, "DependencyViolation", "groupId");
        // Nothing was changed.
        String second = launchHere("securityGroupIds", List.of(group))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        for (String instance : List.of(id, second)) {
            awaitState(account, instance, "running");
            modify(instance, List.of()).statusCode(200);
        }
        retire(group, 1).statusCode(204);
        retire(group, 1).statusCode(204);
        isRefused(launchHere("securityGroupIds", List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        isRefused(modify(id, List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");

        // The copy is made anew, and still knows.
        Stack.operator()
                .post("/v1/projections/security-group-copy/rebuild")
                .then()
                .statusCode(200);
        isRefused(launchHere("securityGroupIds", List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        tell(EventType.SECURITY_GROUP_CREATED, group, vpc, 1);
        tell(EventType.SECURITY_GROUP_CHANGED, group, vpc, 2);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> launchHere("securityGroupIds", List.of(group)).statusCode(201));
        isRefused(retire(group, 1), 409, "DependencyViolation", "version");
    }

    @Test
    void aGroupThatWasNeverHeardOfIsRetiredTooAndADeletedOneNeverComesBack() {
        String group = groupIn(vpc);
        retire(group, 4).statusCode(204);
        isRefused(launchHere("securityGroupIds", List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        tell(EventType.SECURITY_GROUP_DELETED, group, vpc, 5);
        String last = groupIn(vpc);
        tell(EventType.SECURITY_GROUP_CREATED, last, vpc, 1);
        FirewallFake.groups.remove(last);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> launchHere("securityGroupIds", List.of(last)).statusCode(201));
        isRefused(launchHere("securityGroupIds", List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        retire(group, 4).statusCode(204);
    }

    @Test
    void aChangeThatWasNotHeardOfYetLiftsARetirement() {
        String group = groupIn(vpc);
        retire(group, 1).statusCode(204);
        isRefused(launchHere("securityGroupIds", List.of(group)), 404, "InvalidGroup.NotFound", "securityGroupIds");
        FirewallFake.versions.put(group, 2L);
        launchHere("securityGroupIds", List.of(group)).statusCode(201);
    }

    @Test
    void anothersGroupIsAskedForLikeOneThatNobodyHeardOf() {
        String group = groupIn(vpc);
        launchHere("securityGroupIds", List.of(group)).statusCode(201);
        String stranger = Stack.newAccount();
        for (String id : List.of(group, ResourceKind.SECURITY_GROUP.newId())) {
            Map<String, Object> body = launchOf("t2.nano", "securityGroupIds", List.of(id));
            isRefused(launch(stranger, body), 404, "InvalidGroup.NotFound", "securityGroupIds");
            FirewallFake.away = true;
            try {
                isRefused(launch(stranger, body), 503, "Unavailable");
            } finally {
                FirewallFake.away = false;
            }
        }
    }

    @Test
    void whoRetiresAnothersGroupLearnsAndChangesNothing() {
        String group = groupIn(vpc);
        launchHere("securityGroupIds", List.of(group)).statusCode(201);
        for (String id : List.of(group, ResourceKind.SECURITY_GROUP.newId())) {
            as(Stack.newAccount())
                    .body(Map.of("vpcId", vpc, "version", 1))
                    .put("/v1/retired-security-groups/{id}", id)
                    .then()
                    .statusCode(204);
        }
        launchHere("securityGroupIds", List.of(group)).statusCode(201);
        isRefused(retire("sg-x", 1), 404, "InvalidGroup.NotFound", "groupId");
        isRefused(
                as(account)
                        .body(Map.of("vpcId", vpc))
                        .put("/v1/retired-security-groups/{id}", group)
                        .then(),
                400,
                "MissingParameter",
                "version");
    }
}
